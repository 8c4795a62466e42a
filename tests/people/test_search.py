"""Finding people: by name, code or phone, in any spelling; never a name in an address."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from app.extensions import db
from app.people import cards
from app.people import queries as people
from app.people.rules import Card
from app.web.paging import ROWS
from tests.client import Browser, Page
from tests.organisation import NOW, Organisation, viewer

WAYS = [False, True]
ways = pytest.mark.parametrize("htmx", WAYS, ids=["browser", "htmx"])


def look_for(me: Browser, text: str, *, htmx: bool) -> Page:
    """Type into the box and press the button, or let the page search as one types."""
    page = me.get("/people").form("/people").fill(q=text).press("Search", htmx=htmx)
    if htmx:
        assert page.status == 200
        assert page.root.first("html") is None
        return page
    assert "kept=" in page.location
    return page.follow()


def hits(page: Page) -> list[str]:
    """The uids of those found."""
    links = [a["href"] for a in page.root.all("a", class_="item")]
    return [urlsplit(link).path.removeprefix("/people/") for link in links]


@ways
@pytest.mark.parametrize(
    "text", ["مجد الحائر", "مجد الحا", "مَجْد الحائِر", "مـجد الحائر", "052-555-0177", "٠٥٢٥٥٥٠١٧٧"]
)
def test_a_name_or_a_number_finds_its_person(browser, organisation, text, htmx) -> None:
    page = look_for(browser.as_("coordinator"), text, htmx=htmx)
    assert page.status == 200
    assert hits(page) == [organisation.candidate.uid]
    assert "1 person" in page


@ways
def test_a_code_finds_its_person(browser, organisation: Organisation, htmx) -> None:
    me = browser.as_("coordinator")
    heading = me.get(f"/people/{organisation.candidate.uid}").root.first("h1")
    code = heading.first("small").words
    assert len(code) == 4
    assert organisation.candidate.uid in hits(look_for(me, code.lower(), htmx=htmx))


@ways
def test_nobody_of_another_place_is_found(browser, organisation, htmx) -> None:
    page = look_for(browser.as_("coordinator"), "البعيد", htmx=htmx)
    assert hits(page) == []
    assert "Nobody found." in page
    there = look_for(browser.as_("coordinator_b"), "البعيد", htmx=htmx)
    assert hits(there) == [organisation.candidate_b.uid]


@ways
def test_what_was_searched_stands_in_no_address(browser, htmx) -> None:
    me = browser.as_("coordinator")
    page = me.get("/people").form("/people").fill(q="مجد").press(htmx=htmx)
    assert "مجد" not in page.location
    assert "%D9" not in page.location


@ways
def test_a_search_too_long_is_refused(browser, htmx) -> None:
    page = look_for_refused(browser.as_("coordinator"), "م" * 81, htmx=htmx)
    assert page.status == 422


def look_for_refused(me: Browser, text: str, *, htmx: bool) -> Page:
    page = me.get("/people").form("/people").fill(q=text).press(htmx=htmx)
    return page if htmx else page.follow()


def test_the_list_begins_with_everybody_of_the_place_by_name(browser, organisation) -> None:
    found = hits(browser.as_("coordinator").get("/people"))
    a = organisation.a
    everybody = [*a.members, *a.left, *a.waiting, *a.offered, organisation.candidate]
    everybody += [*organisation.workshop.on_list.values(), *organisation.aid.people]
    assert set(found) == {person.uid for person in everybody}
    assert len(found) == len(everybody)


@pytest.mark.parametrize("who", ["facilitator1", "supervisor", "administrator", "counsellor"])
def test_only_coordinators_search_among_people(browser, who) -> None:
    me = browser.as_(who)
    assert me.get("/people").status == 403
    assert me.post("/people", {"q": "x"}).follow().status == 403
    assert me.post("/people", {"q": "x"}, htmx="found").status == 403


def test_fifty_stand_on_a_page_and_the_search_stays(browser) -> None:
    me = browser.as_("coordinator")
    for number in range(52):
        me.post("/people/new", {"name": f"شخص {number:02}", "site": site_of(me)})
    first = look_for(me, "شخص", htmx=False)
    assert "52 people" in first
    assert len(hits(first)) == 50
    second = me.get(first.link("Next"))
    assert len(hits(second)) == 2
    assert "52 people" in second


def site_of(me: Browser) -> str:
    return me.get("/people/new").form("/people/new")["site"]


@ways
def test_the_second_page_still_answers_the_question(app, browser, organisation, htmx) -> None:
    with app.app_context():
        coordinator = viewer(organisation.staff["coordinator"])
        (site,) = people.sites(coordinator)
        for number in range(ROWS + 1):
            cards.add(coordinator, Card(name=f"سنديانة {number}"), site=site, at=NOW)
        db.session.commit()
        db.session.remove()
    first = look_for(browser.as_("coordinator"), "سنديانة", htmx=htmx)
    assert len(hits(first)) == ROWS and f"{ROWS + 1} people" in first
    second = first.browser.get(first.link("Next"))
    assert len(hits(second)) == 1 and f"{ROWS + 1} people" in second
    assert not set(hits(first)) & set(hits(second))
    assert "سنديانة" not in first.link("Next")
