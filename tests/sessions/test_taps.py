"""Taps that go out together, on a roll that two phones hold: each is done, and the page hears what changed."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select, update

from app.audit.models import AuditRow
from app.extensions import db
from app.groups.models import Membership
from app.sessions.models import Attendance
from tests.client import Browser, Page
from tests.conftest import Clock
from tests.organisation import Organisation
from tests.web.records import number_of, rows


def roll(organisation: Organisation, number: int = 7) -> str:
    """The list of a meeting of group A; the eighth date is tonight."""
    return f"/sessions/{organisation.a.meetings[number]}/attendance"


def marks_of(app: Flask, organisation: Organisation, number: int = 7) -> dict[str, str]:
    query = select(Attendance.membership_uid, Attendance.mark)
    query = query.where(Attendance.session_uid == organisation.a.meetings[number])
    return dict(tuple(row) for row in rows(app, query))


def shown(page: Page) -> dict[str, str]:
    """The rows that an answer brings: for each stay its mark, or nothing."""
    buttons = page.root.all("button")
    stays = {b["name"]: "" for b in buttons if b.get("aria-pressed")}
    return stays | {b["name"]: b["value"] for b in buttons if b.get("aria-pressed") == "true"}


def entries(app: Flask, action: str) -> int:
    return number_of(app, AuditRow, AuditRow.action == action)


def test_several_taps_in_one_request_are_all_done_in_order(app, browser, organisation) -> None:
    first, second, third = (member.stay for member in organisation.a.members[:3])
    taps = {first: ["present", "excused"], second: "late", third: "absent"}
    page = browser.as_("facilitator1").post(roll(organisation), taps, htmx="tally")
    wanted = {first: "excused", second: "late", third: "absent"}
    assert marks_of(app, organisation) == wanted
    assert shown(page) == wanted
    assert "Marked 3 of 12" in page


def test_a_tap_that_comes_twice_is_one_mark_and_one_entry(app, browser, organisation) -> None:
    me, stay = browser.as_("facilitator1"), organisation.a.members[0].stay
    before = entries(app, "attendance-marked")
    for _time in range(2):
        assert shown(me.post(roll(organisation), {stay: "late"}, htmx="tally")) == {stay: "late"}
    assert marks_of(app, organisation) == {stay: "late"}
    assert entries(app, "attendance-marked") == before + 1


def test_one_tap_that_cannot_be_done_stops_no_other(app, browser, organisation) -> None:
    with app.app_context():
        gone = organisation.a.members[1].stay
        db.session.execute(
            update(Membership).where(Membership.uid == gone).values(ended_on=Membership.joined_on)
        )
        db.session.commit()
    stay = organisation.a.members[0].stay
    taps = {stay: "present", gone: "late", organisation.b.members[0].stay: "late"}
    page = browser.as_("facilitator1").post(roll(organisation), taps, htmx="tally")
    assert page.status == 200
    assert "not in the group on that day" in page
    assert marks_of(app, organisation) == {stay: "present"}
    assert shown(page) == {stay: "present", gone: ""}


def test_an_answer_brings_the_rows_that_the_other_phone_marked(browser, organisation) -> None:
    first, second = browser.as_("facilitator1"), browser.as_("facilitator2")
    mine, hers, untouched = (member.stay for member in organisation.a.members[:3])
    second.post(roll(organisation), {hers: "late"}, htmx="tally")
    taps = {mine: "present", "shown": f"{mine}- {hers}- {untouched}-"}
    page = first.post(roll(organisation), taps, htmx="tally")
    assert shown(page) == {mine: "present", hers: "late"}
    assert "Marked 2 of 12" in page
    taken_back = second.post(f"{roll(organisation)}/{mine}/removal")
    assert taken_back.status == 303
    page = first.post(
        roll(organisation), {hers: "late", "shown": f"{mine}0 {hers}1 {untouched}-"}, htmx="tally"
    )
    assert shown(page) == {hers: "late", mine: ""}


def test_whoever_replaces_a_colleagues_mark_is_told_and_can_put_it_back(
    app, browser, organisation
) -> None:
    first, second = browser.as_("facilitator1"), browser.as_("facilitator2")
    stay = organisation.a.members[0].stay
    second.post(roll(organisation), {stay: "late"})
    for page in (
        first.post(roll(organisation), {stay: "absent"}, htmx="tally"),
        browser.as_("coordinator").post(roll(organisation), {stay: "excused"}).follow(),
    ):
        assert "A colleague had marked: " in page
    assert "A colleague had marked: Absent" in page
    assert page.root.first("button", name=stay, value="absent")
    (back,) = [b for b in page.root.all("button", name=stay) if b.words == "Put back"]
    page.form("/attendance").press(name=stay, value=back["value"])
    assert marks_of(app, organisation) == {stay: "absent"}


def test_nobody_is_told_of_their_own_mark_or_of_the_same(browser, organisation) -> None:
    me, stay = browser.as_("facilitator1"), organisation.a.members[0].stay
    for mark in ("late", "absent"):
        assert "A colleague" not in me.post(roll(organisation), {stay: mark}, htmx="tally")
    other = browser.as_("facilitator2")
    assert "A colleague" not in other.post(roll(organisation), {stay: "absent"}, htmx="tally")


def test_everyone_who_is_not_marked_is_present_with_one_tap_and_unmarked_with_one(
    app, browser, organisation
) -> None:
    me, stay = browser.as_("facilitator1"), organisation.a.members[0].stay
    me.post(roll(organisation), {stay: "absent"})
    page = me.get(roll(organisation)).form("/attendance").press(name="rest", value="present")
    page = page.follow()
    assert "Marked 12 of 12" in page
    assert marks_of(app, organisation)[stay] == "absent"
    assert list(marks_of(app, organisation).values()).count("present") == 11
    undo = page.root.first("button", name="undo")
    assert undo.words == "Undo" and undo["form"] == "taps"
    me.post(roll(organisation), {organisation.a.members[1].stay: "late"})
    after = me.post(roll(organisation), {"undo": undo["value"]}).follow()
    assert marks_of(app, organisation) == {stay: "absent", organisation.a.members[1].stay: "late"}
    assert "Marked 2 of 12" in after


def test_an_undo_takes_back_nothing_else(app, browser, organisation, clock: Clock) -> None:
    me, stay = browser.as_("facilitator1"), organisation.a.members[0].stay
    me.post(roll(organisation), {stay: "present"})
    for moment in (clock.moment.isoformat(), "2026-01-01T00:00:00.000001+00:00"):
        assert me.post(roll(organisation), {"undo": moment}, htmx="tally").status == 200
    assert me.post(roll(organisation), {"undo": "yesterday"}, htmx="tally").status == 400
    page = me.post(roll(organisation), {"rest": "present"}, htmx="tally")
    undo = page.root.first("button", name="undo")["value"]
    browser.as_("facilitator2").post(roll(organisation), {"undo": undo}, htmx="tally")
    assert len(marks_of(app, organisation)) == 12


def test_everyone_else_and_its_undo_in_one_request_leave_nobody_marked(
    app, browser, organisation, clock: Clock
) -> None:
    undo = clock.moment.replace(microsecond=1).isoformat()
    taps = {"rest": "present", "undo": undo}
    page = browser.as_("facilitator1").post(roll(organisation), taps, htmx="tally")
    assert page.status == 200 and "Marked 0 of 12" in page
    assert marks_of(app, organisation) == {}


def test_a_page_that_says_nonsense_of_what_it_shows_gets_its_taps_done(
    app, browser, organisation
) -> None:
    me, stay = browser.as_("facilitator1"), organisation.a.members[0].stay
    taps = {stay: "late", "shown": f"zzzzzzzzzz9 - {stay}x  {organisation.b.members[0].stay}0 é"}
    page = me.post(roll(organisation), taps, htmx="tally")
    assert shown(page) == {stay: "late"}


def test_the_answer_to_twelve_taps_is_light(browser: Browser, organisation) -> None:
    taps = {member.stay: "present" for member in organisation.a.members}
    page = browser.as_("facilitator1").post(roll(organisation), taps, htmx="tally")
    assert len(page.sent) < 900


def test_everyone_who_is_not_marked_on_a_day_to_come_is_refused_with_its_reason(
    browser, organisation
) -> None:
    me, there = browser.as_("facilitator1"), roll(organisation, 8)
    for page in (
        me.post(there, {"rest": "present"}).follow(),
        me.post(there, {"rest": "present"}, htmx="tally"),
    ):
        assert page.status == 422 and "still to come" in page
        assert page.root.first("button", name="undo") is None


def test_a_tick_for_somebody_who_is_gone_costs_no_other_tap(app, browser, organisation) -> None:
    me, stay = browser.as_("facilitator1"), organisation.a.members[0].stay
    taps = {stay: "late", "f-zzzzzzzzzz": "yes"}
    assert me.post(roll(organisation), taps, htmx="tally").status == 200
    assert marks_of(app, organisation) == {stay: "late"}
    assert me.post(roll(organisation), {"f-zzzzzzzzzz": "yes"}, htmx="tally").status == 404


def test_one_by_one_whoever_replaces_a_colleagues_mark_sees_that_person_once_more(
    browser, organisation
) -> None:
    first, second = browser.as_("facilitator1"), browser.as_("facilitator2")
    stay = organisation.a.members[0].stay
    second.post(roll(organisation), {stay: "late"})
    page = first.post(roll(organisation), {stay: "absent", "one": "1"}).follow()
    (now,) = [row for row in page.root.all("li") if "now" in (row.get("class") or "")]
    assert "A colleague had marked: Late" in now.words
