"""A code word: enough of it, always the same for one form, found however it is typed."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.people.rules import folded
from app.workshops.code_words import NUMBERS, WORDS, arabic_words, code_word, digest_of

KEY, OTHER = b"k" * 32, b"o" * 32


def test_the_words_are_different_once_folded_and_short() -> None:
    words = arabic_words()
    assert len({folded(word) for word in words}) == len(words) == 512
    assert max(map(len, words)) <= 8


def test_a_code_word_is_worth_at_least_44_bits_in_both_languages() -> None:
    assert WORDS * math.log2(len(arabic_words())) + math.log2(NUMBERS) >= 44
    assert len(code_word(KEY, "a", "ar").split()) == WORDS + 1
    assert len(code_word(KEY, "a", "en").split()) == WORDS
    assert WORDS * math.log2(7776) >= 44


@given(st.text(min_size=1, max_size=12))
def test_one_form_has_one_code_word_and_another_server_another(once: str) -> None:
    assert code_word(KEY, once, "ar") == code_word(KEY, once, "ar")
    assert code_word(KEY, once, "ar") != code_word(OTHER, once, "ar")


def test_forms_hardly_ever_share_one() -> None:
    assert len({code_word(KEY, str(n), "ar") for n in range(3000)}) == 3000


@pytest.mark.parametrize(
    "typed",
    [
        "أرنب نافذة قهوة إبرة 471",
        "  ارنب   نافذه قهوة ابره  ٤٧١ ",
        "أرنب-نافذة-قهوة-إبرة-471",
        "أرنبنافذةقهوةإبرة471",
        "أَرنب نافِذة قهوة إبرة ۴۷۱",
    ],
)
def test_it_is_found_however_it_is_typed(typed: str) -> None:
    assert digest_of(KEY, typed) == digest_of(KEY, "أرنب نافذة قهوة إبرة 471")


def test_a_wrong_letter_is_another_word() -> None:
    assert digest_of(KEY, "أرنب نافذة قهوة إبرة 472") != digest_of(KEY, "أرنب نافذة قهوة إبرة 471")
