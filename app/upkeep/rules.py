"""Which backups stay, and when a chore is overdue. Pure: told everything."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

DAILY, WEEKLY = 14, 4
OVERDUE = timedelta(hours=36)  # a night and its day, and half a day more
NIGHT = range(1, 5)  # hours of the organisation's clock in which few work
ONCE_A_NIGHT = timedelta(hours=12)
GRACE = timedelta(minutes=5)  # two machines' clocks may differ by so much


def to_keep(made_at: Iterable[datetime]) -> set[datetime]:
    """Of backups, by when they were made: the newest of each of 14 days, before them of each of 4 weeks.

    Days and weeks on which none was made count for nothing, so that a clock that
    jumped, or a month without a backup, takes none of the old ones away.
    """
    days: dict[object, datetime] = {}
    weeks: dict[object, datetime] = {}
    for moment in sorted(made_at, reverse=True):
        if len(days) < DAILY or moment.date() in days:
            days.setdefault(moment.date(), moment)
        else:
            weeks.setdefault(moment.isocalendar()[:2], moment)
    return {*days.values(), *list(weeks.values())[:WEEKLY]}


def is_overdue(good_at: datetime | None, *, at: datetime) -> bool:
    """Whether something that is to go well each night has not, for a day and a half.

    What went well tomorrow was written by a clock that was wrong, and tells nothing.
    """
    return good_at is None or not -GRACE <= at - good_at <= OVERDUE


def is_due_tonight(good_at: datetime | None, *, hour: int, at: datetime) -> bool:
    """Whether what is done once a night is to be done now: at night, or at any hour where it is overdue."""
    if good_at is None or at - good_at >= ONCE_A_NIGHT:
        return hour in NIGHT or is_overdue(good_at, at=at)
    return good_at > at + GRACE  # by a clock that was wrong
