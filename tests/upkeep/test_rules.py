"""Which backups stay."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as some

from app.upkeep.rules import OVERDUE, is_overdue, to_keep

NIGHT = datetime(2026, 3, 1, 2, 0, tzinfo=UTC)
MOMENTS = some.datetimes(
    min_value=datetime(2020, 1, 1), max_value=datetime(2040, 1, 1), timezones=some.just(UTC)
)


def nights(number: int) -> list[datetime]:
    return [NIGHT + timedelta(days=day) for day in range(number)]


def test_three_years_of_nights_leave_14_days_and_4_weeks() -> None:
    kept: set[datetime] = set()
    for night in nights(3 * 365):
        kept = to_keep({*kept, night})
        assert night in kept and len(kept) <= 18
    newest_first = sorted(kept, reverse=True)
    assert newest_first[:14] == nights(3 * 365)[:-15:-1]
    before = [newest_first[13] - older for older in newest_first[14:]]
    assert len(before) == 4 and timedelta(days=15) <= before[-1] <= timedelta(days=28)


def test_of_a_day_the_newest_stays() -> None:
    hours = [NIGHT + timedelta(hours=hour) for hour in range(20)]
    assert to_keep(hours) == {hours[-1]}


def test_a_month_without_backups_takes_no_old_one_away() -> None:
    made = nights(20)
    kept = to_keep(made)
    later = NIGHT + timedelta(days=80)
    assert len(to_keep({*kept, later})) >= 14
    assert set(made[-12:]) <= to_keep({*kept, later})


def test_a_clock_that_jumped_takes_two_at_most() -> None:
    kept = to_keep(nights(60))
    jumped = NIGHT + timedelta(days=4000)
    assert len(kept - to_keep({*kept, jumped})) <= 2


@given(some.lists(MOMENTS, min_size=1, max_size=80))
def test_the_newest_always_stays_and_never_more_than_18(made: list[datetime]) -> None:
    kept = to_keep(made)
    assert max(made) in kept
    assert kept <= set(made)
    assert len(kept) <= 18
    assert to_keep(kept) == kept


def test_overdue_after_36_hours_and_not_a_second_sooner() -> None:
    assert is_overdue(None, at=NIGHT)
    assert not is_overdue(NIGHT, at=NIGHT + OVERDUE)
    assert is_overdue(NIGHT, at=NIGHT + OVERDUE + timedelta(seconds=1))
