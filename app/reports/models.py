"""A report as it was published: figures as they were told then, which nothing changes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model, Moment, Uid, new_uid
from app.reports.disclosure import FEW, HIDDEN, SHOWN
from app.tables import one_of

TOTAL, KIND, PLACE, DONE = "total", "kind", "place", "done"
WHOLE = 0
"""The column of the report's own period; in a year's, 1 to 4 are its quarters."""


class Report(Model):
    """The report of a quarter or of a year, for the whole organisation. There is one of each at most."""

    __tablename__ = "reports"
    __table_args__ = (
        Index("uq_reports_period", "year", "quarter", unique=True),
        CheckConstraint("quarter BETWEEN 0 AND 4", name="quarter_known"),
    )

    uid: Mapped[str] = mapped_column(Uid, primary_key=True, default=new_uid)
    year: Mapped[int]
    quarter: Mapped[int]
    """1 to 4; 0 is the whole year."""
    threshold: Mapped[int]
    """Fewer people than this were not told."""
    published_at: Mapped[datetime] = mapped_column(Moment)
    published_by: Mapped[str] = mapped_column(ForeignKey("users.uid"))


class ReportCell(Model):
    """One figure of a report, as it was told."""

    __tablename__ = "report_cells"
    __table_args__ = (
        one_of("part", (TOTAL, KIND, PLACE, DONE)),
        one_of("told", (SHOWN, FEW, HIDDEN)),
        CheckConstraint("(told = 'shown') = (number IS NOT NULL)", name="number_if_shown"),
    )

    report_uid: Mapped[str] = mapped_column(ForeignKey("reports.uid"), primary_key=True)
    part: Mapped[str] = mapped_column(String(5), primary_key=True)
    row: Mapped[str] = mapped_column(String(20), primary_key=True)
    """What is counted: a word, or of places the uid."""
    column: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int]
    """Of the row among those of its part."""
    name: Mapped[str] = mapped_column(String(40), default="")
    name_en: Mapped[str] = mapped_column(String(40), default="")
    """What a place was called then."""
    told: Mapped[str] = mapped_column(String(6))
    number: Mapped[int | None]
