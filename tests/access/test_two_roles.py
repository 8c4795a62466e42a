"""Whoever holds two roles sees in each group what their part there allows, and no more."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from app.groups.models import Group
from tests.access.acting import assign, set_roles
from tests.client import Browser
from tests.notes.writing import open_note
from tests.web.records import plant

TEXT = "ما زالت الملاحظة تنتظر"


@pytest.fixture
def me(browser: Browser) -> Browser:
    """Group A's supervisor, who is a facilitator as well, of no group yet."""
    set_roles(browser.as_("administrator"), "supervisor", "supervisor", "facilitator")
    return browser.as_("supervisor")


def test_a_supervisor_who_facilitates_elsewhere_sees_no_roster(me, organisation) -> None:
    a = organisation.a
    page = me.get(f"/groups/{a.uid}")
    assert page.status == 200 and "Access log" in page
    assert not [m for m in a.members if m.uid in page.text]
    assert "Places" not in page and "Take attendance" not in page


def test_they_see_no_follow_up_and_write_no_note_there(me, organisation) -> None:
    page = me.get(f"/sessions/{organisation.a.meetings[6]}")
    assert page.status == 200 and "Session notes" in page
    assert "Follow-ups" not in page and "Write the note" not in page
    assert not [m for m in organisation.a.members if m.uid in page.text]


def test_whoever_coordinates_a_place_and_facilitates_elsewhere_sees_no_notes_there(
    browser, organisation
) -> None:
    me = browser.as_("two_roles")  # group A's facilitator, and coordinator of group B's place
    assert "Session notes" in me.get(f"/sessions/{organisation.a.meetings[0]}")
    page = me.get(f"/sessions/{organisation.b.meetings[0]}")
    assert page.status == 200 and "Session notes" not in page


def test_of_a_person_they_facilitate_they_see_no_group_they_supervise(
    browser, me, organisation
) -> None:
    member, planned = organisation.a.members[1], organisation.planned.uid
    desk = browser.as_("coordinator")
    assign(desk, planned, "supervisor")
    desk.post(f"/groups/{planned}/members/{member.uid}/member")
    page = me.get(f"/people/{member.uid}")
    assert page.status == 200 and member.name in page
    assert f"/groups/{planned}" in page.text
    assert f"/groups/{organisation.a.uid}" not in page.text
    assert "Follow-ups" not in page


def test_whoever_facilitates_the_group_they_supervise_sees_its_roster(
    browser, me, organisation
) -> None:
    assign(browser.as_("coordinator"), organisation.a.uid, "supervisor")
    page = me.get(f"/groups/{organisation.a.uid}")
    assert organisation.a.members[0].name in page


def test_a_coordinator_who_supervises_a_group_of_another_place_sees_no_roster(
    browser, organisation
) -> None:
    set_roles(browser.as_("administrator"), "coordinator_b", "coordinator", "supervisor")
    assign(browser.as_("coordinator"), organisation.a.uid, "coordinator_b", "supervisor")
    page = browser.as_("coordinator_b").get(f"/groups/{organisation.a.uid}")
    assert page.status == 200
    assert not [m for m in organisation.a.members if m.uid in page.text]


def test_a_note_that_awaits_review_is_there_for_its_groups_supervisor_alone(
    app, browser, organisation
) -> None:
    plant(app, update(Group).where(Group.uid == organisation.a.uid).values(reviewed=True))
    written = open_note(browser.as_("facilitator1"), organisation).fill(happened=TEXT)
    note = written.press("Send for review").location.partition("?")[0]
    set_roles(browser.as_("administrator"), "facilitator2", "supervisor", "facilitator")
    other = browser.as_("facilitator2")
    assert other.get(note).status == 404
    assert note not in other.get(f"/sessions/{organisation.a.meetings[7]}").text
    assert "Awaiting review" not in other.get("/")
    assert TEXT in browser.as_("supervisor").get(note)
