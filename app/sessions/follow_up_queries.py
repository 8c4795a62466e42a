"""Reading follow-ups; every read starts from the viewer."""

from __future__ import annotations

from datetime import date

from flask import abort
from sqlalchemy import select

from app.accounts.viewer import Viewer
from app.extensions import db
from app.groups.models import Group
from app.groups.queries import REACHABLE, scope_of_members
from app.sessions.models import FollowUp, GroupSession


def follow_up_or_404(
    viewer: Viewer, uid: str, *, lock: bool = False
) -> tuple[FollowUp, GroupSession, Group]:
    """A follow-up of one of the viewer's groups."""
    query = (
        select(FollowUp, GroupSession, Group)
        .join(GroupSession, GroupSession.uid == FollowUp.session_uid)
        .join(Group, Group.uid == FollowUp.group_uid)
        .where(FollowUp.uid == uid, REACHABLE)
    )
    if lock:
        query = query.with_for_update(of=FollowUp)
    row = db.session.execute(query, scope_of_members(viewer)).one_or_none()
    if row is None:
        abort(404)
    return row[0], row[1], row[2]


def open_like(follow_up: FollowUp) -> FollowUp | None:
    """The open follow-up of the same person, meeting and owner."""
    return db.session.scalar(
        select(FollowUp).where(
            FollowUp.session_uid == follow_up.session_uid,
            FollowUp.person_uid == follow_up.person_uid,
            FollowUp.owner_uid == follow_up.owner_uid,
            FollowUp.ended_at.is_(None),
        )
    )


def open_follow_up(
    viewer: Viewer, meeting: GroupSession, person_uid: str, *, lock: bool = False
) -> FollowUp | None:
    """The viewer's own open follow-up for a person and meeting."""
    query = select(FollowUp).where(
        FollowUp.session_uid == meeting.uid,
        FollowUp.person_uid == person_uid,
        FollowUp.owner_uid == viewer.uid,
        FollowUp.ended_at.is_(None),
    )
    return db.session.scalar(query.with_for_update() if lock else query)


def of_colleagues(viewer: Viewer, meeting: GroupSession, person_uid: str) -> list[FollowUp]:
    """What colleagues follow up for a person after a meeting."""
    return [
        f
        for f in follow_ups(viewer, of_meeting=meeting)
        if f.person_uid == person_uid and f.owner_uid != viewer.uid
    ]


def follow_ups(
    viewer: Viewer, *, of_meeting: GroupSession | None = None, until: date | None = None
) -> list[FollowUp]:
    """Open follow-ups: those of a meeting, or the viewer's own that are due until a day."""
    query = (
        select(FollowUp)
        .join(Group, Group.uid == FollowUp.group_uid)
        .where(FollowUp.ended_at.is_(None), REACHABLE)
        .order_by(FollowUp.due_on, FollowUp.uid)
    )
    if of_meeting is not None:
        query = query.where(FollowUp.session_uid == of_meeting.uid)
    if until is not None:
        query = query.where(FollowUp.owner_uid == viewer.uid, FollowUp.due_on <= until)
    return list(db.session.scalars(query, scope_of_members(viewer)))


def follow_ups_of_person(viewer: Viewer, person_uid: str) -> list[FollowUp]:
    """The follow-ups of a person in the viewer's groups, the open ones first."""
    query = (
        select(FollowUp)
        .join(Group, Group.uid == FollowUp.group_uid)
        .where(FollowUp.person_uid == person_uid, REACHABLE)
        .order_by(FollowUp.ended_at.is_not(None), FollowUp.due_on)
    )
    return list(db.session.scalars(query, scope_of_members(viewer)))
