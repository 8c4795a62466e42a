"""An organisation that grew moves from SQLite into a larger database, whole, or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text, update

from app.accounts.models import User
from app.audit.models import AuditRow
from app.extensions import db
from app.upkeep import copying, workroom
from tests.cli.running import run
from tests.client import Browser
from tests.database import Database
from tests.organisation import Organisation
from tests.upkeep.keeping import House, begun, begun_anew
from tests.upkeep.test_backups import content
from tests.web.records import number_of, plant


@pytest.fixture
def small(house: House, tmp_path: Path) -> Iterator[Flask]:
    """The organisation on SQLite, on a machine of its own."""
    folder = tmp_path / "small"
    folder.mkdir()
    app = begun(f"sqlite:///{folder / 'daftar.sqlite3'}", folder)
    done = run(app, "restore", str(house.back_up()), "--identity", str(house.key))
    assert done.exit_code == 0, done.output
    app = begun_anew(app)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def larger(database: Database) -> str:
    """The address of an empty database: PostgreSQL, where the tests run on it."""
    return database.another()


def at(address: str, like: Flask) -> Flask:
    """The program on that database, with the settings and the key it had."""
    return begun(address, Path(like.instance_path))


def test_everything_is_there_and_everybody_signs_in(
    small: Flask, larger: str, organisation: Organisation
) -> None:
    before, staff = content(small), number_of(small, User)
    done = run(small, "move", "--into", larger)
    assert done.exit_code == 0 and "each role signed in" in done.output, done.output
    there = at(larger, small)
    assert content(there) == before == content(small)
    assert number_of(there, User) == staff
    assert run(there, "audit", "verify").exit_code == 0
    again = Browser(there, organisation.staff)
    assert "تحدّثنا عن البدايات" in again.as_("facilitator1").get(f"/notes/{organisation.a.note}")
    for who in organisation.staff:
        assert again.as_(who).get("/").status == 200
    with there.app_context():
        db.session.remove()
        db.engine.dispose()


def test_what_is_there_already_is_not_written_over(small: Flask, larger: str) -> None:
    assert run(small, "move", "--into", larger).exit_code == 0
    again = run(small, "move", "--into", larger)
    assert again.exit_code == 1 and "already" in again.output


def test_a_trail_that_does_not_fit_is_not_carried_on(small: Flask, larger: str) -> None:
    plant(small, update(AuditRow).where(AuditRow.seq == 2).values(action="nothing"))
    done = run(small, "move", "--into", larger)
    assert done.exit_code == 1 and "row 2" in done.output
    plant(small, update(AuditRow).where(AuditRow.seq == 2).values(action="invited"))
    assert "already" not in run(small, "move", "--into", larger).output


def test_not_while_it_is_served(small: Flask, larger: str) -> None:
    with workroom.served(Path(small.instance_path)):
        done = run(small, "move", "--into", larger)
    assert done.exit_code == 1 and "stop the service" in done.output


@pytest.mark.parametrize(
    "address", ["nonsense", "postgresql+psycopg://nobody@/nowhere?host=/nonesuch"]
)
def test_an_address_that_leads_nowhere_is_said_in_a_sentence(small: Flask, address: str) -> None:
    done = run(small, "move", "--into", address)
    assert done.exit_code == 1 and "\nError: " in f"\n{done.output}"


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE people SET version = version + 1 WHERE uid = (SELECT min(uid) FROM people)",
        "UPDATE audit SET at = '2026-01-01 00:00:00' WHERE seq = 2",
        "DELETE FROM sign_ins",
        "UPDATE users SET second_factor = private_key WHERE uid = (SELECT max(uid) FROM users)",
    ],
)
def test_a_copy_that_differs_in_one_value_is_seen(
    small: Flask, larger: str, browser: Browser, change: str, organisation: Organisation
) -> None:
    Browser(small, organisation.staff).as_("coordinator")
    assert run(small, "move", "--into", larger).exit_code == 0
    there = at(larger, small)
    with small.app_context():
        here = db.engine
    with there.app_context():
        copy = db.engine
    assert not copying.first_difference(here, copy, lambda *_: None)
    with copy.begin() as connection:
        connection.execute(text(change))
    table = change.split()[1 if change.startswith("UPDATE") else 2]
    assert copying.first_difference(here, copy, lambda *_: None) == table
    copy.dispose()
    here.dispose()
