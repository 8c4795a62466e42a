"""Freed seats reach those who wait although nobody opens the page, and somebody is asked to tell them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.extensions import db
from app.workshops.models import SignUp, Workshop
from tests.cli.running import run
from tests.organisation import NOW
from tests.workshops.acting import show, state_of, stay, withdraw_contact
from tests.workshops.outside import change

PAGES = {
    "Today": "/",
    "the list of workshops": "/workshops",
    "the roll": "/workshops/{uid}/attendance",
    "the sheet": "/workshops/{uid}/sheet",
    "an offer": "/sign-ups/{offered}/offer",
}


@pytest.fixture
def freed(app, organisation, clock) -> str:
    """Whoever waits where the workshop fills itself; the offer before them has run out."""
    change(app, organisation.workshop.uid, fills_itself=True)
    clock.forward(hours=3, minutes=1)
    return stay(organisation, "waiting")


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_a_freed_seat_is_given_away_whichever_page_is_opened(
    app, browser, organisation, clock, freed, page
) -> None:
    where = {"uid": organisation.workshop.uid, "offered": stay(organisation, "offered")}
    assert browser.as_("facilitator1").get(page.format(**where)).status == 200
    assert state_of(app, freed, clock.moment) == "confirmed"


def test_a_timer_gives_away_what_no_page_did(app, organisation, clock, freed) -> None:
    assert state_of(app, freed, clock.moment) == "waiting"
    assert run(app, "sweep").exit_code == 0
    assert state_of(app, freed, clock.moment) == "confirmed"


def test_today_asks_to_tell_them_until_somebody_did(browser, organisation, freed) -> None:
    me = browser.as_("coordinator")
    assert "1 moved up and is to be told" in me.get("/")
    assert "moved up: tell them" in show(browser, organisation)
    page = me.get(f"/sign-ups/{freed}").form("/telling").press().follow()
    assert "Recorded: they were told." in page and "tell them" not in page
    assert "to be told" not in me.get("/") and "/telling" not in me.get(f"/sign-ups/{freed}").text


def test_nobody_is_asked_to_tell_who_is_not_to_be_contacted(
    app, browser, organisation, freed
) -> None:
    withdraw_contact(app, organisation.workshop.on_list["waiting"].uid)
    page = show(browser, organisation)
    assert "Do not contact" in page and "tell them" not in page
    for address in (f"/sign-ups/{freed}", f"/sign-ups/{freed}/offer"):
        page = browser.as_("coordinator").get(address)
        assert "Do not contact" in page and "has to tell them" not in page


def test_a_yes_on_one_date_asks_about_the_other(app, browser, organisation) -> None:
    here, there = organisation.workshop, organisation.workshop_b
    change(app, there.uid, series_uid=here.uid)
    with app.app_context():
        seat = db.session.get_one(SignUp, here.on_list["offered"].stay)
        other = SignUp(workshop_uid=there.uid, person_uid=seat.person_uid, source="staff")
        other.signed_up_at, other.confirmed_at = NOW - timedelta(days=1), NOW
        db.session.add(other)
        db.session.commit()
        db.session.remove()
    me = browser.as_("coordinator")
    address = f"/sign-ups/{here.on_list['offered'].stay}"
    assert me.get(address).form("/acceptance").press().location.startswith("/workshops/")
    with app.app_context():
        site = db.session.get_one(Workshop, here.uid).site_uid
        db.session.get_one(Workshop, there.uid).site_uid = site
        seat = db.session.scalars(select(SignUp).where(SignUp.uid == here.on_list["offered"].stay))
        seat.one().confirmed_at = None
        db.session.commit()
        db.session.remove()
    page = me.get(address).form("/acceptance").press().follow()
    assert "They have a seat." in page and "Also on the list of another date" in page
    assert "Ask whether they still want it" in page


def test_a_facilitator_signs_up_somebody_of_their_own_group_and_nobody_else(
    app, browser, organisation, clock
) -> None:
    me, at = browser.as_("facilitator1"), f"/workshops/{organisation.workshop.uid}/sign-ups"
    (member, left), stranger = organisation.a.members[:2], organisation.candidate
    departure = f"/stays/{left.stay}/end"
    browser.as_("coordinator").get(departure).form("/end").fill(reason="سفر").press()
    page = me.get(show(browser, organisation, "facilitator1").link("Sign somebody up"))
    assert member.name in page
    assert left.name not in page, "Their contact was closed to this facilitator."
    assert stranger.name not in page
    for person in (left, stranger):
        assert me.post(f"{at}/{person.uid}/sign-up").location == "/problem/404"
    assert member.name in page.form(f"/{member.uid}/sign-up").press().follow()
