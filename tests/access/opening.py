"""Opens the raw database with one passphrase at a time, past every check of the program's.

Nothing here asks who is assigned to what: a user's private key is taken from
their passphrase, and then tried on every grant, share and text there is.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from flask import Flask
from sqlalchemy import text

from app.accounts import passphrases, rules
from app.errors import Locked
from app.extensions import db
from app.vault import envelope
from tests.organisation import Account, Organisation

UNIT = "\x1f"
# Every sealed text: table, column, the vault's kind, and how its row and the vault's owner are read.
MEETING = "JOIN group_sessions m ON m.uid = r.session_uid"
BY_NOTE = "JOIN notes n ON n.uid = r.note_uid"
TEXTS = (
    ("session_notes", "draft", "own", "r.uid", "r.author_uid", ""),
    ("session_notes", "text", "notes", "r.uid", "r.in_uid", ""),
    ("note_additions", "text", "notes", "r.uid", "n.in_uid", BY_NOTE),
    ("review_comments", "text", "notes", "r.uid", "n.in_uid", BY_NOTE),
    ("review_comments", "text_for_author", "own", "r.uid", "n.author_uid", BY_NOTE),
    ("follow_ups", "what", "roster", "r.uid", "r.group_uid", ""),
    (
        *("attendance", "reason", "roster"),
        *("r.session_uid || '/' || r.membership_uid", "m.group_uid", MEETING),
    ),
    ("memberships", "reason", "roster", "r.uid", "r.group_uid", ""),
    ("requests", "remark", "desk", "r.uid", "r.site_uid", ""),
    ("requests", "end_reason", "desk", "r.uid", "r.site_uid", ""),
    ("referrals", "reason", "desk", "r.uid", "r.site_uid", ""),
    ("referrals", "outside_name", "desk", "r.uid", "r.site_uid", ""),
    ("referrals", "decline_reason", "desk", "r.uid", "r.site_uid", ""),
    ("referrals", "reason_for_receiver", "case", "r.uid", "r.uid", ""),
    ("cases", "fee_note", "case", "r.uid", "r.referral_uid", ""),
    ("cases", "closing_note", "case", "r.uid", "r.referral_uid", ""),
    ("case_notes", "draft", "own", "r.uid", "r.author_uid", ""),
    ("case_notes", "text", "case", "r.uid", "r.in_uid", ""),
    ("case_note_remarks", "text", "case", "r.uid", "n.in_uid", BY_NOTE),
    ("next_steps", "remark", "roster", "r.uid", "r.group_uid", ""),
    ("kept_forms", "typed", "own", "r.uid", "r.owner_uid", ""),
    ("shown_once", "text", "own", "r.uid", "r.user_uid", ""),
)
# A seal names the table that its text was first in; where it lies now.
REMARKS = "(SELECT o.* FROM note_remarks o JOIN notes p ON p.uid = o.note_uid WHERE"
NOW_IN = {
    "session_notes": "(SELECT * FROM notes WHERE of_kind = 'meeting')",
    "case_notes": "(SELECT * FROM notes WHERE of_kind = 'appointment')",
    "note_additions": f"{REMARKS} p.of_kind = 'meeting' AND o.kind = 'addition')",
    "review_comments": f"{REMARKS} p.of_kind = 'meeting' AND o.kind = 'comment')",
    "case_note_remarks": f"{REMARKS} p.of_kind = 'appointment')",
}


@dataclass(frozen=True)
class Piece:
    """Something sealed, where it lies, and whose vault it belongs to."""

    vault: tuple[str, str]
    """Kind, and the place, group or user."""
    where: str
    sealed: bytes
    at: bytes
    key_uid: str
    """The version of the vault's key it was sealed to."""
    boxed: bool = True


@dataclass(frozen=True)
class Table:
    """The raw database at one moment."""

    grants: list[tuple[str, str, str, str | None, bytes]]
    """Vault, version, owner of the vault, to whom, and the sealed key."""
    kinds: dict[str, tuple[str, str]]
    pieces: list[Piece]
    keys: dict[str, tuple[bytes, bytes, int, int, int]]

    def vaults(self) -> set[tuple[str, str]]:
        """Every vault: kind and whose."""
        return set(self.kinds.values())


def raw(app: Flask) -> Table:
    """Read it with plain SQL."""
    with app.app_context():
        kinds = {row[0]: (row[1], row[2]) for row in _rows("SELECT uid, kind, of_uid FROM vaults")}
        grants = _rows(
            "SELECT k.vault_uid, k.uid, v.of_uid, g.user_uid, g.sealed_key FROM grants g"
            " JOIN vault_keys k ON k.uid = g.key_uid JOIN vaults v ON v.uid = k.vault_uid"
        )
        users = _rows("SELECT uid, private_key, salt, memory, iterations, lanes FROM users")
        pieces = [*_texts(kinds), *_shares(kinds)]
        db.session.remove()
    return Table(
        [(v, k, o, u, bytes(s)) for v, k, o, u, s in grants],
        kinds,
        pieces,
        {row[0]: (bytes(row[1]), bytes(row[2]), *row[3:]) for row in users},
    )


def private_key(table: Table, account: Account, passphrase: str = "") -> bytes:
    """What the account's passphrase opens."""
    sealed, salt, memory, iterations, lanes = table.keys[account.uid]
    key = envelope.stretched(
        passphrases.folded(passphrase or account.passphrase),
        salt,
        memory=memory,
        iterations=iterations,
        lanes=lanes,
    )
    return envelope.unseal(key, sealed, rules.private_key_place(account.uid))


def opened(table: Table, account: Account) -> dict[tuple[str, str], set[str]]:
    """Everything that the account's passphrase opens: vault -> the versions of its key."""
    own = X25519PrivateKey.from_private_bytes(private_key(table, account))
    found: dict[tuple[str, str], set[str]] = {}
    for vault, version, _owner, _to, sealed in table.grants:
        for name in {account.uid, "recovery", _to or "recovery"}:
            at = envelope.place("grants", "sealed_key", f"{version}/{name}", vault)
            with suppress(Locked):
                key = envelope.open_with(own, sealed, at).hex()
                found.setdefault(table.kinds[vault], set()).add(key)
    return found


def opened_pieces(table: Table, keys: dict[tuple[str, str], set[str]]) -> set[str]:
    """Where those sealed pieces lie that any of these vault keys opens; every key is tried on each."""
    held = [bytes.fromhex(key) for versions in keys.values() for key in versions]
    boxes = [X25519PrivateKey.from_private_bytes(key) for key in held]
    shared = [envelope.derived(key, "shares") for key in held]
    found = set()
    for piece in table.pieces:
        for key in boxes if piece.boxed else shared:
            with suppress(Locked):
                if piece.boxed:
                    envelope.open_with(key, piece.sealed, piece.at)  # type: ignore[arg-type]
                else:
                    envelope.unseal(key, piece.sealed, piece.at)  # type: ignore[arg-type]
                found.add(piece.where)
    return found


def astray(
    app: Flask, organisation: Organisation, expected: set[tuple[str, str, str]]
) -> list[str]:
    """Every (user, vault) that opens although it should not, or does not although it should.

    `expected`: (key of the account, kind, whose). One's own vault is always expected.
    """
    table, wrong = raw(app), []
    for who, account in organisation.staff.items():
        mine = {(kind, of) for key, kind, of in expected if key == who} | {("own", account.uid)}
        keys = opened(table, account)
        names = {vault: f"{who}: {vault[0]} of {vault[1]}" for vault in table.vaults()}
        wrong += [f"{names[v]} opens" for v in set(keys) - mine]
        wrong += [f"{names[v]} does not open" for v in (mine & table.vaults()) - set(keys)]
        reached = opened_pieces(table, keys)
        for piece in table.pieces:
            if (piece.where in reached) != (piece.vault in mine):
                verb = "opens" if piece.where in reached else "does not open"
                wrong.append(f"{who}: {piece.where} of the {piece.vault[0]} {verb}")
    return wrong


def _texts(kinds: dict[str, tuple[str, str]]) -> Iterator[Piece]:
    uids = {vault: uid for uid, vault in kinds.items()}
    for table, column, kind, row_uid, owner, join in TEXTS:
        rows = _rows(
            f"SELECT {row_uid}, {owner}, r.{column} FROM {NOW_IN.get(table, table)} r {join}"
            f" WHERE r.{column} IS NOT NULL"
        )
        for row, of_uid, sealed in rows:
            if not of_uid:
                continue  # kept without an account: under a cookie's key
            sealed = bytes(sealed)
            parts = (table, column, row) if table == "kept_forms" else (table, column, row, "")
            at = UNIT.join(parts).encode() + UNIT.encode() + uids[kind, of_uid].encode()
            where = f"{table}.{column} {row}"
            yield Piece((kind, of_uid), where, sealed[11:], at, sealed[1:11].decode())


def _shares(kinds: dict[str, tuple[str, str]]) -> Iterator[Piece]:
    rows = _rows("SELECT vault_uid, key_uid, person_uid, boxed, sealed_key FROM shares")
    for vault, key_uid, person, boxed, sealed in rows:
        at = UNIT.join(("shares", "sealed_key", person, vault)).encode()
        where = f"share {person} in {vault}"
        yield Piece(kinds[vault], where, bytes(sealed), at, key_uid, bool(boxed))


def _rows(statement: str) -> list[tuple]:
    return [tuple(row) for row in db.session.execute(text(statement))]
