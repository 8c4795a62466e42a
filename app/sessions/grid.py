"""The attendance grid of a group: who came when, a line for each stay, a column for each meeting.

Pure: no request, query or clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.groups.models import ACTIVE
from app.groups.queries import Member
from app.sessions import rules
from app.sessions.models import MARKS, GroupSession
from app.sessions.rules import COUNTS_AS, Rate

# What a cell says beside the marks: not recorded, not in the group that day, still to come, did not happen.
NOT_RECORDED, NOT_THERE, TO_COME, DID_NOT_HAPPEN = "none", "before", "ahead", "gone"
PENS = (*MARKS, NOT_RECORDED)  # what one may make of a cell


def pen(letter: str) -> str:
    """The mark that begins with this letter, as an address says it: a phone keeps addresses, and words tell."""
    return next((mark for mark in PENS if mark[0] == letter), "")


@dataclass(slots=True, frozen=True)
class Line:
    """A stay, with what stands for it at each meeting."""

    member: Member
    cells: list[str]
    rate: Rate
    missed_two: bool
    """Whether they were absent the last two times that count."""


@dataclass(slots=True, frozen=True)
class Grid:
    """The lines of a group below its meetings."""

    meetings: Sequence[GroupSession]
    lines: list[Line]
    came: list[int | None]
    """How many came to each meeting; None where nobody is marked."""

    @property
    def members(self) -> int:
        """How many are in the group now."""
        return sum(line.member.state == ACTIVE for line in self.lines)


def grid(
    meetings: Sequence[GroupSession],
    members: Iterable[Member],
    marks: Mapping[str, Mapping[str, str]],
    *,
    today: date,
) -> Grid:
    """The lines of these members below these meetings.

    `marks`: stay -> meeting -> mark, where there is one. A meeting of today is not to come any more.
    """
    lines = [_line(meetings, member, marks.get(member.uid, {}), today) for member in members]
    columns = zip(*(line.cells for line in lines), strict=True) if lines else ()
    return Grid(meetings, lines, [_came(column) for column in columns])


def totals(members: Iterable[Member], known: Mapping[str, Iterable[tuple[str, int]]]) -> Grid:
    """The lines of a group whose marks were let go: how often each came, and not on which day."""
    lines = []
    for member in members:
        marks = [mark for mark, number in known.get(member.uid, ()) for _each in range(number)]
        lines.append(Line(member, [], rules.rate(marks), missed_two=False))
    return Grid([], lines, [])


def _line(
    meetings: Sequence[GroupSession], member: Member, marks: Mapping[str, str], today: date
) -> Line:
    held = [m for m in meetings if m.state == "held" and member.stay.covers(m.on)]
    counted = [marks.get(meeting.uid) for meeting in held]
    return Line(
        member,
        [_cell(meeting, member, marks.get(meeting.uid), today) for meeting in meetings],
        rules.rate(counted),
        rules.missed_two_in_a_row(counted),
    )


def _cell(meeting: GroupSession, member: Member, mark: str | None, today: date) -> str:
    if not meeting.counts:
        return DID_NOT_HAPPEN
    if not member.stay.covers(meeting.on):
        return NOT_THERE
    return mark or (NOT_RECORDED if meeting.on <= today else TO_COME)


def _came(column: Sequence[str]) -> int | None:
    if not any(cell in COUNTS_AS for cell in column):
        return None
    return sum(COUNTS_AS.get(cell) == "present" for cell in column)
