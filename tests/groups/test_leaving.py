"""Leaving with a reason that stays sealed, taking it back, and coming back for a second stay."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from app.clock import today
from app.errors import Locked
from app.extensions import db
from app.groups import queries
from app.groups.models import Group, Membership
from app.sessions.models import Attendance
from tests.accounts.held import while_held
from tests.client import Browser, Page
from tests.organisation import Member, viewer
from tests.web.records import number_of, one, plant, rows

REASON = "انتقل إلى حيفا للدراسة"


def leave(me: Browser, member: Member, on: str = "2026-11-24", reason: str = REASON) -> Page:
    form = me.get(f"/stays/{member.stay}/end").form("/end")
    return form.fill(on=on, reason=reason).press()


def test_someone_leaves_and_a_strip_takes_it_back(app, browser, organisation) -> None:
    me, gone = browser.as_("coordinator"), organisation.a.members[0]
    page = leave(me, gone).follow()
    assert "They are no longer in the group." in page
    assert "12 of 15" in page
    assert one(app, Membership, gone.stay).ended_as == "left"
    back = page.form("/end/undo").press("Undo").follow()
    assert "Undone." in back
    assert "13 of 15" in back
    stay = one(app, Membership, gone.stay)
    assert (stay.ended_as, stay.ended_on, stay.reason) == (None, None, None)


def test_the_marks_stay_with_whoever_left(app, browser, organisation) -> None:
    gone = organisation.a.members[0]
    before = number_of(app, Attendance, Attendance.membership_uid == gone.stay)
    leave(browser.as_("coordinator"), gone)
    assert number_of(app, Attendance, Attendance.membership_uid == gone.stay) == before == 6


def test_the_reason_is_sealed_and_opens_with_the_rosters_key_alone(
    app, browser, organisation
) -> None:
    gone = organisation.a.members[0]
    leave(browser.as_("coordinator"), gone)
    sealed = one(app, Membership, gone.stay).reason
    assert REASON.encode() not in sealed
    with app.app_context():
        group, stay = db.session.get_one(Group, organisation.a.uid), one_here(gone)
        for who in ("coordinator", "facilitator1", "two_roles"):
            assert queries.open_reason(viewer(organisation.staff[who]), group, stay) == REASON
        for who in ("supervisor", "facilitator3", "coordinator_b", "administrator"):
            with pytest.raises(Locked):
                queries.open_reason(viewer(organisation.staff[who]), group, stay)


def one_here(member: Member) -> Membership:
    return db.session.get_one(Membership, member.stay)


def test_nobody_leaves_tomorrow_or_before_they_came(app, browser, organisation) -> None:
    me, member = browser.as_("coordinator"), organisation.a.members[0]
    for on, says in (("2026-11-25", "in the future"), ("2026-09-30", "before the first one")):
        page = leave(me, member, on=on)
        assert page.status == 303
        shown = page.follow()
        assert shown.status == 422
        assert says in shown
        assert shown.form("/end")["reason"] == REASON
        assert one(app, Membership, member.stay).ended_as is None


def test_the_facilitators_still_read_the_name_and_no_longer_the_number(
    browser, organisation
) -> None:
    gone, facilitator = organisation.a.members[0], browser.as_("facilitator1")
    there = f"/people/{gone.uid}"
    assert gone.number in facilitator.get(there)
    leave(browser.as_("coordinator"), gone)
    page = facilitator.get(there)
    assert gone.name in page
    assert gone.number not in page
    assert "No longer in your group" in page
    assert gone.number in browser.as_("coordinator").get(there)


def test_whoever_comes_back_has_a_second_stay(app, browser, organisation, clock) -> None:
    me, gone = browser.as_("coordinator"), organisation.a.members[0]
    leave(me, gone)
    clock.forward(days=7)
    me = browser.as_("coordinator")
    page = me.get(f"/groups/{organisation.a.uid}")
    back = next(
        form
        for form in page.root.all("form")
        if form["action"].endswith(f"/members/{gone.uid}/member")
    )
    shown = me.post(back["action"]).follow()
    assert "They are in the group now." in shown
    stays = rows(app, select(Membership).where(Membership.person_uid == gone.uid))
    assert sorted(str(stay.joined_on) for stay in stays) == ["2026-10-01", "2026-12-01"]
    assert {stay.ended_as for stay in stays} == {"left", None}
    assert gone.number in browser.as_("facilitator1").get(f"/people/{gone.uid}")


def test_who_returns_on_the_day_they_left_is_never_expected_twice(
    app, browser, organisation
) -> None:
    me, gone = browser.as_("coordinator"), organisation.a.members[0]
    leave(me, gone)
    me.post(f"/groups/{organisation.a.uid}/members/{gone.uid}/member")
    tonight = browser.as_("facilitator1").get(f"/sessions/{organisation.a.meetings[7]}/attendance")
    assert [b.words for b in tonight.root.all("b")].count(gone.name) == 1


def test_a_departure_is_not_undone_once_they_came_back(app, browser, organisation) -> None:
    me, gone = browser.as_("coordinator"), organisation.a.members[0]
    leave(me, gone)
    me.post(f"/groups/{organisation.a.uid}/members/{gone.uid}/member")
    page = me.post(f"/stays/{gone.stay}/end/undo").follow()
    assert page.status == 422
    assert "This person has returned meanwhile." in page


def test_a_departure_is_not_undone_once_the_place_is_taken(app, browser, organisation) -> None:
    me, a = browser.as_("coordinator"), organisation.a
    plant(app, update(Group).where(Group.uid == a.uid).values(capacity=13))
    leave(me, a.members[0])
    me.post(f"/stays/{a.waiting[0].stay}/acceptance")
    page = me.post(f"/stays/{a.members[0].stay}/end/undo").follow()
    assert page.status == 422
    assert "Every place is taken meanwhile." in page
    assert one(app, Membership, a.members[0].stay).ended_as == "left"


def test_whoever_waits_may_be_taken_off_the_list_and_put_back(app, browser, organisation) -> None:
    me, waits = browser.as_("coordinator"), organisation.a.waiting[0]
    page = leave(me, waits).follow()
    assert one(app, Membership, waits.stay).ended_as == "withdrawn"
    assert f"1 {organisation.a.waiting[1].name}" in page
    page.form("/end/undo").press("Undo")
    again = me.get(f"/groups/{organisation.a.uid}")
    assert f"1 {waits.name}" in again


def test_a_stay_that_ended_does_not_end_again(app, browser, organisation) -> None:
    page = leave(browser.as_("coordinator"), organisation.a.left[0]).follow()
    assert page.status == 422
    assert "This stay has already ended." in page


def test_a_withdrawal_is_not_shown_to_the_facilitators(browser, organisation) -> None:
    waits = organisation.a.waiting[0]
    leave(browser.as_("coordinator"), waits)
    page = browser.as_("facilitator1").get(f"/groups/{organisation.a.uid}")
    assert waits.uid not in page.text
    assert "1 earlier stay" in page


def test_a_stay_that_ended_while_the_group_was_waited_for_does_not_end_again(
    app, browser, organisation
) -> None:
    me, gone = browser.as_("coordinator"), organisation.a.members[0]
    ended = update(Membership).where(Membership.uid == gone.stay)
    (page,) = while_held(
        app,
        Group,
        organisation.a.uid,
        lambda: me.post(f"/stays/{gone.stay}/end", {"on": "2026-11-24"}),
        meanwhile=(ended.values(ended_as="completed", ended_on=today("Asia/Jerusalem")),),
    )
    assert "kept=" in page.location
    assert one(app, Membership, gone.stay).ended_as == "completed"
