"""A file with its appointments and what they cost."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, backref, column_property, mapped_column, relationship

from app.assignments.models import Assignment
from app.extensions import Model, Moment, Sealed, Uid, new_uid
from app.people.models import Site
from app.requests.models import CLOSED, OPEN, SERVICES, Referral
from app.tables import one_of

PAUSED, WITHDRAWN, LEFT = "paused", "withdrawn", "left"
CLOSINGS = ("finished", "stopped", "moved", "other", "revoked", "withdrawn", "left")
BOOKED = "booked"
ENDINGS = ("attended", "no-show", "cancelled", "cancelled-late", "cancelled-by-us")
OWING = ("attended", "no-show", "cancelled-late")
"""Attended, missed or cancelled too late: what there is something to pay for."""
FEES = ("due", "paid", "waived")


class Case(Model):
    """A file: individual therapy or counselling with one counsellor."""

    __tablename__ = "cases"
    __table_args__ = (
        one_of("service", SERVICES),
        one_of("closed_as", CLOSINGS, or_none=True),
        Index("ix_cases_person_uid", "person_uid"),
        Index("ix_cases_site_uid", "site_uid"),
    )

    uid: Mapped[str] = mapped_column(Uid, primary_key=True, default=new_uid)
    referral_uid: Mapped[str] = mapped_column(ForeignKey("referrals.uid"), unique=True)
    """The file lives on the vault of its referral."""
    site_uid: Mapped[str] = mapped_column(ForeignKey("sites.uid"))
    person_uid: Mapped[str] = mapped_column(ForeignKey("people.uid"))
    counsellor_uid: Mapped[str] = column_property(
        select(Referral.receiver_uid).where(Referral.uid == referral_uid).scalar_subquery()
    )
    """To whom the person was referred; it is open to them as long as they have that part in it."""
    supervisor_uid: Mapped[str | None] = column_property(
        select(Assignment.user_uid)
        .where(
            Assignment.of_uid == referral_uid,
            Assignment.part == "supervisor",
            Assignment.ended_at.is_(None),
        )
        .scalar_subquery()
    )
    """Who reads and reviews its notes now."""
    service: Mapped[str] = mapped_column(String(12))
    fee: Mapped[int | None]
    """Agreed for each appointment, in agorot; 0 is free, empty not yet agreed."""
    fee_review_on: Mapped[date | None]
    fee_note: Mapped[bytes | None] = mapped_column(Sealed)
    opened_at: Mapped[datetime] = mapped_column(Moment)
    paused_at: Mapped[datetime | None] = mapped_column(Moment)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    closed_as: Mapped[str | None] = mapped_column(String(10))
    closing_note: Mapped[bytes | None] = mapped_column(Sealed)
    site: Mapped[Site] = relationship(lazy="joined", innerjoin=True)
    referral: Mapped[Referral] = relationship(
        viewonly=True, backref=backref("file", uselist=False, viewonly=True, sync_backref=False)
    )
    """What opened it; a referral's page leads here by its `file`."""

    @property
    def state(self) -> str:
        """open → paused → closed."""
        if self.closed_at:
            return CLOSED
        return PAUSED if self.paused_at else OPEN


class Appointment(Model):
    """One meeting of a file."""

    __tablename__ = "appointments"
    __table_args__ = (
        one_of("ended_as", ENDINGS, or_none=True),
        one_of("fee_state", FEES),
        Index("ix_appointments_case_uid_starts_at", "case_uid", "starts_at"),
    )

    uid: Mapped[str] = mapped_column(Uid, primary_key=True, default=new_uid)
    case_uid: Mapped[str] = mapped_column(ForeignKey("cases.uid"))
    starts_at: Mapped[datetime] = mapped_column(Moment)
    minutes: Mapped[int]
    booked_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_as: Mapped[str | None] = mapped_column(String(16))
    fee: Mapped[int] = mapped_column(default=0)
    """In agorot."""
    fee_state: Mapped[str] = mapped_column(String(6), default="due")

    @property
    def state(self) -> str:
        """booked → attended / no-show / cancelled (by the person, late, by us)."""
        return self.ended_as or BOOKED

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)

    @property
    def owes(self) -> bool:
        """Whether there is something to pay: attended, missed or cancelled too late."""
        return self.fee > 0 and self.ended_as in OWING

    def on(self, zone: str) -> date:
        return self.starts_at.astimezone(ZoneInfo(zone)).date()

    def at(self, zone: str) -> time:
        return self.starts_at.astimezone(ZoneInfo(zone)).time()
