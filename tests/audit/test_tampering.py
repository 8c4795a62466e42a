"""A thousand trails that somebody tampered with, in seven ways: each is found."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from sqlalchemy import delete as delete_
from sqlalchemy import insert, select, update

from app.audit import trail
from app.audit.models import AuditHead, AuditRow
from app.extensions import db

LENGTH = 24
TIMES = 167
TABLE = AuditRow.__table__
FIELDS = ("actor_uid", "action", "kind", "subject_uid", "vault_uid", "person_uid", "result")
Tamper = Callable[[random.Random], None]


def row(seq: int) -> dict:
    return dict(db.session.execute(select(TABLE).where(TABLE.c.seq == seq)).mappings().one())


def put(values: dict) -> None:
    db.session.execute(insert(TABLE).values(**values))


def remove(*seqs: int) -> None:
    db.session.execute(delete_(TABLE).where(TABLE.c.seq.in_(seqs)))


def change_a_field(chance: random.Random) -> None:
    seq, field = chance.randint(1, LENGTH), chance.choice(FIELDS)
    before = row(seq)[field]
    after = chance.choice([v for v in ("", "x", before + " ", before[::-1] + "z") if v != before])
    db.session.execute(update(TABLE).where(TABLE.c.seq == seq).values({field: after}))


def swap_two_rows(chance: random.Random) -> None:
    one, other = chance.sample(range(1, LENGTH + 1), 2)
    first, second = row(one), row(other)
    remove(one, other)
    put(first | {"seq": other})
    put(second | {"seq": one})


def take_one_out(chance: random.Random) -> None:
    remove(chance.randint(1, LENGTH))


def put_one_in(chance: random.Random) -> None:
    at, copied = chance.randint(1, LENGTH), row(chance.randint(1, LENGTH))
    for seq in range(LENGTH, at - 1, -1):
        db.session.execute(update(TABLE).where(TABLE.c.seq == seq).values(seq=seq + 1))
    put(copied | {"seq": at})
    (mac,) = db.session.execute(select(TABLE.c.mac).where(TABLE.c.seq == LENGTH + 1)).one()
    db.session.execute(update(AuditHead).values(seq=LENGTH + 1, mac=mac))


def number_anew(chance: random.Random) -> None:
    """Take some out, move the others up, and write the head to fit."""
    out = set(chance.sample(range(1, LENGTH), chance.randint(1, 5)))
    remove(*out)
    kept = [seq for seq in range(1, LENGTH + 1) if seq not in out]
    for new, old in enumerate(kept, 1):
        db.session.execute(update(TABLE).where(TABLE.c.seq == old).values(seq=new))
    (mac,) = db.session.execute(select(TABLE.c.mac).where(TABLE.c.seq == len(kept))).one()
    db.session.execute(update(AuditHead).values(seq=len(kept), mac=mac))


def cut_the_tail(chance: random.Random) -> None:
    last = chance.randint(0, LENGTH - 1)
    remove(*range(last + 1, LENGTH + 1))
    mac = row(last)["mac"] if last else trail.START
    db.session.execute(update(AuditHead).values(seq=last, mac=mac))


def take_from_another_branch(chance: random.Random) -> None:
    """A row that our own server once wrote, after a backup was put back: rightly numbered and sealed."""
    seq = chance.randint(1, LENGTH - 1)
    there = row(seq)
    before = row(seq - 1)["mac"] if seq > 1 else trail.START
    names = [field for field in there if field not in ("seq", "mac")]
    other = there | {"subject_uid": "another"}
    entry = trail.Entry(**{name: other[name] for name in names})
    remove(seq)
    put(other | {"mac": entry.mac(trail._key(), seq, before)})


WAYS: dict[str, Tamper] = {
    "a row of another branch": take_from_another_branch,
    "a changed field": change_a_field,
    "two rows swapped": swap_two_rows,
    "one row taken out": take_one_out,
    "one row put in": put_one_in,
    "numbered anew": number_anew,
    "the tail cut": cut_the_tail,
}


@pytest.fixture
def kept_head(app) -> tuple[int, bytes]:
    """A short trail of its own, in a transaction that is never committed; its head."""
    with app.app_context():
        for number in range(LENGTH):
            trail.record("person-opened", "person", f"uid{number}", actor_uid="me", vault_uid="v")
        verdict = trail.verify()
        assert (verdict.rows, verdict.broken_at) == (LENGTH, None)
        yield verdict.rows, verdict.head
        db.session.rollback()


@pytest.mark.parametrize("way", WAYS)
def test_each_of_many_tampered_trails_is_found(way: str, kept_head: tuple[int, bytes]) -> None:
    chance, unseen = random.Random(way), 0
    for _time in range(TIMES):
        with db.session.begin_nested() as undone:
            WAYS[way](chance)
            db.session.flush()
            db.session.expire_all()
            against = kept_head if way == "the tail cut" else None
            unseen += trail.verify(against).broken_at is None
            undone.rollback()
        db.session.expire_all()
    assert unseen == 0
    assert trail.verify(kept_head).broken_at is None


def test_a_cut_tail_shows_only_against_a_head_kept_elsewhere(kept_head) -> None:
    cut_the_tail(random.Random(1))
    db.session.expire_all()
    assert trail.verify().broken_at is None
    assert trail.verify(kept_head).broken_at is not None


def test_they_are_a_thousand() -> None:
    assert TIMES * len(WAYS) >= 1000
