"""Places; people, each a sealed card."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model, Moment, Sealed, Uid, new_uid
from app.tables import one_of

PURPOSES = ("contact", "reports", "referral")
NOBODY = 0  # the version of a card that is none: what remains of somebody hangs on it
SIGN_UP, REQUEST = "sign-up", "request"


class Site(Model):
    """A place where the organisation works, with its own time zone."""

    __tablename__ = "sites"

    uid: Mapped[str] = mapped_column(Uid, primary_key=True, default=new_uid)
    name: Mapped[str] = mapped_column(String(40))
    name_en: Mapped[str] = mapped_column(String(40))
    zone: Mapped[str] = mapped_column(String(40))
    """IANA name: Asia/Jerusalem and Asia/Hebron differ by an hour around clock changes."""
    phone_region: Mapped[str] = mapped_column(String(2))
    """How a phone number without a country is read: PS or IL."""
    rooms: Mapped[str] = mapped_column(String(400), default="")
    """Where one meets there, a name to the line."""

    def called(self, language: str) -> str:
        """The place's name in a language."""
        return self.name if language == "ar" else self.name_en

    @property
    def room_names(self) -> list[str]:
        """The rooms one can choose from, as they were written."""
        return self.rooms.splitlines()


class ClosedDay(Model):
    """A day on which a place is closed; proposed dates skip it."""

    __tablename__ = "closed_days"

    site_uid: Mapped[str] = mapped_column(ForeignKey("sites.uid"), primary_key=True)
    closed_on: Mapped[date] = mapped_column(primary_key=True)


class Person(Model):
    """Someone the organisation serves. Everything about them is in the one sealed card."""

    __tablename__ = "people"
    __table_args__ = (
        Index("ix_people_site_uid", "site_uid"),
        one_of("came_by", (SIGN_UP, REQUEST), or_none=True),
    )

    uid: Mapped[str] = mapped_column(Uid, primary_key=True, default=new_uid)
    site_uid: Mapped[str] = mapped_column(ForeignKey("sites.uid"))
    added_at: Mapped[datetime] = mapped_column(Moment)
    changed_at: Mapped[datetime] = mapped_column(Moment)
    version: Mapped[int] = mapped_column(default=1)
    card: Mapped[bytes] = mapped_column(Sealed)
    came_by: Mapped[str | None] = mapped_column(String(8))
    """The sign-up or the request that they were added for: with nothing else here they go with it."""


class Consent(Model):
    """A person's agreement to one purpose; withdrawn, not deleted."""

    __tablename__ = "consents"
    __table_args__ = (one_of("purpose", PURPOSES), Index("ix_consents_person_uid", "person_uid"))

    uid: Mapped[str] = mapped_column(Uid, primary_key=True, default=new_uid)
    person_uid: Mapped[str] = mapped_column(ForeignKey("people.uid"))
    purpose: Mapped[str] = mapped_column(String(16))
    receiver_uid: Mapped[str | None] = mapped_column(Uid)
    """To whom they may be referred: a colleague, or the referral to a service outside."""
    given_on: Mapped[date]
    withdrawn_on: Mapped[date | None]
    recorded_by: Mapped[str] = mapped_column(Uid)


class Total(Model):
    """How many there were of something whose rows were let go: marks of a meeting or a stay, sign-ups."""

    __tablename__ = "totals"

    of_uid: Mapped[str] = mapped_column(Uid, primary_key=True)
    what: Mapped[str] = mapped_column(String(10), primary_key=True)
    """The mark, or the state of a sign-up."""
    number: Mapped[int]
