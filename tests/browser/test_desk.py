"""The desk: a wide screen with every place at its side, and the grid of a group."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Phones
from tests.browser.line import Line
from tests.browser.looks import SIDEWAYS
from tests.organisation import Organisation

pytestmark = pytest.mark.browser
WIDE = {"width": 1280, "height": 900}
with_and_without = pytest.mark.parametrize("javascript", [True, False], ids=["js", "no-js"])


def test_on_a_phone_the_bar_has_five_words_and_no_numbers(phones: Phones) -> None:
    phone = phones("coordinator")
    shown = [a.inner_text().strip() for a in phone.page.locator("nav a").all() if a.is_visible()]
    assert shown == ["اليوم", "المجموعات", "الأشخاص", "الورش", "المزيد"]
    expect(phone.page.locator("nav .n").first).to_be_hidden()


def test_at_a_desk_what_waits_is_one_tap_away(phones: Phones) -> None:
    desk = phones("coordinator", viewport=WIDE)
    number = desk.page.locator("nav a[href='/requests'] .n").inner_text()
    desk.page.locator("nav a[href='/requests']").click()
    desk.at("/requests")
    expect(desk.page.locator("main tbody tr")).to_have_count(int(number))
    assert desk.page.evaluate(SIDEWAYS) <= 0


def test_today_has_what_to_answer_beside_what_comes(phones: Phones) -> None:
    desk = phones("two_roles", viewport=WIDE)
    first, answer, later = (
        desk.page.locator(f".cols > div:nth-child({n})").bounding_box() for n in (1, 2, 3)
    )
    assert first and answer and later
    assert answer["x"] > first["x"] and answer["x"] > later["x"]  # from right to left
    assert abs(answer["y"] - first["y"]) < 2 and later["y"] > first["y"]


@with_and_without
def test_a_mark_is_corrected_with_one_tap(
    phones: Phones, organisation: Organisation, line: Line, javascript: bool
) -> None:
    """On a slow line; what stood there comes back with one tap more."""
    desk = phones(
        "coordinator",
        viewport=WIDE,
        javascript=javascript,
        through=line,
        path=f"/groups/{organisation.a.uid}",
    )
    desk.link("○ بعذر").click()
    absent = desk.page.locator("tbody button.a").first
    at = absent.get_attribute("name")
    line.asked.clear()
    absent.click()
    desk.says("«غياب» صارت «بعذر».", "#corrected")
    expect(desk.page.locator(f"td > [name={at}]")).to_have_text("○")
    if javascript:
        assert [asked.split()[0] for asked in line.asked] == ["POST"]
    desk.page.locator("#corrected").get_by_role("button", name="تراجُع").click()
    desk.says("«بعذر» صارت «غياب».", "#corrected")
    expect(desk.page.locator(f"td > [name={at}]")).to_have_text("✕")
    desk.link("إنهاء التصحيح").click()
    expect(desk.page.locator("tbody button")).to_have_count(0)


def test_a_phone_shows_a_strip_of_signs_below_each_name(
    phones: Phones, organisation: Organisation
) -> None:
    phone = phones("facilitator1", path=f"/groups/{organisation.a.uid}")
    row = phone.page.locator("tbody tr").first
    name, rate, sign = (row.locator(what) for what in ("th a", ".rate", "i.p"))
    boxes = [one.first.bounding_box() for one in (name, rate, sign)]
    assert all(boxes)
    assert boxes[2]["y"] >= boxes[0]["y"] + boxes[0]["height"] - 4  # type: ignore[index]
    assert boxes[1]["y"] < boxes[2]["y"]  # type: ignore[index]
    expect(phone.page.locator("thead")).to_be_hidden()
    expect(phone.page.locator(".pens")).to_be_hidden()
    assert phone.page.evaluate(SIDEWAYS) <= 0


@pytest.mark.parametrize("names", ["", "?names=yes"], ids=["codes", "names"])
def test_the_grid_is_one_page_of_paper_without_names_unless_asked(
    phones: Phones, organisation: Organisation, names: str
) -> None:
    desk = phones("coordinator", viewport=WIDE, path=f"/groups/{organisation.a.uid}{names}")
    desk.page.emulate_media(media="print")
    shown = desk.page.locator("body").inner_text()
    known = [m.name for m in (*organisation.a.members, *organisation.a.left)]
    assert [name for name in known if name in shown] == (known if names else [])
    waiting = [m.name for m in (*organisation.a.waiting, *organisation.a.offered)]
    assert not [name for name in waiting if name in shown]
    expect(desk.page.locator("tbody small.ltr").first).to_be_visible()
    expect(desk.page.locator("tbody i.p").first).to_be_visible()
    paper = desk.page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 1
