"""Enrolling, the waiting line, and places that are held until their second."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from app.groups.models import Group, Membership
from tests.client import Browser, Page
from tests.organisation import Member, Organisation
from tests.web.records import number_of, one, plant, rows

ways = pytest.mark.parametrize("htmx", [False, True], ids=["browser", "htmx"])


def full(app, organisation: Organisation) -> None:
    """Twelve members and one place held: make that all there are."""
    plant(app, update(Group).where(Group.uid == organisation.a.uid).values(capacity=13))


def wait(me: Browser, organisation: Organisation, person: Member, as_: str = "waiting") -> Page:
    return me.post(f"/groups/{organisation.a.uid}/members/{person.uid}/{as_}")


def accept(me: Browser, member: Member) -> Page:
    return me.post(f"/stays/{member.stay}/acceptance").follow()


@ways
def test_someone_of_the_place_is_found_and_enrolled(browser, organisation, htmx) -> None:
    me, uid = browser.as_("coordinator"), organisation.a.uid
    form = me.get(f"/groups/{uid}/members/new").form("/members/new", button="Search")
    found = form.fill(q="الحائر").press(htmx=htmx)
    found = found if htmx else found.follow()
    assert "1 person" in found
    page = found.form(button="Enrol").press("Enrol").follow()
    assert "They are in the group now." in page
    assert "مجد الحائر" in page.root.first("section", id="grid").words
    assert "14 of 15" in page


@ways
def test_those_who_are_in_it_or_wait_are_not_offered_again(browser, organisation, htmx) -> None:
    me, a = browser.as_("coordinator"), organisation.a
    form = me.get(f"/groups/{a.uid}/members/new").form("/members/new", button="Search")
    for person in (a.members[0], a.waiting[0], a.offered[0]):
        page = form.fill(q=person.name).press(htmx=htmx)
        assert "0 people" in (page if htmx else page.follow())


def test_the_new_members_card_opens_for_the_facilitators_at_once(browser, organisation) -> None:
    me, facilitator = browser.as_("coordinator"), browser.as_("facilitator1")
    person = f"/people/{organisation.candidate.uid}"
    assert facilitator.get(person).status == 404
    wait(me, organisation, organisation.candidate)
    assert facilitator.get(person).status == 404
    wait_stay = next(
        form["action"]
        for form in me.get(f"/groups/{organisation.a.uid}").root.all("form")
        if form["action"].endswith("/acceptance")
    )
    assert wait_stay
    wait(me, organisation, organisation.candidate_b)
    for member in organisation.a.waiting:
        assert facilitator.get(f"/people/{member.uid}").status == 404
        accept(me, member)
        assert member.number in facilitator.get(f"/people/{member.uid}")


def test_a_full_group_says_which_place_on_the_list_a_new_person_would_have(
    app, browser, organisation
) -> None:
    full(app, organisation)
    page = browser.as_("coordinator").get(f"/groups/{organisation.a.uid}/members/new")
    assert "would be number 3 on the waiting list" in page
    assert not page.root.all("form", action=f"/groups/{organisation.a.uid}/members/x/member")
    assert "Enrol" not in {button.words for button in page.root.all("button")}


def test_nobody_is_enrolled_past_the_last_place(app, browser, organisation) -> None:
    full(app, organisation)
    me, before = browser.as_("coordinator"), number_of(app, Membership)
    page = wait(me, organisation, organisation.candidate, "member")
    assert page.status == 303
    shown = page.follow()
    assert shown.status == 422
    assert "Every place is taken." in shown
    assert number_of(app, Membership) == before


def test_the_line_shows_who_waits_the_longest_first(browser, organisation) -> None:
    a = organisation.a
    page = browser.as_("coordinator").get(f"/groups/{a.uid}")
    (first, second), held = a.waiting, a.offered[0]
    words = page.root.first("section", id="roster").words
    assert words.index(f"1 {first.name}") < words.index(f"2 {second.name}")
    assert f"· {held.name}" in words
    assert "place offered" in words


@pytest.mark.parametrize("who", ["facilitator1", "facilitator2", "two_roles"])
def test_a_facilitator_sees_those_who_wait_as_a_number(browser, organisation, who) -> None:
    page = browser.as_(who).get(f"/groups/{organisation.a.uid}")
    assert "3 wait" in page
    assert "Waiting list" not in page
    for person in (*organisation.a.waiting, *organisation.a.offered):
        assert person.name not in page
        assert person.uid not in page.text


def test_an_offer_takes_a_place_and_gives_it_back_at_its_second(
    app, browser, organisation, clock
) -> None:
    me, a = browser.as_("coordinator"), organisation.a
    plant(app, update(Group).where(Group.uid == a.uid).values(capacity=14))
    form = me.get(f"/stays/{a.waiting[0].stay}/offer").form("/offer")
    page = form.fill(until="2026-11-24").press().follow()
    assert "The place is held until the day you chose." in page
    assert "14 of 14" in page
    assert "Every place is taken." in accept(me, a.waiting[1])
    stay = one(app, Membership, a.waiting[0].stay)
    assert f"{stay.offered_until:%H:%M}" == "21:59"  # a minute to midnight in Jerusalem
    clock.at(stay.offered_until.replace(second=0))
    me = browser.as_("coordinator")
    page = me.get(f"/groups/{a.uid}")
    assert "offer ran out" in page
    assert "13 of 14" in page
    assert "They are in the group now." in accept(me, a.waiting[1])


def test_a_second_before_the_place_is_still_held(app, browser, organisation, clock) -> None:
    a = organisation.a
    full(app, organisation)
    until = one(app, Membership, a.offered[0].stay).offered_until
    clock.at(until)
    clock.forward(seconds=-1)
    assert "Every place is taken." in accept(browser.as_("coordinator"), a.waiting[0])
    clock.at(until)
    assert "They are in the group now." in accept(browser.as_("coordinator"), a.waiting[0])


def test_whoever_was_offered_a_place_takes_it(app, browser, organisation) -> None:
    full(app, organisation)
    a = organisation.a
    page = accept(browser.as_("coordinator"), a.offered[0])
    assert "They are in the group now." in page
    assert "13 of 13" in page
    stay = one(app, Membership, a.offered[0].stay)
    assert str(stay.joined_on) == "2026-11-24"
    assert stay.offered_until is None


def test_an_offer_in_the_past_is_refused(app, browser, organisation) -> None:
    me, stay = browser.as_("coordinator"), organisation.a.waiting[0].stay
    page = me.get(f"/stays/{stay}/offer").form("/offer").fill(until="2026-11-23").press()
    assert page.status == 303
    shown = page.follow()
    assert shown.status == 422
    assert "Choose a later day." in shown
    assert one(app, Membership, stay).offered_until is None


def test_a_full_group_offers_no_place(app, browser, organisation) -> None:
    full(app, organisation)
    me, stay = browser.as_("coordinator"), organisation.a.waiting[0].stay
    page = me.post(f"/stays/{stay}/offer", {"until": "2026-12-01"}).follow()
    assert page.status == 422
    assert "none can be offered" in page


def test_one_person_has_one_open_stay_in_a_group(app, browser, organisation) -> None:
    me = browser.as_("coordinator")
    for person in (organisation.a.members[0], organisation.a.waiting[0], organisation.a.offered[0]):
        for as_ in ("member", "waiting"):
            page = wait(me, organisation, person, as_).follow()
            assert page.status == 422
            assert "already in the group or waiting for it" in page
        open_ = (Membership.person_uid == person.uid, Membership.ended_as.is_(None))
        assert number_of(app, Membership, *open_) == 1


def test_a_person_of_another_place_cannot_be_enrolled(app, browser, organisation) -> None:
    me = browser.as_("coordinator")
    assert wait(me, organisation, organisation.candidate_b).follow().status == 404
    there = f"/groups/{organisation.b.uid}/members/{organisation.candidate.uid}/member"
    assert browser.as_("two_roles").post(there).follow().status == 404
    mine = f"/groups/{organisation.a.uid}/members/{organisation.candidate.uid}/guest"
    assert me.post(mine).follow().status == 404


@pytest.mark.parametrize("who", ["facilitator1", "supervisor", "administrator", "counsellor"])
def test_only_coordinators_enrol(app, browser, organisation, who) -> None:
    me, a, before = browser.as_(who), organisation.a, number_of(app, Membership)
    assert me.get(f"/groups/{a.uid}/members/new").status == 403
    assert wait(me, organisation, organisation.candidate).follow().status == 403
    for part in ("offer", "acceptance", "end", "end/undo"):
        assert me.post(f"/stays/{a.waiting[0].stay}/{part}").follow().status == 403
    assert number_of(app, Membership) == before


@pytest.mark.parametrize("who", ["coordinator_b", "two_roles"])
def test_another_places_stays_are_not_there(browser, organisation, who) -> None:
    me, stay = browser.as_(who), organisation.a.waiting[0].stay
    for part in ("offer", "end"):
        assert me.get(f"/stays/{stay}/{part}").status == 404
    for part in ("offer", "acceptance", "end", "end/undo"):
        assert me.post(f"/stays/{stay}/{part}", {"until": "2026-12-01"}).follow().status == 404


def test_who_waits_is_told_in_the_order_of_asking(app, browser, organisation, clock) -> None:
    me = browser.as_("coordinator")
    clock.forward(hours=1)
    me = browser.as_("coordinator")
    wait(me, organisation, organisation.candidate)
    words = me.get(f"/groups/{organisation.a.uid}").root.first("section", id="roster").words
    assert f"3 {organisation.candidate.name}" in words
    assert len(rows(app, select(Membership.uid).where(Membership.joined_on.is_(None)))) == 4
