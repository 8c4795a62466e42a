"""The only reads of the clock, so that a test can say what time it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

ZONE = "Asia/Jerusalem"  # of the organisation, where no place of it is spoken of
_standing_at: datetime | None = None


def now() -> datetime:
    """The present moment: aware, in UTC, to the second."""
    return (_standing_at or datetime.now(UTC)).replace(microsecond=0)


def today(zone: str) -> date:
    """The date at a place.

    `zone` is the IANA name kept on the place (Asia/Jerusalem and Asia/Hebron
    differ by an hour around each clock change, so "today" belongs to a place).
    """
    return day(now(), zone)


def day(at: datetime, zone: str = ZONE) -> date:
    """The date of a moment at a place."""
    return at.astimezone(ZoneInfo(zone)).date()


def midnight(on: date, zone: str = ZONE) -> datetime:
    """The moment at which a day begins at a place."""
    return datetime.combine(on, time(), ZoneInfo(zone))


@contextmanager
def standing_at(moment: datetime) -> Iterator[None]:
    """Let the clock stand at `moment` (aware); used by tests and by the demo's past."""
    global _standing_at
    before, _standing_at = _standing_at, moment.astimezone(UTC)
    try:
        yield
    finally:
        _standing_at = before
