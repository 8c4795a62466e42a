"""Writing notes: drafts that are never lost, signing, review, additions, "entered in error"."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from app.accounts.viewer import Viewer
from app.extensions import db, new_uid
from app.notes import queries, rules, sealing
from app.notes.models import ADDITION, COMMENT, NOTE, Note, NoteRemark
from app.notes.occasions import Occasion
from app.notes.sealing import Boxes


def save(
    viewer: Viewer,
    occasion: Occasion,
    boxes: Boxes,
    *,
    kind: str = NOTE,
    version: int,
    page: str,
    at: datetime,
) -> Note:
    """Save the viewer's draft, sealed to them alone. Raises rules.Conflict, RuleBroken.

    The occasion's row was read locked, so that two first saves make one note.
    """
    note = queries.own(viewer, occasion.uid, kind, lock=True)
    begins = note is None
    if note is None:
        note = Note(
            uid=new_uid(),
            of_kind=occasion.of_kind,
            of_uid=occasion.uid,
            in_uid=occasion.in_uid,
            author_uid=viewer.uid,
            kind=kind,
            version=0,
            page="",
            saved_at=at,
        )
        db.session.add(note)
        version = 0
    if rules.save_draft(note, version=version, page=page, at=at):
        sealing.seal_draft(note, boxes)
    db.session.flush()
    if begins:
        occasion.record("begun", note)
    return note


def sign(occasion: Occasion, note: Note, boxes: Boxes, *, at: datetime) -> None:
    """Close a note and seal it to those who read it; or send it for review."""
    rules.sign(note, boxes.__dict__, reviewed=occasion.reviewed, at=at)
    sealing.seal_signed(note, boxes)
    occasion.record("signed" if note.signed_at else "sent-for-review", note)


def sign_off(
    viewer: Viewer, occasion: Occasion, note: Note, comment: str = "", *, at: datetime
) -> None:
    """A supervisor agrees: the note is signed and closed; what they say beside it is kept with it."""
    rules.sign_off(note, by=viewer.uid, at=at)
    if comment:
        _remark(viewer, note, COMMENT, comment, at=at)
    occasion.record("signed-off", note)


def return_to_author(
    viewer: Viewer, occasion: Occasion, note: Note, comment: str, *, at: datetime
) -> None:
    """A supervisor returns a note with a comment; the author has their draft again."""
    rules.return_to_author(note, by=viewer.uid)
    _remark(viewer, note, COMMENT, comment, at=at)
    occasion.record("returned", note)


def take_back(viewer: Viewer, occasion: Occasion, note: Note) -> None:
    """Take one's own note back before a supervisor has answered; it is a draft again."""
    rules.take_back(note, by=viewer.uid)
    occasion.record("taken-back", note)


def give_back(in_uid: str) -> Sequence[Note]:
    """Nobody reviews the notes of a group or a file any more: those that await it are drafts again."""
    given = queries.awaiting_within(in_uid)
    for note in given:
        rules.give_back(note)
    return given


def add(viewer: Viewer, occasion: Occasion, note: Note, text: str, *, at: datetime) -> None:
    """Add something to a signed note."""
    rules.add_to(note, by=viewer.uid)
    _remark(viewer, note, ADDITION, text, at=at)
    occasion.record("added-to", note)


def mark_in_error(viewer: Viewer, occasion: Occasion, note: Note, *, at: datetime) -> None:
    """Strike a signed note out; it can still be read, and a new one written."""
    rules.mark_in_error(note, by=viewer.uid, at=at)
    occasion.record("in-error", note)


def _remark(viewer: Viewer, note: Note, kind: str, text: str, *, at: datetime) -> None:
    remark = NoteRemark(
        uid=new_uid(), note_uid=note.uid, kind=kind, author_uid=viewer.uid, written_at=at
    )
    sealing.seal_remark(note, remark, text)
    db.session.add(remark)
