"""A meeting of a group, and its marks."""

from __future__ import annotations

from datetime import date, datetime, time

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model, Moment, Sealed, Uid, new_uid
from app.tables import one_of

SCHEDULED, HELD, MISSED, CANCELLED = "scheduled", "held", "missed", "cancelled"
REASONS = ("closure", "illness", "too_few", "other")
MARKS = ("present", "late", "excused", "absent")


class GroupSession(Model):
    """One meeting of a group."""

    __tablename__ = "group_sessions"
    __table_args__ = (
        Index("ix_group_sessions_group_on", "group_uid", "on"),
        one_of("reason", ("closure", "illness", "too_few", "other"), or_none=True),
    )

    uid: Mapped[str] = mapped_column(Uid, primary_key=True, default=new_uid)
    group_uid: Mapped[str] = mapped_column(ForeignKey("groups.uid"))
    on: Mapped[date]
    """The day at the place."""
    at: Mapped[time]
    """The hour at the place."""
    starts_at: Mapped[datetime] = mapped_column(Moment)
    held_at: Mapped[datetime | None] = mapped_column(Moment)
    """When it was recorded that it took place."""
    missed_at: Mapped[datetime | None] = mapped_column(Moment)
    """When it was recorded that it did not happen."""
    cancelled_at: Mapped[datetime | None] = mapped_column(Moment)
    """When it was cancelled ahead."""
    reason: Mapped[str | None] = mapped_column(String(10))
    made_up_by: Mapped[str | None] = mapped_column(Uid)
    """The meeting appended in its stead."""
    guests: Mapped[int] = mapped_column(default=0)
    """People who came and want no record."""

    @property
    def state(self) -> str:
        """scheduled / held / missed (did not happen) / cancelled ahead."""
        if self.missed_at:
            return MISSED
        if self.cancelled_at:
            return CANCELLED
        return HELD if self.held_at else SCHEDULED

    @property
    def counts(self) -> bool:
        """Whether it has a number: held, or still to come."""
        return self.state in (SCHEDULED, HELD)


class Attendance(Model):
    """One mark per stay and meeting; no row means *not recorded*."""

    __tablename__ = "attendance"
    __table_args__ = (
        Index("ix_attendance_membership_uid", "membership_uid"),
        one_of("mark", ("present", "late", "excused", "absent")),
    )

    session_uid: Mapped[str] = mapped_column(ForeignKey("group_sessions.uid"), primary_key=True)
    membership_uid: Mapped[str] = mapped_column(ForeignKey("memberships.uid"), primary_key=True)
    mark: Mapped[str] = mapped_column(String(8))
    marked_by: Mapped[str] = mapped_column(Uid)
    marked_at: Mapped[datetime] = mapped_column(Moment)
    reason: Mapped[bytes | None] = mapped_column(Sealed)
    """Why someone was absent; sealed to the roster."""
