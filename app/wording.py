"""How dates, hours and numbers are written, in one language and one kind of digits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale, dates

from app.clock import today

LOCALES = {"ar": Locale.parse("ar_PS"), "en": Locale.parse("en_GB")}
# Babel's weekday data for Palestine is wrong: the week begins on Sunday.
WEEK = (6, 0, 1, 2, 3, 4, 5)  # as date.weekday() numbers
EASTERN_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
DAY = {"ar": "EEEE، d MMMM", "en": "EEEE d MMMM"}
DAY_AND_YEAR = {"ar": "EEEE، d MMMM y", "en": "EEEE d MMMM y"}
SHORT_DAY = {"ar": "EEE d MMM", "en": "EEE d MMM"}
SHORT_DAY_AND_YEAR = {"ar": "EEE d MMM y", "en": "EEE d MMM y"}
MONTH = {"ar": "MMMM y", "en": "MMMM y"}


@dataclass(frozen=True)
class Wording:
    """Made once for each language and kind of digits: a page of thirty dates asks nobody which it is."""

    language: str
    eastern: bool = False
    """Whether in Arabic-Indic digits; Latin ones unless the person chose them."""

    def digits(self, value: object) -> str:
        """A text or a number in the digits the person prefers."""
        text = str(value)
        return text.translate(EASTERN_DIGITS) if self.eastern else text

    def day(self, value: date) -> str:
        """الثلاثاء، 24 تشرين الثاني; with the year where it is not about this time of the year."""
        return self._date(value, DAY if _is_near(value) else DAY_AND_YEAR)

    def full_day(self, value: date) -> str:
        """الثلاثاء، 24 تشرين الثاني 2026."""
        return self._date(value, DAY_AND_YEAR)

    def short_day(self, value: date) -> str:
        """الثلاثاء 24 تشرين الثاني, for lists; with the year where it is not about this time of the year."""
        return self._date(value, SHORT_DAY if _is_near(value) else SHORT_DAY_AND_YEAR)

    def month(self, value: date) -> str:
        """تشرين الثاني 2026."""
        return self._date(value, MONTH)

    def weekday(self, number: int) -> str:
        """The name of a weekday by its date.weekday() number (Monday is 0)."""
        return str(LOCALES[self.language].days["format"]["wide"][number])

    def hour(self, value: time) -> str:
        """18:30, in the person's digits."""
        return self.digits(f"{value:%H:%M}")

    def moment(self, value: datetime, zone: str) -> str:
        """A moment at a place: its hour today, else its day and hour."""
        local = value.astimezone(ZoneInfo(zone))
        shown = self.hour(local.time())
        is_today = local.date() == today(zone)
        return shown if is_today else f"{self.short_day(local.date())} {shown}"

    def day_of(self, value: datetime, zone: str) -> str:
        """The day of a moment at a place, for lists."""
        return self.short_day(value.astimezone(ZoneInfo(zone)).date())

    def dated(self, value: datetime, zone: str) -> str:
        """The day of a moment at a place, with its year: for paper."""
        return self.full_day(value.astimezone(ZoneInfo(zone)).date())

    def _date(self, value: date, patterns: dict[str, str]) -> str:
        return self.digits(_formatted(value, patterns[self.language], self.language))


def _is_near(value: date) -> bool:
    return abs((value - today("UTC")).days) < 200


@lru_cache(4096)
def _formatted(value: date, pattern: str, language: str) -> str:
    """Babel takes its time for a date, and a group's page has thirty."""
    return str(dates.format_date(value, pattern, locale=LOCALES[language]))
