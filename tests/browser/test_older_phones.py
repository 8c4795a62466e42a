"""On a phone of 2019 the script does not run and half of the newer style is not there: all is in its place."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Route

from tests.browser.conftest import Phones
from tests.browser.looks import misplaced
from tests.browser.phone import SMALL, Phone
from tests.browser.places import main_pages
from tests.browser.test_every_screen import opened
from tests.organisation import Organisation
from tests.style import as_older_phones_read_it

pytestmark = pytest.mark.browser
# How near each other two things in one line come, where both have words.
TOUCHING = """() => [...document.querySelectorAll(".row, .item, .head, .stick, .pair, .top")].flatMap((line) => {
  const boxes = [...line.children].filter((e) => e.checkVisibility() && !e.matches(".skip"))
    .map((e) => [e, e.getBoundingClientRect()]);
  return boxes.slice(1).filter(([, box], at) => {
    const before = boxes[at][1];
    const beside = box.top < before.bottom && before.top < box.bottom;
    return beside && Math.min(Math.abs(box.left - before.right), Math.abs(before.left - box.right)) < 4;
  }).map(([e]) => e.outerHTML.slice(0, 100));
})"""


def older(phones: Phones, who: str) -> Phone:
    """A phone that reads the style as a browser of 2019 does, without our script."""
    phone = phones(who, javascript=False, path="/healthz", bypass_csp=True)

    def read(route: Route) -> None:
        kind = route.request.resource_type
        if kind not in ("stylesheet", "document"):
            return route.continue_()  # an icon may still be under way when the test is over
        answer = route.fetch()
        text = answer.text()
        if kind == "stylesheet":
            text = as_older_phones_read_it(text)
        else:
            text = re.sub(
                r"(?s)(?<=<style>).*?(?=</style>)",
                lambda css: as_older_phones_read_it(css[0]),
                text,
            )
        return route.fulfill(response=answer, body=text)

    phone.context.route("**/*", read)
    return phone


@pytest.mark.parametrize("who", ["", "facilitator1", "counsellor"], ids=lambda who: who or "nobody")
def test_all_is_in_its_place(phones: Phones, organisation: Organisation, who: str) -> None:
    phone = older(phones, who)
    problems = {}
    for path in main_pages(organisation)[who]:
        opened(phone, path)
        problems[path] = misplaced(phone.page) + phone.page.evaluate(TOUCHING)
    assert not {path: what for path, what in problems.items() if what}


def test_the_bars_are_at_their_edges(phones: Phones) -> None:
    phone = older(phones, "facilitator1").open("/more")
    phone.page.evaluate("scrollTo(0, 300)")
    top, bottom = (phone.page.locator(bar).bounding_box() for bar in (".top", "nav"))
    assert top and bottom
    assert (top["x"], top["y"], top["width"]) == (0, 0, SMALL["width"])
    assert (bottom["x"], bottom["width"]) == (0, SMALL["width"])
    assert bottom["y"] + bottom["height"] == SMALL["height"]


def test_attendance_is_taken_by_plain_buttons(phones: Phones, organisation: Organisation) -> None:
    phone = older(phones, "facilitator1").open(f"/sessions/{organisation.a.meetings[7]}/attendance")
    phone.marks(organisation.a.members[0].stay).locator("[value=present]").click()
    phone.says("سُجّل 1 من")
