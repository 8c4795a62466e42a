"""A group, and the dated stays of its members."""

from __future__ import annotations

from datetime import date, datetime, time

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Model, Moment, Sealed, Uid, new_uid
from app.people.models import Site
from app.tables import one_of, only_one

PLANNED, ENROLLING, ACTIVE, COMPLETED, CANCELLED = (
    "planned",
    "enrolling",
    "active",
    "completed",
    "cancelled",
)
WAITING, OFFERED, LEFT, WITHDRAWN = "waiting", "offered", "left", "withdrawn"


class Group(Model):
    """One run of a support group (a cycle of sessions) or an open discussion group."""

    __tablename__ = "groups"
    __table_args__ = (
        one_of("kind", ("support", "discussion")),
        Index("ix_groups_site_uid", "site_uid"),
    )

    uid: Mapped[str] = mapped_column(Uid, primary_key=True, default=new_uid)
    site_uid: Mapped[str] = mapped_column(ForeignKey("sites.uid"))
    kind: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(60))
    """A neutral name: it is not sealed."""
    planned_sessions: Mapped[int]
    """15 unless changed; 0 for a discussion group, which has no fixed number."""
    capacity: Mapped[int]
    share_to_complete: Mapped[int] = mapped_column(default=60)
    """Per cent of the sessions held during a stay at which it counts as completed."""
    weekday: Mapped[int | None]
    """As date.weekday(): Monday is 0. Empty until the second page of a new group."""
    at: Mapped[time | None]
    """The usual hour at the place."""
    first_on: Mapped[date | None]
    """From which day on the dates are proposed."""
    minutes: Mapped[int] = mapped_column(default=120)
    room: Mapped[str] = mapped_column(String(40), default="")
    """One of its place's, as it is called there; empty where it was not said."""
    reviewed: Mapped[bool] = mapped_column(default=False)
    """Whether a supervisor reviews the notes before they are signed."""
    planned_at: Mapped[datetime] = mapped_column(Moment)
    enrolling_at: Mapped[datetime | None] = mapped_column(Moment)
    active_at: Mapped[datetime | None] = mapped_column(Moment)
    completed_at: Mapped[datetime | None] = mapped_column(Moment)
    cancelled_at: Mapped[datetime | None] = mapped_column(Moment)
    let_go_at: Mapped[datetime | None] = mapped_column(Moment)
    """When something of it was first let go: from then on it stays as it is."""
    site: Mapped[Site] = relationship(lazy="joined", innerjoin=True)

    @property
    def state(self) -> str:
        """planned → enrolling → active → completed, or cancelled."""
        if self.cancelled_at:
            return CANCELLED
        if self.completed_at:
            return COMPLETED
        if self.active_at:
            return ACTIVE
        return ENROLLING if self.enrolling_at else PLANNED

    @property
    def is_open(self) -> bool:
        """Whether people can still join and meet."""
        return self.completed_at is None and self.cancelled_at is None

    @property
    def is_support(self) -> bool:
        return self.kind == "support"


class Membership(Model):
    """A dated stay of a person in a group. Someone who leaves and returns has two."""

    __tablename__ = "memberships"
    __table_args__ = (
        Index("ix_memberships_group_uid", "group_uid"),
        Index("ix_memberships_person_uid", "person_uid"),
        only_one("uq_memberships_open_stay", "group_uid", "person_uid", while_="ended_as IS NULL"),
        one_of("ended_as", ("completed", "left", "withdrawn"), or_none=True),
    )

    uid: Mapped[str] = mapped_column(Uid, primary_key=True, default=new_uid)
    group_uid: Mapped[str] = mapped_column(ForeignKey("groups.uid"))
    person_uid: Mapped[str] = mapped_column(ForeignKey("people.uid"))
    waiting_at: Mapped[datetime | None] = mapped_column(Moment)
    offered_at: Mapped[datetime | None] = mapped_column(Moment)
    offered_until: Mapped[datetime | None] = mapped_column(Moment)
    """An offer takes a place until this moment, and none from that second on."""
    joined_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    """The last day the stay covers."""
    ended_as: Mapped[str | None] = mapped_column(String(10))
    ended_with_group: Mapped[bool] = mapped_column(default=False)
    """Whether it ended because the group did; it goes on where that is undone."""
    reason: Mapped[bytes | None] = mapped_column(Sealed)
    """Why someone left; sealed to the roster."""
    counts_on: Mapped[date | None]
    """Since when it counts as completed whatever the share, because a facilitator says so."""

    def state(self, at: datetime) -> str:
        """waiting → offered → active → completed / left / withdrawn."""
        if self.ended_as:
            return self.ended_as
        if self.joined_on:
            return ACTIVE
        return OFFERED if self.offered_until and self.offered_until > at else WAITING

    def takes_place(self, at: datetime) -> bool:
        """Whether the stay counts against the group's capacity."""
        return self.state(at) in (ACTIVE, OFFERED)

    def covers(self, day: date) -> bool:
        """Whether the person was expected on that day."""
        joined, ended = self.joined_on, self.ended_on
        return joined is not None and joined <= day and (ended is None or day <= ended)
