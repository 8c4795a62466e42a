"""A searched phone's history: addresses and titles tell nothing of what is done here, and for whom."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask

from tests.browser.places import main_pages
from tests.client import Browser, Page
from tests.organisation import Organisation

# How no word begins that stands in an address or a title.
TELLING = (
    *("therap", "psych", "counsel", "clinic", "patient", "treat", "diagnos", "mental"),
    *("trauma", "crisis", "crises", "urgen", "emergenc", "suicid", "abus", "violen", "support"),
    *("case", "refer", "consent", "withdraw", "refus", "declin", "reject", "revo"),
    *("depart", "leaving", "absen", "miss", "supervis", "stop"),
    *("lgb", "gay", "lesb", "queer", "trans", "gender", "sex", "identit", "refuge"),
    *("علاج", "معالج", "نفسي", "إرشاد", "استشار", "عياد", "مريض", "تشخيص", "صدم", "أزم"),
    *("عاجل", "طوارئ", "انتحار", "عنف", "دعم", "جلس", "حالة", "حالات", "تحويل", "إحال", "موافق"),
    *("سحب", "رفض", "اعتذار", "مغادر", "انسحاب", "غياب", "غائب", "إشراف", "سبب", "أسباب"),
    *("مثلي", "كوير", "متحو", "ترانس", "جندر", "جنس", "هوي", "ميول", "لاجئ"),
)
JOINED = re.compile("^[وفبكل]?(?:ال|لل)?")  # what Arabic writes before a word, in one with it
NAMES = ("Daftar", "دفتر")
WHO = ("", "facilitator1", "coordinator", "supervisor", "counsellor", "administrator")
CODES = Path(__file__).parents[1] / "templates/web/_said.html"


def telling(text: str) -> list[str]:
    """The words of a text that begin like one in the list."""
    words = re.findall(r"[^\W\d_]+", text.lower())
    return [
        word for word in words if any(w.startswith(TELLING) for w in (word, JOINED.sub("", word)))
    ]


def addresses(page: Page) -> set[str]:
    """Every address of ours that a page leads to: what is opened from it, and sent."""
    named = {
        node.get(name)
        for node in page.root.all()
        for name in ("href", "action", "formaction", "hx-post", "hx-get")
        if node.get(name)
    }
    return {address for address in named if address.startswith(("/", "?", "#"))}


def test_no_address_tells(application: Flask) -> None:
    rules = {rule.rule for rule in application.url_map.iter_rules()}
    named = {rule: re.sub(r"<(?:string:|int:)?\w+>", "", rule) for rule in rules}
    told = {rule: words for rule, at in named.items() if (words := telling(at))}
    assert not told, f"A phone keeps addresses: give these routes neutral words. {told}"


def test_no_message_after_a_redirect_tells_in_its_address() -> None:
    codes = re.findall(r"'([a-z-]+)': _\(", CODES.read_text())
    assert len(codes) > 50, f"Say in CODES where the codes stand now, not {CODES.name}."
    told = {code for code in codes if telling(code)}
    assert not told, f"A phone keeps addresses: give these messages neutral codes. {told}"


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("who", WHO, ids=lambda who: who or "nobody")
def test_no_title_tells_and_no_address_on_a_page(
    browser: Browser, organisation: Organisation, who: str, language: str
) -> None:
    me = browser.as_(who) if who else browser
    me.post("/preferences", {"language": language, "digits": "latn", "theme": "auto"})
    told: dict[str, list[str]] = {}
    for path in main_pages(organisation)[who]:
        page = me.get(path if who else f"{path}?language={language}")
        page = page.follow() if page.status == 303 else page
        title = page.root.first("title").words
        assert title.endswith(NAMES) == bool(who), f"{path}: {title}"
        for text in (title, *addresses(page)):
            if words := telling(text):
                told.setdefault(f"{path}: {text}", []).extend(words)
    assert not told, (
        "A phone keeps titles and addresses: say on the page itself what it is about, and in these "
        f"something neutral. {told}"
    )


def test_what_is_not_there_names_nothing_to_a_stranger(browser: Browser) -> None:
    for path in ("/open/bcdfghjkmnpqrstvwxyz", "/groups", "/away", "/code", "/join/bcdfghjk"):
        page = browser.get(path)
        page = page.follow() if page.status == 303 else page
        assert not any(name in page.root.first("title").words for name in NAMES), path
