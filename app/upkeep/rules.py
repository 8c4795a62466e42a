"""Which backups stay, and when a chore is overdue. Pure: told everything."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

DAILY, WEEKLY = 14, 4
OVERDUE = timedelta(hours=36)  # a night and its day, and half a day of grace


def to_keep(made_at: Iterable[datetime]) -> set[datetime]:
    """Of backups, by when they were made: the newest of each of 14 days, and of each of 4 weeks.

    Days and weeks on which none was made count for nothing, so that a clock that
    jumped, or a month without a backup, takes none of the old ones away.
    """
    newest_first = sorted(made_at, reverse=True)
    of_days: dict[object, datetime] = {}
    of_weeks: dict[object, datetime] = {}
    for moment in newest_first:
        of_days.setdefault(moment.date(), moment)
        of_weeks.setdefault(moment.isocalendar()[:2], moment)
    return {*list(of_days.values())[:DAILY], *list(of_weeks.values())[:WEEKLY]}


def is_overdue(good_at: datetime | None, *, at: datetime) -> bool:
    """Whether something that is to go well each night has not, for a day and a half."""
    return good_at is None or at - good_at > OVERDUE
