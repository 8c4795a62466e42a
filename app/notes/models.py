"""A note of a meeting or an appointment, and what is said beside it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model, Moment, Sealed, Uid, new_uid
from app.tables import one_of, only_one

DRAFT, AWAITING, SIGNED = "draft", "awaiting", "signed"
MEETING, APPOINTMENT = "meeting", "appointment"
NOTE, REFLECTION = "note", "reflection"
ADDITION, COMMENT = "addition", "comment"
# The kind of vault that opens what is signed: of the group, or of the file.
VAULTS = {MEETING: "notes", APPOINTMENT: "case"}


class Note(Model):
    """What one person writes about one meeting or appointment: a note, or an author-only reflection.

    `draft` is sealed to its author; `text` to those who read it, once signed or
    sent for review. "Entered in error" instead of deletion.
    """

    __tablename__ = "notes"
    __table_args__ = (
        CheckConstraint(
            "of_kind || ' ' || kind IN ('meeting note', 'meeting reflection', 'appointment note')",
            name="kind_known",
        ),
        Index("ix_notes_of_uid", "of_uid"),
        Index("ix_notes_in_uid", "in_uid"),
        Index("ix_notes_author_uid", "author_uid"),
        only_one("uq_notes_current", "of_uid", "author_uid", "kind", while_="error_at IS NULL"),
    )

    uid: Mapped[str] = mapped_column(Uid, primary_key=True, default=new_uid)
    of_kind: Mapped[str] = mapped_column(String(11))
    of_uid: Mapped[str] = mapped_column(Uid)
    """The meeting, or the appointment."""
    in_uid: Mapped[str] = mapped_column(Uid)
    """The group, or the file's referral: a part in it lets one read what is signed."""
    author_uid: Mapped[str] = mapped_column(ForeignKey("users.uid"))
    kind: Mapped[str] = mapped_column(String(10), default=NOTE)
    version: Mapped[int] = mapped_column(default=0)
    page: Mapped[str] = mapped_column(String(32), default="")
    """The page that saved last: its own next save is never a conflict with itself."""
    draft: Mapped[bytes | None] = mapped_column(Sealed)
    text: Mapped[bytes | None] = mapped_column(Sealed)
    saved_at: Mapped[datetime] = mapped_column(Moment)
    awaiting_at: Mapped[datetime | None] = mapped_column(Moment)
    signed_at: Mapped[datetime | None] = mapped_column(Moment)
    signed_off_by: Mapped[str | None] = mapped_column(Uid)
    """The supervisor who reviewed it, where notes are reviewed."""
    error_at: Mapped[datetime | None] = mapped_column(Moment)

    @property
    def state(self) -> str:
        """draft → signed, by way of awaiting review where notes are reviewed."""
        if self.signed_at:
            return SIGNED
        return AWAITING if self.awaiting_at else DRAFT


class NoteRemark(Model):
    """What was added to a signed note, or what its reviewer said."""

    __tablename__ = "note_remarks"
    __table_args__ = (
        one_of("kind", ("addition", "comment")),
        Index("ix_note_remarks_note_uid", "note_uid"),
    )

    uid: Mapped[str] = mapped_column(Uid, primary_key=True, default=new_uid)
    note_uid: Mapped[str] = mapped_column(ForeignKey("notes.uid"))
    kind: Mapped[str] = mapped_column(String(8))
    author_uid: Mapped[str] = mapped_column(ForeignKey("users.uid"))
    written_at: Mapped[datetime] = mapped_column(Moment)
    text: Mapped[bytes] = mapped_column(Sealed)
    text_for_author: Mapped[bytes | None] = mapped_column(Sealed)
    """A reviewer's comment once more, for a facilitator who may be without the group's notes."""
