"""A new group in three short pages: what it is, when it meets, and its dates to check."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import insert, select

from app.groups.models import Group
from app.people.models import ClosedDay
from app.sessions.models import GroupSession
from tests.client import Browser, Page
from tests.web.records import number_of, plant, rows


def named(me: Browser, **what: object) -> Page:
    """The first page, sent; the answer leads to the second."""
    return me.get("/groups/new").form("/groups/new").fill(**what).press()


def timed(me: Browser, **what: object) -> Page:
    """The first two pages, sent; the answer leads to the dates."""
    when = named(me, **what).follow().form("/when")
    return when.fill(weekday="1", at="18:30", first_on="2026-12-02").press()


def dates_of(page: Page) -> list[str]:
    return [value for name, value in page.form("/dates").values if name.startswith("dates")]


def test_three_pages_make_a_cycle_of_fifteen(app, browser) -> None:
    me = browser.as_("coordinator")
    checked = timed(me, name="الصنوبر").follow()
    assert "Page 3 of 3" in checked
    proposed = dates_of(checked)
    assert len(proposed) == 15
    assert proposed[0] == "2026-12-08"  # the first Tuesday from the day on
    page = checked.form("/dates").press("Save the dates").follow()
    for words in ("الصنوبر", "The dates were added.", "15 sessions", "enrolling", "18:30"):
        assert words in page


def test_a_closed_day_is_skipped_and_the_cycle_keeps_its_number(app, browser, organisation) -> None:
    closed = date(2026, 12, 22)
    plant(app, insert(ClosedDay).values(site_uid=organisation.jerusalem, closed_on=closed))
    proposed = dates_of(timed(browser.as_("coordinator"), name="الصنوبر").follow())
    assert "2026-12-22" not in proposed
    assert len(proposed) == 15
    assert proposed[-1] == "2027-03-23"


def test_a_date_is_moved_and_another_left_out_before_saving(app, browser) -> None:
    me = browser.as_("coordinator")
    form = timed(me, name="الصنوبر").follow().form("/dates")
    first, second, third = [name for name in sorted(form.names()) if name.startswith("dates")][:3]
    moved = form.fill(**{first: "٠٩/١٢/٢٠٢٦", second: ""}).press()
    (group,) = rows(app, select(Group.uid).where(Group.name == "الصنوبر"))
    days = rows(app, select(GroupSession.on).where(GroupSession.group_uid == group))
    assert moved.status == 303
    assert date(2026, 12, 9) in days
    assert date(2026, 12, 8) not in days
    assert len(days) == 14
    assert third


def test_the_hour_is_the_hour_at_the_place(app, browser) -> None:
    form = timed(browser.as_("coordinator"), name="الصنوبر").follow().form("/dates")
    form.press()
    moments = rows(app, select(GroupSession.starts_at).where(GroupSession.on >= date(2026, 12, 1)))
    assert {f"{moment:%H:%M}" for moment in moments} >= {"16:30"}


def test_a_date_that_stands_there_twice_is_refused(app, browser) -> None:
    before = number_of(app, GroupSession)
    form = timed(browser.as_("coordinator"), name="الصنوبر").follow().form("/dates")
    page = form.fill(**{"dates-1": form["dates-0"]}).press().follow()
    assert page.status == 422
    assert "A date stands here twice." in page
    assert number_of(app, GroupSession) == before


def test_no_date_at_all_is_refused(browser) -> None:
    form = timed(browser.as_("coordinator"), name="الصنوبر").follow().form("/dates")
    emptied = {name: "" for name in form.names() if name.startswith("dates")}
    page = form.fill(**emptied).press().follow()
    assert page.status == 422
    assert "Keep at least one date." in page


def test_what_is_no_date_is_refused_and_stays_in_its_field(browser) -> None:
    form = timed(browser.as_("coordinator"), name="الصنوبر").follow().form("/dates")
    page = form.fill(**{"dates-3": "soon"}).press().follow()
    assert page.status == 422
    assert "Write a date" in page
    assert page.form("/dates")["dates-3"] == "soon"


def test_a_discussion_group_has_no_fixed_number(browser) -> None:
    checked = timed(browser.as_("coordinator"), name="النهر", kind="discussion").follow()
    assert len(dates_of(checked)) == 8
    page = checked.form("/dates").press().follow()
    assert "Discussion group" in page
    assert "15 sessions" not in page


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "x", "planned_sessions": "0"},
        {"name": "x", "capacity": "many"},
        {"name": "x", "capacity": "201"},
        {"name": "x" * 61},
    ],
    ids=str,
)
def test_a_first_page_that_is_refused_makes_no_group(app, browser, wrong) -> None:
    before = number_of(app, Group)
    page = named(browser.as_("coordinator"), **wrong)
    assert page.status == 303
    assert page.follow().status == 422
    assert number_of(app, Group) == before


@pytest.mark.parametrize("wrong", [{"at": "25:00"}, {"at": ""}, {"first_on": "soon"}], ids=str)
def test_a_second_page_that_is_refused_changes_nothing(app, browser, organisation, wrong) -> None:
    me, uid = browser.as_("coordinator"), organisation.planned.uid
    page = me.get(f"/groups/{uid}/when").form("/when").fill(**wrong).press()
    assert page.status == 303
    assert page.follow().status == 422
    assert rows(app, select(Group.at).where(Group.uid == uid)) == [None]


def test_the_first_page_sent_twice_makes_one_group(app, browser) -> None:
    form = browser.as_("coordinator").get("/groups/new").form("/groups/new").fill(name="مرّة")
    assert form.press().location == form.press().location
    assert number_of(app, Group, Group.name == "مرّة") == 1


def test_the_dates_sent_twice_are_planned_once(app, browser) -> None:
    form = timed(browser.as_("coordinator"), name="مرّة").follow().form("/dates")
    before = number_of(app, GroupSession)
    form.press()
    form.press()
    assert number_of(app, GroupSession) == before + 15


def test_a_date_more_is_added_later_and_the_same_day_is_refused(browser, organisation) -> None:
    there = f"/groups/{organisation.a.uid}/dates/new"
    me = browser.as_("facilitator1")
    page = me.get(there).form("/dates/new").fill(on="2027-03-17", at="١٧:٠٠").press().follow()
    assert "The dates were added." in page
    again = me.get(there).form("/dates/new").fill(on="2027-03-17").press().follow()
    assert again.status == 422
    assert "There is already a session on that day." in again


@pytest.mark.parametrize("who", ["facilitator1", "supervisor", "administrator", "counsellor"])
def test_only_coordinators_make_groups(app, browser, organisation, who) -> None:
    me, before = browser.as_(who), number_of(app, Group)
    for address in ("/groups/new", f"/groups/{organisation.a.uid}/when"):
        assert me.get(address).status == 403
        assert me.post(address, {"name": "x"}).follow().status == 403
    assert number_of(app, Group) == before


def test_another_places_group_is_not_there(browser, organisation) -> None:
    me, uid = browser.as_("coordinator_b"), organisation.a.uid
    for part in ("", "/when", "/edit", "/dates", "/team", "/members/new", "/dates/new"):
        assert me.get(f"/groups/{uid}{part}").status == 404
    for part in ("/when", "/edit", "/dates", "/team", "/cancellation", "/completion"):
        assert me.post(f"/groups/{uid}{part}").follow().status == 404


def test_name_and_places_of_a_group_change(browser, organisation) -> None:
    me, uid = browser.as_("coordinator"), organisation.a.uid
    form = me.get(f"/groups/{uid}/edit").form("/edit")
    page = form.fill(name="السنديان", capacity="١٦").press().follow()
    assert page.root.first("h1").words == "السنديان"
    assert "13 of 16" in page
    refused = me.get(f"/groups/{uid}/edit").form("/edit").fill(share_to_complete="101").press()
    assert refused.follow().status == 422
