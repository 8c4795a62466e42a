"""Writing notes: drafts that are never lost, signing, additions, "entered in error"."""

from __future__ import annotations

from datetime import datetime

from app.accounts.viewer import Viewer
from app.audit import trail
from app.extensions import db, new_uid
from app.groups.models import Group
from app.sessions import note_queries, rules, sealing
from app.sessions.models import GroupSession, NoteAddition, ReviewComment, SessionNote
from app.sessions.sealing import Boxes
from app.vault import vaults


def save(
    viewer: Viewer,
    meeting: GroupSession,
    boxes: Boxes,
    *,
    kind: str,
    version: int,
    page: str,
    at: datetime,
) -> SessionNote:
    """Save the viewer's draft, sealed to them alone. Raises rules.Conflict, RuleBroken.

    `meeting` was read with its row locked, so that two first saves make one note.
    """
    note = note_queries.own_note(viewer, meeting, kind, lock=True)
    if note is None:
        note = SessionNote(
            uid=new_uid(),
            session_uid=meeting.uid,
            author_uid=viewer.uid,
            kind=kind,
            version=0,
            page="",
            saved_at=at,
        )
        db.session.add(note)
        version = 0
        trail.record(f"{kind}-begun", "note", note.uid)
    if rules.save_draft(note, version=version, page=page, at=at):
        sealing.seal_draft(viewer, note, boxes)
    db.session.flush()
    return note


def sign(group: Group, note: SessionNote, boxes: Boxes, *, at: datetime) -> None:
    """Close a note and seal it to those who read the group's notes; or send it for review."""
    rules.sign(note, boxes.__dict__, reviewed=group.reviewed, at=at)
    sealing.seal_signed(group, note, boxes)
    action = "note-signed" if note.signed_at else "note-sent-for-review"
    trail.record(action, "note", note.uid, vault_uid=note_vault(group))


def sign_off(
    viewer: Viewer, group: Group, note: SessionNote, text: str = "", *, at: datetime
) -> None:
    """A supervisor agrees: the note is signed and closed; what they say beside it is kept with it."""
    rules.sign_off(note, by=viewer.uid, at=at)
    if text:
        _comment(viewer, group, note, text, at=at)
    trail.record("note-signed-off", "note", note.uid, vault_uid=note_vault(group))


def return_to_author(
    viewer: Viewer, group: Group, note: SessionNote, text: str, *, at: datetime
) -> None:
    """A supervisor returns a note with a comment; the author has their draft again."""
    rules.return_to_author(note, by=viewer.uid)
    _comment(viewer, group, note, text, at=at)
    trail.record("note-returned", "note", note.uid, vault_uid=note_vault(group))


def _comment(viewer: Viewer, group: Group, note: SessionNote, text: str, *, at: datetime) -> None:
    comment = ReviewComment(
        uid=new_uid(), note_uid=note.uid, reviewer_uid=viewer.uid, returned_at=at
    )
    sealing.seal_comment(group, note.author_uid, comment, text)
    db.session.add(comment)


def take_back(viewer: Viewer, note: SessionNote) -> None:
    """Take one's own note back before a supervisor has answered; it is a draft again."""
    rules.take_back(note, by=viewer.uid)
    trail.record("note-taken-back", "note", note.uid)


def give_back(group: Group) -> None:
    """Nobody reviews a group's notes any more: those that await it are their authors' drafts again."""
    for note in note_queries.awaiting_in(group.uid):
        rules.give_back(note)
        trail.record("note-returned", "note", note.uid)


def note_vault(group: Group) -> str:
    """The vault of a group's notes, or empty before its first facilitator."""
    return vaults.find("notes", group.uid) or ""


def add(viewer: Viewer, group: Group, note: SessionNote, text: str, *, at: datetime) -> None:
    """Add something to a signed note."""
    rules.add_to(note, by=viewer.uid)
    addition = NoteAddition(uid=new_uid(), note_uid=note.uid, author_uid=viewer.uid, added_at=at)
    sealing.seal_addition(group, addition, text)
    db.session.add(addition)
    trail.record("note-added-to", "note", note.uid)


def mark_in_error(viewer: Viewer, note: SessionNote, *, at: datetime) -> None:
    """Strike a signed note out; it can still be read, and a new one written."""
    rules.mark_in_error(note, by=viewer.uid, at=at)
    trail.record("note-in-error", "note", note.uid)
