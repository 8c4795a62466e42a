"""What is damaged, forged, too new or in the way is refused, and then nothing was changed."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import downgrade

from app.accounts.models import User
from app.errors import RuleBroken
from app.extensions import db
from app.upkeep import archive, workroom
from app.upkeep.checks import NEWEST
from app.upkeep.copying import beside
from tests.cli.running import run
from tests.client import Browser
from tests.database import POSTGRES
from tests.organisation import Organisation
from tests.upkeep.keeping import House, begun_anew, is_empty, no_file_larger_than, quiet, restore
from tests.upkeep.test_forged import Forged
from tests.web.records import number_of

DAMAGED = 200


def damaged(sealed: bytes, dice: random.Random) -> bytes:
    """A backup as a bad disk, a cut line or a careless hand leaves it."""
    at, size = dice.randrange(len(sealed)), dice.randint(1, 4096)
    return dice.choice(
        [
            lambda: sealed[:at],
            lambda: sealed[:at] + bytes([sealed[at] ^ (1 << dice.randrange(8))]) + sealed[at + 1 :],
            lambda: sealed[:at] + sealed[at + size :],
            lambda: sealed[:at] + dice.randbytes(size) + sealed[at:],
            lambda: sealed[:at] + bytes(size) + sealed[at + size :],
            lambda: sealed + dice.randbytes(size),
            lambda: sealed[at:] + sealed[:at],
        ]
    )()


def test_of_200_damaged_ones_none_is_restored(house: House, another: Flask) -> None:
    whole = house.back_up().read_bytes()
    identity = archive.identity_of(house.key.read_text())
    dice = random.Random(2026)
    file = house.folder / "damaged.age"
    for number in range(DAMAGED):
        harmed = damaged(whole, dice)
        if harmed == whole:
            continue
        file.write_bytes(harmed)
        folder = house.folder / f"opened{number}"
        folder.mkdir()
        with pytest.raises(RuleBroken):
            archive.unseal(file, identity, folder, quiet)
    done = restore(another, house, file)
    assert done.exit_code == 1 and "damaged" in done.output
    assert is_empty(another)


@pytest.mark.parametrize("revision", ["0001", "0004", f"{int(NEWEST) - 1:04}"])
def test_one_of_an_older_program_is_brought_up_to_date(
    house: House, another: Flask, organisation: Organisation, revision: str
) -> None:
    forged = Forged(house)
    with house.app.app_context():
        older = beside(forged.folder)
    with older.app_context():
        downgrade(revision=revision)
        db.engine.dispose()
    forged.as_it_says()
    done = restore(another, house, forged.sealed())
    assert done.exit_code == 0, done.output
    there = begun_anew(another)
    assert number_of(there, User) == len(organisation.staff)
    assert NEWEST in run(there, "doctor").output
    assert run(there, "audit", "verify").exit_code == 0


def test_nothing_is_restored_over_a_notebook_unless_one_says_so(
    house: House, another: Flask, organisation: Organisation
) -> None:
    file = house.back_up()
    run(another, "init")
    before = (Path(another.instance_path) / "server.key").read_bytes()
    done = restore(another, house, file)
    assert done.exit_code == 1 and "--replace" in done.output
    assert (Path(another.instance_path) / "server.key").read_bytes() == before
    if POSTGRES:
        assert restore(another, house, file, "--replace").exit_code == 1
        return
    assert restore(another, house, file, "--replace").exit_code == 0
    with another.app_context():
        there = Path(str(db.engine.url.database))
    (aside,) = there.parent.glob(f"{there.name}.before-*")
    with closing(sqlite3.connect(aside)) as kept:
        assert kept.execute("SELECT count(*) FROM users").fetchone() == (1,)
    again = begun_anew(another)
    assert Browser(again, organisation.staff).as_("coordinator").get("/").status == 200
    said = run(again, "doctor").output
    assert "server.key.before-" in said


def test_nothing_is_restored_under_a_notebook_that_is_served(house: House, another: Flask) -> None:
    file = house.back_up()
    with workroom.served(Path(another.instance_path)):
        done = restore(another, house, file)
        assert done.exit_code == 1 and "stop the service" in done.output
        assert is_empty(another)
    assert restore(another, house, file).exit_code == 0


def test_with_anything_but_a_backup_key_it_says_so(house: House, another: Flask) -> None:
    file = house.back_up()
    house.key.write_text("AGE-SECRET-KEY-1NOTAKEY")
    done = restore(another, house, file)
    assert done.exit_code == 1 and "AGE-SECRET-KEY-1" in done.output


def test_a_key_is_read_however_it_was_written_down(house: House) -> None:
    written = house.key.read_text().splitlines()[1]
    for spelt in (written.lower(), f"  {written} \n\n", f"# one\n{written[:40]}\n{written[40:]}"):
        assert str(archive.identity_of(spelt)) == written


@pytest.mark.skipif(POSTGRES, reason="a database that is a file")
@pytest.mark.parametrize("at", [0, 40_000])
def test_a_damaged_notebook_is_what_it_is_for(
    house: House, another: Flask, organisation: Organisation, at: int
) -> None:
    file = house.back_up()
    assert restore(another, house, file).exit_code == 0
    with another.app_context():
        there = Path(str(db.engine.url.database))
        db.engine.dispose()
    with there.open("r+b") as harmed:
        harmed.seek(at)
        harmed.write(random.Random(1).randbytes(65_536))
    done = restore(another, house, file, "--replace")
    assert done.exit_code == 0, done.output
    assert (
        Browser(begun_anew(another), organisation.staff).as_("coordinator").get("/").status == 200
    )


def test_without_room_nothing_is_called_damaged(house: House, another: Flask) -> None:
    file = house.back_up()
    with no_file_larger_than(100_000):
        done = restore(another, house, file)
    assert done.exit_code == 1 and "too large" in done.output and "damaged" not in done.output
    assert is_empty(another)


def test_a_server_key_that_is_another_is_kept_beside(house: House, another: Flask) -> None:
    before = (Path(another.instance_path) / "server.key").read_bytes()
    assert restore(another, house, house.back_up()).exit_code == 0
    (kept,) = Path(another.instance_path).glob("server.key.before-*")
    assert kept.read_bytes() == before


@pytest.mark.skipif(not POSTGRES, reason="SQLite's file is put in place at once")
def test_what_is_cut_while_it_is_filled_leaves_nothing(
    house: House, another: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The key cannot be put in its place: the rows are taken out again."""
    file = house.back_up()
    in_the_way = Path(another.instance_path) / "server.key.new"
    in_the_way.mkdir()
    assert restore(another, house, file).exit_code == 1
    in_the_way.rmdir()
    done = restore(another, house, file)
    assert done.exit_code == 0, done.output
