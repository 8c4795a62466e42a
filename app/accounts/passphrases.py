"""Passphrases as people type them on glass: random words, how they are read, what they are worth."""

from __future__ import annotations

import math
import re
import secrets
import unicodedata
from functools import cache

from diceware.wordlist import WordList, get_wordlist_path

from app.web.forms import visible, western

PASSPHRASE_BITS = 64
MOST_WORDS, MOST_SIGNS = 8, 24  # of a passphrase, as far as its strength is estimated
# How a passphrase is read before it is stretched. Which way stands in its row, as the cost does:
# what was sealed under one reading opens under no other.
BY_SPACES, WITHOUT_SEPARATORS = 0, 1
# Spaces, hyphens and dashes of every kind: what stands between two words.
SEPARATOR = re.compile(r"[\s_\-\u058a\u2010-\u2015\u2043\u2212\ufe58\ufe63\uff0d]+")


@cache
def word_list() -> list[str]:
    """The 7,776 words of the EFF's long list."""
    return list(WordList(get_wordlist_path("en_eff")))


def new_words(number: int) -> list[str]:
    """Random words, for passphrases and user names: five are 64 bits."""
    return [secrets.choice(word_list()) for _ in range(number)]


def folded(text: str, reading: int = WITHOUT_SEPARATORS) -> str:
    """A passphrase as it is stretched, however a phone or a messenger spelt it.

    Capitals, kinds of digits and invisible signs never matter. What stands
    between words does not either, except in a passphrase of one's own that was
    sealed BY_SPACES; the words of our list are told apart there too.
    """
    plain = _plain(text)
    if reading == WITHOUT_SEPARATORS:
        return SEPARATOR.sub("", plain)
    ours = _ours(SEPARATOR.sub("", plain))
    return "-".join(ours) if ours else " ".join(plain.split())


def folded_username(text: str) -> str:
    """A user name as it is kept: small letters, a hyphen wherever words are kept apart."""
    return SEPARATOR.sub("-", _plain(text)).strip("-")


def bits(passphrase: str) -> float:
    """How many bits a passphrase is worth, word by word: a word of our list 12.9, others by zxcvbn.

    A word counts once. What stands between words counts for nothing, for it is not
    stretched: words that are not ours are worth no more than what they make together.
    zxcvbn takes seconds over a long text made to slow it down, so it sees a few signs at a time.
    """
    ours = _by_letters()
    pieces = [piece for piece in SEPARATOR.split(_plain(passphrase)) if piece]
    words = list(dict.fromkeys(word for piece in pieces for word in (_ours(piece) or [piece])))
    worth, of_others, others = 0.0, 0.0, ""
    for word in words[:MOST_WORDS]:
        if SEPARATOR.sub("", word) in ours:
            worth += math.log2(len(ours))
        else:
            of_others += _estimated(word[:MOST_SIGNS])
            others += word[:MOST_SIGNS]
    together = dict.fromkeys(others[i : i + MOST_SIGNS] for i in range(0, len(others), MOST_SIGNS))
    return worth + min(of_others, sum(_estimated(signs) for signs in together))


def _estimated(signs: str) -> float:
    from zxcvbn import zxcvbn  # ten megabytes of words, for who chooses a passphrase of their own

    return float(zxcvbn(signs)["guesses_log10"]) / math.log10(2)


def _plain(text: str) -> str:
    shown = "".join(c for c in visible(western(text)) if unicodedata.category(c) != "Cf")
    return unicodedata.normalize("NFKC", shown).casefold().strip()


def _ours(letters: str) -> list[str]:
    """The words of our list that were written without anything between them; empty if others.

    No word begins another one, so that there is one way to read them.
    """
    words, ours, start = [], _by_letters(), 0
    while start < len(letters):
        for end in range(start + 3, min(start + 10, len(letters) + 1)):
            if letters[start:end] in ours:
                words.append(ours[letters[start:end]])
                start = end
                break
        else:
            return []
    return words


@cache
def _by_letters() -> dict[str, str]:
    return {SEPARATOR.sub("", word): word for word in reversed(word_list())}
