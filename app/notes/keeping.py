"""Notes go with what they are about: a group that is over, a file that was closed."""

from __future__ import annotations

from sqlalchemy import bindparam, delete, select

from app.extensions import db
from app.notes.models import Note, NoteRemark

WITHIN = select(Note.uid).where(Note.in_uid == bindparam("in_uid"))
FORGET_REMARKS = (
    delete(NoteRemark)
    .where(NoteRemark.note_uid.in_(WITHIN))
    .execution_options(synchronize_session="fetch")
)
FORGET_NOTES = (
    delete(Note)
    .where(Note.in_uid == bindparam("in_uid"))
    .execution_options(synchronize_session="fetch")
)
TABLES = ("notes", "note_remarks")


def forget_within(in_uid: str) -> int:
    """Every note of a group or a file goes, signed or not, with what stands beside it; how many there were."""
    db.session.execute(FORGET_REMARKS, {"in_uid": in_uid})
    done = db.session.execute(FORGET_NOTES, {"in_uid": in_uid})
    number: int = done.rowcount  # type: ignore[attr-defined]
    return number
