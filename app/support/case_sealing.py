"""Where the texts of a file are sealed and opened: to its own vault, and drafts to their author."""

from __future__ import annotations

import json

from app.accounts.viewer import Viewer
from app.errors import Locked
from app.sessions.sealing import Boxes
from app.support.models import Case, CaseNote, CaseNoteRemark
from app.vault import vaults
from app.vault.envelope import place


def seal_draft(viewer: Viewer, note: CaseNote, boxes: Boxes) -> None:
    """Seal a draft to its author alone."""
    own = vaults.find("own", viewer.uid)
    if own is None:
        raise Locked
    note.draft = vaults.seal_text(own, boxes.text(), place("case_notes", "draft", note.uid))


def seal_signed(case: Case, note: CaseNote, boxes: Boxes) -> None:
    """Seal a note to those who read the file; the draft goes once it is signed."""
    at = place("case_notes", "text", note.uid)
    note.text = vaults.seal_text(vault_of(case), boxes.text(), at)
    if note.signed_at is not None:
        note.draft = None


def boxes_of(viewer: Viewer, case: Case, note: CaseNote) -> Boxes | None:
    """What a note says: the author's own draft, or the signed text; None without the key."""
    try:
        if note.draft is not None and note.author_uid == viewer.uid:
            own = viewer.keys.vault("own", viewer.uid) or ""
            at = place("case_notes", "draft", note.uid)
            text = vaults.open_text(viewer.keys, own, note.draft, at)
        elif note.text is not None:
            at = place("case_notes", "text", note.uid)
            text = vaults.open_text(viewer.keys, _held(viewer, case), note.text, at)
        else:
            return None
    except Locked:
        return None
    return Boxes(**json.loads(text))


def seal_remark(case: Case, remark: CaseNoteRemark, text: str) -> None:
    """Seal an addition or a comment to those who read the file."""
    at = place("case_note_remarks", "text", remark.uid)
    remark.text = vaults.seal_text(vault_of(case), text, at)


def remark_text(viewer: Viewer, case: Case, remark: CaseNoteRemark) -> str | None:
    """What was added or commented, or None without the key."""
    at = place("case_note_remarks", "text", remark.uid)
    try:
        return vaults.open_text(viewer.keys, _held(viewer, case), remark.text, at)
    except Locked:
        return None


def seal_field(case: Case, column: str, text: str) -> bytes | None:
    """Seal a text of the file's own row; nothing where nothing was typed."""
    return (
        vaults.seal_text(vault_of(case), text, place("cases", column, case.uid)) if text else None
    )


def field_text(viewer: Viewer, case: Case, column: str) -> str:
    """A text of the file's own row, or a neutral nothing without the key."""
    sealed = getattr(case, column)
    if sealed is None:
        return ""
    try:
        at = place("cases", column, case.uid)
        return vaults.open_text(viewer.keys, _held(viewer, case), sealed, at)
    except Locked:
        return ""


def vault_of(case: Case) -> str:
    """The vault a file lives on: its referral's. Raises Locked once it was revoked."""
    vault = vaults.find("case", case.referral_uid)
    if vault is None:
        raise Locked
    return vault


def _held(viewer: Viewer, case: Case) -> str:
    """The same vault, where the viewer holds it: asks the database nothing. Raises Locked."""
    vault = viewer.keys.vault("case", case.referral_uid)
    if vault is None:
        raise Locked
    return vault
