"""One row per sensitive act and per opened record, and the head of the chain."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model, Moment, Uid


class AuditRow(Model):
    """Who did what to which record, and whether it was done; no names, no text, no address."""

    __tablename__ = "audit"
    __table_args__ = (
        Index("ix_audit_person_uid_seq", "person_uid", "seq"),
        Index("ix_audit_actor_uid_seq", "actor_uid", "seq"),
    )

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(Moment)
    actor_uid: Mapped[str] = mapped_column(Uid)
    """The member of staff; empty for the command line and for someone not signed in."""
    action: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(20))
    subject_uid: Mapped[str] = mapped_column(Uid)
    vault_uid: Mapped[str] = mapped_column(Uid)
    person_uid: Mapped[str] = mapped_column(Uid)
    result: Mapped[str] = mapped_column(String(20))
    mac: Mapped[bytes] = mapped_column(LargeBinary(32))


class AuditHead(Model):
    """The last row's number and MAC: one row, locked last, so that the chain has one end."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int]
    mac: Mapped[bytes] = mapped_column(LargeBinary(32))
