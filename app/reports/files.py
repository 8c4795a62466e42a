"""Reports and figures as the rows of a file, in the language of the moment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from app.clock import day
from app.i18n import language, wording
from app.reports import done, reached
from app.reports.chapters import CALLED as CHAPTERS
from app.reports.disclosure import FEW, SHOWN, Told
from app.reports.models import DONE, KIND, PLACE, TOTAL, WHOLE
from app.reports.periods import Span
from app.reports.queries import Content, Line
from app.web.figures import DAYS, MONEY, PERCENT, Figure, Period
from app.web.spreadsheets import Rows

EVERY_PLACE = _("Every place of mine")
INTERNAL = _("For your own use: not to be passed on.")
SHEETS = {"ar": "العربية", "en": "English"}
UNITS = {MONEY: "₪", PERCENT: "%", DAYS: _("days")}
PARTS = {
    TOTAL: _("People reached"),
    KIND: _("People by what they came for"),
    PLACE: _("People by place"),
    DONE: _("What was done"),
}


def words() -> dict[str, Any]:
    """What the parts, rows and columns of a report are called."""
    return {
        "parts": PARTS,
        "rows": reached.CALLED | done.CALLED | {TOTAL: PARTS[TOTAL]},
        "money": done.OF_MONEY,
        "span": called,
        "column": column,
    }


def called(span: Span) -> str:
    """The third quarter of 2026, or the year 2026."""
    if not span.quarter:
        return str(gettext("The year %(year)s", year=span.year))
    return str(gettext("Quarter %(number)s of %(year)s", number=span.quarter, year=span.year))


def column(content: Content, at: int) -> str:
    """What a column of a report is called."""
    return called(content.span if at == WHOLE else Span(content.span.year, at))


def few(threshold: int) -> str:
    """How a count below the threshold is told."""
    return str(gettext("fewer than %(number)s", number=threshold))


def of_report(content: Content, published_at: datetime) -> Rows:
    """The rows of a report's file: a heading, then each part with its columns."""
    columns = content.columns
    on = wording().full_day(day(published_at))
    rows: list[Sequence[str | int]] = [
        [called(content.span)],
        [gettext("Published on %(day)s", day=on)],
    ]
    for part, lines in content.parts.items():
        heading = [column(content, at) for at in columns]
        rows += [[], [str(PARTS[part]), *heading]]
        for line in lines.values():
            told = [_told(line.told.get(at), line.row, content.threshold) for at in columns]
            rows.append([_row(part, line), *told])
    return rows


def of_figures(chapter: str, period: Period, place: str, figures: Sequence[Figure]) -> Rows:
    """The rows of a chapter's file: that it is internal, which it is, then each figure and what it counts."""
    first, last = (wording().full_day(on) for on in (period.first, period.last))
    heading: list[Sequence[str | int]] = [
        [str(INTERNAL)],
        [str(CHAPTERS[chapter]), place or str(EVERY_PLACE)],
        [gettext("From %(first)s to %(last)s", first=first, last=last)],
        [],
    ]
    return [*heading, *(row for figure in figures for row in _of_figure(figure))]


def _of_figure(figure: Figure) -> Iterator[Sequence[str | int]]:
    unit = str(UNITS.get(figure.unit, ""))
    yield [str(figure.label), "", _value(figure.value, figure.unit), unit, str(figure.counts)]
    for part in figure.parts:
        yield [str(figure.label), str(part.label), _value(part.value, figure.unit), unit]


def _value(value: int | None, unit: str) -> str | int:
    if value is None:
        return ""
    return _money(value) if unit == MONEY else value


def _money(agorot: int) -> str | int:
    return agorot // 100 if agorot % 100 == 0 else f"{agorot / 100:.2f}"


def _row(part: str, line: Line) -> str:
    return line.called(language()) if part == PLACE else str(words()["rows"][line.row])


def _told(told: Told | None, row: str, threshold: int) -> str | int:
    if told is None:
        return ""
    if told.as_ == SHOWN and told.number is not None:
        return _money(told.number) if row in done.OF_MONEY else told.number
    return few(threshold) if told.as_ == FEW else gettext("not shown")
