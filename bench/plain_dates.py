"""Dates as somebody writes them by hand: two tuples and a format string."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

DAYS = ("الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد")
MONTHS = (
    *("كانون الثاني", "شباط", "آذار", "نيسان", "أيار", "حزيران"),
    *("تموز", "آب", "أيلول", "تشرين الأول", "تشرين الثاني", "كانون الأول"),
)


def weekday(on: date) -> str:
    """الثلاثاء."""
    return DAYS[on.weekday()]


def day(on: date) -> str:
    """الثلاثاء، 24 تشرين الثاني."""
    return f"{DAYS[on.weekday()]}، {on.day} {MONTHS[on.month - 1]}"


def full_day(on: date) -> str:
    """الثلاثاء، 24 تشرين الثاني 2026."""
    return f"{day(on)} {on.year}"


def short_day(on: date) -> str:
    """الثلاثاء 24 تشرين الثاني."""
    return f"{DAYS[on.weekday()]} {on.day} {MONTHS[on.month - 1]}"


def month(on: date) -> str:
    """تشرين الثاني 2026."""
    return f"{MONTHS[on.month - 1]} {on.year}"


def moment(at: datetime) -> str:
    """الثلاثاء 24 تشرين الثاني 18:30."""
    return f"{short_day(at)} {at:%H:%M}"


def local(at: datetime, zone: str) -> datetime:
    """A moment that is stored in UTC without a zone, at a place."""
    return at.replace(tzinfo=UTC).astimezone(ZoneInfo(zone))
