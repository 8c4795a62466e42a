"""Whoever reads English is answered in English, also where something was wrong."""

from __future__ import annotations

from tests.client import Browser
from tests.organisation import Organisation


def test_a_weak_passphrase_on_an_english_invitation_is_refused_in_english(
    browser: Browser, organisation: Organisation
) -> None:
    form = browser.as_("administrator").get("/staff/new").form("/staff/new")
    page = form.fill(name="Sand", facilitator=True, language="en").press().follow()
    link = "/join/" + page.root.first("main").words.partition("/join/")[2].split()[0]
    answer = browser.get(link).form(link).fill(passphrase="short").press().follow()
    assert answer.status == 422
    assert "too easy to guess" in answer


def test_a_wrong_code_on_the_english_page_is_refused_in_english(browser: Browser) -> None:
    form = browser.get("/recover?language=en").form("/recover")
    page = form.fill(username="nobody", code="AAAA", passphrase="olive river stone lamp seven")
    answer = page.press().follow()
    assert answer.status == 422
    assert "do not belong together" in answer


def test_a_place_is_called_by_its_name_in_ones_language(
    browser: Browser, organisation: Organisation
) -> None:
    me, rest = browser.as_("coordinator"), {"digits": "latn", "theme": "auto"}
    me.post("/preferences", {"language": "ar", **rest})
    assert "القدس" in me.get("/people/new")
    me.post("/preferences", {"language": "en", **rest})
    page = me.get("/people/new")
    assert "Jerusalem" in page and "القدس" not in page
