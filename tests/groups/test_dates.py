"""The dates of a cycle, and the moment at which a place's clock shows an hour."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.groups.rules import proposed_dates, starts_at
from tests.web import invented  # noqa: F401 - hypothesis in no hurry

days = st.dates(date(2026, 1, 1), date(2028, 12, 31))
weekdays = st.integers(0, 6)
numbers = st.integers(0, 60)
ZONES = ("Asia/Jerusalem", "Asia/Hebron")
APART = (date(2026, 3, 27), date(2026, 10, 24), date(2027, 3, 26), date(2027, 10, 30))


@st.composite
def plans(draw: st.DrawFn) -> tuple[date, int, int, set[date]]:
    """A first day, a weekday, a number, and closed days, many of which fall on that weekday."""
    first, weekday, number = draw(days), draw(weekdays), draw(numbers)
    weeks = draw(st.sets(st.integers(0, 40), max_size=30))
    on_it = first + timedelta(days=(weekday - first.weekday()) % 7)
    closed = {on_it + timedelta(weeks=week) for week in weeks}
    return first, weekday, number, closed | draw(st.sets(days, max_size=10))


@given(plans())
def test_as_many_dates_are_proposed_as_were_asked_for(plan) -> None:
    first, weekday, number, closed = plan
    assert len(proposed_dates(first, weekday=weekday, number=number, closed=closed)) == number


@given(plans())
def test_proposed_dates_are_open_days_on_the_weekday_from_the_first_day_on(plan) -> None:
    first, weekday, number, closed = plan
    dates = proposed_dates(first, weekday=weekday, number=number, closed=closed)
    assert all(day.weekday() == weekday for day in dates)
    assert not closed & set(dates)
    assert all(day >= first for day in dates)
    assert all(before < after for before, after in itertools.pairwise(dates))


@given(plans())
def test_no_open_week_is_left_out(plan) -> None:
    first, weekday, number, closed = plan
    dates = proposed_dates(first, weekday=weekday, number=number, closed=closed)
    if dates:
        between = [first + timedelta(days=n) for n in range((dates[-1] - first).days + 1)]
        usual = {day for day in between if day.weekday() == weekday}
        assert usual - set(dates) <= closed


def test_a_cycle_keeps_its_fifteen_sessions_over_a_closed_day() -> None:
    closed = {date(2026, 12, 29)}
    dates = proposed_dates(date(2026, 11, 24), weekday=1, number=15, closed=closed)
    assert len(dates) == 15
    assert dates[0] == date(2026, 11, 24)
    assert dates[-1] == date(2027, 3, 9)


@given(days, st.times(time(4), time(23, 59)), st.sampled_from(ZONES))
@example(date(2026, 3, 27), time(4), "Asia/Jerusalem")
@example(date(2027, 10, 30), time(4), "Asia/Hebron")
def test_the_clock_at_the_place_shows_the_hour_that_was_planned(day, hour, zone) -> None:
    moment = starts_at(day, hour, zone)
    assert moment.tzinfo is UTC
    shown = moment.astimezone(ZoneInfo(zone))
    assert (shown.date(), shown.time()) == (day, hour)


@pytest.mark.parametrize("day", APART, ids=str)
def test_the_two_places_are_an_hour_apart_around_a_clock_change(day: date) -> None:
    jerusalem, hebron = (starts_at(day, time(18), zone) for zone in ZONES)
    assert abs(jerusalem - hebron) == timedelta(hours=1)


@pytest.mark.parametrize("day", [date(2026, 7, 1), date(2026, 11, 24), date(2027, 1, 13)], ids=str)
def test_on_all_other_days_they_meet_at_the_same_moment(day: date) -> None:
    assert len({starts_at(day, time(18), zone) for zone in ZONES}) == 1


def test_a_winter_and_a_summer_evening_differ_by_an_hour_in_utc() -> None:
    assert starts_at(date(2026, 1, 6), time(18), "Asia/Jerusalem").time() == time(16)
    assert starts_at(date(2026, 7, 7), time(18), "Asia/Jerusalem").time() == time(15)


@given(days, st.times(), st.sampled_from(ZONES))
def test_every_hour_of_every_day_is_a_moment(day, hour, zone) -> None:
    assert isinstance(starts_at(day, hour.replace(microsecond=0), zone), datetime)
