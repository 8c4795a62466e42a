"""Checking that nobody changed the trail: its last rows, all of it, or all of it with the recovery key.

Without that key whoever has the whole server can write all of it anew; then a
head that was kept elsewhere shows it. With the key each row's MAC is checked.
"""

from __future__ import annotations

import hmac
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from flask import current_app
from sqlalchemy import bindparam, select

from app.audit import head as heads
from app.audit.head import BEGUN, OLD, PRUNED, ROWS, Closed, Head
from app.audit.models import AuditMark
from app.audit.rules import ACTS, CHAINS, MAC_BYTES, OPENED, START, Chain, Entry, head_of
from app.errors import RuleBroken
from app.extensions import db

AT_A_TIME = 10_000
FIELDS = [ROWS.c[name] for name in Entry._fields]
AFTER = (
    select(*FIELDS, ROWS.c.seq, ROWS.c.is_opening, ROWS.c.hash, ROWS.c.mac)
    .where(ROWS.c.seq > bindparam("seq"))
    .order_by(ROWS.c.seq)
    .limit(AT_A_TIME)
)
LAST_UNTIL = (
    select(ROWS.c.seq, ROWS.c.hash, ROWS.c.mac)
    .where(ROWS.c.is_opening == bindparam("is_opening"), ROWS.c.seq <= bindparam("seq"))
    .order_by(ROWS.c.seq.desc())
    .limit(1)
)
MARKS = select(AuditMark.kind, AuditMark.chain, AuditMark.seq, AuditMark.rows, AuditMark.hash)
LET_GO = "trail-pruned"
TOO_OLD = "The head that was kept is older than what the trail was pruned to: compare a newer one."

Kept = tuple[int, bytes]


@dataclass(frozen=True)
class Verdict:
    """What a check of the trail found."""

    rows: int
    """The number of the last row that fits."""
    head: bytes
    broken_at: int | None
    """The first row that does not fit."""
    vouched_from: int | None = None
    """With the recovery key: the first row whose MAC it leads to. What was there before stood so then."""


def verify(
    kept: Kept | None = None,
    *,
    newest: int | None = None,
    recovery_key: bytes = b"",
    pause: Callable[[], None] = lambda: None,
) -> Verdict:
    """Check each row against the one before it in its chain, and the last ones against the head.

    `kept`, a row's number and the head there, written down earlier, also shows
    a tail that was cut or written anew. `newest`: only so many rows, the last
    ones, and those since the kept head. `recovery_key`: all of them, with their
    MACs. `pause` is called now and then, to let others write. Raises RuleBroken.
    """
    while True:
        walk = _walked(kept, newest, recovery_key, pause)
        # What was pruned meanwhile may have been what came next; and a key may have begun anew.
        if walk.broken_at is None or walk.marks == _marks():
            return walk.verdict()


def _walked(
    kept: Kept | None, newest: int | None, recovery_key: bytes, pause: Callable[[], None]
) -> _Walk:
    found = heads.as_it_stands()
    since = 0
    if newest is not None and found and not recovery_key:
        since = max(0, min(found[0].seq - newest, kept[0] - 1 if kept else found[0].seq))
    walk = _Walk(since, recovery_key, kept)
    while True:
        rows: Sequence[Any] = db.session.connection().execute(AFTER, {"seq": walk.seq}).all()
        for row in rows:
            if not walk.takes(row):
                walk.broken_at = row.seq
                return walk
        if not rows and walk.ends_at(heads.as_it_stands()):
            return walk
        pause()


class _Mark(NamedTuple):
    kind: str
    chain: str
    seq: int
    rows: int
    hash: bytes


def _marks() -> list[_Mark]:
    found = db.session.execute(MARKS).all()
    return sorted(_Mark(one.kind, one.chain, one.seq, one.rows, bytes(one.hash)) for one in found)


@dataclass
class _Walk:
    """From row to row, both chains at once."""

    seq: int
    recovery_key: bytes
    kept: Kept | None
    broken_at: int | None = None
    vouched_from: int | None = None
    chains: dict[str, Chain] = field(default_factory=dict)
    begun: dict[str, list[_Mark]] = field(default_factory=dict)
    pruned: dict[str, _Mark] = field(default_factory=dict)
    let_go: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    old: _Mark | None = None
    mac: bytes = b""
    """Of the row before, where that is known: for those of old."""

    def __post_init__(self) -> None:
        self.marks = _marks()
        self.pruned = {mark.chain: mark for mark in self.marks if mark.kind == PRUNED}
        self.old = next((mark for mark in self.marks if mark.kind == OLD), None)
        self.from_the_beginning = self.seq == 0
        if self.from_the_beginning:
            self.mac = START
        for name in CHAINS:
            self._stand(name, [m for m in self.marks if m.kind == BEGUN and m.chain == name])
        # Up to here rows may be missing, of what was pruned.
        self.thin_until = max((mark.seq for mark in self.pruned.values()), default=0)
        if self.kept and self.kept[0] <= self.thin_until:
            raise RuleBroken(TOO_OLD)
        self.kept_fits = self.kept is None

    def _stand(self, name: str, begun: list[_Mark]) -> None:
        """Where one chain is before the first row that is walked."""
        chain = self.chains[name] = Chain(name)
        pruned = self.pruned.get(name)
        at = pruned.seq if pruned else 0
        if pruned:
            chain.rows, chain.hash = pruned.rows, pruned.hash
        if not self.from_the_beginning:
            asked = {"is_opening": name == OPENED, "seq": self.seq}
            last = db.session.connection().execute(LAST_UNTIL, asked).one_or_none()
            if last is not None:
                at, chain.hash = last.seq, bytes(last.hash)
                if at == self.seq:
                    self.mac = bytes(last.mac)
        before = [mark for mark in begun if mark.seq < at]
        if before and self.recovery_key:  # the key that was pruned away, from the one it began with
            made = Chain(name, before[-1].rows, before[-1].hash)
            made.begin(self.recovery_key)
            made.move_on(chain.rows - made.rows)
            chain.key = made.key
        self.begun[name] = begun[len(before) :]

    def takes(self, row: Any) -> bool:
        """Go on by one row; whether it fits."""
        chain = self.chains[OPENED if row.is_opening else ACTS]
        expected = max(self.seq, self.thin_until) + 1
        pruned = self.pruned.get(chain.name)
        if (row.seq > self.thin_until and row.seq != expected) or (
            pruned and row.seq <= pruned.seq
        ):
            return False
        self._begin_before(row.seq)
        entry = Entry._make(row[: len(FIELDS)])
        mac = chain.add(row.seq, entry)
        fits = bool(row.hash == chain.hash)
        if fits and mac:
            fits = row.mac == mac
            self.vouched_from = self.vouched_from or row.seq
        if fits and self.old and row.seq <= self.old.seq and len(row.mac) > MAC_BYTES:
            is_known = self.mac and row.seq == self.seq + 1
            fits = not is_known or self._fits_as_before(row, entry)
        if fits:
            self.seq, self.mac = row.seq, row.mac
            self._compare_kept(row)
            if entry.action == LET_GO and entry.subject_uid.isdecimal():
                self.let_go[entry.kind] = max(self.let_go[entry.kind], int(entry.subject_uid))
        return fits

    def _fits_as_before(self, row: Any, entry: Entry) -> bool:
        key = hmac.digest(current_app.config["DAFTAR"].server_key, b"audit chain", "sha256")
        is_last = self.old is not None and row.seq == self.old.seq
        return row.mac == entry.mac_before(key, row.seq, self.mac) and (
            not is_last or row.mac == (self.old and self.old.hash)
        )

    def _compare_kept(self, row: Any) -> None:
        if self.kept and row.seq == self.kept[0]:
            was_old = self.old is not None and row.seq <= self.old.seq
            self.kept_fits = self.kept[1] == self._head() or (was_old and self.kept[1] == row.mac)

    def _begin_before(self, seq: float) -> None:
        """Let chains begin anew that did so before this row."""
        for name, begun in self.begun.items():
            while begun and begun[0].seq < seq:
                self.chains[name].begin(self.recovery_key)
                begun.pop(0)

    def _head(self) -> bytes:
        return head_of(self.chains[ACTS], self.chains[OPENED])

    def ends_at(self, found: tuple[Head, bytes] | None) -> bool:
        """Whether there is no more to come; then also whether the head is where the rows end."""
        if found and found[0].seq > self.seq and self._more():
            return False
        self._begin_before(float("inf"))
        if not (self.kept_fits and self._is_where_it_ends(found)):
            self.broken_at = self.seq + 1
        return True

    def _more(self) -> bool:
        return db.session.connection().execute(AFTER, {"seq": self.seq}).first() is not None

    def _is_where_it_ends(self, found: tuple[Head, bytes] | None) -> bool:
        if found is None:
            return self.seq == 0 and not self.marks
        head, sealed = found
        try:
            head.open(sealed)
        except Closed:
            return False
        for chain, there in zip(self.chains.values(), (head.acts, head.openings), strict=True):
            if chain.hash != there.hash or (self.from_the_beginning and chain.rows != there.rows):
                return False
            # A tail that was cut: nobody can go back to the key of the row that is last now.
            if chain.key and chain.key != there.key:
                return False
            mark = self.pruned.get(chain.name)
            if self.from_the_beginning and mark and self.let_go[chain.name] < mark.seq:
                return False  # something was removed that nobody said
        return head.seq == max(self.seq, self.thin_until)

    def verdict(self) -> Verdict:
        """What was found, as far as it went."""
        vouched = all(chain.key for chain in self.chains.values())
        return Verdict(
            self.seq, self._head(), self.broken_at, self.vouched_from if vouched else None
        )
