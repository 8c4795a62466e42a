"""What one row of a sheet says: a card, consents, days and marks, and what is wrong in which column. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from flask_babel import lazy_gettext as _

from app.importing import values
from app.importing.headings import CALLED, MARKS, Matched, letter
from app.importing.reading import Sheet
from app.people import rules
from app.people.rules import Card, folded
from app.web.forms import many_lines, one_line

# As long as a card's form takes.
LONGEST = {
    "name": 80,
    "number": 120,
    "hours": 120,
    "if_another_answers": 200,
    "area": 80,
    "remark": 2000,
}
CHOSEN = {"channel": values.channel, "address": values.address, "age": values.age}
TICKED = ("may_leave_message", "do_not_contact")
AGREED = {"agrees_contact": "contact", "agrees_reports": "reports"}
TOTALS = frozenset(
    map(
        folded,
        ("المجموع", "الإجمالي", "إجمالي", "المجموع الكلي", "total", "totals", "sum", "grand total"),
    )
)
IN_WORDS_OF_THEIR_OWN = ("number", "hours", "if_another_answers", "area", "remark")
MARKED = {
    "present": _("Present"),
    "late": _("Late"),
    "excused": _("Excused"),
    "absent": _("Absent"),
}
NO_NAME = _("There is no name here.")
TOO_LONG = _("This is too long.")
NO_DATE = _("This is no date that can be read.")
YES_OR_NO = _("Neither yes nor no.")
UNKNOWN = _("This word is not known here.")
NO_MARK = _("This is no mark: present, late, excused or absent.")
TO_COME = _("This day is still to come.")
OTHERWISE = _("Another column says something else of this day.")
ROUNDED = _("The spreadsheet rounded this number. Write it out there, as text.")
A_ROUNDED_NUMBER = re.compile(r"[\d.,]+e\+?\d+")


@dataclass(frozen=True)
class Fault:
    """What is wrong, and in which column; without one, of the whole row."""

    column: str
    what: object


@dataclass
class Line:
    """One row, and what it becomes."""

    number: int
    """As in the file."""
    card: Card
    code: str = ""
    agreed: dict[str, date] = field(default_factory=dict)
    joined_on: date | None = None
    left_on: date | None = None
    came: str = ""
    at: dict[str, str] = field(default_factory=dict)
    """Of each field, its column."""
    marks: dict[date, str] = field(default_factory=dict)
    columns: dict[date, str] = field(default_factory=dict)
    """Of each mark, its column."""
    faults: list[Fault] = field(default_factory=list)
    fate: str = "new"
    """new, same (somebody who is here already), there (nothing to do), doubt, out, fault."""
    person_uid: str = ""
    perhaps: list[tuple[str, str, str]] = field(default_factory=list)
    """Whom it may be: uid, name, code."""
    of_row: int = 0
    """An earlier row that may be about the same person."""
    waits: bool = False
    """Whether they come to stand on the waiting list."""

    def wrong(self, column: str, what: object) -> None:
        """Something is wrong: the row is left out."""
        self.faults.append(Fault(column, what))
        self.fate = "fault"

    @property
    def goes_in(self) -> bool:
        """Whether something is written for it."""
        return self.fate in ("new", "same")

    @property
    def written(self) -> tuple[object, ...]:
        """All of it that is written down, beside the card."""
        dated = (*sorted(self.agreed.items()), *sorted(self.marks.items()))
        return self.joined_on, self.left_on, self.came, dated

    @property
    def said(self) -> list[tuple[object, object]]:
        """What it was read as, beside the name: what each is, and its words."""
        card = self.card
        written: dict[str, object] = {name: getattr(card, name) for name in IN_WORDS_OF_THEIR_OWN}
        written |= {
            "channel": card.channel and rules.CHANNEL_WORDS[card.channel],
            "address": card.address and rules.ADDRESS_WORDS[card.address],
            "age": card.age and rules.AGE_WORDS[card.age],
            "code": self.code,
            "joined_on": self.joined_on,
            "left_on": self.left_on,
            "came": {"attended": _("Came"), "no-show": _("Did not come")}.get(self.came),
        }
        written |= {name: _("yes") for name in TICKED if getattr(card, name)}
        written |= {name: _("yes") for name, purpose in AGREED.items() if purpose in self.agreed}
        told: list[tuple[object, object]] = [
            (CALLED[name], str(value)) for name, value in written.items() if value
        ]
        return told + [(on.isoformat(), MARKED[mark]) for on, mark in sorted(self.marks.items())]


def lines(sheet: Sheet, matched: Matched, kind: str, *, today: date, region: str) -> Iterator[Line]:
    """The rows below the headings; what is a total, or holds nothing of what is taken, is passed over."""
    taken = [(i, f) for i, f in enumerate(matched.fields) if f]
    for number, cells in sheet.rows[matched.last + 1 :]:
        said = [(i, f, cells[i]) for i, f in taken if i < len(cells) and cells[i]]
        if said and not any(folded(cell) in TOTALS for cell in cells[:4]):
            yield _line(number, said, matched, kind, today, region)


def _line(
    number: int,
    said: Sequence[tuple[int, str, str]],
    matched: Matched,
    kind: str,
    today: date,
    region: str,
) -> Line:
    line = Line(number, Card())
    for index, name, text in said:
        column = line.at[name] = letter(index)
        if name == "mark":
            _mark(line, matched.days[index], column, text, today)
        elif name == "code":
            line.code = one_line(text).upper()
        elif name == "came":
            came = values.came(text)
            if came is None:
                line.wrong(column, YES_OR_NO)
            line.came = came or ""
        elif name in AGREED:
            _agreed(line, AGREED[name], column, text, today)
        elif name in ("joined_on", "left_on"):
            setattr(line, name, _past(line, column, text, today))
        elif name in TICKED:
            ticked = values.yes(text)
            if ticked is None:
                line.wrong(column, YES_OR_NO)
            setattr(line.card, name, bool(ticked))
        elif name in CHOSEN:
            chosen = CHOSEN[name](text)
            if chosen is None:
                line.wrong(column, UNKNOWN)
            setattr(line.card, name, chosen or "")
        else:
            typed = many_lines(text) if name == "remark" else one_line(text)
            if len(typed) > LONGEST[name]:
                line.wrong(column, TOO_LONG)
            if name == "number" and A_ROUNDED_NUMBER.fullmatch(folded(typed)):
                line.wrong(column, ROUNDED)
            setattr(line.card, name, typed)
    if not line.card.name and not (kind == MARKS and line.code):
        line.wrong(_column_of(matched, "name"), NO_NAME)
    agreed = set(line.agreed)
    rules.newest_wish(line.card, agreed)
    line.agreed = {purpose: on for purpose, on in line.agreed.items() if purpose in agreed}
    rules.tidied(line.card, region=region)
    return line


def _column_of(matched: Matched, name: str) -> str:
    return letter(matched.fields.index(name)) if name in matched.fields else ""


def _mark(line: Line, on: date | None, column: str, text: str, today: date) -> None:
    mark = values.mark(text)
    if mark is None:
        line.wrong(column, NO_MARK)
    elif mark and on is not None:
        if on > today:
            line.wrong(column, TO_COME)
        elif line.marks.get(on, mark) != mark:
            line.wrong(column, OTHERWISE)
        line.marks[on], line.columns[on] = mark, column


def _agreed(line: Line, purpose: str, column: str, text: str, today: date) -> None:
    said = values.yes(text)
    on = today if said else values.whole_day(text)
    if said is None and on is None:
        line.wrong(column, YES_OR_NO)
    elif on is not None and on > today:
        line.wrong(column, TO_COME)
    elif on is not None:
        line.agreed[purpose] = on


def _past(line: Line, column: str, text: str, today: date) -> date | None:
    on = values.whole_day(text)
    if on is None:
        line.wrong(column, NO_DATE)
    elif on > today:
        line.wrong(column, TO_COME)
    return on
