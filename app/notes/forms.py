"""What is typed into a note, beside it and about it."""

from __future__ import annotations

import re
from typing import Self

from flask_babel import lazy_gettext as _
from wtforms import HiddenField

from app.notes.occasions import Titles
from app.notes.rules import NOTE_BYTES
from app.notes.sealing import Boxes
from app.web.forms import A_VERSION, AtMost, Filled, Form, LineField, TextField


def an_id(text: str | None) -> str:
    """An opaque id out of a hidden field; anything else counts as none."""
    return text if text and re.fullmatch(r"[0-9A-Za-z]{1,20}(\.[0-9]{1,9})?", text) else ""


class NoteForm(Form):
    """The three boxes of a note, called as its occasion calls them; of a reflection the first alone."""

    happened = TextField(validators=[AtMost(NOTE_BYTES, bytes_=True)])
    to_follow_up = TextField(validators=[AtMost(NOTE_BYTES, bytes_=True)])
    next_time = TextField(validators=[AtMost(NOTE_BYTES, bytes_=True)])
    version = HiddenField(default="0", validators=[A_VERSION])
    page = HiddenField(filters=[an_id])

    def called(self, titles: Titles) -> Self:
        """The same form with the titles of its boxes."""
        for box, title in zip(
            (self.happened, self.to_follow_up, self.next_time), titles, strict=True
        ):
            box.label.text = title
        return self

    def boxes(self) -> Boxes:
        """The boxes as typed."""
        return Boxes(
            self.happened.data or "", self.to_follow_up.data or "", self.next_time.data or ""
        )


class AdditionForm(Form):
    """What is added to a signed note."""

    text = TextField(
        _("Later addition"),
        [Filled(_("Write what you want to add.")), AtMost(NOTE_BYTES, bytes_=True)],
    )


class BlankForm(Form):
    """A word that is to stand in a signed note no more."""

    word = LineField(
        _("A word, such as a name"),
        [Filled(_("Write the whole word.")), AtMost(60)],
        description=_(
            "Wherever it stands in this note, also in what was added, a bar stands from then on."
        ),
    )


class ReviewForm(Form):
    """Why a note is returned; empty where it is signed off."""

    SAY_WHY = _("Write what should be changed, so that the author knows.")
    comment = TextField(
        _("Comment for the author"),
        [AtMost(4000)],
        description=_("Needed only to return the note."),
    )
