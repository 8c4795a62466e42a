"""Giving access: who waits, the check words on both sides, the passphrase, and nobody gives what they lack."""

from __future__ import annotations

import pytest

from tests.access.acting import assign, coordinate, give
from tests.access.opening import opened, raw
from tests.client import Browser
from tests.organisation import Organisation
from tests.web.records import trail_of


@pytest.fixture
def waiting(browser: Browser, organisation: Organisation) -> Organisation:
    """two_roles waits for group A's notes, coordinator_b for the desk of Jerusalem."""
    coordinate(browser.as_("administrator"), "coordinator_b", organisation.jerusalem)
    return organisation


def passphrase(organisation: Organisation, who: str) -> str:
    return organisation.staff[who].passphrase


def test_whoever_holds_the_notes_sees_on_today_that_a_colleague_waits(browser, waiting) -> None:
    for who in ("facilitator1", "facilitator2", "supervisor", "coordinator"):
        assert "1 colleague waits for you" in browser.as_(who).get("/"), who
    for who in ("facilitator3", "administrator", "counsellor", "two_roles", "coordinator_b"):
        assert "waits for you" not in browser.as_(who).get("/"), who


def test_the_check_words_are_equal_on_both_sides(browser, waiting) -> None:
    there = f"/access/{waiting.a.uid}/{waiting.staff['two_roles'].uid}"
    words = browser.as_("facilitator1").get(there).root.first("b", class_="ltr long").words
    assert len(words.split()) == 4
    assert browser.as_("two_roles").get("/more").root.first("b", class_="ltr long").words == words
    assert (
        browser.as_("facilitator2").get("/more").root.first("b", class_="ltr long").words != words
    )


def test_notes_are_read_once_they_are_given_and_nobody_waits_any_more(browser, waiting) -> None:
    receiver, there = browser.as_("two_roles"), f"/notes/{waiting.a.note}"
    assert "تحدّثنا عن البدايات" not in receiver.get(there)
    giver = browser.as_("facilitator1")
    assert (
        give(giver, waiting.a.uid, "two_roles", passphrase(waiting, "facilitator1")).status == 303
    )
    assert "تحدّثنا عن البدايات" in receiver.get(there)
    assert "waits for you" not in giver.get("/")


def test_a_new_coordinator_waits_and_gets_the_desk_and_all_rosters_in_one_act(
    app, browser, waiting
) -> None:
    new, name = browser.as_("coordinator_b"), waiting.a.members[0].name
    assert name not in new.get(f"/groups/{waiting.a.uid}")
    assert new.get(f"/people/{waiting.a.members[0].uid}").status == 404
    giver = browser.as_("coordinator")
    give(giver, waiting.jerusalem, "coordinator_b", passphrase(waiting, "coordinator"))
    assert name in new.get(f"/groups/{waiting.a.uid}")
    keys = opened(raw(app), waiting.staff["coordinator_b"])
    assert {("desk", waiting.jerusalem), ("roster", waiting.a.uid)} <= set(keys)
    assert ("roster", waiting.planned.uid) in keys and ("notes", waiting.a.uid) not in keys
    given = [(r.kind, r.subject_uid) for r in trail_of(app) if r.action == "access-given"]
    uid = waiting.staff["coordinator_b"].uid
    assert sorted(given) == [("desk", uid), *[("roster", uid)] * 3]  # two groups, a workshop


def test_a_new_facilitator_has_the_roster_at_once_and_writes_before_reading(
    browser, organisation
) -> None:
    assign(browser.as_("coordinator"), organisation.a.uid, "facilitator3")
    new = browser.as_("facilitator3")
    assert organisation.a.members[0].name in new.get(f"/groups/{organisation.a.uid}")
    assert "تحدّثنا عن البدايات" not in new.get(f"/notes/{organisation.a.note}")
    form = new.get(f"/sessions/{organisation.a.meetings[7]}/note").form("/note")
    assert form.fill(happened="أوّل ملاحظة").press("Sign and close").status == 303
    give(
        browser.as_("facilitator2"),
        organisation.a.uid,
        "facilitator3",
        passphrase(organisation, "facilitator2"),
    )
    assert "تحدّثنا عن البدايات" in new.get(f"/notes/{organisation.a.note}")


@pytest.mark.parametrize("typed", ["wrong words here", "", "two_roles olive river stone lamp"])
def test_with_a_wrong_passphrase_nothing_is_given(app, browser, waiting, typed) -> None:
    before = len(raw(app).grants)
    page = give(browser.as_("facilitator1"), waiting.a.uid, "two_roles", typed).follow()
    assert page.status == 422
    assert len(raw(app).grants) == before
    assert ("access.give", "refused") in [(r.action, r.result) for r in trail_of(app)]


def test_no_guess_at_the_givers_passphrase_gives_anything(app, browser, waiting) -> None:
    giver, before = browser.as_("facilitator1"), len(raw(app).grants)
    for number in range(20):
        assert give(giver, waiting.a.uid, "two_roles", f"guess {number}").follow().status == 422
    assert len(raw(app).grants) == before


@pytest.mark.parametrize(
    ("who", "kind", "status"),
    [
        ("administrator", "notes", 403),
        ("administrator", "desk", 403),
        ("counsellor", "notes", 403),
        ("coordinator", "notes", 404),
        ("facilitator3", "notes", 404),
        ("two_roles", "notes", 404),
        ("facilitator1", "desk", 404),
        ("supervisor", "desk", 404),
        ("coordinator_b", "desk", 404),
        ("two_roles", "desk", 404),
    ],
)
def test_nobody_gives_what_they_do_not_hold(app, browser, waiting, who, kind, status) -> None:
    of_uid = {"notes": waiting.a.uid, "desk": waiting.jerusalem}[kind]
    to = waiting.staff[{"notes": "two_roles", "desk": "coordinator_b"}[kind]].uid
    me, before = browser.as_(who), len(raw(app).grants)
    there = f"/access/{of_uid}/{to}"
    assert me.get(there).status == status
    assert me.post(there, {"passphrase": passphrase(waiting, who)}).location == f"/problem/{status}"
    assert len(raw(app).grants) == before


@pytest.mark.parametrize("who", ["facilitator3", "administrator", "counsellor", "coordinator"])
def test_nothing_is_given_to_who_was_not_assigned(app, browser, organisation, who) -> None:
    giver, before = browser.as_("facilitator1"), len(raw(app).grants)
    there = f"/access/{organisation.a.uid}/{organisation.staff[who].uid}"
    assert giver.get(there).status == 404
    sent = {"passphrase": passphrase(organisation, "facilitator1")}
    assert giver.post(there, sent).location == "/problem/404"
    assert len(raw(app).grants) == before


def test_giving_twice_gives_once(app, browser, waiting) -> None:
    giver = browser.as_("facilitator1")
    there = f"/access/{waiting.a.uid}/{waiting.staff['two_roles'].uid}"
    sent = {"passphrase": passphrase(waiting, "facilitator1")}
    giver.post(there, sent)
    after = len(raw(app).grants)
    assert giver.post(there, sent).location == "/problem/404"
    assert len(raw(app).grants) == after


def test_a_coordinator_who_still_waits_is_not_offered_to_assign_and_cannot(
    app, browser, waiting
) -> None:
    new, before = browser.as_("coordinator_b"), len(raw(app).grants)
    there = f"/groups/{waiting.a.uid}/team"
    assert there not in [form["action"] for form in new.get(there).root.all("form")]
    typed = {"user": waiting.staff["facilitator3"].uid, "part": "facilitator"}
    page = new.post(there, typed).follow()
    assert page.status == 422 and "Wait until a colleague has given you access." in page
    sent = {"passphrase": passphrase(waiting, "coordinator_b")}
    assert new.post(f"{there}/{typed['user']}", sent).follow().status == 422
    assert len(raw(app).grants) == before


def test_whoever_left_meanwhile_is_given_nothing(app, browser, waiting) -> None:
    giver = browser.as_("facilitator1")
    browser.as_("administrator").post(f"/staff/{waiting.staff['two_roles'].uid}/end")
    assert "waits for you" not in giver.get("/")
    there = f"/access/{waiting.a.uid}/{waiting.staff['two_roles'].uid}"
    sent = {"passphrase": passphrase(waiting, "facilitator1")}
    assert giver.post(there, sent).location == "/problem/404"
