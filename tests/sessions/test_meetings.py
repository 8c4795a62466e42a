"""A meeting held, missed, made up, moved; guests, newcomers, and the sheet to print."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app.groups.models import Group, Membership
from app.people.models import Person
from app.sessions.models import Attendance, GroupSession
from tests.client import Browser, Page
from tests.organisation import Organisation
from tests.web.records import number_of, one, plant, rows, trail_of


def show(me: Browser, organisation: Organisation, number: int = 7) -> Page:
    return me.get(f"/sessions/{organisation.a.meetings[number]}")


def missed(me: Browser, organisation: Organisation, number: int) -> Page:
    there = f"/sessions/{organisation.a.meetings[number]}/cancellation"
    return me.get(there).form("/cancellation").fill(reason="illness").press()


def test_tonights_session_is_the_seventh_of_fifteen_because_one_did_not_happen(
    browser, organisation
) -> None:
    page = show(browser.as_("facilitator1"), organisation)
    assert page.root.first("h1").words == "Session 7 of 15"
    third = show(browser.as_("facilitator1"), organisation, 2)
    assert third.root.first("h1").words == "Session without a number"
    assert "No permit, or the road was closed" in third


def test_it_was_held(app, browser, organisation) -> None:
    page = show(browser.as_("facilitator1"), organisation).form("/holding").press().follow()
    assert "The session was held." in page
    assert one(app, GroupSession, organisation.a.meetings[7]).state == "held"


def test_a_session_to_come_cannot_have_been_held(app, browser, organisation) -> None:
    uid = organisation.a.meetings[8]
    page = browser.as_("facilitator1").post(f"/sessions/{uid}/holding").follow()
    assert page.status == 422
    assert one(app, GroupSession, uid).state == "scheduled"


def test_a_session_that_did_not_happen_makes_nobody_absent_and_is_made_up(
    app, browser, organisation
) -> None:
    me, uid = browser.as_("facilitator1"), organisation.a.meetings[7]
    page = missed(me, organisation, 7).follow()
    assert "Session without a number" in page
    assert "Illness" in page
    assert number_of(app, Attendance, Attendance.session_uid == uid) == 0
    made_up = page.form("/make-up").press().follow()
    assert "A date was added at the end." in made_up
    assert made_up.root.first("h1").words == "Session 15 of 15"
    appended = one(app, GroupSession, uid).made_up_by
    last = rows(app, select(GroupSession.on).where(GroupSession.group_uid == organisation.a.uid))
    assert one(app, GroupSession, appended).on == max(last)


def test_a_date_at_the_end_falls_on_the_groups_weekday_also_where_the_last_one_was_moved(
    app, browser, organisation
) -> None:
    me, a = browser.as_("facilitator1"), organisation.a
    last = one(app, GroupSession, a.meetings[-1]).on
    there = f"/sessions/{a.meetings[-1]}/move"
    me.get(there).form(there).fill(on=str(last + timedelta(days=2))).press()
    missed(me, organisation, 7).follow().form("/make-up").press()
    appended = one(app, GroupSession, one(app, GroupSession, a.meetings[7]).made_up_by)
    assert appended.on == last + timedelta(days=7)


def test_a_cancellation_is_not_undone_onto_a_day_that_has_another_session(
    app, browser, organisation
) -> None:
    me, a = browser.as_("facilitator1"), organisation.a
    missed(me, organisation, 8)
    day = one(app, GroupSession, a.meetings[8]).on
    there = f"/groups/{a.uid}/dates/new"
    me.get(there).form(there).fill(on=str(day)).press()
    page = me.post(f"/sessions/{a.meetings[8]}/cancellation/undo").follow()
    assert page.status == 422 and "already a session on that day" in page
    assert one(app, GroupSession, a.meetings[8]).state == "cancelled"


def test_the_proposed_dates_are_numbered_after_those_that_count(browser, organisation) -> None:
    missed(browser.as_("facilitator1"), organisation, 8)
    page = browser.as_("coordinator").get(f"/groups/{organisation.a.uid}/dates")
    assert [label.words.split(" ")[:2] for label in page.root.all("label")] == [["Session", "15"]]


def test_making_up_twice_adds_one_date(app, browser, organisation) -> None:
    me = browser.as_("facilitator1")
    page = missed(me, organisation, 7).follow()
    before = number_of(app, GroupSession)
    form = page.form("/make-up")
    form.press()
    form.press()
    refused = me.post(f"/sessions/{organisation.a.meetings[7]}/make-up").follow()
    assert refused.status == 422
    assert number_of(app, GroupSession) == before + 1


def test_what_did_not_happen_is_taken_back_with_its_marks(app, browser, organisation) -> None:
    me, uid = browser.as_("facilitator1"), organisation.a.meetings[0]
    before = number_of(app, Attendance, Attendance.session_uid == uid)
    page = missed(me, organisation, 0).follow()
    (undo, *_same) = [
        f for f in page.root.all("form") if f["action"].endswith("/cancellation/undo")
    ]
    back = me.post(undo["action"]).follow()
    assert "Undone." in back
    assert one(app, GroupSession, uid).state == "held"
    assert number_of(app, Attendance, Attendance.session_uid == uid) == before


def test_the_marks_of_a_session_that_did_not_happen_count_for_nobody(browser, organisation) -> None:
    me, member = browser.as_("facilitator1"), organisation.a.members[1]

    def rate() -> str:
        page = me.get(f"/groups/{organisation.a.uid}")
        return next(tr.words for tr in page.root.all("tr") if member.name in tr.words)

    assert "50%" in rate()  # three of six
    missed(me, organisation, 3)  # one of their three absences
    assert "60%" in rate()


def test_a_session_is_cancelled_ahead_with_a_reason(app, browser, organisation) -> None:
    page = missed(browser.as_("facilitator1"), organisation, 8).follow()
    assert one(app, GroupSession, organisation.a.meetings[8]).state == "cancelled"
    assert "cancelled" in page
    again = missed(browser.as_("facilitator1"), organisation, 8).follow()
    assert again.status == 422


def test_a_session_is_moved(app, browser, organisation) -> None:
    me, uid = browser.as_("facilitator1"), organisation.a.meetings[8]
    form = me.get(f"/sessions/{uid}/move").form("/move")
    page = form.fill(on="2026-12-03", at="١٩:٣٠").press().follow()
    assert "The session was moved." in page
    assert "Thursday 3 December 19:30" in page
    assert f"{one(app, GroupSession, uid).starts_at:%d %H:%M}" == "03 17:30"


@pytest.mark.parametrize(
    ("number", "typed", "says"),
    [
        (8, {"on": "2026-12-08"}, "already a session on that day"),
        (0, {"on": "2026-10-07"}, "so the day stays"),
        (8, {"at": "soon"}, "Write an hour"),
    ],
)
def test_a_move_that_cannot_be_is_refused(app, browser, organisation, number, typed, says) -> None:
    me, uid = browser.as_("facilitator1"), organisation.a.meetings[number]
    before = one(app, GroupSession, uid).starts_at
    page = me.get(f"/sessions/{uid}/move").form("/move").fill(**typed).press()
    assert page.status == 303
    shown = page.follow()
    assert shown.status == 422
    assert says in shown
    assert one(app, GroupSession, uid).starts_at == before


def test_guests_are_a_number_and_no_record(app, browser, organisation) -> None:
    me, before = browser.as_("facilitator1"), number_of(app, Person)
    page = show(me, organisation).form("/guests").fill(guests="٣").press().follow()
    assert "3 guests" in page
    assert number_of(app, Person) == before
    for wrong in ("501", "-1", "many"):
        refused = show(me, organisation).form("/guests").fill(guests=wrong).press().follow()
        assert refused.status == 422
    assert one(app, GroupSession, organisation.a.meetings[7]).guests == 3


def newcomer(me: Browser, organisation: Organisation, **typed: object) -> Page:
    there = f"/sessions/{organisation.a.meetings[7]}/people/new"
    return me.get(there).form("/people/new").fill(**typed).press()


def test_someone_new_is_in_the_group_from_that_day_and_present(app, browser, organisation) -> None:
    me = browser.as_("facilitator1")
    page = newcomer(me, organisation, name="وجه جديد", number="0599 555 777").follow()
    assert "The person was added." in page
    assert "Marked 1 of 13" in page
    assert "وجه جديد" in page
    assert "وجه جديد" in browser.as_("coordinator").post("/people", {"q": "وجه"}).follow()
    earlier = me.get(f"/sessions/{organisation.a.meetings[6]}/attendance")
    assert "وجه جديد" not in earlier


def test_someone_new_sent_twice_is_one_person(app, browser, organisation) -> None:
    me, before = browser.as_("facilitator1"), number_of(app, Person)
    there = f"/sessions/{organisation.a.meetings[7]}/people/new"
    form = me.get(there).form("/people/new").fill(name="وجه جديد")
    form.press()
    form.press()
    assert number_of(app, Person) == before + 1


@pytest.mark.parametrize("name", ["", "وجه جديد"])
def test_a_full_group_takes_nobody_and_a_name_is_needed(app, browser, organisation, name) -> None:
    plant(app, update(Group).where(Group.uid == organisation.a.uid).values(capacity=13))
    people, stays = number_of(app, Person), number_of(app, Membership)
    page = newcomer(browser.as_("facilitator1"), organisation, name=name, hours="مساءً")
    assert page.status == 303
    shown = page.follow()
    assert shown.status == 422
    assert shown.form("/people/new")["hours"] == "مساءً"
    assert (number_of(app, Person), number_of(app, Membership)) == (people, stays)


def test_the_sheet_to_print_has_codes_and_names_only_when_asked(app, browser, organisation) -> None:
    me, names = browser.as_("facilitator1"), {m.name for m in organisation.a.members}
    there = f"/sessions/{organisation.a.meetings[7]}/sheet"
    codes = me.get(there)
    assert not any(name in codes for name in names)
    assert len(codes.root.all("span", class_="ltr")) == 12
    assert trail_of(app)[-1].action == "sheet"
    named = me.get(codes.link("With names"))
    assert all(name in named for name in names)
    assert trail_of(app)[-1].action == "sheet-with-names"


@pytest.mark.parametrize(
    ("who", "status"),
    [("supervisor", 403), ("administrator", 403), ("facilitator3", 404), ("coordinator_b", 404)],
)
def test_others_change_no_session(app, browser, organisation, who, status) -> None:
    me, uid = browser.as_(who), organisation.a.meetings[7]
    for part in ("holding", "cancellation", "cancellation/undo", "make-up", "move", "guests"):
        page = me.post(f"/sessions/{uid}/{part}", {"reason": "other", "on": "2026-12-03"})
        assert page.follow().status == status
    assert me.get(f"/sessions/{uid}/sheet").status == status
    assert one(app, GroupSession, uid).state == "scheduled"


def test_a_supervisor_opens_a_session_without_a_name_in_it(browser, organisation) -> None:
    page = show(browser.as_("supervisor"), organisation, 0)
    assert page.status == 200
    assert "Take attendance" not in page
    assert not any(m.name in page for m in organisation.a.members)
