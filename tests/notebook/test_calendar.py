"""A calendar on a phone: one word and the hours, at an address that can be taken back."""

from __future__ import annotations

import logging
import re

import pytest
from icalendar import Calendar
from sqlalchemy import select

from app.accounts.models import CalendarFeed
from app.extensions import db
from app.workshops.models import Workshop
from tests.client import Browser


def turned_on(me: Browser) -> str:
    """The address that is shown once, as a path."""
    page = me.get("/calendar").form("/calendar/on").press().follow()
    shown = next(b.words for b in page.root.all("b") if "/calendar/" in b.words)
    return "/calendar/" + shown.rpartition("/")[2]


def entries(browser: Browser, address: str) -> list:
    answer = browser.client.get(address)
    assert answer.status_code == 200 and answer.mimetype == "text/calendar"
    return Calendar.from_ical(answer.data).walk("VEVENT")


def test_it_is_off_until_one_turns_it_on_and_the_address_is_shown_once(browser, clock) -> None:
    me = browser.as_("facilitator1")
    page = me.get("/calendar")
    assert "It is off." in page and ".ics" not in page
    assert "It is off." in browser.as_("facilitator2").get("/calendar")
    address = turned_on(me)
    assert entries(browser, address)
    assert address not in me.get("/calendar").text


def test_an_entry_is_the_one_word_and_the_hours_in_utc_and_nothing_of_ours(
    app, browser, organisation
) -> None:
    found = entries(browser, turned_on(browser.as_("facilitator1")))
    assert {str(entry["summary"]) for entry in found} == {"موعد"}
    allowed = {"UID", "SUMMARY", "DTSTAMP", "DTSTART", "DTEND", "CLASS"}
    assert all(set(entry) <= allowed for entry in found)
    assert all(str(entry["dtstart"].dt.tzinfo) == "UTC" for entry in found)
    begins = {entry["dtstart"].dt.strftime("%Y-%m-%d %H:%M") for entry in found}
    assert {"2026-11-24 16:00", "2026-11-24 17:00"} <= begins, "The session and the workshop."
    ours = {organisation.workshop.uid, *organisation.a.meetings}
    assert not ours & {str(entry["uid"]) for entry in found}


def test_two_colleagues_entries_of_one_meeting_are_not_alike(browser) -> None:
    first, second = (
        {str(entry["uid"]) for entry in entries(browser, turned_on(browser.as_(who)))}
        for who in ("facilitator1", "facilitator2")
    )
    assert first and second and not first & second


def test_an_entry_keeps_its_id_so_that_a_moved_meeting_moves(browser) -> None:
    address = turned_on(browser.as_("facilitator1"))
    first, second = ([str(e["uid"]) for e in entries(browser, address)] for _time in range(2))
    assert first == second and len(set(first)) == len(first)


def test_what_was_cancelled_and_what_is_anothers_is_not_there(app, browser, organisation) -> None:
    address = turned_on(browser.as_("facilitator1"))
    before = len(entries(browser, address))
    browser.as_("coordinator").post(f"/workshops/{organisation.workshop.uid}/state/cancellation")
    assert len(entries(browser, address)) == before - 1
    with app.app_context():
        hour = db.session.get_one(Workshop, organisation.workshop_b.uid).starts_at
        db.session.remove()
    assert hour not in {entry["dtstart"].dt for entry in entries(browser, address)}


@pytest.mark.parametrize("how", ["turned off", "a new address", "who left the staff"])
def test_the_address_answers_no_more(browser, organisation, how) -> None:
    me = browser.as_("facilitator3")
    address = turned_on(me)
    if how == "turned off":
        me.get("/calendar").form("/calendar/off").press()
    elif how == "a new address":
        other = turned_on(me)
        assert other != address and entries(browser, other)
    else:
        uid = organisation.staff["facilitator3"].uid
        browser.as_("administrator").post(f"/staff/{uid}/end")
    assert browser.client.get(address).status_code == 404


def test_only_a_digest_of_the_address_is_kept(app, browser) -> None:
    address = turned_on(browser.as_("facilitator1"))
    secret = address.rpartition("/")[2].removesuffix(".ics")
    with app.app_context():
        kept = db.session.scalars(select(CalendarFeed)).one()
        assert secret not in kept.digest and re.fullmatch("[0-9a-f]{32}", kept.digest)
        db.session.remove()


def test_the_program_writes_the_address_into_no_log(browser, caplog) -> None:
    address = turned_on(browser.as_("facilitator1"))
    with caplog.at_level(logging.DEBUG):
        entries(browser, address)
        browser.client.get(address.replace(".ics", "x.ics"))
    assert address.removesuffix(".ics") not in caplog.text
