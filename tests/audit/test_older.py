"""A trail that was written when the server's key alone vouched for it is brought up to date with all its rows."""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import column, delete, func, insert, select, table, text, update

from app import create_app
from app.accounts import joining
from app.audit import head as heads
from app.audit import trail
from app.audit.head import ROWS
from app.audit.models import AuditHead, AuditMark
from app.audit.pruning import prune
from app.audit.rules import START, Entry
from app.audit.verifying import verify
from app.cli import commands
from app.extensions import Moment, db
from tests.database import Database
from tests.organisation import NOW, SETTINGS

BEFORE, LENGTH = "0009", 60
COLUMNS = [column(name) for name in (*Entry._fields[1:], "seq", "mac")]
AS_IT_WAS = table("audit", column("at", Moment()), *COLUMNS)
HEAD_AS_IT_WAS = table("audit_head", column("id"), column("seq"), column("mac"))


def written_before(app: Flask) -> list[bytes]:
    """Sixty rows as the program of before wrote them; their MACs."""
    key = hmac.digest(app.config["DAFTAR"].server_key, b"audit chain", "sha256")
    rows, macs = [], [START]
    for number in range(1, LENGTH + 1):
        at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=number)
        action = "note-read" if number % 3 else "note-signed"
        values = (at, "me", action, "note", f"n{number}", "v", "", "done")
        said = "\x1f".join((str(number), f"{at:%Y-%m-%dT%H:%M:%S}", *values[1:]))
        macs.append(hmac.digest(key, macs[-1] + said.encode(), "sha256"))
        rows.append(Entry(*values)._asdict() | {"seq": number, "mac": macs[-1]})
    db.session.execute(insert(AS_IT_WAS), rows)
    db.session.execute(insert(HEAD_AS_IT_WAS), [{"id": 1, "seq": LENGTH, "mac": macs[-1]}])
    db.session.commit()
    db.session.remove()
    return macs


@pytest.fixture
def older(database: Database, tmp_path: Path) -> Iterator[tuple[Flask, list[bytes]]]:
    """A notebook of before, brought up to date; the MACs its trail had. Within its context."""
    app = create_app(SETTINGS | {"DAFTAR_DATABASE": database.another()}, tmp_path)
    commands.init_app(app)
    with app.app_context():
        upgrade(revision=BEFORE)
        macs = written_before(app)
        upgrade()
        yield app, macs
        db.session.remove()
        db.engine.dispose()


def test_it_fits_and_goes_on(older: tuple[Flask, list[bytes]]) -> None:
    assert (verify().rows, verify().broken_at) == (LENGTH, None)
    trail.record("note-signed", "note", "x")
    trail.record("note-read", "note", "x")
    assert (verify().rows, verify().broken_at) == (LENGTH + 2, None)
    assert verify(newest=5).broken_at is None
    openings = select(func.count()).where(ROWS.c.is_opening)
    assert db.session.scalar(openings) == LENGTH * 2 // 3 + 1


def test_from_its_beginning_on_the_recovery_key_vouches_for_what_came_before_too(
    older: tuple[Flask, list[bytes]],
) -> None:
    key = joining.recovery_keyring(joining.found()).private_key
    trail.record("trail-begun", "trail", "")
    verdict = verify(recovery_key=key)
    assert (verdict.broken_at, verdict.vouched_from) == (None, LENGTH + 1)
    for number in (1, 30, LENGTH):
        with db.session.begin_nested() as undone:
            db.session.execute(update(ROWS).where(ROWS.c.seq == number).values(person_uid="x"))
            anew()
            assert verify(recovery_key=key).broken_at is not None
            undone.rollback()


def anew() -> None:
    """Tie all rows again, as whoever has the server may."""
    hashes = {False: START, True: START}
    for row in db.session.execute(select(ROWS).order_by(ROWS.c.seq)).all():
        entry = Entry._make(getattr(row, name) for name in Entry._fields)
        if row.seq == LENGTH + 1:
            hashes = {name: sha256(b"begun\x1f" + value).digest() for name, value in hashes.items()}
        chain = "openings" if row.is_opening else "acts"
        hashes[row.is_opening] = entry.hash(chain, row.seq, hashes[row.is_opening])
        values = {"hash": hashes[row.is_opening]}
        db.session.execute(update(ROWS).where(ROWS.c.seq == row.seq).values(values))
    found = heads.as_it_stands()
    assert found is not None
    found[0].open(found[1])
    found[0].acts.hash, found[0].openings.hash = hashes[False], hashes[True]
    db.session.execute(update(AuditHead).values(**found[0].columns()))


def test_a_row_of_before_still_needs_the_mac_it_had(older: tuple[Flask, list[bytes]]) -> None:
    trail.record("note-signed", "note", "x")
    for number in (1, 30, LENGTH):
        with db.session.begin_nested() as undone:
            db.session.execute(update(ROWS).where(ROWS.c.seq == number).values(mac=bytes(32)))
            assert verify().broken_at == number
            undone.rollback()


def test_a_tail_that_was_cut_before_it_was_brought_up_to_date_is_found(
    database: Database, tmp_path: Path
) -> None:
    app = create_app(SETTINGS | {"DAFTAR_DATABASE": database.another()}, tmp_path)
    commands.init_app(app)
    with app.app_context():
        upgrade(revision=BEFORE)
        written_before(app)
        db.session.execute(text(f"DELETE FROM audit WHERE seq > {LENGTH - 3}"))
        db.session.commit()
        db.session.remove()
        upgrade()
        assert verify().broken_at == LENGTH - 2
        db.session.remove()
        db.engine.dispose()


def test_a_head_that_was_kept_before_still_tells(older: tuple[Flask, list[bytes]]) -> None:
    _app, macs = older
    trail.record("note-signed", "note", "x")
    for number in (1, 30, LENGTH):
        assert verify((number, macs[number])).broken_at is None
        assert verify((number, macs[number]), newest=1).broken_at is None
        assert verify((number, bytes(32))).broken_at is not None


def test_without_the_servers_key_nothing_can_be_added_as_if_it_were_of_before(
    older: tuple[Flask, list[bytes]],
) -> None:
    trail.record("note-signed", "note", "x")
    db.session.execute(update(AuditHead).values(keys=b""))
    assert verify().broken_at is not None
    with pytest.raises(heads.Closed):
        trail.record("note-signed", "note", "y")


def test_what_is_of_before_can_be_let_go(older: tuple[Flask, list[bytes]]) -> None:
    db.session.commit()
    acts, openings = (datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=d) for d in (20, 40))
    assert prune(acts_before=acts, openings_before=openings) == (6, 26)
    for newest in (None, *range(1, LENGTH + 2)):
        assert verify(newest=newest).broken_at is None
    assert prune(acts_before=NOW, openings_before=NOW) == (14, 14)
    assert verify().broken_at is None


def test_back_to_before_and_on_again_it_fits(older: tuple[Flask, list[bytes]]) -> None:
    trail.record("note-signed", "note", "x")
    db.session.commit()
    db.session.remove()
    downgrade(revision=BEFORE)
    upgrade()
    trail.record("note-signed", "note", "y")
    assert (verify().rows, verify().broken_at) == (LENGTH + 2, None)


def test_an_empty_trail_is_brought_up_to_date_as_well(app: Flask) -> None:
    with app.app_context():
        for model in (AuditHead, AuditMark):
            db.session.execute(delete(model))
        assert verify().broken_at is None
        db.session.rollback()
