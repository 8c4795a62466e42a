"""What the house does by itself, and when it last went well: one row a chore."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model, Moment

SWEEP = "sweep"
BACKUP = "backup"
SECOND_PLACE = "second place"
DRILL = "drill"
LET_GO = "let go"
WRITE = "write"
PRINTED = "printed"  # the keys that lie in a drawer, which a person says


class Chore(Model):
    """A chore, shared by all processes and machines behind one database."""

    __tablename__ = "chores"

    name: Mapped[str] = mapped_column(String(16), primary_key=True)
    began_at: Mapped[datetime | None] = mapped_column(Moment)
    """When somebody last took it on: of several processes one does."""
    good_at: Mapped[datetime | None] = mapped_column(Moment)
    failed_at: Mapped[datetime | None] = mapped_column(Moment)
    """When it last went wrong; a later `good_at` says that it is mended."""
