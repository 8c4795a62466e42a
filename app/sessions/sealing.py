"""Where the texts of notes, reasons and follow-ups are sealed and opened."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from app.accounts.viewer import Viewer
from app.errors import Locked
from app.groups.models import Group
from app.sessions.models import Attendance, FollowUp, NoteAddition, ReviewComment, SessionNote
from app.vault import vaults
from app.vault.envelope import place

COMMENT = ("review_comments", "text")
COMMENT_FOR_AUTHOR = ("review_comments", "text_for_author")


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


def seal_draft(viewer: Viewer, note: SessionNote, boxes: Boxes) -> None:
    """Seal a draft to its author alone."""
    note.draft = vaults.seal_text(_own(viewer), boxes.text(), draft_place(note.uid))


def seal_signed(group: Group, note: SessionNote, boxes: Boxes) -> None:
    """Seal a note to those who read the group's notes; the draft goes once it is signed."""
    note.text = vaults.seal_text(_notes(group), boxes.text(), text_place(note.uid))
    if note.signed_at is not None:
        note.draft = None


def seal_comment(group: Group, author_uid: str, comment: ReviewComment, text: str) -> None:
    """Seal a reviewer's comment to the group's notes and to the note's author."""
    own = vaults.find("own", author_uid)
    if own is None:
        raise Locked
    comment.text = vaults.seal_text(_notes(group), text, place(*COMMENT, comment.uid))
    at = place(*COMMENT_FOR_AUTHOR, comment.uid)
    comment.text_for_author = vaults.seal_text(own, text, at)


def comment_text(viewer: Viewer, group: Group, comment: ReviewComment) -> str | None:
    """What the reviewer wrote: for the author, and for those who read the group's notes."""
    own = viewer.keys.vault("own", viewer.uid)
    for vault, sealed, column in (
        (own, comment.text_for_author, COMMENT_FOR_AUTHOR),
        (viewer.keys.vault("notes", group.uid), comment.text, COMMENT),
    ):
        try:
            if vault:
                return vaults.open_text(viewer.keys, vault, sealed, place(*column, comment.uid))
        except Locked:
            continue
    return None


def boxes_of(viewer: Viewer, group: Group, note: SessionNote) -> Boxes | None:
    """What a note says: the author's own draft, or the signed text; None without the key."""
    try:
        if note.draft is not None and note.author_uid == viewer.uid:
            text = vaults.open_text(viewer.keys, _own(viewer), note.draft, draft_place(note.uid))
        elif note.text is not None:
            text = vaults.open_text(viewer.keys, _notes(group), note.text, text_place(note.uid))
        else:
            return None
    except Locked:
        return None
    return Boxes(**json.loads(text))


def seal_addition(group: Group, addition: NoteAddition, text: str) -> None:
    """Seal an addition to those who read the group's notes."""
    at = place("note_additions", "text", addition.uid)
    addition.text = vaults.seal_text(_notes(group), text, at)


def addition_text(viewer: Viewer, group: Group, addition: NoteAddition) -> str | None:
    """What was added, or None without the key."""
    at = place("note_additions", "text", addition.uid)
    try:
        return vaults.open_text(viewer.keys, _notes(group), addition.text, at)
    except Locked:
        return None


def seal_reason(group: Group, attendance: Attendance, text: str) -> None:
    """Seal why someone was absent to the roster; empty where nothing was typed."""
    at = reason_place(attendance)
    attendance.reason = vaults.seal_text(_roster(group), text, at) if text else None


def reason(viewer: Viewer, group: Group, attendance: Attendance) -> str:
    """Why someone was absent. Raises Locked without the roster."""
    if attendance.reason is None:
        return ""
    return vaults.open_text(
        viewer.keys, _roster(group), attendance.reason, reason_place(attendance)
    )


def seal_what(group: Group, follow_up: FollowUp, text: str) -> None:
    """Seal what is to be done to the roster; empty where nothing was typed."""
    at = place("follow_ups", "what", follow_up.uid)
    follow_up.what = vaults.seal_text(_roster(group), text, at) if text else None


def what(viewer: Viewer, follow_up: FollowUp) -> str:
    """What is to be done. Raises Locked without the roster."""
    if follow_up.what is None:
        return ""
    vault = viewer.keys.vault("roster", follow_up.group_uid)
    if vault is None:
        raise Locked
    return vaults.open_text(
        viewer.keys, vault, follow_up.what, place("follow_ups", "what", follow_up.uid)
    )


def draft_place(note_uid: str) -> bytes:
    """Where a draft lives."""
    return place("session_notes", "draft", note_uid)


def text_place(note_uid: str) -> bytes:
    """Where a signed text lives."""
    return place("session_notes", "text", note_uid)


def reason_place(attendance: Attendance) -> bytes:
    """Where the reason of an absence lives."""
    row = f"{attendance.session_uid}/{attendance.membership_uid}"
    return place("attendance", "reason", row)


def _own(viewer: Viewer) -> str:
    vault = vaults.find("own", viewer.uid)
    if vault is None:
        raise Locked
    return vault


def _notes(group: Group) -> str:
    return _vault("notes", group)


def _roster(group: Group) -> str:
    return _vault("roster", group)


def _vault(kind: str, group: Group) -> str:
    vault = vaults.find(kind, group.uid)
    if vault is None:
        raise Locked
    return vault
