"""Where the texts of notes are sealed and opened: drafts to their author, what is signed to its readers."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from app.accounts.viewer import Viewer
from app.errors import Locked
from app.notes.models import APPOINTMENT, COMMENT, MEETING, VAULTS, Note, NoteRemark
from app.vault import vaults
from app.vault.envelope import place

# A seal names its place and is not made anew without its key: each text keeps the name of the
# table that it was in at first.
NOTES = {MEETING: "session_notes", APPOINTMENT: "case_notes"}
REMARKS = {
    (MEETING, "addition"): "note_additions",
    (MEETING, "comment"): "review_comments",
    (APPOINTMENT, "addition"): "case_note_remarks",
    (APPOINTMENT, "comment"): "case_note_remarks",
}


@dataclass
class Boxes:
    """The three boxes of a note; a reflection uses the first alone."""

    happened: str = ""
    to_follow_up: str = ""
    next_time: str = ""

    def text(self) -> str:
        """The boxes as they are sealed."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @property
    def whole(self) -> str:
        """Everything that was written, one box after another."""
        return "\n".join((self.happened, self.to_follow_up, self.next_time))


def seal_draft(note: Note, boxes: Boxes) -> None:
    """Seal a draft to its author alone."""
    note.draft = vaults.seal_text(_own(note), boxes.text(), _place(note, "draft"))


def seal_signed(note: Note, boxes: Boxes) -> None:
    """Seal a note to those who read it; the draft goes once it is signed."""
    note.text = vaults.seal_text(_vault(note), boxes.text(), _place(note, "text"))
    if note.signed_at is not None:
        note.draft = None


def boxes_of(viewer: Viewer, note: Note) -> Boxes | None:
    """What a note says: the author's own draft, or the signed text; None without the key."""
    if note.draft is not None and note.author_uid == viewer.uid:
        text = vaults.text_or_none(
            viewer.keys, "own", viewer.uid, note.draft, _place(note, "draft")
        )
    else:
        text = vaults.text_or_none(
            viewer.keys, VAULTS[note.of_kind], note.in_uid, note.text, _place(note, "text")
        )
    return None if text is None else Boxes(**json.loads(text))


def seal_remark(note: Note, remark: NoteRemark, text: str) -> None:
    """Seal an addition or a comment to those who read the note.

    A comment on the note of a meeting is sealed to its author as well.
    """
    remark.text = vaults.seal_text(_vault(note), text, _remark_place(note, remark, "text"))
    if note.of_kind == MEETING and remark.kind == COMMENT:
        at = _remark_place(note, remark, "text_for_author")
        remark.text_for_author = vaults.seal_text(_own(note), text, at)


def remark_text(viewer: Viewer, note: Note, remark: NoteRemark) -> str | None:
    """What was added or commented, or None without the key."""
    if remark.text_for_author is not None and note.author_uid == viewer.uid:
        at = _remark_place(note, remark, "text_for_author")
        text = vaults.text_or_none(viewer.keys, "own", viewer.uid, remark.text_for_author, at)
        if text is not None:
            return text
    at = _remark_place(note, remark, "text")
    return vaults.text_or_none(viewer.keys, VAULTS[note.of_kind], note.in_uid, remark.text, at)


def vault_of(note: Note) -> str | None:
    """The vault that opens what is signed; None while nobody was given one, or once it is gone."""
    return vaults.find(VAULTS[note.of_kind], note.in_uid)


def _place(note: Note, column: str) -> bytes:
    return place(NOTES[note.of_kind], column, note.uid)


def _remark_place(note: Note, remark: NoteRemark, column: str) -> bytes:
    return place(REMARKS[note.of_kind, remark.kind], column, remark.uid)


def _vault(note: Note) -> str:
    vault = vault_of(note)
    if vault is None:
        raise Locked
    return vault


def _own(note: Note) -> str:
    vault = vaults.find("own", note.author_uid)
    if vault is None:
        raise Locked
    return vault
