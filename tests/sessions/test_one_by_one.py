"""One person at a time: a tap marks and goes on; skipping; and the end."""

from __future__ import annotations

from tests.client import Browser, Page
from tests.document import Node
from tests.organisation import Organisation


def opened(browser: Browser, organisation: Organisation, number: int = 7) -> Page:
    there = f"/sessions/{organisation.a.meetings[number]}/attendance/one"
    return browser.as_("facilitator1").get(there)


def turn(page: Page) -> Node:
    """What the page shows of its rows: one person, or the end."""
    (now,) = [row for row in page.root.all("li") if "now" in (row.get("class") or "")]
    return now


def name_on(page: Page) -> str:
    name = turn(page).first("bdi")
    return name.words if name else turn(page).first("h2").words


def mark(page: Page, value: str) -> Page:
    (button,) = turn(page).all("button", value=value)
    return page.form("/attendance").press(name=button["name"], value=value).follow()


def skip(page: Page) -> Page:
    (link,) = [link for link in turn(page).all("a") if link.words == "Skip"]
    return page.browser.get(link["href"])


def test_everybody_comes_once_by_name_and_then_it_is_done(browser, organisation) -> None:
    page, seen = opened(browser, organisation), []
    while turn(page).all("button", value="present"):
        seen.append(name_on(page))
        assert f"Marked {len(seen) - 1} of 12" in page
        page = mark(page, "present")
    everybody = {member.name for member in organisation.a.members}
    assert set(seen) == everybody and len(seen) == 12
    assert name_on(page) == "Everybody is marked."
    assert "Write the note" in turn(page).words
    roll = page.browser.get(page.link("Whole list"))
    shown = [node.words for node in roll.root.all("b") if node.words in everybody]
    assert shown == seen


def test_the_page_holds_everybody_in_order_so_that_the_next_one_needs_no_line(
    browser, organisation
) -> None:
    page = opened(browser, organisation)
    names = [row.first("bdi").words for row in page.root.all("li") if row.first("bdi")]
    assert len(names) == 12 and names[0] == name_on(page)
    assert names[1] == name_on(skip(page))


def test_it_begins_at_the_first_who_is_not_marked(browser, organisation) -> None:
    first = opened(browser, organisation)
    mark(first, "late")
    assert name_on(opened(browser, organisation)) != name_on(first)


def test_whoever_is_skipped_comes_again_at_the_end(browser, organisation) -> None:
    page = opened(browser, organisation)
    skipped = name_on(page)
    page = skip(page)
    assert name_on(page) != skipped
    for _time in range(11):
        page = mark(page, "present")
    assert name_on(page) == skipped
    page = mark(page, "absent")
    assert name_on(page) == "Everybody is marked."


def test_the_last_one_may_be_skipped_for_ever(browser, organisation) -> None:
    page = opened(browser, organisation, 6)  # six of twelve are marked
    alone = []
    for _time in range(7):
        alone.append(name_on(page))
        page = skip(page)
    assert len(set(alone)) == 6
    assert alone[0] == alone[6]


def test_a_mark_for_a_day_to_come_is_refused(browser, organisation) -> None:
    page = opened(browser, organisation, 8)
    shown = mark(page, "present")
    assert shown.status == 422
    assert "still to come" in shown
    assert "Marked 0 of 12" in shown
