"""One person at a time: a tap marks and goes on; skipping; and the end."""

from __future__ import annotations

import pytest

from tests.client import Browser, Page
from tests.organisation import Organisation

ways = pytest.mark.parametrize("htmx", [False, True], ids=["browser", "htmx"])


def opened(browser: Browser, organisation: Organisation, number: int = 7) -> Page:
    there = f"/sessions/{organisation.a.meetings[number]}/attendance/one"
    return browser.as_("facilitator1").get(there)


def name_on(page: Page) -> str:
    heading = page.root.first("h2")
    return heading.first("bdi").words if heading and heading.first("bdi") else heading.words


def mark(page: Page, value: str, *, htmx: bool) -> Page:
    after = page.form("/attendance").press(htmx=htmx, value=value)
    return after if htmx else after.follow()


def skip(page: Page, *, htmx: bool) -> Page:
    return page.browser.get(page.link("Skip"), htmx="one" if htmx else "")


@ways
def test_everybody_comes_once_by_name_and_then_it_is_done(browser, organisation, htmx) -> None:
    page, seen = opened(browser, organisation), []
    while page.root.all("button", value="present"):
        seen.append(name_on(page))
        assert f"Marked {len(seen) - 1} of 12" in page
        page = mark(page, "present", htmx=htmx)
    everybody = {member.name for member in organisation.a.members}
    assert set(seen) == everybody and len(seen) == 12
    assert "Everybody is marked." in page
    assert "Write the note" in page
    roll = page.browser.get(page.link("Whole list"))
    shown = [node.words for node in roll.root.all("b") if node.words in everybody]
    assert shown == seen


@ways
def test_it_begins_at_the_first_who_is_not_marked(browser, organisation, htmx) -> None:
    first = opened(browser, organisation)
    mark(first, "late", htmx=htmx)
    assert name_on(opened(browser, organisation)) != name_on(first)


@ways
def test_whoever_is_skipped_comes_again_at_the_end(browser, organisation, htmx) -> None:
    page = opened(browser, organisation)
    skipped = name_on(page)
    page = skip(page, htmx=htmx)
    assert name_on(page) != skipped
    for _time in range(11):
        page = mark(page, "present", htmx=htmx)
    assert name_on(page) == skipped
    page = mark(page, "absent", htmx=htmx)
    assert "Everybody is marked." in page


@ways
def test_the_last_one_may_be_skipped_for_ever(browser, organisation, htmx) -> None:
    page = opened(browser, organisation, 6)  # six of twelve are marked
    alone = []
    for _time in range(7):
        alone.append(name_on(page))
        page = skip(page, htmx=htmx)
    assert len(set(alone)) == 6
    assert alone[0] == alone[6]


@ways
def test_a_mark_for_a_day_to_come_is_refused(browser, organisation, htmx) -> None:
    page = opened(browser, organisation, 8)
    answer = page.form("/attendance").press(htmx=htmx, value="present")
    shown = answer if htmx else answer.follow()
    assert shown.status == 422
    assert "Marked 0 of 12" in shown
