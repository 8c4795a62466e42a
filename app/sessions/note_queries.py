"""Which meetings lack a note, and which notes of meetings await a supervisor; for Today."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import and_, bindparam, func, or_, select

from app.accounts.models import User
from app.accounts.viewer import Viewer
from app.assignments.models import Assignment
from app.assignments.queries import OPEN, scope
from app.extensions import read, read_one
from app.groups.models import Group
from app.groups.queries import GROUP, REACHABLE
from app.notes.models import Note
from app.notes.queries import (
    AWAITS,
    AWAITS_ME,
    CAME_BACK,
    HOW_FAR,
    IS_MINE,
    SHOWN,
    STANDING,
    STANDS,
    TO_BE_WRITTEN,
    Mine,
    OpenNote,
    opened,
)
from app.people.models import Site
from app.sessions.models import GroupSession
from app.sessions.queries import MEETING

UNSIGNED = (
    select(*MEETING.columns, *GROUP.columns, HOW_FAR)
    .join(Group, Group.uid == GroupSession.group_uid)
    .join(Site, Site.uid == Group.site_uid)
    .join(
        Assignment,
        and_(
            Assignment.of_uid == Group.uid,
            Assignment.user_uid == bindparam("me"),
            Assignment.part == "facilitator",
            OPEN,
        ),
    )
    .outerjoin(Mine, and_(Mine.of_uid == GroupSession.uid, IS_MINE))
    .where(
        GroupSession.missed_at.is_(None),
        GroupSession.cancelled_at.is_(None),
        or_(
            Mine.uid.is_not(None),
            GroupSession.starts_at.between(Assignment.began_at, bindparam("before")),
        ),
        TO_BE_WRITTEN,
        or_(CAME_BACK, and_(Group.cancelled_at.is_(None), Group.completed_at.is_(None))),
    )
    .order_by(CAME_BACK.desc(), GroupSession.starts_at.desc())
    .limit(6)
)
BEFORE = (
    select(GroupSession.uid)
    .join(Note, Note.of_uid == GroupSession.uid)
    .where(
        GroupSession.group_uid == bindparam("group_uid"),
        GroupSession.on < bindparam("day"),
        STANDS,
    )
    .order_by(GroupSession.on.desc())
    .limit(1)
)
LAST = STANDING.where(Note.of_uid == BEFORE.correlate(None).scalar_subquery())
OF_GROUPS = (
    select(Note)
    .join(GroupSession, GroupSession.uid == Note.of_uid)
    .join(Group, Group.uid == GroupSession.group_uid)
)
AWAITING = (
    OF_GROUPS.with_only_columns(*MEETING.columns, *GROUP.columns, *SHOWN.columns, User.working_name)
    .join(Site, Site.uid == Group.site_uid)
    .join(User, User.uid == Note.author_uid)
    .where(AWAITS_ME)
    .order_by(Note.awaiting_at)
    .limit(50)
)
UNREVIEWED = OF_GROUPS.with_only_columns(func.count(Note.uid)).where(
    AWAITS, Note.awaiting_at <= bindparam("since"), REACHABLE
)


def unsigned(viewer: Viewer, *, before: datetime) -> list[tuple[GroupSession, Group, str]]:
    """Meetings past in the viewer's groups without a signed note of theirs, and how far it is.

    That is "returned" by the supervisor (these first, also of a group that is
    over), "draft" or "none"; notes that await review are left out.
    """
    rows = read(UNSIGNED, {"me": viewer.uid, "before": before})
    return [(MEETING.of(row), GROUP.of(row, MEETING.width), row[-1]) for row in rows]


def before(viewer: Viewer, group_uid: str, day: date) -> list[OpenNote]:
    """The signed notes of the latest meeting of a group before a day that has any, opened."""
    rows = read(LAST, {"group_uid": group_uid, "day": day})
    return opened(viewer, [(SHOWN.of(row), row.working_name) for row in rows])


def awaiting(viewer: Viewer) -> list[tuple[Note, GroupSession, Group, str]]:
    """Notes that await this supervisor's review, the longest first."""
    return [
        (
            SHOWN.of(row, MEETING.width + GROUP.width),
            MEETING.of(row),
            GROUP.of(row, MEETING.width),
            row.working_name,
        )
        for row in read(AWAITING, scope(viewer))
    ]


def unreviewed(viewer: Viewer, *, since: datetime) -> int:
    """How many notes of the viewer's groups have awaited review since before a moment."""
    number: int = read_one(UNREVIEWED, {"since": since, **scope(viewer)})[0]
    return number
