"""Somebody new straight into a group, somebody who comes back, and from which day a stay counts."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from app.groups.models import Group, Membership
from app.people.models import Consent, Person
from tests.client import Browser, Page
from tests.web.records import number_of, one, plant, rows


def add(me: Browser, uid: str, button: str, **typed: str) -> Page:
    page = me.get(f"/groups/{uid}/members/new")
    assert page.link("Somebody new") == f"/groups/{uid}/people/new"
    form = me.get(f"/groups/{uid}/people/new").form(f"/groups/{uid}/people/new")
    return form.fill(name="نبيلة", **typed).press(button)


def test_somebody_new_is_a_member_and_one_is_back_on_the_group(app, browser, organisation) -> None:
    me, uid = browser.as_("coordinator"), organisation.a.uid
    page = add(me, uid, "Enrol", agrees_contact="y").follow()
    assert page.address.startswith(f"/groups/{uid}")
    assert "They are in the group now." in page
    assert "نبيلة" in page.root.first("section", id="grid").words
    assert "نبيلة" in browser.as_("facilitator1").get(f"/groups/{uid}")
    assert number_of(app, Consent, Consent.purpose == "contact") > 0


def test_somebody_new_waits(browser, organisation) -> None:
    me, uid = browser.as_("coordinator"), organisation.a.uid
    page = add(me, uid, "To the waiting list").follow()
    assert "They are on the waiting list." in page
    assert "نبيلة" not in browser.as_("facilitator1").get(f"/groups/{uid}")


def test_where_every_place_is_taken_somebody_new_only_waits_and_no_card_is_left(
    app, browser, organisation
) -> None:
    me, uid = browser.as_("coordinator"), organisation.a.uid
    plant(app, update(Group).where(Group.uid == uid).values(capacity=13))
    page, before = me.get(f"/groups/{uid}/people/new"), number_of(app, Person)
    form = page.form(f"/groups/{uid}/people/new")
    assert not form.buttons("Enrol")
    sent = dict(form.fill(name="نبيلة").values) | {"as": "member"}
    refused = me.post(f"/groups/{uid}/people/new", sent).follow()
    assert refused.status == 422 and "Every place is taken." in refused
    assert refused.form(f"/groups/{uid}/people/new")["name"] == "نبيلة"
    assert number_of(app, Person) == before


def returns(me: Browser, organisation, number: int = 7) -> Page:
    page = me.get(f"/sessions/{organisation.a.meetings[number]}/people/new")
    return page.form("/return", button="Return").press("Return")


def test_someone_who_left_comes_back_at_a_session_as_the_same_person(
    app, browser, organisation
) -> None:
    me, left = browser.as_("facilitator1"), organisation.a.left[0]
    page, before = returns(me, organisation).follow(), number_of(app, Person)
    assert "in the group again" in page and left.name in page
    assert number_of(app, Person) == before
    stays = rows(app, select(Membership).where(Membership.person_uid == left.uid))
    assert sorted(str(stay.joined_on) for stay in stays) == ["2026-10-01", "2026-11-24"]
    assert left.number[-4:] in me.get(f"/people/{left.uid}"), "How to reach them shows again."
    assert "Marked 1 of 13" in page


def test_whoever_is_there_or_waits_is_not_among_those_who_were_here_before(
    app, browser, organisation
) -> None:
    me, a = browser.as_("facilitator1"), organisation.a
    page = me.get(f"/sessions/{a.meetings[7]}/people/new")
    for person in (*a.members, *a.waiting, *a.offered):
        assert person.name not in page.text
    assert organisation.a.left[0].name in page
    before = number_of(app, Membership)
    for stay in (a.members[0].stay, a.waiting[0].stay):
        me.post(f"/sessions/{a.meetings[7]}/people/{stay}/return").follow()
    assert number_of(app, Membership) == before


def test_in_a_full_group_a_newcomer_is_counted_as_a_guest(app, browser, organisation) -> None:
    me, a = browser.as_("facilitator1"), organisation.a
    plant(app, update(Group).where(Group.uid == a.uid).values(capacity=13))
    there = f"/sessions/{a.meetings[7]}/people/new"
    page = me.get(there).form(there).fill(name="نبيلة").press().follow()
    assert page.status == 422 and "counted as a guest" in page
    assert "stays on the waiting list" not in page


def join_from(me: Browser, stay: str, day: str) -> Page:
    return me.get(f"/stays/{stay}/joining").form(f"/stays/{stay}/joining").fill(on=day).press()


def test_who_came_last_week_and_was_enrolled_today_can_be_marked(
    app, browser, organisation
) -> None:
    me, a = browser.as_("coordinator"), organisation.a
    page = me.post(f"/groups/{a.uid}/members/{organisation.candidate.uid}/member").follow()
    stay = page.link("From another day").split("/")[2]
    assert "Saved." in join_from(me, stay, "2026-11-17").follow()
    assert str(one(app, Membership, stay).joined_on) == "2026-11-17"
    roll = browser.as_("facilitator1").get(f"/sessions/{a.meetings[6]}/attendance")
    assert organisation.candidate.name in roll


@pytest.mark.parametrize(
    ("who", "day", "why"),
    [
        ("members", "2026-10-07", "Attendance is already recorded before that day."),
        ("left", "2026-11-01", "The last day lies before the first one."),
        ("waiting", "2026-11-01", "This person has not joined yet."),
    ],
)
def test_a_first_day_leaves_marks_and_ends_alone(app, browser, organisation, who, day, why) -> None:
    stay = getattr(organisation.a, who)[0].stay
    before = one(app, Membership, stay).joined_on
    page = join_from(browser.as_("coordinator"), stay, day).follow()
    assert page.status == 422 and why in page
    assert one(app, Membership, stay).joined_on == before


def test_a_first_day_does_not_reach_into_an_earlier_stay(app, browser, organisation) -> None:
    left = organisation.a.left[0]
    returns(browser.as_("facilitator1"), organisation)
    (stay,) = rows(
        app,
        select(Membership).where(Membership.person_uid == left.uid, Membership.ended_as.is_(None)),
    )
    page = join_from(browser.as_("coordinator"), stay.uid, "2026-10-20").follow()
    assert page.status == 422 and "earlier stay" in page
