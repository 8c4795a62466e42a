"""Assigning colleagues: the roster at once, the notes from a colleague, and gone at the next request."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.accounts.models import User
from app.accounts.rules import check_words
from app.assignments.models import Assignment
from app.vault.models import Grant, Vault, VaultKey
from tests.access.acting import entrust
from tests.client import Browser, Page
from tests.organisation import Organisation
from tests.web.records import number_of, one, rows


def assign(me: Browser, group: str, user: str, part: str = "facilitator") -> Page:
    form = me.get(f"/groups/{group}/team").form("/team")
    return entrust(form.fill(user=user, part=part).press(), user)


def end(me: Browser, organisation: Organisation, who: str, part: str = "facilitator") -> Page:
    """End somebody's assignment to group A."""
    (uid,) = rows(
        me.app,
        select(Assignment.uid).where(
            Assignment.of_uid == organisation.a.uid,
            Assignment.user_uid == organisation.staff[who].uid,
            Assignment.part == part,
            Assignment.ended_at.is_(None),
        ),
    )
    return me.post(f"/groups/{organisation.a.uid}/team/{uid}/end")


def holders(app, group: str, kind: str) -> dict[int, set[str]]:
    """Who holds each version of a group's key: version -> user uids."""
    query = (
        select(VaultKey.version, Grant.user_uid)
        .join(Vault, Vault.uid == VaultKey.vault_uid)
        .join(Grant, Grant.key_uid == VaultKey.uid)
        .where(Vault.of_uid == group, Vault.kind == kind)
    )
    found: dict[int, set[str]] = {}
    for version, user in rows(app, query):
        found.setdefault(version, set()).add(user or "recovery")
    return found


def test_a_facilitator_knows_the_members_at_once(app, browser, organisation) -> None:
    third, member = browser.as_("facilitator3"), organisation.a.members[0]
    there = f"/groups/{organisation.a.uid}"
    assert third.get(there).status == 404
    uid = organisation.staff["facilitator3"].uid
    page = assign(browser.as_("coordinator"), organisation.a.uid, uid).follow()
    assert "The colleague was assigned." in page
    assert member.name in third.get(there)
    assert member.number in third.get(f"/people/{member.uid}")


def test_a_later_facilitator_sees_that_a_note_exists_and_not_its_text(
    browser, organisation
) -> None:
    uid = organisation.staff["facilitator3"].uid
    assign(browser.as_("coordinator"), organisation.a.uid, uid)
    page = browser.as_("facilitator3").get(f"/notes/{organisation.a.note}")
    assert page.status == 200
    assert "Its text opens once a colleague has given you access." in page
    assert "البدايات" not in page


def test_the_first_facilitator_of_a_group_gets_its_notes(app, browser, organisation) -> None:
    group, uid = organisation.planned.uid, organisation.staff["facilitator1"].uid
    assert holders(app, group, "notes") == {}
    assign(browser.as_("coordinator"), group, uid)
    assert holders(app, group, "notes") == {1: {uid, "recovery"}}


def test_a_supervisor_is_given_no_names(app, browser, organisation) -> None:
    group, uid = organisation.planned.uid, organisation.staff["supervisor"].uid
    assign(browser.as_("coordinator"), group, uid, "supervisor")
    assert uid not in holders(app, group, "roster")[1]
    page = browser.as_("supervisor").get(f"/groups/{group}")
    assert page.status == 200
    assert not page.root.first("section", id="grid")


def test_nobody_has_the_same_part_twice(app, browser, organisation) -> None:
    before = number_of(app, Assignment)
    uid = organisation.staff["facilitator1"].uid
    page = assign(browser.as_("coordinator"), organisation.a.uid, uid)
    assert page.status == 303
    shown = page.follow()
    assert shown.status == 422
    assert "already has that part" in shown
    assert number_of(app, Assignment) == before


def test_whoever_is_unassigned_loses_everything_with_the_next_request(
    app, browser, organisation
) -> None:
    first, a = browser.as_("facilitator1"), organisation.a
    addresses = [
        *(f"/groups/{a.uid}", f"/people/{a.members[0].uid}", f"/notes/{a.note}"),
        *(f"/sessions/{a.meetings[7]}", f"/sessions/{a.meetings[7]}/attendance"),
        f"/sessions/{a.meetings[0]}/reflection",
    ]
    assert {first.get(address).status for address in addresses} == {200}
    page = end(browser.as_("coordinator"), organisation, "facilitator1").follow()
    assert "The assignment has ended." in page
    assert {first.get(address).status for address in addresses} == {404}
    tap = {a.members[0].stay: "present"}
    assert first.post(f"/sessions/{a.meetings[7]}/attendance", tap).follow().status == 404
    assert a.members[0].name not in first.get("/")


@pytest.mark.parametrize("kind", ["roster", "notes"])
def test_a_new_key_begins_without_them_and_the_old_one_is_gone(
    app, browser, organisation, kind
) -> None:
    a, gone = organisation.a.uid, organisation.staff["facilitator1"].uid
    before = holders(app, a, kind)
    assert gone in before[1]
    end(browser.as_("coordinator"), organisation, "facilitator1")
    after = holders(app, a, kind)
    assert set(after) == {1, 2}
    assert after[2] == before[1] - {gone}
    assert gone not in after[1]


def test_those_who_stay_read_old_notes_and_new_ones(browser, organisation) -> None:
    end(browser.as_("coordinator"), organisation, "facilitator1")
    second, a = browser.as_("facilitator2"), organisation.a
    assert "البدايات" in second.get(f"/notes/{a.note}")
    form = second.get(f"/sessions/{a.meetings[6]}/note").form("/note")
    page = form.fill(happened="كتب بعد الرحيل").press("Sign and close").follow()
    assert "كتب بعد الرحيل" in page
    assert "كتب بعد الرحيل" in browser.as_("supervisor").get(page.address.split("?")[0])


def test_members_who_join_after_a_departure_are_known_to_the_others(browser, organisation) -> None:
    me, a = browser.as_("coordinator"), organisation.a
    end(me, organisation, "facilitator1")
    me.post(f"/groups/{a.uid}/members/{organisation.candidate.uid}/member")
    for who in ("facilitator2", "two_roles"):
        page = browser.as_(who).get(f"/groups/{a.uid}")
        assert organisation.candidate.name in page
        assert a.members[0].name in page


def test_a_supervisor_who_goes_no_longer_reads_the_notes(app, browser, organisation) -> None:
    supervisor = browser.as_("supervisor")
    assert "البدايات" in supervisor.get(f"/notes/{organisation.a.note}")
    end(browser.as_("coordinator"), organisation, "supervisor", "supervisor")
    assert supervisor.get(f"/notes/{organisation.a.note}").status == 404
    newest = holders(app, organisation.a.uid, "notes")[2]
    assert organisation.staff["supervisor"].uid not in newest


def test_an_assignment_of_another_group_cannot_be_ended_here(app, browser, organisation) -> None:
    there = f"/groups/{organisation.a.uid}/team/{organisation.b.assignment}/end"
    assert browser.as_("coordinator").post(there).follow().status == 404
    of_groups = Assignment.of_kind == "group"
    assert number_of(app, Assignment, of_groups, Assignment.ended_at.is_not(None)) == 0


@pytest.mark.parametrize("who", ["facilitator1", "supervisor", "administrator", "counsellor"])
def test_only_coordinators_assign(browser, organisation, who) -> None:
    there = f"/groups/{organisation.a.uid}/team"
    me = browser.as_(who)
    assert me.get(there).status == 403
    assert me.post(there, {"user": organisation.staff[who].uid}).follow().status == 403
    assert me.post(f"{there}/{organisation.a.assignment}/end").follow().status == 403


def test_only_colleagues_who_facilitate_or_supervise_can_be_chosen(browser, organisation) -> None:
    me, there = browser.as_("coordinator"), f"/groups/{organisation.planned.uid}/team"
    uid = organisation.staff["administrator"].uid
    page = me.post(there, {"user": uid, "part": "facilitator"}).follow()
    assert page.status == 422
    assert "Choose one of these." in page


@pytest.mark.parametrize(
    ("who", "part"), [("supervisor", "facilitator"), ("facilitator3", "supervisor")]
)
def test_nobody_is_assigned_a_part_that_is_not_their_role(
    app, browser, organisation, who, part
) -> None:
    me, group = browser.as_("coordinator"), organisation.planned.uid
    uid = organisation.staff[who].uid
    assert assign(me, group, uid, part).follow().status == 422
    assert all(uid not in held for held in holders(app, group, "roster").values())


def test_the_roster_opens_after_check_words_and_ones_own_passphrase_alone(
    app, browser, organisation
) -> None:
    me, group = browser.as_("coordinator"), organisation.planned.uid
    colleague = organisation.staff["facilitator3"]
    form = me.get(f"/groups/{group}/team").form("/team")
    page = form.fill(user=colleague.uid, part="facilitator").press().follow()
    public_key = one(app, User, colleague.uid).public_key
    assert check_words(public_key) in page and "Facilitator3" in page
    there = f"/groups/{group}/team/{colleague.uid}"
    for wrong in ("", colleague.passphrase):
        refused = page.form(there).fill(passphrase=wrong).press().follow()
        assert refused.status == 422
    assert all(colleague.uid not in held for held in holders(app, group, "roster").values())
    done = page.form(there).fill(passphrase=organisation.staff["coordinator"].passphrase).press()
    assert "The colleague was assigned." in done.follow()
    assert any(colleague.uid in held for held in holders(app, group, "roster").values())
