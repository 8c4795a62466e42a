"""What is lost of notes where their author lost the key to what is theirs alone."""

from __future__ import annotations

from sqlalchemy import bindparam, delete, exists, select, update

from app.extensions import db
from app.notes.models import Note, NoteRemark

BY = Note.author_uid == bindparam("author")
# Nobody else has read them: drafts and reflections.
NEVER_SENT = (
    delete(Note)
    .where(BY, Note.text.is_(None), ~exists().where(NoteRemark.note_uid == Note.uid))
    .execution_options(synchronize_session="fetch")
)
DRAFTS = update(Note).where(BY).values(draft=None).execution_options(synchronize_session="fetch")
COMMENTS = (
    update(NoteRemark)
    .where(NoteRemark.note_uid.in_(select(Note.uid).where(BY)))
    .values(text_for_author=None)
    .execution_options(synchronize_session="fetch")
)


def of_own(user_uid: str) -> None:
    """Drafts and reflections that opened for their author alone; what was signed or sent stays."""
    for statement in (NEVER_SENT, DRAFTS, COMMENTS):
        db.session.execute(statement, {"author": user_uid})
