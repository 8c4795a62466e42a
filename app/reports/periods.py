"""Quarters and years, and which of them can be published. Pure: no request, query or clock."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from app.web.figures import Period

NAME = re.compile(r"(20[0-9]{2})(?:-q([1-4]))?")


@dataclass(frozen=True, order=True)
class Span:
    """A quarter, or a whole year."""

    year: int
    quarter: int = 0
    """1 to 4; 0 is the whole year."""

    @property
    def name(self) -> str:
        """2026-q3, or 2026."""
        return f"{self.year}-q{self.quarter}" if self.quarter else str(self.year)

    @property
    def period(self) -> Period:
        first = date(self.year, max(3 * self.quarter - 2, 1), 1)
        after = (
            date(self.year + 1, 1, 1)
            if self.quarter in (0, 4)
            else date(self.year, 3 * self.quarter + 1, 1)
        )
        return Period(first, after - timedelta(days=1))

    @property
    def quarters(self) -> list[Span]:
        """Those of the year."""
        return [Span(self.year, number) for number in (1, 2, 3, 4)]


def named(name: str) -> Span | None:
    """The span of a name, or None."""
    match = NAME.fullmatch(name)
    return Span(int(match[1]), int(match[2] or 0)) if match else None


def quarter_of(day: date) -> Span:
    """The quarter in which a day is."""
    return Span(day.year, (day.month + 2) // 3)


def presets(today: date) -> dict[str, Period]:
    """The periods that are asked for most: this quarter, the last one, this year."""
    this = quarter_of(today)
    return {
        "this": this.period,
        "last": quarter_of(this.period.first - timedelta(days=1)).period,
        "year": Span(today.year).period,
    }


def needed(year: Span, first_day: date | None) -> list[Span]:
    """The quarters of a year of which there is anything: from the organisation's first record on."""
    begun = first_day or date.max
    return [quarter for quarter in year.quarters if quarter.period.last >= begun]


def can_be_published(
    published: Iterable[Span], *, first_day: date | None, today: date
) -> list[Span]:
    """What is over and not published yet, the latest first; a year once its quarters are."""
    there = set(published)
    years = [Span(year) for year in range(today.year, (first_day or today).year - 1, -1)]
    found = []
    for year in years:
        quarters = needed(year, first_day)
        if year.period.last < today and quarters and there.issuperset(quarters):
            found.append(year)
        found += [quarter for quarter in reversed(quarters) if quarter.period.last < today]
    return [span for span in found if span not in there]
