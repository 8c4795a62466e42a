"""Language, digits and colours: each person's own, at once and on every page."""

from __future__ import annotations

import pytest

from tests.client import Browser, Page


def choose(me: Browser, **chosen: str) -> Page:
    return me.get("/more").form("/preferences").fill(**chosen).press().follow()


@pytest.mark.parametrize(
    ("language", "direction", "word"), [("ar", "rtl", "المزيد"), ("en", "ltr", "More")]
)
def test_the_language_changes_at_once_and_stays(browser, language, direction, word) -> None:
    page = choose(browser.as_("facilitator1"), language=language)
    html = page.root.first("html")
    assert (html["lang"], html["dir"]) == (language, direction)
    assert page.root.first("h1").words == word
    assert browser.as_("facilitator1").get("/").root.first("html")["lang"] == language


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_colours_are_a_choice_of_ones_own(browser, theme) -> None:
    page = choose(browser.as_("facilitator1"), theme=theme)
    assert page.root.first("html")["data-theme"] == theme
    assert not browser.as_("facilitator2").get("/").root.first("html").has("data-theme")


def test_as_the_phone_is_the_default(browser) -> None:
    assert not browser.as_("facilitator1").get("/").root.first("html").has("data-theme")


def test_digits_are_a_choice_of_ones_own(browser, organisation) -> None:
    page = choose(browser.as_("facilitator1"), digits="arab")
    there = f"/groups/{organisation.a.uid}"
    assert "13 of 15" in browser.as_("facilitator2").get(there)
    assert "١٣ of ١٥" in page.browser.get(there)


@pytest.mark.parametrize(
    "typed",
    [{"language": "fr"}, {"digits": "roman"}, {"theme": "pink"}],
    ids=lambda typed: next(iter(typed)),
)
def test_a_choice_that_was_not_offered_changes_nothing(browser, typed) -> None:
    me = browser.as_("facilitator1")
    chosen = {"language": "en", "digits": "latn", "theme": "dark"} | typed
    page = me.post("/preferences", chosen).follow()
    assert page.status == 422
    assert "Choose one of these." in page
    assert not me.get("/").root.first("html").has("data-theme")


def test_the_sign_in_page_speaks_both_languages(browser) -> None:
    arabic = browser.get("/sign-in")
    assert arabic.root.first("html")["lang"] == "ar"
    english = browser.get(arabic.link("English"))
    assert english.root.first("html")["lang"] == "en"
    assert browser.get(english.link("العربية")).root.first("html")["lang"] == "ar"
