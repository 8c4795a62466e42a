"""What a member wishes for after the cycle."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model, Moment, Sealed, Uid, new_uid
from app.tables import one_of

CHOICES = ("counselling", "group", "community", "stop", "unsure")


class NextStep(Model):
    """One member's continuation, filled in by a facilitator with the member."""

    __tablename__ = "next_steps"
    __table_args__ = (
        one_of("choice", CHOICES),
        Index("ix_next_steps_group_uid", "group_uid"),
        Index("ix_next_steps_person_uid", "person_uid"),
    )

    uid: Mapped[str] = mapped_column(Uid, primary_key=True, default=new_uid)
    membership_uid: Mapped[str] = mapped_column(ForeignKey("memberships.uid"), unique=True)
    group_uid: Mapped[str] = mapped_column(ForeignKey("groups.uid"))
    person_uid: Mapped[str] = mapped_column(ForeignKey("people.uid"))
    choice: Mapped[str] = mapped_column(String(12))
    agreed_on: Mapped[date | None]
    """When the member agreed that the desk takes it further."""
    ask_again_on: Mapped[date | None]
    remark: Mapped[bytes | None] = mapped_column(Sealed)
    """Sealed to the group's roster."""
    recorded_by: Mapped[str] = mapped_column(ForeignKey("users.uid"))
    recorded_at: Mapped[datetime] = mapped_column(Moment)
    referral_uid: Mapped[str | None] = mapped_column(ForeignKey("referrals.uid"))
    stay_uid: Mapped[str | None] = mapped_column(ForeignKey("memberships.uid"))
    """The place on another group's waiting list."""
    request_uid: Mapped[str | None] = mapped_column(ForeignKey("requests.uid"))
    """The request to another place's desk, for one of its groups."""
