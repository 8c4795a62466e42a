"""Marking who came: a tap posts the mark wanted, saves by itself, and can be changed or taken back."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.sessions.models import Attendance, GroupSession
from tests.client import Browser, Page
from tests.organisation import Organisation
from tests.web.records import number_of, one, rows

ways = pytest.mark.parametrize("htmx", [False, True], ids=["browser", "htmx"])
MARKS = {"present": "Present", "late": "Late", "excused": "Excused", "absent": "Absent"}


def roll(organisation: Organisation, number: int = 7) -> str:
    """The list of a meeting of group A; the eighth date is tonight."""
    return f"/sessions/{organisation.a.meetings[number]}/attendance"


def tap(me: Browser, there: str, stay: str, mark: str, *, htmx: bool = False) -> Page:
    return me.get(there).form(there).press(htmx=htmx, name=stay, value=mark)


def pressed(page: Page, stay: str) -> list[str]:
    """Which mark stands pressed for someone."""
    buttons = page.root.all("button", name=stay)
    return [b["value"] for b in buttons if b["aria-pressed"] == "true"]


def marks_of(app, meeting: str) -> dict[str, str]:
    query = select(Attendance.membership_uid, Attendance.mark)
    return dict(tuple(row) for row in rows(app, query.where(Attendance.session_uid == meeting)))


@ways
@pytest.mark.parametrize("mark", MARKS)
def test_a_tap_is_saved_and_shown(app, browser, organisation, mark, htmx) -> None:
    me, there, stay = (
        browser.as_("facilitator1"),
        roll(organisation),
        organisation.a.members[0].stay,
    )
    page = tap(me, there, stay, mark, htmx=htmx)
    shown = page if htmx else page.follow()
    assert shown.status == 200
    assert pressed(shown, stay) == [mark]
    assert "Marked 1 of 12" in shown
    assert marks_of(app, organisation.a.meetings[7]) == {stay: mark}


@ways
def test_the_same_tap_again_changes_nothing_and_another_changes_the_mark(
    app, browser, organisation, htmx
) -> None:
    me, there, stay = (
        browser.as_("facilitator1"),
        roll(organisation),
        organisation.a.members[0].stay,
    )
    for mark in ("late", "late", "absent"):
        tap(me, there, stay, mark, htmx=htmx)
        assert marks_of(app, organisation.a.meetings[7]) == {stay: mark}
    assert pressed(me.get(there), stay) == ["absent"]


def test_a_tap_by_htmx_is_answered_by_one_row_and_the_count(browser, organisation) -> None:
    page = tap(
        browser.as_("facilitator1"),
        roll(organisation),
        organisation.a.members[0].stay,
        "late",
        htmx=True,
    )
    assert len(page.body) < 1200
    assert {b["name"] for b in page.root.all("button")} == {organisation.a.members[0].stay}


def test_after_a_tap_a_browser_stands_at_the_same_person(browser, organisation) -> None:
    stay = organisation.a.members[4].stay
    page = tap(browser.as_("facilitator1"), roll(organisation), stay, "present")
    assert page.headers["Location"].endswith(f"{roll(organisation)}#p{stay}")
    assert page.follow().root.first("div", id=f"p{stay}")


def test_two_facilitators_mark_side_by_side(browser, organisation) -> None:
    there, members = roll(organisation), organisation.a.members
    first, second = browser.as_("facilitator1"), browser.as_("facilitator2")
    form, other = first.get(there).form(there), second.get(there).form(there)
    form.press(name=members[0].stay, value="present")
    other.press(name=members[1].stay, value="absent")
    page = first.get(there)
    assert pressed(page, members[0].stay) == ["present"]
    assert pressed(page, members[1].stay) == ["absent"]


@ways
def test_with_the_first_mark_the_session_is_held(app, browser, organisation, htmx) -> None:
    assert one(app, GroupSession, organisation.a.meetings[7]).state == "scheduled"
    tap(
        browser.as_("facilitator1"),
        roll(organisation),
        organisation.a.members[0].stay,
        "present",
        htmx=htmx,
    )
    assert one(app, GroupSession, organisation.a.meetings[7]).state == "held"


@ways
@pytest.mark.parametrize(
    ("number", "member", "says"),
    [(8, 0, "still to come"), (2, 0, "did not happen"), (7, -1, "not in the group on that day")],
    ids=["a day to come", "a session that was not", "somebody who had left"],
)
def test_a_mark_that_cannot_be_is_refused(
    app, browser, organisation, number, member, says, htmx
) -> None:
    a = organisation.a
    stay = (a.left if member < 0 else a.members)[member].stay
    meeting = a.meetings[number]
    before = marks_of(app, meeting)
    page = browser.as_("facilitator1").post(
        f"/sessions/{meeting}/attendance", {stay: "present"}, htmx="tally" if htmx else ""
    )
    shown = page if htmx else page.follow()
    assert shown.status == 422
    assert htmx or says in shown
    assert marks_of(app, meeting) == before


@ways
def test_a_stay_of_another_group_or_an_unknown_mark_is_not_taken(
    app, browser, organisation, htmx
) -> None:
    me, there = browser.as_("facilitator1"), roll(organisation)
    for typed, status in (
        ({organisation.b.members[0].stay: "present"}, 404),
        ({"zzzzzzzzzz": "present"}, 404),
        ({organisation.a.members[0].stay: "asleep"}, 400),
        ({}, 400),
    ):
        page = me.post(there, typed, htmx="tally" if htmx else "")
        assert (page if htmx else page.follow()).status == status
    assert marks_of(app, organisation.a.meetings[7]) == {}


def test_the_list_holds_exactly_those_who_were_expected(browser, organisation) -> None:
    me, a = browser.as_("facilitator1"), organisation.a
    first, tonight = me.get(roll(organisation, 0)), me.get(roll(organisation))
    assert a.left[0].stay in first.text
    assert a.left[0].stay not in tonight.text
    for person in a.waiting + a.offered:
        assert person.name not in first and person.name not in tonight


def test_a_late_joiner_is_not_on_the_lists_before(browser, organisation) -> None:
    stay = organisation.a.waiting[0].stay
    browser.as_("coordinator").post(f"/stays/{stay}/acceptance")
    me, name = browser.as_("facilitator1"), organisation.a.waiting[0].name
    assert name in me.get(roll(organisation, 7))
    assert name not in me.get(roll(organisation, 6))
    group = me.get(f"/groups/{organisation.a.uid}")
    row = next(tr for tr in group.root.all("tr") if name in tr.words)
    assert "%" not in row.words and not row.all("i", title="Absent")


def test_why_someone_was_absent_is_sealed_and_read_again(app, browser, organisation) -> None:
    me, stay = browser.as_("facilitator1"), organisation.a.members[3].stay
    there = f"{roll(organisation, 0)}/{stay}"
    page = me.get(there).form(there).fill(reason="مرض في البيت").press().follow()
    assert "Saved." in page
    assert browser.as_("facilitator2").get(there).form(there)["reason"] == "مرض في البيت"
    sealed = one(app, Attendance, (organisation.a.meetings[0], stay)).reason
    assert "مرض".encode() not in sealed
    me.get(there).form(there).fill(reason="").press()
    assert one(app, Attendance, (organisation.a.meetings[0], stay)).reason is None


def test_a_reason_too_long_is_refused_and_without_a_mark_there_is_none(
    browser, organisation
) -> None:
    me, a = browser.as_("facilitator1"), organisation.a
    there = f"{roll(organisation, 0)}/{a.members[3].stay}"
    assert me.post(there, {"reason": "م" * 201}).follow().status == 422
    unmarked = f"{roll(organisation)}/{a.members[3].stay}"
    assert me.post(unmarked, {"reason": "x"}).follow().status == 404
    assert me.get(f"{roll(organisation)}/{a.left[0].stay}").status == 404


def test_a_mark_is_taken_back(app, browser, organisation) -> None:
    me, stay = browser.as_("facilitator1"), organisation.a.members[3].stay
    before = len(marks_of(app, organisation.a.meetings[0]))
    page = me.get(f"{roll(organisation, 0)}/{stay}").form("/removal").press().follow()
    assert "Undone." in page
    assert pressed(page, stay) == []
    assert len(marks_of(app, organisation.a.meetings[0])) == before - 1


@ways
@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("supervisor", 403),
        ("administrator", 403),
        ("counsellor", 403),
        ("facilitator3", 404),
        ("coordinator_b", 404),
    ],
)
def test_others_neither_see_nor_mark(app, browser, organisation, who, status, htmx) -> None:
    me, there, stay = browser.as_(who), roll(organisation), organisation.a.members[0].stay
    assert me.get(there).status == status
    assert me.get(f"{there}/one").status == status
    page = me.post(there, {stay: "present"}, htmx="tally" if htmx else "")
    assert (page if htmx else page.follow()).status == status
    assert number_of(app, Attendance, Attendance.session_uid == organisation.a.meetings[7]) == 0


def test_a_coordinator_marks_too(app, browser, organisation) -> None:
    tap(browser.as_("coordinator"), roll(organisation), organisation.a.members[0].stay, "present")
    assert len(marks_of(app, organisation.a.meetings[7])) == 1


def test_a_discussion_group_that_has_ended_is_still_corrected(app, browser, organisation) -> None:
    me, stay = browser.as_("facilitator3"), organisation.b.members[0].stay
    there = f"/sessions/{organisation.b.meetings[0]}/attendance"
    browser.as_("coordinator_b").post(f"/groups/{organisation.b.uid}/cancellation")
    page = tap(me, there, stay, "absent").follow()
    assert pressed(page, stay) == ["absent"]
