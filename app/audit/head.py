"""The end of the trail: where both chains are appended to, and where their keys begin anew."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import cast

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import current_app
from sqlalchemy import Connection, Executable, Table, bindparam, insert, select, update

from app.audit.models import AuditHead, AuditMark, AuditRow
from app.audit.rules import ACTS, OPENED, Chain, Entry, head_of
from app.extensions import db

BEGUN, PRUNED, OLD = "begun", "pruned", "old"
ANOTHER_KEY = (
    "The trail was written under another server key, or its head was changed: nothing can be added "
    "to it. Put the server key back, or `flask --app wsgi audit begin`."
)
NONCE_BYTES, KEY_BYTES = 12, 32
# Prepared once, and run without the ORM: almost every page writes a row.
ROWS, HEADS = cast(Table, AuditRow.__table__), cast(Table, AuditHead.__table__)
HEAD = select(HEADS).where(HEADS.c.id == 1)
LOCKED_HEAD = HEAD.with_for_update()
NEW = [c.name for c in HEADS.c if c.name != "id"]
FIRST_HEAD, NEXT_ROW = insert(HEADS), insert(ROWS)
NEXT_HEAD = (
    update(HEADS).where(HEADS.c.id == 1).values({name: bindparam(f"new_{name}") for name in NEW})
)
NEW_MARK = insert(cast(Table, AuditMark.__table__))
IS_OLD = select(AuditMark.seq).where(AuditMark.kind == OLD, AuditMark.seq == bindparam("seq"))


class Closed(RuntimeError):
    """Nothing can be added to the trail: its keys do not open."""


@dataclass
class Head:
    """Where both chains end."""

    seq: int
    acts: Chain
    openings: Chain

    @property
    def shown(self) -> bytes:
        """What is kept elsewhere, with the number of the last row."""
        return head_of(self.acts, self.openings)

    def _stands(self) -> bytes:
        """What the sealed keys are bound to: without the server's key nothing of it can be changed."""
        numbers = f"audit_head\x1f{self.seq}\x1f{self.acts.rows}\x1f{self.openings.rows}\x1f"
        return numbers.encode() + self.acts.hash + self.openings.hash

    def columns(self) -> dict[str, object]:
        """The row as it is kept."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        keys = self.acts.key + self.openings.key
        return {
            "seq": self.seq,
            "mac": self.shown,
            "acts_rows": self.acts.rows,
            "acts_hash": self.acts.hash,
            "openings_rows": self.openings.rows,
            "openings_hash": self.openings.hash,
            "keys": nonce + _cipher().encrypt(nonce, keys, self._stands()),
        }

    def open(self, sealed: bytes) -> None:
        """Take the keys out, if there are any. Raises Closed."""
        if not sealed and (not self.seq or db.session.scalar(IS_OLD, {"seq": self.seq})):
            return  # as the tables were brought up to date: nothing was written since
        try:
            keys = _cipher().decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], self._stands())
        except (InvalidTag, ValueError) as error:
            raise Closed(ANOTHER_KEY) from error
        self.acts.key, self.openings.key = keys[:KEY_BYTES], keys[KEY_BYTES:]


def as_it_stands() -> tuple[Head, bytes] | None:
    """The head, without its keys, and these as they are sealed; None before the first row."""
    return _read(db.session.connection(), HEAD)


def _read(connection: Connection, statement: Executable) -> tuple[Head, bytes] | None:
    row = connection.execute(statement).one_or_none()
    if row is None:
        return None
    acts = Chain(ACTS, row.acts_rows, bytes(row.acts_hash))
    openings = Chain(OPENED, row.openings_rows, bytes(row.openings_hash))
    return Head(row.seq, acts, openings), bytes(row.keys)


def append(entries: Sequence[Entry]) -> None:
    """Write rows at the ends of their chains: however many, the head is read and moved once."""
    connection = db.session.connection()
    head, is_new = _to_write(connection)
    rows = []
    for entry in entries:
        chain = head.openings if entry.is_opening else head.acts
        head.seq += 1
        mac = chain.add(head.seq, entry)
        of_chain = {"is_opening": entry.is_opening, "hash": chain.hash, "mac": mac}
        rows.append({"seq": head.seq, **entry._asdict(), **of_chain})
    if rows:
        connection.execute(NEXT_ROW, rows)
    _move(connection, head, is_new)


def begin(recovery_key: bytes) -> None:
    """Let the keys of both chains begin anew from the organisation's recovery key.

    Once when the organisation is founded; again where a trail is older than
    that, where a backup was restored, or where the server's key is another one.
    """
    connection = db.session.connection()
    head, is_new = _to_write(connection, open_keys=False)
    marks = []
    for chain in (head.acts, head.openings):
        at = {"seq": head.seq, "rows": chain.rows, "hash": chain.hash}
        marks.append({"kind": BEGUN, "chain": chain.name, **at})
        chain.begin(recovery_key)
    connection.execute(NEW_MARK, marks)
    _move(connection, head, is_new)


def _to_write(connection: Connection, *, open_keys: bool = True) -> tuple[Head, bool]:
    """The head, locked, with its keys, and whether it is the first."""
    found = _read(connection, LOCKED_HEAD)
    head, sealed = found or (Head(0, Chain(ACTS), Chain(OPENED)), b"")
    if open_keys:
        head.open(sealed)
    for chain in (head.acts, head.openings):  # until it is begun: a key that nobody can find again
        chain.key = chain.key or secrets.token_bytes(KEY_BYTES)
    return head, found is None


def _move(connection: Connection, head: Head, is_new: bool) -> None:
    columns = head.columns()
    if is_new:
        connection.execute(FIRST_HEAD, {"id": 1, **columns})
    else:
        changed = {f"new_{name}": value for name, value in columns.items()}
        connection.execute(NEXT_HEAD, changed)


def _cipher() -> AESGCM:
    return _cipher_of(current_app.config["DAFTAR"].server_key)


@cache
def _cipher_of(server_key: bytes) -> AESGCM:
    """Prepared once: it is as much in memory as the server's key is."""
    return AESGCM(hmac.digest(server_key, b"audit head", "sha256"))
