"""Every word of the interface has its Arabic, and it says the same."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from io import BytesIO

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from tests.source import APP, ROOT

KEYWORDS = DEFAULT_KEYWORDS | {"_n": (1, 2)}
CATALOGUE = APP / "translations" / "ar" / "LC_MESSAGES" / "messages.po"
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%[sd]")
FORMS = 6  # none, one, two, a few (3–10), many (11–99), hundreds
COUNTS = {"num", "number"}  # Arabic says "one", "two" without the digit
ARABIC = re.compile("[\u0621-\u064a]")
# The same in both languages.
NOT_TRANSLATED = {"Signal", "WhatsApp"}
# Words that say something else to whoever reads them here: what they say, what is meant.
DO_HARM = {
    "بلاغ": "reporting to the authorities; telling somebody is «إخبار»",
    "يُبلّغ": "reporting to the authorities; telling somebody is «إخبار»",
    "مختوم": "stamped; sealed is «مشفّر»",
    "امسحوا": "wipe; what a camera does is «وجّهوا الكاميرا إلى»",
    "أو العنوان": "a home address; where one is reached is «اسم الحساب»",
}


@cache
def extracted() -> Catalog:
    """The strings of code and templates, as `make strings` finds them."""
    with (ROOT / "babel.cfg").open() as mapping:
        methods, options = parse_mapping_cfg(mapping)
    catalogue = Catalog()
    for file, line, message, _comments, context in extract_from_dir(
        ROOT, methods, options, KEYWORDS
    ):
        catalogue.add(message, locations=[(file, line)], context=context)
    return catalogue


@cache
def translated() -> Catalog:
    """The Arabic catalogue."""
    return read_po(BytesIO(CATALOGUE.read_bytes()), locale="ar")


def real(messages: Iterable[Message]) -> list[Message]:
    """The messages without the header."""
    return [message for message in messages if message.id]


def key(message: Message) -> str:
    """The English singular."""
    return message.id[0] if isinstance(message.id, tuple) else message.id


def forms(message: Message) -> list[str]:
    """Every Arabic form of a message."""
    return list(message.string) if isinstance(message.string, tuple) else [message.string]


def test_every_string_stands_in_the_arabic_catalogue() -> None:
    known = {message.id for message in real(translated())}
    missing = [
        f"{message.id} ({message.locations[0][0]}:{message.locations[0][1]})"
        for message in real(extracted())
        if message.id not in known
    ]
    assert not missing, (
        f"{len(missing)} strings have no Arabic: run `make strings`, then translate. {missing}"
    )


def test_the_catalogue_holds_nothing_that_nobody_says() -> None:
    said = {message.id for message in real(extracted())}
    left = [message.id for message in real(translated()) if message.id not in said]
    left += [key(message) for message in translated().obsolete.values()]
    assert not left, f"Nobody says these any more: run `make strings`. {left}"


def test_every_string_is_translated_and_none_is_a_guess() -> None:
    empty = [key(message) for message in real(translated()) if not all(forms(message))]
    assert not empty, f"Translate these into Arabic (all forms): {empty}"
    fuzzy = [key(message) for message in real(translated()) if message.fuzzy]
    assert not fuzzy, f"Read these, correct them, take the word fuzzy away: {fuzzy}"
    english = [
        key(message)
        for message in real(translated())
        if not ARABIC.search("".join(forms(message))) and re.search("[a-z]{2}", key(message))
    ]
    assert set(english) <= NOT_TRANSLATED, (
        "These are not Arabic: translate them, or list in NOT_TRANSLATED what is the same in both "
        f"languages. {english}"
    )


def test_every_plural_has_its_six_forms() -> None:
    plural = [message for message in real(translated()) if isinstance(message.id, tuple)]
    short = [key(m) for m in plural if len([form for form in forms(m) if form]) != FORMS]
    assert not short, f"Arabic counts in six forms: write msgstr[0] to msgstr[5] of these. {short}"
    declared = translated().num_plurals
    assert declared == FORMS, (
        f"The catalogue's header declares {declared} plural forms: write nplurals=6 there again."
    )


def test_translations_hold_the_same_placeholders() -> None:
    wrong = []
    for message in real(translated()):
        source = message.id if isinstance(message.id, tuple) else (message.id,)
        wanted = {hole for text in source for hole in PLACEHOLDER.findall(text)}
        for number, form in enumerate(forms(message)):
            found = set(PLACEHOLDER.findall(form))
            may_lack = COUNTS if len(source) == 2 and number < 3 else set()
            if not wanted - may_lack <= found <= wanted:
                wrong.append(f"{form!r} has {found or 'none'} instead of {wanted}")
    assert not wrong, (
        "A placeholder was lost or made up, so the page would break: write it as the English has "
        f"it. {wrong}"
    )


def test_translations_carry_no_invisible_signs() -> None:
    invisible = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
    found = [key(m) for m in real(translated()) if invisible.search("".join(forms(m)))]
    assert not found, (
        f"Direction comes from the page: take the invisible signs out of these. {found}"
    )


def test_no_word_says_what_would_frighten_people_away() -> None:
    found = [
        f"{form!r}: «{word}» is {why}"
        for message in real(translated())
        for form in forms(message)
        for word, why in DO_HARM.items()
        if word in form
    ]
    assert not found, f"Say these in other words: {found}"
