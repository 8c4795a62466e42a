"""A dated assignment: who has which part in what."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.assignments.rules import OPENS
from app.extensions import Model, Moment, Uid, new_uid
from app.tables import only_one

KNOWN = ", ".join(f"'{of_kind} {part}'" for of_kind, part in OPENS)
OPEN_IN_CASE = "of_kind = 'case' AND ended_at IS NULL"


class Assignment(Model):
    """A colleague's part in a place, a group, a workshop or a case."""

    __tablename__ = "assignments"
    __table_args__ = (
        CheckConstraint(f"of_kind || ' ' || part IN ({KNOWN})", name="part_known"),
        Index("ix_assignments_user_uid", "user_uid"),
        only_one("uq_assignments_open", "of_uid", "user_uid", "part", while_="ended_at IS NULL"),
        # a file has one counsellor, and at most one supervisor
        only_one("uq_assignments_open_in_case", "of_uid", "part", while_=OPEN_IN_CASE),
    )

    uid: Mapped[str] = mapped_column(Uid, primary_key=True, default=new_uid)
    of_kind: Mapped[str] = mapped_column(String(8))
    of_uid: Mapped[str] = mapped_column(Uid)
    """The place, the group, the workshop; of a case its referral, on whose vault it lives."""
    user_uid: Mapped[str] = mapped_column(ForeignKey("users.uid"))
    part: Mapped[str] = mapped_column(String(12))
    began_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
