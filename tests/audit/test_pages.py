"""The audit pages: the right rows to the right role, and nobody else's."""

from __future__ import annotations

import pytest
from flask import g
from sqlalchemy import select, update

from app.audit import trail
from app.audit.models import AuditHead, AuditRow
from app.extensions import db
from app.notebook import audit_views
from tests.access.acting import coordinate
from tests.client import Browser, Page
from tests.web.records import plant, rows, trail_of


def lines(page: Page) -> list[str]:
    """What the list says, the latest first."""
    return [item.words for item in page.root.all("li")]


@pytest.fixture
def admin(browser: Browser) -> Browser:
    return browser.as_("administrator")


def test_administrators_see_acts_and_no_openings(browser, admin, organisation) -> None:
    member = organisation.a.members[0]
    facilitator = browser.as_("facilitator1")
    facilitator.get(f"/people/{member.uid}")
    facilitator.get(f"/notes/{organisation.a.note}")
    facilitator.post("/sign-out")
    said = " ".join(lines(admin.get("/audit")))
    assert "Facilitator1: signed out" in said
    for opening in ("opened a card", "read a note", "searched people", "opened a roster"):
        assert opening not in said
    for words in organisation.typed:
        assert words not in said


def test_administrators_see_that_the_chain_fits_and_its_head(admin, app) -> None:
    page = admin.get("/audit")
    assert "The trail fits together" in page
    shown = page.root.first("span", class_="head-mac").words
    (head,) = rows(app, select(AuditHead))
    assert shown == f"{head.seq}:{head.mac.hex()}"


def test_administrators_see_where_it_does_not_fit(app, admin) -> None:
    plant(app, update(AuditRow).where(AuditRow.seq == 40).values(result="x"))
    assert "does not fit at row 40" in admin.get("/audit")


@pytest.mark.parametrize(
    "who", ["coordinator", "facilitator1", "supervisor", "counsellor", "two_roles"]
)
def test_nobody_else_sees_the_acts(browser, who) -> None:
    assert browser.as_(who).get("/audit").status == 403


@pytest.mark.parametrize("who", ["facilitator1", "facilitator2", "supervisor", "two_roles"])
def test_a_groups_team_sees_what_was_done_and_seen_in_it(browser, organisation, who) -> None:
    browser.as_("supervisor").get(f"/notes/{organisation.a.note}")
    said = lines(browser.as_(who).get(f"/groups/{organisation.a.uid}/activity"))
    assert said[0].startswith("Supervisor: read a note")


@pytest.mark.parametrize(
    ("who", "status"),
    [("facilitator3", 404), ("coordinator", 403), ("administrator", 403), ("counsellor", 403)],
)
def test_another_groups_activity_is_not_there(browser, organisation, who, status) -> None:
    assert browser.as_(who).get(f"/groups/{organisation.a.uid}/activity").status == status


def test_a_groups_activity_says_nothing_of_another_group(browser, organisation) -> None:
    browser.as_("facilitator3").get(f"/notes/{organisation.b.note}")
    page = browser.as_("facilitator1").get(f"/groups/{organisation.a.uid}/activity")
    assert "Facilitator3" not in page
    assert organisation.b.note not in page.text and organisation.b.uid not in page.text


def test_a_groups_activity_says_nothing_of_a_reflection(browser, organisation) -> None:
    browser.as_("facilitator1").get(f"/sessions/{organisation.a.meetings[0]}/reflection")
    page = browser.as_("facilitator2").get(f"/groups/{organisation.a.uid}/activity")
    assert "reflection" not in page
    assert organisation.a.reflection not in page.text


def test_whoever_left_a_group_sees_its_activity_no_more(browser, organisation) -> None:
    me, there = browser.as_("facilitator1"), f"/groups/{organisation.a.uid}/activity"
    assert me.get(there).status == 200
    end = f"/groups/{organisation.a.uid}/team/{organisation.a.assignment}/end"
    browser.as_("coordinator").post(end)
    assert me.get(there).status == 404


def test_a_coordinator_sees_who_opened_one_persons_record(browser, organisation) -> None:
    member, other = organisation.a.members[:2]
    reader = browser.as_("facilitator2")
    reader.get(f"/people/{member.uid}")
    reader.get(f"/people/{other.uid}")
    page = browser.as_("coordinator").get(f"/people/{member.uid}/openings")
    said = lines(page)
    assert member.name in page
    assert said[0].startswith("Facilitator2: opened a card")
    assert sum("Facilitator2" in line for line in said) == 1
    assert other.uid not in page.text and other.name not in page


@pytest.mark.parametrize(
    ("who", "status"),
    [("coordinator_b", 404), ("facilitator1", 403), ("administrator", 403), ("supervisor", 403)],
)
def test_nobody_else_sees_who_opened_it(browser, organisation, who, status) -> None:
    there = f"/people/{organisation.a.members[0].uid}/openings"
    assert browser.as_(who).get(there).status == status


def test_everybody_sees_what_they_did_themselves_and_nothing_of_others(
    app, browser, organisation
) -> None:
    browser.as_("facilitator2").get(f"/notes/{organisation.a.note}")
    me = browser.as_("facilitator1")
    me.get(f"/people/{organisation.a.members[0].uid}")
    page = me.get("/activity")
    assert lines(page)[0].startswith("Facilitator1: opened a card")
    assert {line.split(":")[0] for line in lines(page)} == {"Facilitator1"}


@pytest.mark.parametrize("who", ["administrator", "counsellor", "coordinator", "supervisor"])
def test_ones_own_activity_is_there_for_every_role(browser, who) -> None:
    assert "signed in" in browser.as_(who).get("/activity")


def test_looking_at_the_log_is_itself_written_down(app, browser, organisation) -> None:
    browser.as_("facilitator1").get(f"/groups/{organisation.a.uid}/activity")
    browser.as_("coordinator").get(f"/people/{organisation.a.members[0].uid}/openings")
    assert [row.action for row in trail_of(app)].count("activity-opened") == 2


def test_a_page_that_does_not_exist_is_the_last_or_the_first(admin) -> None:
    for number in ("0", "-1", "9999", "x"):
        assert admin.get(f"/audit?page={number}").status in (200, 404)


def test_administrators_see_whom_an_act_concerned(browser, admin, organisation) -> None:
    there = f"/workshops/{organisation.workshop.uid}/team/{organisation.staff['facilitator3'].uid}"
    typed = {"passphrase": organisation.staff["coordinator"].passphrase}
    browser.as_("coordinator").post(there, typed)
    coordinate(admin, "coordinator_b", organisation.jerusalem)
    said = lines(admin.get("/audit"))
    assert said[0].startswith("Administrator: assigned a coordinator · Coordinator b")
    assert any("assigned a colleague to a workshop · Facilitator3" in line for line in said)


def test_no_act_is_buried_however_much_was_done_since(app, admin, organisation) -> None:
    admin.post(f"/staff/{organisation.staff['facilitator3'].uid}/end")
    with app.test_request_context("/"):
        for _number in range(600):
            trail.record("place-changed", "place", organisation.jerusalem, actor_uid="x")
        for write in g.afterwards:
            write()
        db.session.commit()
    pages = [lines(admin.get(f"/audit?page={number}")) for number in range(1, 20)]
    assert not any("ended an account" in line for line in pages[0])
    assert any("ended an account" in line for said in pages for line in said)


def test_only_the_end_of_a_long_chain_is_checked_on_the_page(app, admin, monkeypatch) -> None:
    monkeypatch.setattr(audit_views, "CHECKED", 30)
    plant(app, update(AuditRow).where(AuditRow.seq == 2).values(result="x"))
    page = admin.get("/audit")
    assert "The trail fits together" in page and "Checked here: the latest 30 rows." in page
    late = trail_of(app)[-10].seq
    plant(app, update(AuditRow).where(AuditRow.seq == late).values(result="x"))
    assert f"does not fit at row {late}" in admin.get("/audit")
