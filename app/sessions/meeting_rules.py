"""When a meeting is held, does not happen, is made up or moved. Pure: no request, query or clock."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time

from flask_babel import lazy_gettext as _

from app.errors import RuleBroken
from app.groups.models import Group
from app.groups.rules import starts_at
from app.sessions.models import CANCELLED, MISSED, REASONS, GroupSession


def hold(
    meeting: GroupSession,
    meetings: Iterable[GroupSession],
    *,
    group: Group,
    today: date,
    at: datetime,
) -> None:
    """Record that a meeting took place."""
    _refuse_ended(group)
    _refuse_second(meeting, meetings, on=meeting.on)
    if meeting.on > today:
        raise RuleBroken(_("This session is still to come."))
    if meeting.made_up_by:
        raise RuleBroken(_("A date was already added in its stead."))
    meeting.held_at = meeting.held_at or at
    meeting.missed_at = meeting.cancelled_at = meeting.reason = None


def miss(meeting: GroupSession, *, group: Group, reason: str, today: date, at: datetime) -> None:
    """Record that a meeting did not happen, or cancel one that is still to come."""
    _refuse_ended(group)
    if reason not in REASONS:
        raise RuleBroken(_("Choose a reason."), "reason")
    if meeting.state in (MISSED, CANCELLED):
        raise RuleBroken(_("This is already recorded."))
    if meeting.on > today:
        meeting.cancelled_at = at
    else:
        meeting.missed_at = at
    meeting.reason = reason


def undo_miss(meeting: GroupSession, meetings: Iterable[GroupSession], *, group: Group) -> None:
    """Take back that a meeting did not happen, while nothing was appended in its stead."""
    _refuse_ended(group)
    _refuse_second(meeting, meetings, on=meeting.on)
    if meeting.made_up_by:
        raise RuleBroken(_("A date was already added in its stead."))
    meeting.missed_at = meeting.cancelled_at = meeting.reason = None


def make_up(
    meeting: GroupSession, meetings: Iterable[GroupSession], *, on: date, group: Group, zone: str
) -> GroupSession:
    """A date at the end, so that the cycle keeps its number."""
    if meeting.counts:
        raise RuleBroken(_("Only a session that did not happen can be made up."))
    if meeting.made_up_by:
        raise RuleBroken(_("It is already made up: a date was added at the end."))
    return new_meeting(group, meetings, on=on, at=meeting.at, zone=zone)


def new_meeting(
    group: Group, meetings: Iterable[GroupSession], *, on: date, at: time, zone: str
) -> GroupSession:
    """A meeting on a day and hour; one a day at most."""
    _refuse_ended(group)
    _refuse_second(None, meetings, on=on)
    return GroupSession(group_uid=group.uid, on=on, at=at, starts_at=starts_at(on, at, zone))


def move(
    meeting: GroupSession,
    meetings: Iterable[GroupSession],
    *,
    on: date,
    at: time,
    zone: str,
    marked: bool,
) -> None:
    """Move a meeting to another day or hour; one that was marked keeps its day."""
    if not meeting.counts:
        raise RuleBroken(_("This session did not happen. Add a date instead."))
    if on != meeting.on and marked:
        raise RuleBroken(_("Attendance is already recorded, so the day stays."), "on")
    _refuse_second(meeting, meetings, on=on)
    meeting.on, meeting.at, meeting.starts_at = on, at, starts_at(on, at, zone)


def _refuse_ended(group: Group) -> None:
    if not group.is_open:
        raise RuleBroken(_("This group has ended."))


def _refuse_second(
    meeting: GroupSession | None, meetings: Iterable[GroupSession], *, on: date
) -> None:
    others = [m for m in meetings if meeting is None or m.uid != meeting.uid]
    if any(other.on == on and other.counts for other in others):
        raise RuleBroken(_("There is already a session on that day."), "on")
