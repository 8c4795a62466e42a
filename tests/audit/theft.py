"""What somebody does who took the whole server: the database, the server's key, both chains' keys of that moment."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, insert, select, update

from app.audit import head as heads
from app.audit.head import BEGUN, ROWS
from app.audit.models import AuditHead, AuditMark
from app.audit.rules import ACTS, OPENED, Chain, Entry
from app.extensions import db

FIELDS = ("actor_uid", "action", "kind", "subject_uid", "vault_uid", "person_uid", "result")
Row = dict[str, Any]
Forge = Callable[["Thief", random.Random], None]


@dataclass
class Thief:
    """Changes rows, then writes hashes, MACs and the head anew as well as anybody could who has only today's keys."""

    rows: list[Row]
    keys: dict[str, bytes]

    @classmethod
    def at_the_server(cls) -> Thief:
        """Whoever reads everything that lies there now."""
        found = heads.as_it_stands()
        assert found is not None
        head, sealed = found
        head.open(sealed)
        keys = {ACTS: head.acts.key, OPENED: head.openings.key}
        everything = db.session.execute(select(ROWS).order_by(ROWS.c.seq)).mappings()
        return cls([dict(row) for row in everything], keys)

    def write_anew(self) -> None:
        """Put the rows there, tied to one another, each with a MAC: its own, where nothing changed, or one of today's key."""
        chains = {name: Chain(name) for name in (ACTS, OPENED)}
        begun = list(db.session.scalars(select(AuditMark).where(AuditMark.kind == BEGUN)))
        known = {bytes(row["hash"]): row["mac"] for row in self.rows}
        for mark in begun:  # all stand at the beginning
            chains[mark.chain].begin(b"")
        for row in self.rows:
            chain = chains[OPENED if row["is_opening"] else ACTS]
            chain.key = b""
            chain.add(row["seq"], Entry._make(row[name] for name in Entry._fields))
            row["hash"] = chain.hash
            fresh = Chain(chain.name, hash=chain.hash, key=self.keys[chain.name])
            row["mac"] = known.get(chain.hash) or fresh_mac(fresh)
        db.session.execute(delete(ROWS))
        if self.rows:
            db.session.execute(insert(ROWS), self.rows)
        fit_the_head(self.keys)


def fresh_mac(chain: Chain) -> bytes:
    """A MAC under today's key."""
    import hmac

    return hmac.digest(chain.key, b"row" + chain.hash, "sha256")[:16]


def fit_the_head(keys: dict[str, bytes] | None = None) -> None:
    """Let the head stand where the rows end, sealed with the server's key."""
    found = heads.as_it_stands()
    assert found is not None
    head, sealed = found
    head.open(sealed)
    if keys:
        head.acts.key, head.openings.key = keys[ACTS], keys[OPENED]
    rows = db.session.execute(select(ROWS).order_by(ROWS.c.seq)).mappings().all()
    for chain in (head.acts, head.openings):
        mine = [row for row in rows if row["is_opening"] == (chain.name == OPENED)]
        start = Chain(chain.name)
        start.begin(b"")
        chain.rows, chain.hash = len(mine), bytes(mine[-1]["hash"]) if mine else start.hash
    head.seq = rows[-1]["seq"] if rows else 0
    db.session.execute(update(AuditHead).values(**head.columns()))


def edited(thief: Thief, chance: random.Random) -> None:
    """A field of one row says something else."""
    row, name = chance.choice(thief.rows), chance.choice(FIELDS)
    row[name] = chance.choice([v for v in ("", "x", row[name][::-1] + "z") if v != row[name]])


def cut(thief: Thief, chance: random.Random) -> None:
    """The tail is gone, as if nothing had happened since."""
    del thief.rows[chance.randrange(len(thief.rows)) :]


def reordered(thief: Thief, chance: random.Random) -> None:
    """Several rows stand in another order, each under the number of another."""
    numbers = [row["seq"] for row in thief.rows]
    begins = chance.randrange(len(thief.rows) - 3)
    ends = chance.randint(begins + 3, len(thief.rows))
    before = thief.rows[begins:ends]
    while thief.rows[begins:ends] == before:
        some = thief.rows[begins:ends]
        chance.shuffle(some)
        thief.rows[begins:ends] = some
    for row, number in zip(thief.rows, numbers, strict=True):
        row["seq"] = number


def extended(thief: Thief, chance: random.Random) -> None:
    """A row that never was stands among the others."""
    at = chance.randrange(len(thief.rows))
    thief.rows.insert(at, dict(chance.choice(thief.rows)))
    number_from_one(thief)


def swapped(thief: Thief, chance: random.Random) -> None:
    """Two rows stand in one another's place."""
    one, other = chance.sample(range(len(thief.rows)), 2)
    rows = thief.rows
    rows[one], rows[other] = rows[other], rows[one]
    rows[one]["seq"], rows[other]["seq"] = rows[other]["seq"], rows[one]["seq"]


def renumbered(thief: Thief, chance: random.Random) -> None:
    """Some rows are gone, and the others moved up."""
    gone = set(chance.sample(range(len(thief.rows)), chance.randint(1, 5)))
    thief.rows = [row for number, row in enumerate(thief.rows) if number not in gone]
    number_from_one(thief)


def number_from_one(thief: Thief) -> None:
    """No number is missing and none is there twice."""
    for number, row in enumerate(thief.rows, 1):
        row["seq"] = number


WAYS: tuple[Forge, ...] = (edited, cut, reordered, extended, swapped, renumbered)
