"""A workshop, and the people who signed up for it."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Model, Moment, Uid, new_uid
from app.people.models import Site
from app.tables import one_of, only_one

KINDS = ("educational", "creative")
DRAFT, OPEN, CLOSED, HELD, CANCELLED = "draft", "open", "closed", "held", "cancelled"
REQUESTED, CONFIRMED, WAITING, OFFERED = "requested", "confirmed", "waiting", "offered"
DECLINED, EXPIRED, ATTENDED, NO_SHOW = "declined", "expired", "attended", "no-show"
ENDINGS = (DECLINED, CANCELLED)
CAME = (ATTENDED, NO_SHOW)
# Which states of a sign-up take a seat; everything that counts seats asks here.
TAKES_SEAT = frozenset({CONFIRMED, OFFERED, ATTENDED})


class Workshop(Model):
    """One date of an educational or creative workshop. What is written here is published: clear."""

    __tablename__ = "workshops"
    __table_args__ = (
        one_of("kind", ("educational", "creative")),
        CheckConstraint("seats >= 1", name="seats_positive"),
        Index("ix_workshops_site_uid_starts_at", "site_uid", "starts_at"),
        Index("ix_workshops_series_uid", "series_uid"),
    )

    uid: Mapped[str] = mapped_column(Uid, primary_key=True, default=new_uid)
    site_uid: Mapped[str] = mapped_column(ForeignKey("sites.uid"))
    series_uid: Mapped[str] = mapped_column(Uid)
    """Dates of the same workshop share it: the first one's uid."""
    kind: Mapped[str] = mapped_column(String(12))
    title_ar: Mapped[str] = mapped_column(String(80), default="")
    title_en: Mapped[str] = mapped_column(String(80), default="")
    """At least one of the two titles is there."""
    about_ar: Mapped[str] = mapped_column(String(2000), default="")
    about_en: Mapped[str] = mapped_column(String(2000), default="")
    starts_at: Mapped[datetime] = mapped_column(Moment)
    minutes: Mapped[int]
    room: Mapped[str] = mapped_column(String(40), default="")
    """One of its place's; the public link does not say it."""
    closes_at: Mapped[datetime] = mapped_column(Moment)
    """Signing up ends at this moment by itself, for the public and in the state shown."""
    seats: Mapped[int]
    needs_approval: Mapped[bool] = mapped_column(default=False)
    """Whoever signs up is asked about first, and takes no seat until then."""
    fills_itself: Mapped[bool] = mapped_column(default=True)
    """A freed seat goes to whoever waited longest; otherwise it is offered by hand."""
    last_in_line: Mapped[int] = mapped_column(default=0)
    """The highest number given on the waiting list."""
    link: Mapped[str | None] = mapped_column(String(24), unique=True)
    """The public address's last part, from the day it was first turned on."""
    link_on_at: Mapped[datetime | None] = mapped_column(Moment)
    """Since when the link answers; empty while it is off."""
    drafted_at: Mapped[datetime] = mapped_column(Moment)
    opened_at: Mapped[datetime | None] = mapped_column(Moment)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    held_at: Mapped[datetime | None] = mapped_column(Moment)
    cancelled_at: Mapped[datetime | None] = mapped_column(Moment)
    site: Mapped[Site] = relationship(lazy="joined", innerjoin=True)

    def state(self, at: datetime) -> str:
        """draft → open → closed → held, or cancelled; that it is full follows from the sign-ups."""
        if self.cancelled_at:
            return CANCELLED
        if self.held_at:
            return HELD
        if self.opened_at is None:
            return DRAFT
        return CLOSED if self.closed_at or self.closes_at <= at else OPEN

    def is_over(self) -> bool:
        """Whether nothing about seats changes any more."""
        return bool(self.cancelled_at or self.held_at)

    def link_answers(self, at: datetime) -> bool:
        """Whether the public can sign up: the link is on, and so is the sign-up."""
        return self.link_on_at is not None and self.state(at) == OPEN

    def title(self, language: str) -> str:
        """The title in a language, or in the one there is."""
        first, second = self.title_ar, self.title_en
        return (first or second) if language == "ar" else (second or first)

    def about(self, language: str) -> str:
        """The text in a language, or in the one there is."""
        first, second = self.about_ar, self.about_en
        return (first or second) if language == "ar" else (second or first)

    @property
    def on(self) -> date:
        """The day at the place."""
        return self.starts_at.astimezone(ZoneInfo(self.site.zone)).date()

    @property
    def closes_on(self) -> date:
        """The day on which signing up closes, at the place."""
        return self.closes_at.astimezone(ZoneInfo(self.site.zone)).date()

    @property
    def at(self) -> time:
        """The hour at the place."""
        return self.starts_at.astimezone(ZoneInfo(self.site.zone)).time()


class SignUp(Model):
    """One person on the list of one workshop. Everything typed about them is on their sealed card."""

    __tablename__ = "sign_ups"
    __table_args__ = (
        only_one("uq_sign_ups_open", "workshop_uid", "person_uid", while_="ended_as IS NULL"),
        Index("uq_sign_ups_code_digest", "code_digest", "workshop_uid", unique=True),
        Index("ix_sign_ups_person_uid", "person_uid"),
        one_of("source", ("staff", "public", "walk-in")),
        one_of("ended_as", ("declined", "cancelled"), or_none=True),
        one_of("came_as", ("attended", "no-show"), or_none=True),
    )

    uid: Mapped[str] = mapped_column(Uid, primary_key=True, default=new_uid)
    workshop_uid: Mapped[str] = mapped_column(ForeignKey("workshops.uid"))
    person_uid: Mapped[str] = mapped_column(ForeignKey("people.uid"))
    source: Mapped[str] = mapped_column(String(8))
    code_digest: Mapped[str | None] = mapped_column(String(64))
    """Under which a code word is found; says nothing of it without the server's key."""
    signed_up_at: Mapped[datetime] = mapped_column(Moment)
    line: Mapped[int | None]
    """The place in the waiting line: lower waited longer. Kept after a seat was given."""
    offered_at: Mapped[datetime | None] = mapped_column(Moment)
    offered_until: Mapped[datetime | None] = mapped_column(Moment)
    """An offer takes a seat until this moment, and none from that second on."""
    confirmed_at: Mapped[datetime | None] = mapped_column(Moment)
    moved_up_at: Mapped[datetime | None] = mapped_column(Moment)
    """When a freed seat went to them by itself: somebody should tell them."""
    told_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_as: Mapped[str | None] = mapped_column(String(9))
    ended_by_them: Mapped[bool] = mapped_column(default=False)
    """With their own code words: they may take that back, not what the team ended."""
    came_as: Mapped[str | None] = mapped_column(String(8))
    marked_by: Mapped[str | None] = mapped_column(Uid)
    """Who wrote down last whether they came."""

    def state(self, at: datetime) -> str:
        """requested → confirmed / waiting → offered → confirmed / declined / expired; cancelled; attended / no-show."""
        if self.ended_as:
            return self.ended_as
        if self.came_as:
            return self.came_as
        if self.confirmed_at:
            return CONFIRMED
        if self.offered_until:
            return OFFERED if self.offered_until > at else EXPIRED
        return WAITING if self.line is not None else REQUESTED

    def is_to_be_told(self, at: datetime) -> bool:
        """Whether a seat came to them by itself and nobody has told them yet."""
        return bool(self.moved_up_at) and not self.told_at and self.state(at) == CONFIRMED

    def takes_seat(self, at: datetime) -> bool:
        """Whether it counts against the workshop's seats."""
        return self.state(at) in TAKES_SEAT


class DifferentPeople(Model):
    """Two cards that look alike and are not one person's: nobody is asked about them again."""

    __tablename__ = "different_people"

    one_uid: Mapped[str] = mapped_column(ForeignKey("people.uid"), primary_key=True)
    other_uid: Mapped[str] = mapped_column(ForeignKey("people.uid"), primary_key=True)
    """Of the two uids the greater."""
    said_at: Mapped[datetime] = mapped_column(Moment)
