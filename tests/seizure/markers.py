"""Words that stand nowhere else, typed into everything; and finding them again in any form."""

from __future__ import annotations

import base64
import re
import secrets
import sys
from collections.abc import Iterator
from itertools import chain
from urllib.parse import quote

Needles = list[tuple[str, dict[str, bytes]]]
Pattern = tuple[str, str, bytes]
WORD = 8  # bytes
# Every marker begins with one of these, so that one search finds all of them, also cut short.
BEGINNINGS = ("qzxvkjqw", "ظغذثضخ")
ARABIC = "بتسشصطعفقلمنو"
LATIN = "bcdfghmnprst"


class Markers:
    """Makes markers, Latin and Arabic in turn, and remembers them."""

    def __init__(self) -> None:
        self.made: list[str] = []

    def __call__(self) -> str:
        latin, arabic = BEGINNINGS
        ending = "".join(secrets.choice(ARABIC) for _ in range(8))
        latin_ending = "".join(secrets.choice(LATIN) for _ in range(10))  # no phone number
        self.made.append(arabic + ending if len(self.made) % 2 else latin + latin_ending)
        return self.made[-1]


def in_any_form(text: str) -> dict[str, bytes]:
    """How a text may stand in a file: name of the form -> bytes."""
    escaped = "".join(f"\\u{ord(c):04x}" for c in text)
    forms = {
        "UTF-8": text.encode(),
        "capitals": text.upper().encode(),
        "UTF-16LE": text.encode("utf-16-le"),
        "UTF-16BE": text.encode("utf-16-be"),
        "URL": quote(text, safe="").encode(),
        "url": quote(text, safe="").lower().encode(),
        "JSON": escaped.encode(),
        "JSON in capitals": escaped.upper().replace("\\U", "\\u").encode(),
    }
    return forms | secret_in_any_form(text.encode())


def secret_in_any_form(secret: bytes) -> dict[str, bytes]:
    """How a secret may stand in a file."""
    forms = {"bytes": secret, "hex": secret.hex().encode(), "HEX": secret.hex().upper().encode()}
    for shift in range(3):
        whole = base64.b64encode(b"\0" * shift + secret)
        # Only what does not depend on the bytes before and after.
        stable = whole[-(-shift * 8 // 6) : (shift + len(secret)) * 8 // 6]
        forms[f"base64, {shift} bytes on"] = stable
        forms[f"base64 for addresses, {shift} bytes on"] = stable.translate(
            bytes.maketrans(b"+/", b"-_")
        )
    return forms


class Search:
    """Looks for any number of needles in about the time that one takes.

    Data is read in words of eight bytes. Wherever a needle stands in it that is
    at least two of them less one byte long, one whole word of the needle falls
    on a whole word of the data: what has no such word has no such needle.
    """

    def __init__(self, needles: Needles) -> None:
        self._short: list[Pattern] = []
        self._by_word: dict[int, list[Pattern]] = {}
        for what, forms in needles:
            for form, pattern in forms.items():
                if len(pattern) < 2 * WORD - 1:
                    self._short.append((what, form, pattern))
                    continue
                for at in range(WORD):
                    word = int.from_bytes(pattern[at : at + WORD], sys.byteorder)
                    self._by_word.setdefault(word, []).append((what, form, pattern))

    def found(self, data: bytes, where: str) -> Iterator[str]:
        """Each needle that stands in the data: what, in which form, where, and what is around it."""
        dense = re.sub(rb"\x00{64,}", b"\x00" * 8, data)
        whole = memoryview(dense)[: len(dense) // WORD * WORD].cast("Q")
        likely = [self._by_word[word] for word in set(self._by_word).intersection(whole)]
        for what, form, pattern in chain(self._short, *likely):
            at = dense.find(pattern)
            if at >= 0:
                around = dense[max(0, at - 40) : at + 60]
                yield f"{what} in {where}, as {form}: {around!r}"


def marker_needles() -> Needles:
    """What finds any marker at all."""
    return [(f"a marker ({start}…)", in_any_form(start)) for start in BEGINNINGS]
