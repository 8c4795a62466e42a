"""Reading notes; every read starts from the viewer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import abort
from sqlalchemy import and_, bindparam, case, exists, or_, select
from sqlalchemy.orm import aliased

from app.accounts.models import User
from app.accounts.viewer import Viewer
from app.assignments.queries import REACHED, SUPERVISED, scope
from app.extensions import Reading, db, read, read_one
from app.notes import sealing
from app.notes.models import COMMENT, NOTE, Note, NoteRemark
from app.notes.sealing import Boxes

STANDS = and_(Note.kind == NOTE, Note.signed_at.is_not(None), Note.error_at.is_(None))
AWAITS = and_(Note.awaiting_at.is_not(None), Note.signed_at.is_(None))
# The inbox of whoever supervises.
AWAITS_ME = and_(AWAITS, Note.in_uid.in_(SUPERVISED))
# One's own in every state; another's once signed, and to whoever supervises while it waits.
TO_BE_SEEN = or_(
    Note.author_uid == bindparam("me"),
    and_(Note.kind == NOTE, or_(Note.signed_at.is_not(None), AWAITS_ME)),
)
# Joined to an occasion: the viewer's own note of it, and how far it is.
Mine = aliased(Note)
IS_MINE = and_(Mine.author_uid == bindparam("me"), Mine.kind == NOTE, Mine.error_at.is_(None))
TO_BE_WRITTEN = and_(Mine.signed_at.is_(None), Mine.awaiting_at.is_(None))
CAME_BACK = exists().where(NoteRemark.note_uid == Mine.uid, NoteRemark.kind == COMMENT)
HOW_FAR = case((CAME_BACK, "returned"), (Mine.uid.is_not(None), "draft"), else_="none")
# A note as a page reads it, and what stands beside it.
SHOWN, BESIDE = Reading(Note), Reading(NoteRemark)
WITH_AUTHOR = select(*SHOWN.columns, User.working_name).join(User, User.uid == Note.author_uid)
SEEN = WITH_AUTHOR.where(TO_BE_SEEN).order_by(Note.saved_at)
OF_OCCASION = SEEN.where(Note.of_uid == bindparam("of_uid"))
WITHIN = SEEN.where(Note.in_uid == bindparam("in_uid"))
BY_UID = SEEN.where(
    Note.uid == bindparam("uid"),
    Note.of_kind == bindparam("of_kind"),
    Note.in_uid.in_(REACHED),
)
BY_UID_LOCKED = BY_UID.with_only_columns(Note, User.working_name).with_for_update(of=Note)
OWN = select(*SHOWN.columns).where(
    Note.of_uid == bindparam("of_uid"),
    Note.author_uid == bindparam("me"),
    Note.kind == bindparam("kind"),
    Note.error_at.is_(None),
)
OWN_LOCKED = OWN.with_only_columns(Note).with_for_update()
STANDING = WITH_AUTHOR.where(STANDS).order_by(Note.signed_at)
OF_BEFORE = STANDING.where(Note.of_uid == bindparam("of_uid"))
ALL_WITHIN = STANDING.where(Note.in_uid == bindparam("in_uid"))
REMARKS = (
    select(*BESIDE.columns)
    .where(NoteRemark.note_uid.in_(bindparam("note_uids", expanding=True)))
    .order_by(NoteRemark.written_at)
)
AWAITING_WITHIN = select(Note).where(AWAITS, Note.in_uid == bindparam("in_uid")).with_for_update()
HOLDS = select(Note.uid).where(Note.in_uid == bindparam("in_uid"), Note.text.is_not(None)).limit(1)


@dataclass(slots=True)
class OpenNote:
    """A note as this viewer may see it; `boxes` is None where its text stays closed to them."""

    note: Note
    author: str
    boxes: Boxes | None
    remarks: list[tuple[NoteRemark, str | None]] = field(default_factory=list)

    @property
    def comments(self) -> list[tuple[NoteRemark, str | None]]:
        """What its reviewers said, the latest first."""
        return [remark for remark in reversed(self.remarks) if remark[0].kind == COMMENT]


def of_occasion(viewer: Viewer, of_uid: str) -> list[tuple[Note, str]]:
    """Of a meeting or an appointment that the viewer reaches: the notes they may see, and who wrote them."""
    return _with_author(read(OF_OCCASION, {"of_uid": of_uid, **scope(viewer)}))


def by_occasion(viewer: Viewer, in_uid: str) -> dict[str, list[Note]]:
    """Of a file that the viewer reaches: appointment -> the notes they may see."""
    found: dict[str, list[Note]] = {}
    for note, _author in _with_author(read(WITHIN, {"in_uid": in_uid, **scope(viewer)})):
        found.setdefault(note.of_uid, []).append(note)
    return found


def own(viewer: Viewer, of_uid: str, kind: str, *, lock: bool = False) -> Note | None:
    """The viewer's own note of an occasion that is not marked as an error; `lock` to change it."""
    asked = {"of_uid": of_uid, "me": viewer.uid, "kind": kind}
    if lock:
        return db.session.scalar(OWN_LOCKED, asked)
    row = read_one(OWN, asked)
    return SHOWN.of(row) if row else None


def get_or_404(viewer: Viewer, of_kind: str, uid: str, *, lock: bool = False) -> OpenNote:
    """One's own note, or one to be read where the viewer has a part, opened as far as they may."""
    asked = {"uid": uid, "of_kind": of_kind, **scope(viewer)}
    if lock:
        found = [(row[0], row[1]) for row in db.session.execute(BY_UID_LOCKED, asked)]
    else:
        found = _with_author(read(BY_UID, asked))
    if not found:
        abort(404)
    return opened(viewer, found)[0]


def before(viewer: Viewer, of_uid: str | None) -> list[OpenNote]:
    """The signed notes of an earlier occasion, opened."""
    if of_uid is None:
        return []
    return opened(viewer, _with_author(read(OF_BEFORE, {"of_uid": of_uid})))


def all_within(viewer: Viewer, in_uid: str) -> list[OpenNote]:
    """Every signed note of a file that was not struck out, opened."""
    return opened(viewer, _with_author(read(ALL_WITHIN, {"in_uid": in_uid})))


def opened(viewer: Viewer, notes: Iterable[tuple[Note, str]]) -> list[OpenNote]:
    """Notes and who wrote them, with their texts and what stands beside them, in one statement more."""
    found = {
        note.uid: OpenNote(note, author, sealing.boxes_of(viewer, note)) for note, author in notes
    }
    if found:
        for row in read(REMARKS, {"note_uids": list(found)}):
            remark = BESIDE.of(row)
            one = found[remark.note_uid]
            one.remarks.append((remark, sealing.remark_text(viewer, one.note, remark)))
    return list(found.values())


def _with_author(rows: Iterable[Any]) -> list[tuple[Note, str]]:
    return [(SHOWN.of(row), row.working_name) for row in rows]


def awaiting_within(in_uid: str) -> Sequence[Note]:
    """The notes of a group or a file that await review, locked."""
    return db.session.scalars(AWAITING_WITHIN, {"in_uid": in_uid}).all()


def holds_notes(in_uid: str) -> bool:
    """Whether anything was written in a file that its readers open."""
    return db.session.scalar(HOLDS, {"in_uid": in_uid}) is not None
