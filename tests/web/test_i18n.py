"""Dates, weekdays and digits, as they are read in Arabic and in English."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time

import pytest
from flask import Flask, g
from hypothesis import given
from hypothesis import strategies as st

from app import i18n
from app.wording import WEEK
from tests.client import Browser
from tests.web import invented  # noqa: F401 - hypothesis in no hurry

TUESDAY = date(2026, 11, 24)
days = st.dates(date(2025, 1, 1), date(2029, 12, 31))


@contextmanager
def reading(application: Flask, language: str) -> Iterator[None]:
    """A request in which nobody is signed in and this language was chosen."""
    with application.test_request_context(f"/?language={language}"):
        yield
        g.pop("language", None)
        g.pop("wording", None)


def test_a_date_reads_as_in_palestine(application) -> None:
    with reading(application, "ar"):
        assert i18n.wording().full_day(TUESDAY) == "الثلاثاء، 24 تشرين الثاني 2026"
        assert i18n.wording().day(TUESDAY) == "الثلاثاء، 24 تشرين الثاني"
        assert i18n.wording().month(date(2027, 1, 13)) == "كانون الثاني 2027"
        assert i18n.wording().hour(time(18, 5)) == "18:05"


def test_a_date_far_away_says_its_year(application) -> None:
    with reading(application, "ar"):
        assert i18n.wording().day(date(2028, 2, 1)).endswith("2028")


def test_a_date_in_english(application) -> None:
    with reading(application, "en"):
        assert i18n.wording().full_day(TUESDAY) == "Tuesday 24 November 2026"


@given(days, st.sampled_from(i18n.LANGUAGES))
def test_no_date_carries_an_invisible_mark_or_other_digits(application, day, language) -> None:
    with reading(application, language):
        for shown in (
            i18n.wording().day(day),
            i18n.wording().full_day(day),
            i18n.wording().short_day(day),
            i18n.wording().month(day),
        ):
            assert all(unicodedata.category(c) not in ("Cf", "Cc") for c in shown)
            assert not set(shown) & set("٠١٢٣٤٥٦٧٨٩")


def test_the_week_begins_on_sunday(application) -> None:
    with reading(application, "ar"):
        week = [i18n.wording().weekday(number) for number in WEEK]
    assert week == ["الأحد", "الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت"]


def test_a_moment_today_is_its_hour_and_another_day_says_which(application) -> None:
    with reading(application, "en"):
        assert (
            i18n.wording().moment(datetime(2026, 11, 24, 16, 0, tzinfo=UTC), "Asia/Jerusalem")
            == "18:00"
        )
        assert "25 Nov" in i18n.wording().moment(
            datetime(2026, 11, 25, 16, 0, tzinfo=UTC), "Asia/Hebron"
        )


def test_one_moment_has_two_hours_in_the_two_places_after_a_clock_change(
    application, clock
) -> None:
    moment = datetime(2026, 10, 24, 15, 0, tzinfo=UTC)
    clock.at(moment)
    with reading(application, "en"):
        shown = {i18n.wording().moment(moment, zone) for zone in ("Asia/Jerusalem", "Asia/Hebron")}
    assert shown == {"18:00", "17:00"}


def test_an_unknown_language_is_arabic(application) -> None:
    for asked in ("fr", "", "../ar"):
        with reading(application, asked):
            assert i18n.language() == "ar"


@pytest.mark.parametrize("digits", ["latn", "arab"])
def test_whoever_prefers_arabic_digits_reads_them_everywhere(browser: Browser, digits: str) -> None:
    me = browser.as_("facilitator1")
    me.get("/more").form("/preferences").fill(language="ar", digits=digits).press()
    words = me.get("/").words
    today = "24" if digits == "latn" else "٢٤"
    assert f"الثلاثاء، {today} تشرين الثاني" in words
    wrong = "٠١٢٣٤٥٦٧٨٩" if digits == "latn" else "0123456789"
    codes = {node.words for node in me.get("/").root.all("small")}
    assert not set(words.replace(" ".join(codes), "")) & set(wrong) or digits == "arab"


def test_typed_text_keeps_its_lines_and_its_own_direction() -> None:
    shown = i18n.paragraphs("K7Q2 حضرت\n\n<b>two</b>")
    assert str(shown) == '<p dir="rtl">K7Q2 حضرت</p><p dir="ltr">&lt;b&gt;two&lt;/b&gt;</p>'
