"""Marking who came, and adding someone who came for the first time."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite

from app.accounts.viewer import Viewer
from app.audit import trail
from app.extensions import db
from app.groups import roster
from app.groups import rules as group_rules
from app.groups.models import Group, Membership
from app.groups.queries import stays
from app.people import cards
from app.people.rules import Card
from app.sessions import queries, rules, sealing
from app.sessions.models import Attendance, GroupSession


def mark(
    viewer: Viewer,
    group: Group,
    meeting: GroupSession,
    stay: Membership,
    wanted: str,
    *,
    today: date,
    at: datetime,
) -> None:
    """Set a mark: the one wanted, whatever stood there; a second tap on it changes nothing.

    With its first mark a meeting counts as held, and its group as active.
    """
    row = rules.mark(meeting, stay, wanted, today=today, by=viewer.uid, at=at)
    if group.state in ("planned", "enrolling"):
        group_rules.begin(group, at=at)
    dialect = sqlite if db.engine.dialect.name == "sqlite" else postgresql
    values = {
        "mark": row.mark,
        "marked_by": row.marked_by,
        "marked_at": row.marked_at,
    }
    db.session.execute(
        dialect.insert(Attendance)
        .values(session_uid=meeting.uid, membership_uid=stay.uid, **values)
        .on_conflict_do_update(index_elements=["session_uid", "membership_uid"], set_=values)
    )
    trail.record("attendance-marked", "session", meeting.uid, person_uid=stay.person_uid)


def unmark(meeting: GroupSession, stay: Membership) -> None:
    """Take a mark back: *not recorded*."""
    db.session.execute(
        delete(Attendance).where(
            Attendance.session_uid == meeting.uid, Attendance.membership_uid == stay.uid
        )
    )
    trail.record("attendance-unmarked", "session", meeting.uid, person_uid=stay.person_uid)


def explain(group: Group, person_uid: str, attendance: Attendance, reason: str) -> None:
    """Write down why someone was absent, or take it away."""
    sealing.seal_reason(group, attendance, reason)
    trail.record("absence-explained", "session", attendance.session_uid, person_uid=person_uid)


def add_person(
    viewer: Viewer,
    group: Group,
    meeting: GroupSession,
    card: Card,
    *,
    today: date,
    at: datetime,
) -> Membership:
    """Add someone new who came: a card, a stay from that day, and the mark *present*.

    `group` was read with its row locked. Raises RuleBroken where it is full.
    """
    uid, key = cards.add(viewer, card, site=group.site, at=at)
    stay = roster.enrol(
        viewer, group, person_uid=uid, person_key=key, on=min(meeting.on, today), at=at
    )
    if meeting.on <= today:
        mark(viewer, group, meeting, stay, "present", today=today, at=at)
    return stay


def come_back(
    viewer: Viewer,
    group: Group,
    meeting: GroupSession,
    earlier: Membership,
    *,
    today: date,
    at: datetime,
) -> Membership:
    """Someone who had left came again: a new stay from that day, and the mark *present*."""
    stay = roster.come_back(group, earlier, on=min(meeting.on, today), at=at)
    if meeting.on <= today:
        mark(viewer, group, meeting, stay, "present", today=today, at=at)
    return stay


def join_from(group: Group, stay: Membership, *, on: date) -> None:
    """Let a stay begin on another day, not after its first mark."""
    first_mark = queries.first_marked(stay)
    group_rules.join_from(stay, stays(group.uid), on=on, first_mark=first_mark)
    trail.record("joining-moved", "group", group.uid, person_uid=stay.person_uid)
