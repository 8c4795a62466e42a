"""A long name, a wide screen, a page of paper."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Phones
from tests.browser.looks import SIDEWAYS
from tests.browser.phone import Phone
from tests.organisation import Organisation

# Where the words of each link at the side are.
WORDS = """(links) => links.filter((a) => a.checkVisibility()).map((a) => {
  const words = document.createRange();
  words.selectNode([...a.childNodes].find((n) => n.nodeType === 3 && n.data.trim()));
  return words.getBoundingClientRect().toJSON();
})"""
pytestmark = pytest.mark.browser


def test_a_long_name_breaks_its_line(phones: Phones) -> None:
    phone = phones("coordinator", path="/people/new")
    phone.page.locator("[name=name]").fill("غ" * 79)
    phone.button("حفظ").click()
    phone.says("أُضيف الشخص.")
    assert phone.page.evaluate(SIDEWAYS) <= 0
    phone.open("/people")
    assert phone.page.evaluate(SIDEWAYS) <= 0


def test_on_a_wide_screen_the_bar_is_a_column_beside_the_text(phones: Phones) -> None:
    phone = phones("coordinator", viewport={"width": 1280, "height": 740})
    bar = phone.page.locator("nav").bounding_box()
    text = phone.page.locator("main").bounding_box()
    assert bar and text
    assert bar["height"] == 740
    assert bar["x"] + bar["width"] == 1280
    assert text["x"] + text["width"] <= bar["x"]
    assert not phone.page.locator("nav svg").first.is_visible()
    begins = {round(box["x"] + box["width"]) for box in words_of_the_column(phone)}
    assert len(begins) == 1, f"The words of the column do not begin below each other: {begins}"
    leave = phone.button("خروج سريع", "header").bounding_box()
    assert leave and leave["x"] >= bar["x"] and leave["y"] < words_of_the_column(phone)[0]["y"]
    phone.open("/people/new")
    box = phone.page.locator("[name=name]").bounding_box()
    assert box and box["width"] <= 44 * 16


def words_of_the_column(phone: Phone) -> list[dict[str, float]]:
    """Where the words of the links at the side are, without the numbers behind them."""
    boxes: list[dict[str, float]] = phone.page.locator("nav a").evaluate_all(WORDS)
    return boxes


@pytest.mark.parametrize("names", ["", "?names=yes"], ids=["codes", "names"])
def test_the_sheet_is_one_page_of_paper(
    phones: Phones, organisation: Organisation, names: str
) -> None:
    sheet = f"/sessions/{organisation.a.meetings[7]}/sheet{names}"
    phone = phones("facilitator1", path=sheet, viewport={"width": 794, "height": 1123})
    phone.page.emulate_media(media="print")
    expect(phone.page.locator("table")).to_be_visible()
    expect(phone.page.locator("tbody tr")).to_have_count(14)
    for hidden in ("nav", "header", ".noprint"):
        expect(phone.page.locator(hidden).first).to_be_hidden()
    named = organisation.a.members[0].name in phone.page.locator("table").inner_text()
    assert named == bool(names)
    paper = phone.page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 1
