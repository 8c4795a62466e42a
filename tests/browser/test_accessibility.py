"""Colours somebody chose, refusals and conflicts are readable; the keyboard keeps its place."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Phones
from tests.browser.looks import COLOURS, found
from tests.organisation import Organisation

pytestmark = pytest.mark.browser


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
