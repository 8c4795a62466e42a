"""How names are folded, how numbers compare, who is found, and that a card comes back as it was."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.errors import Locked
from app.people import rules
from app.people.rules import Card, Listed, comparable_phone, folded, found, tidied
from app.vault import envelope
from tests.organisation import NOW
from tests.web import invented

PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
REGIONS = st.sampled_from(["IL", "PS"])
mobiles = st.from_regex(r"5[69][0-9]{7}", fullmatch=True)


@given(invented.texts)
def test_folding_twice_changes_nothing(text: str) -> None:
    assert folded(folded(text)) == folded(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("أحمد", "احمد"),
        ("إيمان", "ايمان"),
        ("آدم", "ادم"),
        ("ليلى", "ليلي"),
        ("هبة", "هبه"),
        ("مُحَمَّد", "محمد"),
        ("محـــمد", "محمد"),
        ("لؤي", "لوي"),
        ("هانئ", "هاني"),
        ("José", "jose"),
        ("غرفة ٣", "غرفه 3"),
        ("۳", "3"),
        ("MAYA", "maya"),
        ("  نور   الدين ", "نور الدين"),
        ("گلی", "كلي"),
        ("ﻻ", "لا"),
    ],
)
def test_two_spellings_of_a_name_are_the_same(one: str, other: str) -> None:
    assert folded(one) == folded(other)


@given(invented.texts)
def test_what_is_folded_has_no_marks_left(text: str) -> None:
    assert not set(folded(text)) & set("أإآٱىئؤة\u0640\u064e\u0651٠٣۷")


@given(mobiles, REGIONS)
def test_a_palestinian_mobile_is_one_phone_however_it_is_written(
    national: str, region: str
) -> None:
    spellings = [
        *(f"+972 {national}", f"+970{national}", f"0{national}", f"0{national[:2]}-{national[2:]}"),
        *(f"00970{national}", f"00972 {national}", f"0{national}".translate(ARABIC)),
        *(f"+972{national}".translate(PERSIAN), f" (0{national[:2]}) {national[2:]} "),
    ]
    compared = {comparable_phone(each, region=region) for each in spellings}
    assert compared == {f"+970{national}"}


def test_the_place_says_which_country_an_area_code_is_in() -> None:
    assert comparable_phone("02 298 7654", region="PS") == "+97022987654"
    assert comparable_phone("02 628 7654", region="IL") == "+97226287654"
    assert comparable_phone("052-555-0177", region="PS") != ""


@given(invented.texts, REGIONS)
def test_whatever_stands_in_the_field_for_a_number_compares_to_something(text, region) -> None:
    assert isinstance(comparable_phone(text, region=region), str)
    if not any(c.isdigit() for c in text):
        assert comparable_phone(text, region=region) == ""


@given(invented.names, st.data())
def test_any_part_of_a_name_in_any_spelling_finds_the_person(
    name: str, data: st.DataObject
) -> None:
    begin = data.draw(st.integers(0, len(name) - 1))
    part = name[begin : data.draw(st.integers(begin + 1, len(name)))]
    marked = "".join(
        sign + data.draw(st.sampled_from(["", *invented.MARKS])) for sign in part.upper()
    )
    assume(part.strip())
    people = [Listed("someone", tidied(Card(name=name), region="PS").text())]
    for spelling in (part, marked, part.lower()):
        assert found(people, spelling) == people


PEOPLE = [
    Listed(uid, card.text())
    for uid, card in [
        ("salma", tidied(Card(name="سلمى", code="K7Q2", number="0599 551 000"), region="PS")),
        ("adam", tidied(Card(name="آدم", code="H3D9", number="+972 52 555 0177"), region="IL")),
        ("maya", tidied(Card(name="Maya 7", code="M4Y5"), region="IL")),
    ]
]


def who(text: str) -> list[str]:
    return [person.uid for person in found(PEOPLE, text)]


@pytest.mark.parametrize(
    "text", ["0599551000", "599551", "٠٥٩٩", "+970 599 551 000", "00970599551000", "059-955"]
)
def test_a_number_finds_its_person_in_any_form(text: str) -> None:
    assert who(text) == ["salma"]


@pytest.mark.parametrize("text", ["+972 59 955 1000", "00972599551000", "972599551000"])
def test_the_same_mobile_under_the_other_country_code_finds_its_person(text: str) -> None:
    assert who(text) == ["salma"]


def test_a_code_finds_its_person_in_any_capitals() -> None:
    assert who("k7q2") == who("K7Q2") == ["salma"]
    assert who("K7Q") == []


def test_nothing_typed_finds_everybody_by_name() -> None:
    assert who("") == ["maya", "adam", "salma"]


def test_one_or_two_digits_are_not_searched_among_phones() -> None:
    assert who("7") == ["maya"]
    assert who("55") == []


cards = st.builds(
    Card,
    name=invented.texts,
    code=st.just("K7Q2"),
    number=invented.texts,
    hours=invented.texts,
    if_another_answers=invented.texts,
    may_leave_message=st.booleans(),
    do_not_contact=st.booleans(),
    remark=invented.texts,
)


@given(cards)
def test_a_card_comes_back_from_its_text_as_it_was(card: Card) -> None:
    assert Card.of(card.text()) == card


@given(cards)
def test_a_sealed_card_opens_with_its_own_key_in_its_own_place_and_nowhere_else(card: Card) -> None:
    key = envelope.new_key()
    sealed = rules.seal_card(key, card, "person0001")
    assert rules.open_card(key, sealed, "person0001") == card
    for other_key, other_place in ((envelope.new_key(), "person0001"), (key, "person0002")):
        with pytest.raises(Locked):
            rules.open_card(other_key, sealed, other_place)


def test_nothing_of_a_card_can_be_read_while_it_is_sealed() -> None:
    card = Card(name="سلمى", number="0599551000", remark="شيء خاص")
    person, _key = rules.new_person(card, site_uid="s", uid="person0001", at=NOW)
    for word in ("سلمى", "0599551000", "شيء", "name"):
        assert word.encode() not in person.card


def test_cards_of_short_and_shorter_names_have_the_same_size() -> None:
    sizes = {
        len(rules.seal_card(envelope.new_key(), Card(name=name), "p"))
        for name in ("نور", "سل", "ا")
    }
    assert len(sizes) == 1


def test_a_person_gets_a_code_that_is_no_word() -> None:
    codes = {rules.new_code() for _ in range(200)}
    assert len(codes) > 190
    assert not set("".join(codes)) & set("AEIOU01LY".replace("L", "").replace("Y", ""))
    assert all(len(code) == 4 for code in codes)
