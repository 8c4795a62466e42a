"""One row per sensitive act and per opened record; where both chains end, and where they begin."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model, Moment, Sealed, Uid


class AuditRow(Model):
    """Who did what to which record, and whether it was done; no names, no text, no address."""

    __tablename__ = "audit"
    __table_args__ = (
        Index("ix_audit_person_uid_seq", "person_uid", "seq"),
        Index("ix_audit_actor_uid_seq", "actor_uid", "seq"),
        Index("ix_audit_subject_uid_seq", "subject_uid", "seq"),
        Index("ix_audit_vault_uid_seq", "vault_uid", "seq"),
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
    """Over the hash, under a key that only the recovery key leads to again."""
    is_opening: Mapped[bool]
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    """Over the row and the hash before it in its chain."""


class AuditHead(Model):
    """Where both chains end, and the keys of their next rows: one row, locked last."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int]
    mac: Mapped[bytes] = mapped_column(LargeBinary(32))
    """The head as it is shown, over both chains."""
    acts_rows: Mapped[int]
    acts_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    openings_rows: Mapped[int]
    openings_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    keys: Mapped[bytes] = mapped_column(Sealed)
    """Both keys, sealed under the server's key together with all of this row."""


class AuditMark(Model):
    """What stood at a place of a chain where something begins.

    `begun`: the key of the next row comes from the recovery key. `pruned`: the
    rows up to here were removed. `old`: up to here the key did not move on.
    """

    __tablename__ = "audit_marks"

    kind: Mapped[str] = mapped_column(String(8), primary_key=True)
    chain: Mapped[str] = mapped_column(String(8), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """The last row before it, of either chain."""
    rows: Mapped[int]
    """How many rows this chain had until then."""
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))
