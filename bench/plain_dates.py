"""Dates as somebody writes them by hand: two tuples and a format string."""

from __future__ import annotations

from datetime import date

DAYS = ("الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد")
MONTHS = (
    *("كانون الثاني", "شباط", "آذار", "نيسان", "أيار", "حزيران"),
    *("تموز", "آب", "أيلول", "تشرين الأول", "تشرين الثاني", "كانون الأول"),
)


def weekday(text: str) -> str:
    """الثلاثاء."""
    return DAYS[date.fromisoformat(text).weekday()]


def day(text: str) -> str:
    """الثلاثاء، 24 تشرين الثاني."""
    on = date.fromisoformat(text)
    return f"{DAYS[on.weekday()]}، {on.day} {MONTHS[on.month - 1]}"


def short_day(text: str) -> str:
    """الثلاثاء 24 تشرين الثاني."""
    on = date.fromisoformat(text)
    return f"{DAYS[on.weekday()]} {on.day} {MONTHS[on.month - 1]}"


def month(text: str) -> str:
    """تشرين الثاني 2026."""
    on = date.fromisoformat(text)
    return f"{MONTHS[on.month - 1]} {on.year}"
