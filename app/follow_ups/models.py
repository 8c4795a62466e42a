"""What is to be followed up."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model, Moment, Sealed, Uid, new_uid
from app.tables import only_one


class FollowUp(Model):
    """A thing to do for a person, with an owner and a date."""

    __tablename__ = "follow_ups"
    __table_args__ = (
        Index("ix_follow_ups_owner_due", "owner_uid", "due_on"),
        Index("ix_follow_ups_group_uid", "group_uid"),
        only_one(
            "uq_follow_ups_open",
            "person_uid",
            "session_uid",
            "owner_uid",
            while_="ended_at IS NULL",
        ),
    )

    uid: Mapped[str] = mapped_column(Uid, primary_key=True, default=new_uid)
    group_uid: Mapped[str] = mapped_column(ForeignKey("groups.uid"))
    session_uid: Mapped[str] = mapped_column(ForeignKey("group_sessions.uid"))
    person_uid: Mapped[str] = mapped_column(ForeignKey("people.uid"))
    owner_uid: Mapped[str] = mapped_column(ForeignKey("users.uid"))
    due_on: Mapped[date]
    what: Mapped[bytes | None] = mapped_column(Sealed)
    """What is to be done; sealed to the roster."""
    opened_by: Mapped[str] = mapped_column(Uid)
    opened_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_as: Mapped[str | None] = mapped_column(String(8))
    """done, or dropped."""
