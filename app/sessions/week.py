"""What a week says of meetings: the viewer's own groups', and those of their places."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import aliased

from app.accounts.viewer import Viewer
from app.assignments.queries import scope
from app.extensions import read
from app.groups.models import Group
from app.groups.queries import REACHABLE
from app.people.models import Site
from app.sessions.models import GroupSession
from app.sessions.queries import MEETING
from app.web.hours import Hour

Before = aliased(GroupSession)
# Its place among those held or still to come, as rules.numbers says it for a whole group.
NUMBER = (
    select(func.count())
    .where(
        Before.group_uid == GroupSession.group_uid,
        Before.starts_at <= GroupSession.starts_at,
        Before.missed_at.is_(None),
        Before.cancelled_at.is_(None),
    )
    .scalar_subquery()
)
MEETINGS = (
    select(
        *MEETING.columns,
        Group.name,
        Group.minutes,
        Group.room,
        Group.planned_sessions,
        Site.uid.label("site_uid"),
        Site.zone,
        NUMBER.label("number"),
    )
    .join(Group, Group.uid == GroupSession.group_uid)
    .join(Site, Site.uid == Group.site_uid)
    .where(
        REACHABLE,
        GroupSession.on.between(bindparam("first"), bindparam("last")),
        Group.cancelled_at.is_(None),
    )
)


def hours(viewer: Viewer, first: date, last: date) -> list[Hour]:
    """The meetings from one day to another, both included."""
    if not viewer.roles & {"coordinator", "facilitator", "supervisor"}:
        return []
    return [_hour(row) for row in read(MEETINGS, scope(viewer) | {"first": first, "last": last})]


def _hour(row: Any) -> Hour:
    meeting = MEETING.of(row)
    return Hour(
        uid=meeting.uid,
        of_uid=meeting.group_uid,
        kind="meeting",
        endpoint="sessions.show",
        starts_at=meeting.starts_at,
        minutes=row.minutes,
        site_uid=row.site_uid,
        zone=row.zone,
        name=row.name,
        room=row.room,
        number=row.number if meeting.counts and row.planned_sessions else None,
        state="" if meeting.counts else meeting.state,
    )
