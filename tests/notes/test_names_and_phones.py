"""The quiet warning: roster names and phone numbers in a text, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.notes.rules import names_and_phones
from app.people.rules import Card, tidied
from tests.web import invented


def card(name: str, code: str = "K7Q2") -> Card:
    return tidied(Card(name=name, code=code), region="PS")


SALMA, HUDA = card("سلمى"), card("هُدى ناصر", "H3D2")
AHMAD, MAYA, IMAN = card("أحمد", "A2B3"), card("Maya Saad", "M4Y5"), card("إيمان", "N6P7")
ROSTER = [SALMA, HUDA, AHMAD, MAYA, IMAN]


def warned(text: str) -> list[str]:
    return [found.code or found.text for found in names_and_phones(text, ROSTER)]


@pytest.mark.parametrize(
    "text",
    [
        "حضرت سلمى اليوم",
        "سلمى",
        "وسلمى أيضًا",
        "لسلمى",
        "بسلمى",
        "ولسلمى",
        "كسلمى",
        "السلمى",
        "سَلْمَى",
        "سـلـمى",
        "سلمي",
        "«سلمى»، قالت",
        "سلمى؟",
        "(سلمى)",
        "فسلمى",
        "\nسلمى\n",
    ],
)
def test_a_name_is_found_with_attached_letters_harakat_and_in_every_spelling(text: str) -> None:
    assert warned(text) == ["K7Q2"]


@pytest.mark.parametrize("text", ["احمد", "أحمد", "إحمد", "آحمد", "وأحمد", "لأحمد", "بالأحمد"])
def test_a_name_is_found_whichever_hamza_it_carries(text: str) -> None:
    assert warned(f"تكلّم {text} طويلًا") == ["A2B3"]


@pytest.mark.parametrize("text", ["هدى", "هدى ناصر", "وهُدى"])
def test_the_first_name_is_enough(text: str) -> None:
    assert warned(text) == ["H3D2"]


@pytest.mark.parametrize("text", ["Maya came.", "MAYA", "maya's idea", "with Maya Saad"])
def test_a_latin_name_is_found_in_any_capitals(text: str) -> None:
    assert warned(text) == ["M4Y5"]


@pytest.mark.parametrize("text", ["السلمانيّة", "إيمانًا منّا", "Mayan", "أحمدي", "", "يومًا", "ناصر"])
def test_a_longer_word_is_not_a_name(text: str) -> None:
    assert warned(text) == []


def test_each_person_is_named_once_with_their_code() -> None:
    assert warned("سلمى وسلمى ثم أحمد") == ["K7Q2", "A2B3"]


@pytest.mark.parametrize(
    "number",
    [
        "0599551000",
        "059 955 1000",
        "059-955-1000",
        "(059) 955-1000",
        "٠٥٩٩٥٥١٠٠٠",
        "059.955.1000",
        "+970 599 551 000",
        "+972599551000",
        "٠٥٩ ٩٥٥ ١٠٠٠",
        "02 298 7654",
        "00970 59 955 1000",
    ],
)
def test_a_phone_number_is_found_in_any_digits_and_with_separators(number: str) -> None:
    assert len(warned(f"الرقم {number} للتواصل")) == 1


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-24",
        "24/11/2026",
        "24.11.2026",
        "24-11-2026",
        "٢٤/١١/٢٠٢٦",
        "٢٤-١١-٢٠٢٦",
        "18:30",
        "18:30 - 20:00",
        "18.30-20.00",
        "2026-11-24 18:30",
        "بين 2019 و2026",
        "2019-2026",
        "2019 2020 2021",
        "15 من 15",
        "60%",
        "الساعة ٦:٣٠",
    ],
)
def test_a_date_an_hour_and_a_year_are_not_phone_numbers(text: str) -> None:
    assert warned(text) == []


@given(invented.anything, st.lists(invented.texts, max_size=3))
def test_no_text_and_no_name_ever_stops_a_note(text: str, names: list[str]) -> None:
    names_and_phones(text, [tidied(Card(name=name), region="IL") for name in names])


@given(invented.names, st.sampled_from(["", "و", "ب", "ل", "ال", "وال", "بال"]))
def test_every_name_of_the_roster_is_found_in_its_own_words(name: str, attached: str) -> None:
    someone = card(name)
    if len(someone.folded) >= 2:
        found = names_and_phones(f"قالت {attached}{name}، ثم صمتت", [someone])
        assert [each.code for each in found] == ["K7Q2"]
