"""Numbers, marks and rates. Pure: no request, query or clock."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import lazy_gettext as _

from app.errors import RuleBroken
from app.groups.models import Group, Membership
from app.sessions.models import MARKS, GroupSession

# How each mark counts; excused and *not recorded* are left out.
COUNTS_AS = {"present": "present", "late": "present", "absent": "absent", "excused": None}


def in_order(meetings: Iterable[GroupSession]) -> list[GroupSession]:
    """Meetings by day and hour."""
    return sorted(meetings, key=lambda m: (m.on, m.at, m.uid))


def numbers(meetings: Iterable[GroupSession]) -> dict[str, int]:
    """Each meeting's place among those held or still to come; one that did not happen has none."""
    counting = [m for m in in_order(meetings) if m.counts]
    return {meeting.uid: number for number, meeting in enumerate(counting, 1)}


def planned_number(group: Group, meetings: Iterable[GroupSession]) -> int:
    """How many meetings the cycle has: as planned, or more where dates were added."""
    return max(group.planned_sessions, sum(meeting.counts for meeting in meetings))


@dataclass(frozen=True)
class Rate:
    """How often someone came, with what is missing."""

    present: int
    absent: int
    missing: int

    @property
    def percent(self) -> int | None:
        """Present ÷ (present + absent), rounded half up; undefined when nothing counts."""
        counted = self.present + self.absent
        return (200 * self.present + counted) // (2 * counted) if counted else None


def rate(marks: Iterable[str | None]) -> Rate:
    """The rate over the marks of the meetings held during a stay; None is *not recorded*."""
    marks = list(marks)
    counted = [COUNTS_AS[mark] for mark in marks if mark is not None]
    return Rate(counted.count("present"), counted.count("absent"), marks.count(None))


def missed_two_in_a_row(marks: Sequence[str | None]) -> bool:
    """Whether the last two marks that count (in the order of the meetings) are absences.

    Excused and unrecorded meetings neither count nor interrupt.
    """
    counted = [COUNTS_AS[mark] for mark in marks if mark is not None and COUNTS_AS[mark]]
    return counted[-2:] == ["absent", "absent"]


def completes(group: Group, marks: Iterable[str | None]) -> bool:
    """Whether a stay counts as completed: present at the group's share of the meetings held."""
    marks = list(marks)
    present = rate(marks).present
    return bool(marks) and present * 100 >= group.share_to_complete * len(marks)


def mark(
    meeting: GroupSession, stay: Membership, wanted: str, *, today: date, at: datetime
) -> None:
    """Let a mark be set: refused for a day to come, a meeting that was not, a stay that doesn't cover it.

    With its first mark a meeting counts as held.
    """
    if wanted not in MARKS:
        raise RuleBroken(_("This mark does not exist."))
    if meeting.on > today:
        raise RuleBroken(_("This session is still to come: attendance opens on its day."))
    if not meeting.counts:
        raise RuleBroken(_("This session did not happen, so nobody was absent."))
    if stay.group_uid != meeting.group_uid or not stay.covers(meeting.on):
        raise RuleBroken(_("This person was not in the group on that day."))
    meeting.held_at = meeting.held_at or at
