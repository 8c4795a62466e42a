"""Dates of a group: planning them, making up, moving, what did not happen, and the end of a cycle."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time

from flask_babel import lazy_gettext as _

from app.audit import trail
from app.errors import RuleBroken
from app.extensions import db
from app.groups import rules as group_rules
from app.groups.models import Group, Membership
from app.groups.queries import stays
from app.people.queries import closed_days
from app.sessions import meeting_rules, queries, rules
from app.sessions.models import HELD, SCHEDULED, GroupSession


def proposal(group: Group, meetings: Sequence[GroupSession]) -> list[date]:
    """The dates still missing: to the number of a cycle, or the next eight of an open group."""
    if group.first_on is None or group.weekday is None:
        return []
    counting = [meeting for meeting in meetings if meeting.counts]
    number = (
        group.planned_sessions - len(counting)
        if group.is_support
        else group_rules.DATES_AHEAD_WITHOUT_CYCLE
    )
    from_day = max([group.first_on, *(m.on + group_rules.A_DAY for m in counting)])
    return group_rules.proposed_dates(
        from_day, weekday=group.weekday, number=max(number, 0), closed=closed_days(group.site_uid)
    )


def plan(group: Group, dates: Sequence[date], *, at: datetime) -> None:
    """Add these meetings to a group, at its usual hour, and open its enrolment."""
    if group.at is None:
        raise RuleBroken(_("First say when the group meets."))
    if not dates:
        raise RuleBroken(_("Keep at least one date."))
    if len(set(dates)) != len(dates):
        raise RuleBroken(_("A date stands here twice."))
    existing = queries.to_change(group)
    for day in sorted(dates):
        meeting = meeting_rules.new_meeting(
            group, existing, on=day, at=group.at, zone=group.site.zone
        )
        db.session.add(meeting)
        existing.append(meeting)
    if group.state == "planned":
        group_rules.open_enrolment(group, at=at)
    trail.record("dates-planned", "group", group.uid)


def add(group: Group, *, on: date, hour: time, at: datetime) -> GroupSession:
    """Add one date to a group."""
    meeting = meeting_rules.new_meeting(
        group, queries.to_change(group), on=on, at=hour, zone=group.site.zone
    )
    db.session.add(meeting)
    if group.state == "planned":
        group_rules.open_enrolment(group, at=at)
    trail.record("dates-planned", "group", group.uid)
    return meeting


def hold(group: Group, meeting: GroupSession, *, today: date, at: datetime) -> None:
    """Record that a meeting took place; with the first one the group is active."""
    meeting_rules.hold(meeting, queries.to_change(group), group=group, today=today, at=at)
    if group.state in ("planned", "enrolling"):
        group_rules.begin(group, at=at)
    trail.record("session-held", "session", meeting.uid)


def miss(group: Group, meeting: GroupSession, *, reason: str, today: date, at: datetime) -> None:
    """Record that a meeting did not happen, or cancel it ahead."""
    meeting_rules.miss(meeting, group=group, reason=reason, today=today, at=at)
    trail.record("session-missed", "session", meeting.uid)


def undo_miss(group: Group, meeting: GroupSession) -> None:
    """Take back that a meeting does not take place."""
    meeting_rules.undo_miss(meeting, queries.to_change(group), group=group)
    trail.record("session-miss-undone", "session", meeting.uid)


def make_up(group: Group, meeting: GroupSession) -> GroupSession:
    """Append a date a week after the last one, skipping closed days."""
    existing = queries.to_change(group)
    last = existing[-1].on
    weekday = last.weekday() if group.weekday is None else group.weekday
    (day,) = group_rules.proposed_dates(
        last + group_rules.A_DAY, weekday=weekday, number=1, closed=closed_days(group.site_uid)
    )
    appended = meeting_rules.make_up(meeting, existing, on=day, group=group, zone=group.site.zone)
    db.session.add(appended)
    db.session.flush()
    meeting.made_up_by = appended.uid
    trail.record("session-made-up", "session", meeting.uid)
    return appended


def move(group: Group, meeting: GroupSession, *, on: date, at: time) -> None:
    """Move a meeting to another day or hour."""
    meeting_rules.move(
        meeting,
        queries.to_change(group),
        on=on,
        at=at,
        zone=group.site.zone,
        marked=queries.has_marks(meeting),
    )
    trail.record("session-moved", "session", meeting.uid)


def complete(group: Group, *, today: date, at: datetime) -> dict[str, list[Membership]]:
    """End a cycle: each open stay is completed or, below the group's share, left.

    One of which a facilitator says that it counts is completed all the same. Raises RuleBroken while a meeting is still to come.
    """
    meetings = queries.to_change(group)
    if not group.is_open:
        raise RuleBroken(_("This group has ended."))
    if any(meeting.state == SCHEDULED for meeting in meetings):
        raise RuleBroken(_("Some sessions are still to come, or nobody recorded them."))
    held = [meeting for meeting in meetings if meeting.state == HELD]
    open_stays = [stay for stay in stays(group.uid) if stay.ended_as is None]
    marks = queries.marks_by_stay(group, held, open_stays)
    outcome: dict[str, list[Membership]] = {"completed": [], "left": [], "withdrawn": []}
    for stay in open_stays:
        if stay.joined_on is None:
            as_ = "withdrawn"
        else:
            by_share = rules.completes(group, marks[stay.uid])
            if by_share:
                stay.counts_on = None
            as_ = "completed" if by_share or stay.counts_on else "left"
        group_rules.end(stay, as_, on=today)
        outcome[as_].append(stay)
    group.completed_at = at
    trail.record("group-completed", "group", group.uid)
    return outcome
