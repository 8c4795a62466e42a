"""What the web layer remembers between two requests, and for how long things are kept."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model, Moment, Sealed, Uid, new_uid


class KeptForm(Model):
    """What someone typed into a form that was refused, until the page shows it again."""

    __tablename__ = "kept_forms"

    uid: Mapped[str] = mapped_column(Uid, primary_key=True, default=new_uid)
    owner_uid: Mapped[str] = mapped_column(Uid)
    """The user it is sealed to; without an account, empty: the key is in a cookie."""
    kept_at: Mapped[datetime] = mapped_column(Moment, index=True)
    typed: Mapped[bytes] = mapped_column(Sealed)


class Done(Model):
    """A post that was done, by the key in its form: done again it leads to the same place."""

    __tablename__ = "done"
    __table_args__ = (Index("ix_done_done_at", "done_at"),)

    user_uid: Mapped[str] = mapped_column(Uid, primary_key=True)
    key: Mapped[str] = mapped_column(String(32), primary_key=True)
    location: Mapped[str] = mapped_column(String(200))
    done_at: Mapped[datetime] = mapped_column(Moment)


class Term(Model):
    """For how long a class of things is kept, where the organisation changed it: see keeping.py."""

    __tablename__ = "terms"

    name: Mapped[str] = mapped_column(String(16), primary_key=True)
    number: Mapped[int]
    """Of days or months, as the class counts."""
