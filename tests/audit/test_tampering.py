"""Trails that somebody tampered with: without the recovery key, and with it where the whole server was taken."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import delete, select, update

from app.accounts import joining
from app.audit import head as heads
from app.audit import trail
from app.audit.head import BEGUN, ROWS
from app.audit.models import AuditHead, AuditMark
from app.audit.verifying import Verdict, verify
from app.extensions import db
from tests.audit import theft
from tests.audit.theft import Forge, Thief

LENGTH = 24
# A patient machine may be asked for a thousand of each kind.
TRIES = int(os.environ.get("DAFTAR_TEST_THEFTS", "30"))
Begun = tuple[bytes, tuple[int, bytes]]


@pytest.fixture
def begun(app: Flask) -> Iterator[Begun]:
    """A short trail of an organisation, in a transaction that is never committed: its recovery key, its head."""
    with app.app_context():
        key = joining.recovery_keyring(joining.found()).private_key
        for number in range(LENGTH):
            opened = number % 3 > 0
            action = "person-opened" if opened else "person-changed"
            trail.record(action, "person", f"uid{number}", actor_uid="me", vault_uid="v")
        verdict = verify(recovery_key=key)
        assert (verdict.rows, verdict.broken_at, verdict.vouched_from) == (LENGTH, None, 1)
        yield key, (verdict.rows, verdict.head)
        db.session.rollback()


def found_by(verdict: Verdict) -> bool:
    """Whether a check with the recovery key tells that something is wrong."""
    return verdict.broken_at is not None or verdict.vouched_from != 1


@pytest.mark.parametrize("way", theft.WAYS, ids=lambda way: way.__name__)
def test_whoever_has_the_whole_server_cannot_rewrite_what_was_written(
    way: Forge, begun: Begun
) -> None:
    key, kept = begun
    chance, unseen, seen_without = random.Random(way.__name__), [], 0
    for number in range(TRIES):
        with db.session.begin_nested() as undone:
            thief = Thief.at_the_server()
            way(thief, chance)
            thief.write_anew()
            # Hashes and head fit: without the key only a head that was kept elsewhere shows it.
            assert verify().broken_at is None
            seen_without += verify(kept).broken_at is not None
            if not found_by(verify(recovery_key=key)):
                unseen.append(number)
            undone.rollback()
    assert not unseen
    assert seen_without == TRIES
    assert not found_by(verify(kept, recovery_key=key))


def test_the_first_row_that_does_not_fit_is_named(begun: Begun) -> None:
    key, _kept = begun
    thief = Thief.at_the_server()
    thief.rows[9]["actor_uid"] = "another"
    thief.write_anew()
    assert verify(recovery_key=key).broken_at == 10


def test_without_the_servers_key_not_even_the_head_can_be_changed(begun: Begun) -> None:
    db.session.execute(delete(ROWS).where(ROWS.c.seq > LENGTH - 2))
    (row,) = db.session.execute(select(ROWS.c.hash).where(ROWS.c.seq == LENGTH - 2)).all()
    changed = {"seq": LENGTH - 2, "openings_hash": row.hash, "openings_rows": 15}
    db.session.execute(update(AuditHead).values(changed))
    assert verify().broken_at == LENGTH - 1
    with pytest.raises(heads.Closed):
        trail.record("person-changed", "person", "uid")


def test_a_mac_that_was_changed_shows_with_the_recovery_key_alone(begun: Begun) -> None:
    db.session.execute(update(ROWS).where(ROWS.c.seq == 7).values(mac=bytes(16)))
    assert verify().broken_at is None
    assert verify(recovery_key=begun[0]).broken_at == 7


def test_whoever_lets_the_chains_begin_under_a_key_of_their_own_is_found(begun: Begun) -> None:
    """Neither with the marks taken away nor with all of it begun anew does the recovery key vouch for a row."""
    for key in (b"", random.Random(1).randbytes(32)):
        with db.session.begin_nested() as undone:
            rows = Thief.at_the_server().rows
            for table in (ROWS, AuditHead.__table__, AuditMark.__table__):
                db.session.execute(delete(table))
            if key:
                heads.begin(key)
            for row in rows:
                trail.record(row["action"], "person", row["subject_uid"], actor_uid="nobody")
            assert verify().broken_at is None
            assert found_by(verify(recovery_key=begun[0]))
            undone.rollback()


def test_one_chain_without_its_beginning_is_found(begun: Begun) -> None:
    db.session.execute(
        delete(AuditMark).where(AuditMark.kind == BEGUN, AuditMark.chain == "openings")
    )
    assert found_by(verify(recovery_key=begun[0]))


def test_what_is_written_after_the_theft_cannot_be_told_from_ours(begun: Begun) -> None:
    """Of what somebody adds who has the server at that time no trail can say whose it is."""
    trail.record("person-changed", "person", "uid", actor_uid="whoever")
    assert not found_by(verify(recovery_key=begun[0]))


def test_the_key_of_a_row_is_nowhere_once_it_is_written(begun: Begun) -> None:
    before = Thief.at_the_server().keys
    trail.record("person-changed", "person", "uid")
    trail.record("person-opened", "person", "uid")
    after = Thief.at_the_server().keys
    assert not set(before.values()) & set(after.values())
    everything = b"".join(
        bytes(value)
        for table in (ROWS, AuditHead.__table__, AuditMark.__table__)
        for row in db.session.execute(select(table)).all()
        for value in row
        if isinstance(value, bytes)
    )
    assert not any(key in everything for key in (*before.values(), *after.values()))


def test_another_server_key_opens_it_no_more_until_the_recovery_key_lets_it_begin_anew(
    app: Flask, begun: Begun, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, _kept = begun
    settings = app.config["DAFTAR"]
    other = type(settings)(**{**vars(settings), "server_key": random.Random(2).randbytes(32)})
    monkeypatch.setitem(app.config, "DAFTAR", other)
    assert verify().broken_at == LENGTH + 1
    with pytest.raises(heads.Closed):
        trail.record("person-changed", "person", "uid")
    heads.begin(key)
    trail.record("trail-begun", "trail", "")
    assert verify().broken_at is None
    assert not found_by(verify(recovery_key=key))


@pytest.mark.parametrize("newest", [1, 2, 5, 23, 24, 100])
def test_the_last_rows_are_checked_alone(begun: Begun, newest: int) -> None:
    assert verify(newest=newest).broken_at is None
    thief = Thief.at_the_server()
    for row in (thief.rows[-1], thief.rows[0]):
        with db.session.begin_nested() as undone:
            changed = update(ROWS).where(ROWS.c.seq == row["seq"]).values(result="x")
            db.session.execute(changed)
            is_last = row["seq"] == LENGTH
            looked_at = is_last or newest >= LENGTH
            assert verify(newest=newest).broken_at == (row["seq"] if looked_at else None)
            assert verify().broken_at == row["seq"]
            undone.rollback()


def test_since_a_head_that_was_kept_everything_is_checked(begun: Begun) -> None:
    _key, kept = begun
    for number in range(10):
        trail.record("person-changed", "person", f"more{number}")
    assert verify(kept, newest=1).broken_at is None
    db.session.execute(update(ROWS).where(ROWS.c.seq == LENGTH + 2).values(result="x"))
    assert verify(newest=1).broken_at is None
    assert verify(kept, newest=1).broken_at == LENGTH + 2
