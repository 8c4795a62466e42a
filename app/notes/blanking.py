"""Blanking a word in a signed note, such as the name of somebody who was erased: for its author alone."""

from __future__ import annotations

import re
from dataclasses import fields

from flask_babel import lazy_gettext as _

from app.accounts.viewer import Viewer
from app.errors import RuleBroken
from app.extensions import db
from app.notes import sealing
from app.notes.models import NoteRemark
from app.notes.occasions import Occasion
from app.notes.queries import OpenNote
from app.notes.rules import ATTACHED
from app.people.rules import HARAKAT, LETTERS, folded

BAR = "▇▇▇"
LEAST = 2  # letters: a single one stands everywhere
MARKS = f"{HARAKAT.pattern}*"


def blanked(text: str, word: str) -> str:
    """The text with a bar wherever the word stood, however it was written and whatever was attached to it."""
    return pattern(word).sub(lambda found: found[1] + BAR, text)


def pattern(word: str) -> re.Pattern[str]:
    """What finds a word, or several, in a text that nobody folded."""
    words = ("".join(_letter(letter) + MARKS for letter in each) for each in folded(word).split())
    joined = r"\s+".join(words)
    return re.compile(rf"(?<!\w)({ATTACHED}){joined}(?!\w)", re.IGNORECASE)


def blank(viewer: Viewer, occasion: Occasion, opened: OpenNote, word: str) -> None:
    """Blank a word in one's own signed note, its additions and comments; each is sealed anew.

    `opened` was read with its row locked. Raises RuleBroken.
    """
    note = opened.note
    if note.author_uid != viewer.uid or note.signed_at is None:
        raise RuleBroken(_("Only the author blanks a word, in a signed note."))
    remarks = [(remark, text) for remark, text in opened.remarks if text is not None]
    if opened.boxes is None or len(remarks) < len(opened.remarks):
        raise RuleBroken(_("Wait until a colleague has given you access to the notes."))
    if len(folded(word)) < LEAST:
        raise RuleBroken(_("Write the whole word."), "word")
    before = opened.boxes
    after = sealing.Boxes(
        **{f.name: blanked(getattr(before, f.name), word) for f in fields(before)}
    )
    changed = [(remark, blanked(text, word)) for remark, text in remarks]
    changed = [new for new, old in zip(changed, remarks, strict=True) if new != old]
    if after == before and not changed:
        raise RuleBroken(_("This word does not stand in the note."), "word")
    if after != before:
        sealing.seal_signed(note, after)
    for remark, text in changed:
        sealing.seal_remark(note, db.session.get_one(NoteRemark, remark.uid), text)
    occasion.record("blanked", note)


def _letter(letter: str) -> str:
    alike = [
        chr(code)
        for code, to in LETTERS.items()
        if chr(to if isinstance(to, int) else ord(to)) == letter
    ]
    return f"[{re.escape(letter)}{''.join(alike)}]"
