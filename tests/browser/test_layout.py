"""On a narrow screen nothing is cut off, covered or too small to tap; on paper it is one page."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Phones
from tests.browser.places import main_pages
from tests.organisation import Organisation

pytestmark = pytest.mark.browser
FINGER = 44  # CSS pixels; the stylesheet aims at 48
# What a finger has to hit; a link within a sentence may be as high as its line.
SMALL_TARGETS = """(finger) => [...document.querySelectorAll(
  "button, .btn, select, summary, .tick, nav a, .list a, main p > a:only-child, " +
  "input:not([type=hidden], [type=radio], [type=checkbox])"
)].filter((e) => e.checkVisibility() && e.getBoundingClientRect().height < finger)
  .filter((e) => e.tagName !== "A" || e.matches(".btn, nav a, .list a") ||
    e.parentElement.textContent.trim() === e.textContent.trim())
  .map((e) => e.textContent.trim() + " " + Math.round(e.getBoundingClientRect().height))"""
SIDEWAYS = "document.scrollingElement.scrollWidth - document.documentElement.clientWidth"
COVERED = """() => {
  scrollTo(0, document.scrollingElement.scrollHeight);
  const bar = document.querySelector("nav")?.getBoundingClientRect();
  const last = [...document.querySelectorAll("main *")].filter((e) => e.checkVisibility())
    .map((e) => e.getBoundingClientRect().bottom);
  return bar ? Math.max(0, ...last) - bar.top : 0;
}"""
WHO = ["", "facilitator1", "coordinator", "supervisor", "counsellor", "administrator"]
each_of_them = pytest.mark.parametrize("who", WHO, ids=lambda who: who or "nobody")


@each_of_them
@pytest.mark.parametrize("language", ["ar", "en"])
def test_nothing_is_cut_off_covered_or_too_small(
    phones: Phones, organisation: Organisation, language: str, who: str
) -> None:
    phone = phones(who, path="/healthz")
    if who:
        phone.prefer(language=language)
    sideways, covered, small = {}, {}, {}
    for path in main_pages(organisation)[who]:
        phone.open(path if who else f"{path}?language={language}")
        small[path] = phone.page.evaluate(SMALL_TARGETS, FINGER)
        covered[path] = max(0, phone.page.evaluate(COVERED))
        for width in (360, 320):
            phone.page.set_viewport_size({"width": width, "height": 740})
            sideways[path, width] = phone.page.evaluate(SIDEWAYS)
        phone.page.set_viewport_size({"width": 360, "height": 740})
    assert not {path: by for path, by in sideways.items() if by > 0}, "A page scrolls sideways."
    assert not {path: by for path, by in covered.items() if by > 0}, "The bar covers the end."
    assert not {path: what for path, what in small.items() if what}, "Too small for a finger."


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
    assert text["width"] <= 44 * 16
    begins = {
        round(link.bounding_box()["x"] + link.bounding_box()["width"])  # type: ignore[index]
        for link in phone.page.locator("nav svg").all()
    }
    assert len(begins) == 1, f"The words of the column do not begin below each other: {begins}"


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
