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
from app.people.rules import folded

BAR = "▇▇▇"
LEAST = 2  # letters: a single one stands everywhere
INVISIBLE = dict.fromkeys((*range(0x200B, 0x2010), 0x2060, 0xFEFF))


def blanked(text: str, word: str) -> str:
    """The text with a bar wherever the word stood, however it was written and whatever was attached to it."""
    letters = [_letters(sign) for sign in text]
    plain = "".join(letters)
    # Which sign of the text each letter of the plain one comes from.
    comes_from = [number for number, each in enumerate(letters) for _letter in each]
    parts, done = [], 0
    for found in pattern(word).finditer(plain):
        begins, ends = comes_from[found.end(1)], comes_from[found.end() - 1] + 1
        while ends < len(text) and not letters[ends]:  # the vowel signs of its last letter
            ends += 1
        parts += [text[done:begins], BAR]
        done = ends
    return "".join([*parts, text[done:]])


def pattern(word: str) -> re.Pattern[str]:
    """What finds a word, or several, in a text of plain letters; the first group is what is attached to it."""
    words = r"\s+".join(map(re.escape, "".join(map(_letters, word)).split()))
    return re.compile(rf"(?<!\w)({ATTACHED}){words}(?!\w)")


def _letters(sign: str) -> str:
    """A sign as it compares: none, one letter or several; line ends and spaces are alike."""
    return " " if sign.isspace() else folded(sign.translate(INVISIBLE))


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
