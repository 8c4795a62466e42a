"""Writing the trail, and checking that nobody changed it.

Each row's MAC covers the row and the MAC before it, under the server's key:
without that key no row can be changed, moved, added or taken out unseen. A cut
tail shows only against a head that was kept elsewhere, so the head is printed.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple, cast

from flask import current_app, g, has_request_context
from sqlalchemy import Integer, Table, bindparam, insert, select, update

from app.audit.models import AuditHead, AuditRow
from app.clock import now
from app.extensions import UID_SIGNS, db
from app.web import transaction

START = bytes(32)
QUIET = timedelta(minutes=15)
# Prepared once, and run without the ORM: almost every page writes a row.
ROWS, HEADS = cast(Table, AuditRow.__table__), cast(Table, AuditHead.__table__)
HEAD = select(HEADS.c.seq, HEADS.c.mac).where(HEADS.c.id == 1).with_for_update()
FIRST_HEAD, NEXT_ROW = insert(HEADS), insert(ROWS)
NEXT_HEAD = (
    update(HEADS).where(HEADS.c.id == 1).values(seq=bindparam("new_seq"), mac=bindparam("new_mac"))
)
NEWEST_FIRST = select(AuditRow).order_by(AuditRow.seq.desc())
BEFORE_NEWEST = NEWEST_FIRST.offset(bindparam("newest", Integer)).limit(1)
AFTER = (
    select(AuditRow)
    .where(AuditRow.seq > bindparam("seq"))
    .order_by(AuditRow.seq)
    .execution_options(yield_per=1000)
)
SAID = (
    select(AuditRow.at)
    .where(
        AuditRow.actor_uid == "",
        AuditRow.action == bindparam("action"),
        AuditRow.kind == bindparam("kind"),
        AuditRow.result == bindparam("result"),
    )
    .order_by(AuditRow.seq.desc())
    .limit(1)
)


class Entry(NamedTuple):
    """What is written of one act."""

    at: datetime
    actor_uid: str
    action: str
    kind: str
    subject_uid: str
    vault_uid: str
    person_uid: str
    result: str

    def mac(self, key: bytes, seq: int, before: bytes) -> bytes:
        """The row's MAC, over its number, its content and the MAC before it."""
        at, *rest = self
        fields = "\x1f".join((str(seq), f"{at:%Y-%m-%dT%H:%M:%S}", *rest))
        return hmac.digest(key, before + fields.encode(), "sha256")


def record(
    action: str,
    kind: str,
    subject_uid: str,
    *,
    actor_uid: str | None = None,
    vault_uid: str = "",
    person_uid: str = "",
) -> None:
    """Write that something was done, in the transaction that does it.

    `actor_uid` is the signed-in user's unless given. If the row cannot be
    written, the page is refused.
    """
    _say("done", action, kind, subject_uid, actor_uid, vault_uid, person_uid)
    transaction.afterwards(_write_done)


def saw(action: str, kind: str, subject_uid: str, *, person_uid: str = "") -> None:
    """Write that something was shown, whatever becomes of the request.

    A page that shows a refused form again has shown all the rest as well.
    """
    _say("seen", action, kind, subject_uid, person_uid=person_uid)
    transaction.in_any_case(_write_seen)


def record_refusal(action: str, subject_uid: str, result: str) -> None:
    """Write that something was refused; it is kept although the request is undone.

    Of what nobody in particular was refused again and again (a sign-in, a link)
    one row in a quarter of an hour says that it happens: outsiders bury nothing.
    """
    # An address that names no record may hold anything, even a name.
    opaque = len(subject_uid) == 10 and set(subject_uid) <= set(UID_SIGNS)
    _say("refused", action, "refusal", subject_uid if opaque else "", result=result)
    transaction.after_refusal(_write_refused)


@dataclass(frozen=True)
class Verdict:
    """What a check of the trail found: its length and head, and the first row that does not fit."""

    rows: int
    head: bytes
    broken_at: int | None


def verify(kept_head: tuple[int, bytes] | None = None, *, newest: int | None = None) -> Verdict:
    """Check every row against the one before it, and the last against the head.

    `kept_head`, a row's number and MAC written down earlier, also shows a cut
    tail; `newest`: only so many rows, the last ones.
    """
    key, before, seq = _key(), START, 0
    if newest is not None:
        first = db.session.scalar(BEFORE_NEWEST, {"newest": newest})
        seq, before = (first.seq, first.mac) if first else (seq, before)
    mac_at_kept: bytes | None = None
    for (row,) in db.session.execute(AFTER, {"seq": seq}):
        entry = Entry._make(getattr(row, name) for name in Entry._fields)
        fits = row.seq == seq + 1 and hmac.compare_digest(row.mac, entry.mac(key, row.seq, before))
        if not fits:
            return Verdict(seq, before, row.seq)
        seq, before = row.seq, row.mac
        if kept_head and seq == kept_head[0]:
            mac_at_kept = row.mac
    head = db.session.get(AuditHead, 1)
    ends_there = (head.seq, head.mac) == (seq, before) if head else seq == 0
    if not ends_there or (kept_head and mac_at_kept != kept_head[1]):
        return Verdict(seq, before, seq + 1)
    return Verdict(seq, before, None)


def _was_said(entry: Entry) -> bool:
    asked = {"action": entry.action, "kind": entry.kind, "result": entry.result}
    last = db.session.scalar(SAID, asked)
    return last is not None and entry.at - last < QUIET


def _say(
    when: str,
    action: str,
    kind: str,
    subject_uid: str,
    actor_uid: str | None = None,
    vault_uid: str = "",
    person_uid: str = "",
    result: str = "done",
) -> None:
    """Keep an entry until the request ends; outside a request it is written at once."""
    asked = has_request_context()
    if actor_uid is None:
        actor_uid = g.get("actor_uid", "") if asked else ""
    entry = Entry(now(), actor_uid, action, kind, subject_uid, vault_uid, person_uid, result)
    if asked:
        g.setdefault("entries", {}).setdefault(when, []).append(entry)
    elif when != "refused":
        _append([entry])


def _said(when: str) -> list[Entry]:
    entries: list[Entry] = g.get("entries", {}).pop(when, []) if has_request_context() else []
    return entries


def _write_done() -> None:
    _append(_said("done"))


def _write_seen() -> None:
    _append(_said("seen"))


def _write_refused() -> None:
    for entry in _said("refused"):
        if entry.actor_uid or not _was_said(entry):
            _append([entry])


def _append(entries: list[Entry]) -> None:
    """Write rows at the end of the chain: however many, the head is read and moved once."""
    if not entries:
        return
    connection, key = db.session.connection(), _key()
    head = connection.execute(HEAD).one_or_none()
    if head is None:
        connection.execute(FIRST_HEAD, {"id": 1, "seq": 0, "mac": START})
    seq, mac = head or (0, START)
    rows = []
    for entry in entries:
        seq, mac = seq + 1, entry.mac(key, seq + 1, mac)
        rows.append({"seq": seq, "mac": mac, **entry._asdict()})
    connection.execute(NEXT_ROW, rows)
    connection.execute(NEXT_HEAD, {"new_seq": seq, "new_mac": mac})


def _key() -> bytes:
    key: bytes = current_app.config["DAFTAR"].server_key
    return hmac.digest(key, b"audit chain", "sha256")
