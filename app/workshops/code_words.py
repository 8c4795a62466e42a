"""The code word of somebody who signed up without an account: easy to say, hard to guess.

It is derived from the form's own key, so that a form sent twice gets the same
word, and is stored as an HMAC under the server's key alone.
"""

from __future__ import annotations

import hmac
from functools import cache
from pathlib import Path

from app.accounts.passphrases import word_list
from app.people.rules import folded

WORDS = 4
NUMBERS = 1000  # 512^4 × 1000 is 46 bits in Arabic; 7,776^4 is 52 in English


def code_word(server_key: bytes, once: str, language: str) -> str:
    """The word that belongs to a form: four words, in Arabic with three digits after them."""
    digest = hmac.digest(server_key, f"code word {once}".encode(), "sha256")
    number = int.from_bytes(digest)
    words = arabic_words() if language == "ar" else word_list()
    chosen = []
    for _place in range(WORDS):
        number, place = divmod(number, len(words))
        chosen.append(words[place])
    if language == "ar":
        chosen.append(f"{number % NUMBERS:03}")
    return " ".join(chosen)


def digest_of(server_key: bytes, typed: str) -> str:
    """Under which a code word is found, however it was typed: hamza, digits, spaces and hyphens."""
    letters = "".join(c for c in folded(typed) if c.isalnum())
    return hmac.digest(server_key, f"code word digest {letters}".encode(), "sha256").hex()


@cache
def arabic_words() -> list[str]:
    """512 short words, all different once folded, none of which tells anything."""
    return (Path(__file__).parent / "words_ar.txt").read_text().split()
