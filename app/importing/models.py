"""A file that is being brought in, and what came of it, so that it can be taken back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model, Moment, Sealed, Uid, new_uid
from app.tables import one_of


class Import(Model):
    """One file on its way in. What stands in it opens for whoever chose it, and goes once it is confirmed."""

    __tablename__ = "imports"
    __table_args__ = (
        one_of("kind", ("people", "roster", "marks", "list")),
        Index("ix_imports_user_uid", "user_uid"),
    )

    uid: Mapped[str] = mapped_column(Uid, primary_key=True, default=new_uid)
    user_uid: Mapped[str] = mapped_column(Uid)
    kind: Mapped[str] = mapped_column(String(8))
    of_uid: Mapped[str] = mapped_column(Uid)
    """The place, the group or the workshop it goes into."""
    begun_at: Mapped[datetime] = mapped_column(Moment, index=True)
    done_at: Mapped[datetime | None] = mapped_column(Moment)
    file: Mapped[bytes | None] = mapped_column(Sealed)
    """The rows of the file, until it is confirmed or given up."""
    chosen: Mapped[bytes | None] = mapped_column(Sealed)
    """What its columns are, and who is whom, as far as that was said by hand."""
    rows_in: Mapped[int] = mapped_column(default=0)
    rows_out: Mapped[int] = mapped_column(default=0)


class Imported(Model):
    """A row that an import made, and a digest of how it stood: changed or used since, nothing is taken back.

    Or one that it changed: a session that was held with its first mark, a group that began with it,
    a workshop whose line grew.
    """

    __tablename__ = "imported"

    import_uid: Mapped[str] = mapped_column(ForeignKey("imports.uid"), primary_key=True)
    of: Mapped[str] = mapped_column(String(16), primary_key=True)
    """The table."""
    uid: Mapped[str] = mapped_column(Uid, primary_key=True)
    also: Mapped[str] = mapped_column(Uid, primary_key=True, default="")
    """Of a row with two keys the second."""
    stood: Mapped[str] = mapped_column(String(32), default="")
    was: Mapped[str] = mapped_column(String(10), default="")
    """Of one that it changed, the state before, or how long its line was."""
