"""The week and the month: what one may see, day by day; rooms, clashes, closed days, and leafing through."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import update

from app.extensions import db
from app.groups.models import Group
from app.people.models import ClosedDay, Site
from app.workshops.models import Workshop
from tests.client import Browser, Page
from tests.document import Node
from tests.organisation import Organisation
from tests.test_queries_per_page import listening

TUESDAY = "Tue 24 Nov"
WEEK = ("Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat")


@pytest.fixture
def rooms(app: Flask, organisation: Organisation) -> None:
    """Group A, at six for two hours, and the workshop of the same evening, at seven, in one room."""
    with app.app_context():
        db.session.execute(update(Site).values(rooms="Hall\nKitchen"))
        db.session.execute(update(Group).where(Group.uid == organisation.a.uid).values(room="Hall"))
        db.session.execute(
            update(Workshop).where(Workshop.uid == organisation.workshop.uid).values(room="Hall")
        )
        db.session.commit()
        db.session.remove()


def hours(day: Node) -> list[Node]:
    """The links of what happens there."""
    return [a for a in day.all("a") if "note" in a.get("class").split()]


def days(page: Page) -> dict[str, Node]:
    """The days of the page, by what they are called."""
    whole = next(d for d in page.root.all("div") if "week" in d.get("class").split())
    return {(d.first("h2") or d.first("p")).words: d for d in whole.all("div")}


def at(page: Page, day: str) -> list[str]:
    return [a["href"] for a in hours(days(page)[day])]


def test_a_week_begins_on_sunday_and_today_stands_out(browser: Browser) -> None:
    page = browser.as_("coordinator").get("/week")
    assert [*days(page)] == [f"{d} {n} Nov" for d, n in zip(WEEK, range(22, 29), strict=True)]
    assert [name for name, day in days(page).items() if "now" in day["class"]] == [TUESDAY]


def test_a_day_says_its_hours_in_order_with_the_room_and_the_team(
    browser: Browser, organisation: Organisation, rooms: None
) -> None:
    page = browser.as_("coordinator").get("/week")
    meeting, workshop = (
        f"/sessions/{organisation.a.meetings[7]}",
        f"/workshops/{organisation.workshop.uid}",
    )
    assert at(page, TUESDAY) == [meeting, workshop]
    words = days(page)[TUESDAY].first("a", href=meeting).words
    assert words.startswith("18:00") and " 7" in words and "Hall" in words


def test_two_things_in_one_room_are_marked_at_both(browser: Browser, rooms: None) -> None:
    both = hours(days(browser.as_("coordinator").get("/week"))[TUESDAY])
    assert all("bad" in a["class"] and "Same room" in a.words for a in both) and len(both) == 2


def test_without_rooms_nothing_clashes_but_a_colleague(
    browser: Browser, organisation: Organisation
) -> None:
    both = hours(days(browser.as_("coordinator").get("/week"))[TUESDAY])
    assert not any("Same room" in a.words for a in both)


@pytest.mark.parametrize("who", ["facilitator3", "counsellor_b", "coordinator_b"])
def test_nothing_of_another_place_is_shown(
    browser: Browser, organisation: Organisation, who: str
) -> None:
    for address in ("/week", "/month"):
        page = browser.as_(who).get(address)
        assert not {f"/sessions/{uid}" for uid in organisation.a.meetings} & {
            a["href"] for a in page.root.all("a")
        }
        assert f"/workshops/{organisation.workshop.uid}" not in [
            a["href"] for a in page.root.all("a")
        ]


def test_a_counsellor_sees_hours_and_nobodys_name(
    browser: Browser, organisation: Organisation
) -> None:
    page = browser.as_("counsellor").get("/week")
    hrefs = [a["href"] for day in days(page).values() for a in hours(day)]
    assert f"/appointments/{organisation.aid.booked}" in hrefs
    assert organisation.aid.served is not None and organisation.aid.served.name not in page.words
    assert browser.as_("coordinator").get("/week").status == 200
    for_desk = browser.as_("coordinator").get("/week").root.all("a")
    assert f"/appointments/{organisation.aid.booked}" not in [a["href"] for a in for_desk]


def test_a_closed_day_says_so(app: Flask, browser: Browser, organisation: Organisation) -> None:
    with app.app_context():
        db.session.add(ClosedDay(site_uid=organisation.jerusalem, closed_on=date(2026, 11, 26)))
        db.session.commit()
        db.session.remove()
    assert "closed" in days(browser.as_("coordinator").get("/week"))["Thu 26 Nov"].words
    assert "closed" in days(browser.as_("facilitator1").get("/month"))["Thu 26 Nov"].words
    assert "closed" not in days(browser.as_("coordinator_b").get("/week"))["Thu 26 Nov"].words


def test_what_did_not_happen_is_struck_out_and_in_nobodys_way(
    browser: Browser, organisation: Organisation, rooms: None
) -> None:
    me = browser.as_("coordinator")
    me.post(f"/workshops/{organisation.workshop.uid}/state/cancellation")
    both = hours(days(me.get("/week"))[TUESDAY])
    assert not any("Same room" in a.words for a in both)
    assert "does not take place" in both[1].words


def test_one_leafs_through_weeks_and_months_and_comes_back(browser: Browser) -> None:
    me = browser.as_("coordinator")
    for address, after, before in (
        ("/week", "Week after", "Week before"),
        ("/month", "Month after", "Month before"),
    ):
        first = me.get(address)
        there = me.get(first.link(after))
        assert [*days(there)] != [*days(first)]
        assert [*days(me.get(there.link(before)))] == [*days(first)]


@pytest.mark.parametrize(
    "on", ["2000-01-01", "2001-01-01", "2099-12-31", "2100-12-31", "x", "2026-02-30"]
)
@pytest.mark.parametrize("address", ["/week", "/month"])
def test_any_day_may_be_asked_for(browser: Browser, address: str, on: str) -> None:
    page = browser.as_("coordinator").get(f"{address}?on={on}&place=zzzzzzzzzz")
    assert page.status == 200
    assert {
        browser.as_("coordinator").get(a["href"]).status
        for a in [a for a in page.root.first("main").all("a") if a.get("class") == "btn"]
    } == {200}


def test_a_month_is_whole_weeks_and_a_day_leads_to_its_own(browser: Browser) -> None:
    me = browser.as_("coordinator")
    month = days(me.get("/month"))
    assert len(month) % 7 == 0 and next(iter(month)) == "Sun 1 Nov"
    assert TUESDAY in days(me.get(month[TUESDAY].first("a")["href"]))


def test_a_month_asks_no_more_than_a_week(app: Flask, browser: Browser) -> None:
    me = browser.as_("coordinator")
    numbers = []
    for address in ("/week", "/month"):
        with listening(app) as asked:
            me.get(address)
        numbers.append(len(asked.statements))
    assert numbers[0] == numbers[1]


def test_a_group_and_a_workshop_are_given_a_room_of_their_place(
    app: Flask, browser: Browser, organisation: Organisation, rooms: None
) -> None:
    me = browser.as_("coordinator")
    for shows in (f"/groups/{organisation.a.uid}", f"/workshops/{organisation.workshop.uid}"):
        form = me.get(f"{shows}/edit").form("/edit")
        assert form["room"] == "Hall"
        assert form.fill(room="Kitchen").press().status == 303
        assert "Kitchen" in me.get(shows)
        anew = me.get(f"{shows}/edit").form("/edit")
        wrong = me.post(f"{shows}/edit", dict(anew.values) | {"room": "Somewhere"}).follow()
        assert wrong.status == 422 and "Choose one of these." in wrong


def test_a_place_without_rooms_asks_for_none(browser: Browser, organisation: Organisation) -> None:
    page = browser.as_("coordinator").get(f"/groups/{organisation.a.uid}/edit")
    assert not page.root.first("select", name="room")


def test_rooms_of_a_place_are_written_one_to_a_line(
    browser: Browser, organisation: Organisation
) -> None:
    me, address = browser.as_("administrator"), f"/places/{organisation.jerusalem}"
    me.get(address).form(address).fill(rooms="  Hall \n\nKitchen\nHall").press()
    form = me.get(address).form(address)
    assert form["rooms"] == "Hall\nKitchen"
    refused = form.fill(rooms="x" * 41).press().follow()
    assert refused.status == 422 and "At most 40 characters to a line." in refused
