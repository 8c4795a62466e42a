"""axe-core finds nothing on any main page, in both languages and both themes; the keyboard reaches all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Phones
from tests.browser.phone import Phone
from tests.browser.places import main_pages
from tests.organisation import Organisation

pytestmark = pytest.mark.browser
AXE = (Path(__file__).parent / "axe.min.js").read_text()
RUN = """async (only) => (await axe.run({
  resultTypes: ["violations"], preload: false,
  ...(only ? {runOnly: {type: "rule", values: only}} : {}),
})).violations.map((v) => v.id + ": " + v.nodes.map((n) => n.html.slice(0, 160)).join(" | "))"""
COLOURS = ["color-contrast", "link-in-text-block"]
WHO = ["", "facilitator1", "coordinator", "supervisor", "counsellor", "administrator"]


def found(page: Page, only: list[str] | None = None) -> list[str]:
    """What axe finds on the page that is open."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(f"() => {{ {AXE} }}")
    violations: list[str] = page.evaluate(RUN, only)
    return violations


def looked_at(phone: Phone, path: str) -> dict[str, Any]:
    """What axe finds at an address by day, and of its colours by night, on the page as it stands."""
    phone.page.emulate_media(color_scheme="light")
    phone.open(path)
    problems = {f"{path} light": found(phone.page)}
    phone.page.emulate_media(color_scheme="dark")
    problems[f"{path} dark"] = found(phone.page, COLOURS)
    return {where: what for where, what in problems.items() if what}


@pytest.mark.parametrize("who", WHO, ids=lambda who: who or "nobody")
@pytest.mark.parametrize("language", ["ar", "en"])
def test_axe_finds_nothing(
    phones: Phones, organisation: Organisation, language: str, who: str
) -> None:
    phone = phones(who, path="/healthz")
    if who:
        phone.prefer(language=language)
    problems = {}
    for path in main_pages(organisation)[who]:
        problems |= looked_at(phone, path if who else f"{path}?language={language}")
    assert not problems


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_personal_colours_are_readable(
    phones: Phones, organisation: Organisation, theme: str
) -> None:
    other = "light" if theme == "dark" else "dark"
    phone = phones("facilitator1", path="/more", color_scheme=other)
    phone.page.locator(f"[name=theme][value={theme}]").check()
    phone.button("حفظ").click()
    phone.says("حُفِظ.")
    paper = phone.page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert paper == {"light": "rgb(250, 249, 246)", "dark": "rgb(21, 24, 27)"}[theme]
    for path in ("/", "/more", f"/sessions/{organisation.a.meetings[6]}/attendance"):
        assert not found(phone.open(path).page, COLOURS), path


def test_a_refused_form_is_readable_and_begins_at_its_errors(phones: Phones) -> None:
    phone = phones("coordinator", path="/people/new")
    phone.button("حفظ").click()
    expect(phone.page.locator("#errors")).to_be_focused()
    assert phone.page.title().startswith("خطأ:")
    assert not found(phone.page)
    phone.page.emulate_media(color_scheme="dark")
    assert not found(phone.page, COLOURS)
    phone.page.locator("#errors a").click()
    expect(phone.page.locator("[name=name]")).to_be_focused()


def test_a_conflict_is_readable(phones: Phones, organisation: Organisation) -> None:
    note = f"/sessions/{organisation.a.meetings[7]}/note"
    first, second = (phones("facilitator1", path=note) for _ in range(2))
    for phone, text in ((first, "نصّ أوّل"), (second, f"نصّ ثانٍ {organisation.a.members[0].name}")):
        phone.page.locator("textarea").first.fill(text)
        phone.button("حفظ").click()
    second.says("عُدّلت من جهاز آخر")
    assert not found(second.page)


def test_the_keyboard_marks_without_losing_its_place(
    phones: Phones, organisation: Organisation
) -> None:
    phone = phones("facilitator1", path=f"/sessions/{organisation.a.meetings[7]}/attendance")
    first = phone.page.locator(".seg").first
    first.locator("[value=present]").focus()
    phone.page.keyboard.press("Enter")
    expect(first.locator("[value=present]")).to_have_attribute("aria-pressed", "true")
    phone.page.keyboard.press("Tab")
    expect(first.locator("[value=late]")).to_be_focused()
    assert first.locator("[value=late]").evaluate("b => getComputedStyle(b).outlineWidth") == "3px"
