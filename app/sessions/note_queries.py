"""Reading notes; every read starts from the viewer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from flask import abort
from sqlalchemy import and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import aliased

from app.accounts.models import User
from app.accounts.viewer import Viewer
from app.assignments.models import Assignment
from app.assignments.queries import OPEN, SUPERVISED, scope
from app.extensions import db
from app.groups.models import Group
from app.groups.queries import REACHABLE
from app.sessions import sealing
from app.sessions.models import GroupSession, NoteAddition, ReviewComment, SessionNote
from app.sessions.sealing import Boxes

Author = aliased(User)
Supervised = aliased(GroupSession)
IS_SUPERVISED = SessionNote.session_uid.in_(
    select(Supervised.uid).where(Supervised.group_uid.in_(SUPERVISED))
)
# One's own in every state; others' once signed, and to the group's supervisors while they wait.
TO_BE_SEEN = or_(
    SessionNote.author_uid == bindparam("me"),
    and_(
        SessionNote.kind == "note",
        or_(
            SessionNote.signed_at.is_not(None),
            and_(SessionNote.awaiting_at.is_not(None), IS_SUPERVISED),
        ),
    ),
)
NOTES = (
    select(SessionNote, Author.working_name)
    .join(Author, Author.uid == SessionNote.author_uid)
    .where(
        SessionNote.session_uid == bindparam("session_uid"),
        TO_BE_SEEN,
    )
    .order_by(SessionNote.saved_at)
)
NOTE = (
    select(SessionNote, GroupSession, Group, Author.working_name)
    .join(GroupSession, GroupSession.uid == SessionNote.session_uid)
    .join(Group, Group.uid == GroupSession.group_uid)
    .join(Author, Author.uid == SessionNote.author_uid)
    .where(
        SessionNote.uid == bindparam("uid"),
        TO_BE_SEEN,
        REACHABLE,
    )
)


@dataclass(slots=True)
class OpenNote:
    """A note as this viewer may see it; `boxes` is None where its text stays closed to them."""

    note: SessionNote
    author: str
    boxes: Boxes | None
    additions: list[tuple[NoteAddition, str | None]] = field(default_factory=list)
    comments: list[tuple[ReviewComment, str | None]] = field(default_factory=list)


def notes(viewer: Viewer, meeting: GroupSession) -> list[OpenNote]:
    """The notes of a meeting: one's own in every state, the others' once signed."""
    rows = db.session.execute(
        NOTES,
        {"session_uid": meeting.uid, **scope(viewer)},
    )
    return [OpenNote(note, author, None) for note, author in rows]


def own_note(
    viewer: Viewer, meeting: GroupSession, kind: str, *, lock: bool = False
) -> SessionNote | None:
    """The viewer's own note of a meeting that is not marked as an error."""
    query = select(SessionNote).where(
        SessionNote.session_uid == meeting.uid,
        SessionNote.author_uid == viewer.uid,
        SessionNote.kind == kind,
        SessionNote.error_at.is_(None),
    )
    return db.session.scalar(query.with_for_update() if lock else query)


def note_or_404(
    viewer: Viewer, uid: str, *, lock: bool = False
) -> tuple[OpenNote, GroupSession, Group]:
    """A note of the viewer's own, or a signed one of their groups, opened where they hold the key."""
    row = db.session.execute(
        NOTE.with_for_update(of=SessionNote) if lock else NOTE,
        {"uid": uid, **scope(viewer)},
    ).one_or_none()
    if row is None:
        abort(404)
    note, meeting, group, author = row
    return _opened(viewer, group, note, author), meeting, group


def last_notes(viewer: Viewer, meeting: GroupSession, group: Group) -> list[OpenNote]:
    """The signed notes of the meeting before this one, opened where the viewer holds the key."""
    before = db.session.scalar(
        select(GroupSession.uid)
        .join(SessionNote, SessionNote.session_uid == GroupSession.uid)
        .where(
            GroupSession.group_uid == group.uid,
            GroupSession.on < meeting.on,
            SessionNote.kind == "note",
            SessionNote.signed_at.is_not(None),
            SessionNote.error_at.is_(None),
        )
        .order_by(GroupSession.on.desc())
        .limit(1)
    )
    if before is None:
        return []
    rows = db.session.execute(
        select(SessionNote, Author.working_name)
        .join(Author, Author.uid == SessionNote.author_uid)
        .where(
            SessionNote.session_uid == before,
            SessionNote.kind == "note",
            SessionNote.signed_at.is_not(None),
            SessionNote.error_at.is_(None),
        )
        .order_by(SessionNote.signed_at)
    )
    return [_opened(viewer, group, note, author) for note, author in rows]


def unsigned(viewer: Viewer, *, before: datetime) -> list[tuple[GroupSession, Group, str]]:
    """Meetings past in the viewer's groups without a signed note of theirs, and how far it is.

    That is "returned" by the supervisor (these first, also of a group that is
    over), "draft" or "none"; notes that await review are left out.
    """
    mine = aliased(SessionNote)
    came_back = exists().where(ReviewComment.note_uid == mine.uid)
    rows = db.session.execute(
        select(GroupSession, Group, mine.uid.label("note_uid"), came_back.label("came_back"))
        .join(Group, Group.uid == GroupSession.group_uid)
        .join(
            Assignment,
            and_(
                Assignment.of_uid == Group.uid,
                Assignment.user_uid == viewer.uid,
                Assignment.part == "facilitator",
                OPEN,
            ),
        )
        .outerjoin(
            mine,
            and_(
                mine.session_uid == GroupSession.uid,
                mine.author_uid == viewer.uid,
                mine.kind == "note",
                mine.error_at.is_(None),
            ),
        )
        .where(
            REACHABLE,
            GroupSession.missed_at.is_(None),
            GroupSession.cancelled_at.is_(None),
            or_(
                mine.uid.is_not(None),
                GroupSession.starts_at.between(Assignment.began_at, before),
            ),
            mine.signed_at.is_(None),
            mine.awaiting_at.is_(None),
            or_(came_back, and_(Group.cancelled_at.is_(None), Group.completed_at.is_(None))),
        )
        .order_by(came_back.desc(), GroupSession.starts_at.desc())
        .limit(6),
        scope(viewer),
    )
    return [
        (row[0], row[1], "returned" if row.came_back else "draft" if row.note_uid else "none")
        for row in rows
    ]


def _opened(viewer: Viewer, group: Group, note: SessionNote, author: str) -> OpenNote:
    opened = OpenNote(note, author, sealing.boxes_of(viewer, group, note))
    rows = db.session.scalars(
        select(NoteAddition)
        .where(NoteAddition.note_uid == note.uid)
        .order_by(NoteAddition.added_at)
    )
    opened.additions = [
        (addition, sealing.addition_text(viewer, group, addition)) for addition in rows
    ]
    opened.comments = comments(viewer, group, note.uid)
    return opened


def comments(viewer: Viewer, group: Group, note_uid: str) -> list[tuple[ReviewComment, str | None]]:
    """Why a note was returned, the latest first, opened where the viewer may."""
    rows = db.session.scalars(
        select(ReviewComment)
        .where(ReviewComment.note_uid == note_uid)
        .order_by(ReviewComment.returned_at.desc())
    )
    return [(comment, sealing.comment_text(viewer, group, comment)) for comment in rows]


def awaiting(viewer: Viewer) -> list[tuple[SessionNote, GroupSession, Group, str]]:
    """Notes that await this supervisor's review, the longest first."""
    rows = db.session.execute(
        select(SessionNote, GroupSession, Group, Author.working_name)
        .join(GroupSession, GroupSession.uid == SessionNote.session_uid)
        .join(Group, Group.uid == GroupSession.group_uid)
        .join(Author, Author.uid == SessionNote.author_uid)
        .where(
            SessionNote.awaiting_at.is_not(None),
            SessionNote.signed_at.is_(None),
            IS_SUPERVISED,
        )
        .order_by(SessionNote.awaiting_at)
        .limit(50),
        scope(viewer),
    )
    return [(row[0], row[1], row[2], row[3]) for row in rows]


def awaiting_in(group_uid: str) -> Sequence[SessionNote]:
    """A group's notes that await review, locked, for when nobody reviews them any more."""
    return db.session.scalars(
        select(SessionNote)
        .join(GroupSession, GroupSession.uid == SessionNote.session_uid)
        .where(
            GroupSession.group_uid == group_uid,
            SessionNote.awaiting_at.is_not(None),
            SessionNote.signed_at.is_(None),
        )
        .with_for_update(of=SessionNote)
    ).all()


def unreviewed(viewer: Viewer, *, since: datetime) -> int:
    """How many notes of the viewer's groups have awaited review since before a moment."""
    return (
        db.session.scalar(
            select(func.count(SessionNote.uid))
            .join(GroupSession, GroupSession.uid == SessionNote.session_uid)
            .join(Group, Group.uid == GroupSession.group_uid)
            .where(SessionNote.awaiting_at <= since, SessionNote.signed_at.is_(None), REACHABLE),
            scope(viewer),
        )
        or 0
    )
