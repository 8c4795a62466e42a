"""What is typed is cleaned, its digits are folded, and only dates are dates."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from app.web.forms import (
    DayField,
    Form,
    HourField,
    LineField,
    NumberField,
    TextField,
    day_from,
    many_lines,
    one_line,
    visible,
    western,
)
from tests.web import invented

BIDI = set("\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\u061c")
EASTERN = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
days = st.dates(date(2000, 1, 1), date(2100, 12, 31))


@given(invented.texts)
def test_no_control_and_no_direction_sign_survives_cleaning(text: str) -> None:
    for clean in (visible(text), many_lines(text)):
        assert not set(clean) & BIDI
        assert all(c in "\n\t" or unicodedata.category(c) != "Cc" for c in clean)
    assert "\n" not in one_line(text)
    assert not set(one_line(text)) & BIDI


@pytest.mark.parametrize("sign", sorted(BIDI), ids=lambda sign: f"U+{ord(sign):04X}")
def test_each_sign_that_reorders_or_hides_is_taken_out(sign: str) -> None:
    assert one_line(f"سل{sign}مى") == "سلمى"
    assert many_lines(f"سل{sign}مى") == "سلمى"


@given(invented.anything)
def test_whatever_is_typed_can_be_written_in_utf8(text: str) -> None:
    one_line(text).encode()
    many_lines(text).encode()


@given(invented.texts)
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert one_line(one_line(text)) == one_line(text)
    assert many_lines(many_lines(text)) == many_lines(text)


def test_the_lines_of_a_text_stay() -> None:
    assert many_lines("  أول\r\nثانٍ\n\nثالث  ") == "أول\nثانٍ\n\nثالث"


@given(invented.texts)
def test_digits_are_western_afterwards(text: str) -> None:
    assert not set(western(text)) & set("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹٫٬")


def test_an_arabic_decimal_becomes_a_point_and_a_thousands_sign_nothing() -> None:
    assert western("١٬٢٣٤٫٥") == "1234.5"


@given(days)
def test_a_date_is_read_in_the_two_usual_forms(day: date) -> None:
    for text in (f"{day:%Y-%m-%d}", f"{day:%d/%m/%Y}", f"{day.day}.{day.month}.{day.year}"):
        assert day_from(text) == day


@pytest.mark.parametrize(
    "text",
    [
        "",
        "24",
        "2026-13-01",
        "31/02/2026",
        "24/11/26",
        "1999-12-31",
        "2101-01-01",
        "2026-11-24 ",
        "x",
        "2026-11-24-1",
        "0000-00-00",
        "9999-99-99",
        "24-11-2026",
    ],
)
def test_anything_else_is_no_date(text: str) -> None:
    assert day_from(text) is None


@given(invented.anything)
def test_no_text_stops_the_reading_of_dates(text: str) -> None:
    assert day_from(text) is None or day_from(text).year >= 2000


class Everything(Form):
    """One field of each kind."""

    line = LineField("line")
    text = TextField("text")
    number = NumberField("number")
    day = DayField("day")
    hour = HourField("hour")


def typed(**values: str) -> Everything:
    form = Everything(MultiDict(values))
    form.validate()
    return form


@pytest.mark.parametrize(
    "digits", [str, lambda t: t.translate(EASTERN), lambda t: t.translate(PERSIAN)]
)
def test_every_field_takes_all_digits(app, digits) -> None:
    with app.test_request_context():
        form = typed(
            number=digits(" 15 "), day=digits("2026-11-24"), hour=digits("18:30"), line=digits("a7")
        )
        assert (form.number.data, form.day.data) == (15, date(2026, 11, 24))
        assert f"{form.hour.data:%H:%M}" == "18:30"
        assert not form.errors


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("number", "-1"),
        ("number", "1e3"),
        ("number", "12345678"),
        ("number", "²"),
        ("hour", "24:00"),
        ("hour", "18"),
        ("day", "soon"),
        ("hour", "x"),
        ("number", "1.5"),
    ],
)
def test_what_cannot_be_read_is_refused_with_an_example(app, field: str, text: str) -> None:
    with app.test_request_context():
        form = typed(**{field: text})
        assert len(form.errors[field]) == 1
        assert form[field].data is None


@given(st.sampled_from(["line", "text", "number", "day", "hour"]), invented.anything)
def test_no_text_in_any_field_is_more_than_refused(application, field: str, text: str) -> None:
    with application.test_request_context():
        typed(**{field: text})
