"""Back, forward and the address itself, after one signed out, after a lock, after leaving: no content anywhere."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

from tests.browser.phone import AWAY, Phone
from tests.browser.places import main_pages
from tests.browser.seized import Seized
from tests.browser.test_leaving import stand_in_for_the_neutral_page
from tests.conftest import Clock
from tests.organisation import Organisation

pytestmark = pytest.mark.browser
ENOUGH = 20
AFTERWARDS = ("/", "/groups", "/people", "/workshops", "/requests", "/letters", "/files", "/more")
DOOR = ("/sign-in", "/locked", "/away")
# All that stands on a page, seen or not, with what was typed into it.
STANDS = """() => [document.documentElement.textContent,
  ...[...document.querySelectorAll("input, textarea")].map((field) => field.value)].join(" ")"""


def sign_out(phone: Phone, clock: Clock) -> None:
    phone.open("/more").button("تسجيل الخروج").click()
    phone.at("/sign-in")


def lock(phone: Phone, clock: Clock) -> None:
    clock.forward(minutes=21)
    # Without a script a page that was left lies in the browser's memory, for three minutes at most: long
    # gone when a sign-in locks. Here no such time passes, so that newer pages push it out of there.
    for path in AFTERWARDS:
        phone.open(path)
        phone.at("/locked")


def leave(phone: Phone, clock: Clock) -> None:
    stand_in_for_the_neutral_page(phone)
    phone.button("خروج سريع", "header").click()
    phone.page.wait_for_url(AWAY)


def content_on(text: str, organisation: Organisation) -> list[str]:
    """What stands in a text of all that anybody typed."""
    return [words for words in organisation.typed if words in text]


def open_pages(phone: Phone, organisation: Organisation) -> list[str]:
    """Open pages until twenty had content; those."""
    with_content: list[str] = []
    for path in main_pages(organisation)["coordinator"]:
        phone.open(path)
        if content_on(phone.page.locator("body").inner_text(), organisation):
            with_content.append(path)
        if len(with_content) == ENOUGH:
            return with_content
    raise AssertionError(f"Only {len(with_content)} pages have content: {with_content}")


def look(page: Page, organisation: Organisation) -> list[str]:
    """What is seen as soon as the page is there, and what stands on it once the server has answered."""
    seen = content_on(page.locator("body").inner_text(), organisation)
    page.wait_for_url(
        lambda url: not url.startswith("http://127") or urlsplit(url).path in DOOR,
        wait_until="commit",
    )
    return seen + content_on(page.evaluate(STANDS), organisation)


@pytest.mark.parametrize("end", [sign_out, lock, leave], ids=lambda end: end.__name__)
def test_nothing_is_shown_any_more(
    seized: Seized,
    organisation: Organisation,
    clock: Clock,
    end: Callable[[Phone, Clock], None],
) -> None:
    phone, page = seized.phone, seized.page
    phone.open("/sign-in").type_sign_in(organisation.staff["coordinator"])
    opened = open_pages(phone, organisation)
    end(phone, clock)
    steps = page.evaluate("history.length") - 1
    shown: dict[str, list[str]] = {}
    for way in ["back"] * steps + ["forward"] * steps:
        go = page.go_back if way == "back" else page.go_forward
        go(wait_until="commit")
        if content := look(page, organisation):
            shown.setdefault(f"{way} to {page.url}", []).extend(content)
    for path in opened:
        phone.open(path)
        if content := look(page, organisation):
            shown[f"opened {path}"] = content
    assert not shown
