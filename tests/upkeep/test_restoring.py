"""What is damaged, forged, too new or in the way is refused, and then nothing was changed."""

from __future__ import annotations

import random
import sqlite3
import tarfile
from collections.abc import Callable
from contextlib import closing
from io import BytesIO
from pathlib import Path

import pyrage
import pytest
from click.testing import Result
from flask import Flask
from flask_migrate import downgrade

from app.accounts.models import User
from app.cli.serving import in_use
from app.errors import RuleBroken
from app.extensions import db
from app.upkeep import archive, proving
from app.upkeep.archive import CONTENTS, DATABASE, SERVER_KEY
from app.upkeep.checks import NEWEST
from app.upkeep.copying import beside
from tests.cli.running import run
from tests.client import Browser
from tests.database import POSTGRES
from tests.organisation import Organisation
from tests.upkeep.keeping import House, begun_anew
from tests.web.records import number_of

DAMAGED = 200


def quiet(_done: int, _of: int) -> None:
    """How far it is, which a test does not ask."""


def restore(app: Flask, house: House, file: Path, *words: str) -> Result:
    return run(app, "restore", str(file), "--identity", str(house.key), *words)


def is_empty(app: Flask) -> bool:
    """Whether nothing was put there: no tables, no files left over."""
    with app.app_context():
        with db.engine.connect() as connection:
            tables = db.inspect(connection).get_table_names()
        db.engine.dispose()
    left = {path.name for path in Path(app.instance_path).rglob("*")} - {"server.key", "served"}
    return not tables and not left


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


class Forged:
    """A backup that whoever has the server may make: sealed to the right key, with what they like in it."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.folder = house.folder / "forged"
        self.folder.mkdir()
        identity = archive.identity_of(house.key.read_text())
        archive.unseal(house.back_up(), identity, self.folder, quiet)

    def sql(self, *statements: str) -> None:
        with closing(sqlite3.connect(self.folder / DATABASE)) as copy:
            for statement in statements:
                copy.execute(statement)
            copy.commit()

    def as_it_says(self) -> None:
        """Let the list of contents say what is in it."""
        contents = proving.contents_of(self.folder / DATABASE)
        (self.folder / CONTENTS).write_text(contents.as_text())

    def sealed(self) -> Path:
        file = self.house.folder / "forged.age"
        public = archive.identity_of(self.house.key.read_text()).to_public()
        archive.seal(self.folder, str(public), file, quiet)
        return file


def a_row_less(forged: Forged) -> None:
    forged.sql("DELETE FROM closed_days", "DELETE FROM devices", "DELETE FROM user_roles")


def a_row_that_points_nowhere(forged: Forged) -> None:
    forged.sql("PRAGMA foreign_keys=OFF", "DELETE FROM vaults")
    with pytest.raises(RuleBroken):
        forged.as_it_says()


def a_trail_that_was_changed(forged: Forged) -> None:
    forged.sql("UPDATE audit SET actor_uid = 'bbbbbbbbbb' WHERE seq = 3")
    forged.as_it_says()


def another_server_key(forged: Forged) -> None:
    (forged.folder / SERVER_KEY).write_bytes(random.Random(1).randbytes(32))


def a_key_that_is_none(forged: Forged) -> None:
    (forged.folder / SERVER_KEY).write_bytes(b"short")


def no_database(forged: Forged) -> None:
    (forged.folder / DATABASE).write_bytes(b"")


def pages_overwritten(forged: Forged) -> None:
    content = bytearray((forged.folder / DATABASE).read_bytes())
    content[8192:65536] = bytes(65536 - 8192)
    (forged.folder / DATABASE).write_bytes(content)


def contents_that_are_none(forged: Forged) -> None:
    (forged.folder / CONTENTS).write_text("[]")


def a_newer_format(forged: Forged) -> None:
    text = (forged.folder / CONTENTS).read_text()
    (forged.folder / CONTENTS).write_text(text.replace('"format": 1', '"format": 2'))


def a_newer_schema(forged: Forged) -> None:
    forged.sql("UPDATE alembic_version SET version_num = '9999'")
    forged.as_it_says()


@pytest.mark.parametrize(
    "harm",
    [
        *(a_row_less, a_row_that_points_nowhere, a_trail_that_was_changed, another_server_key),
        *(a_key_that_is_none, no_database, pages_overwritten, contents_that_are_none),
        *(a_newer_format, a_newer_schema),
    ],
)
def test_what_was_forged_is_refused(
    house: House, another: Flask, harm: Callable[[Forged], None]
) -> None:
    forged = Forged(house)
    harm(forged)
    done = restore(another, house, forged.sealed())
    assert done.exit_code == 1 and "Error: " in done.output, done.output
    assert is_empty(another)


def test_a_tail_that_was_cut_shows_against_a_head_kept_elsewhere(
    house: House, another: Flask
) -> None:
    head = house.run("audit", "verify").output.rpartition(" ")[2].strip()
    forged = Forged(house)
    forged.sql(
        "DELETE FROM audit WHERE seq > 5",
        "UPDATE audit_head SET seq = 5, mac = (SELECT mac FROM audit WHERE seq = 5)",
    )
    forged.as_it_says()
    file = forged.sealed()
    done = restore(another, house, file, "--head", head)
    assert done.exit_code == 1 and "trail" in done.output
    assert is_empty(another)
    assert restore(another, house, house.made()[0], "--head", head).exit_code == 0


@pytest.mark.parametrize("name", ["../escaped", "/tmp/escaped", "contents.json", "more"])
def test_nothing_is_written_but_the_three_files(house: House, another: Flask, name: str) -> None:
    packed = BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        for each in (CONTENTS, name):
            entry = tarfile.TarInfo(each)
            entry.size = 4
            tar.addfile(entry, BytesIO(b"evil"))
    public = archive.identity_of(house.key.read_text()).to_public()
    file = house.folder / "tar.age"
    file.write_bytes(pyrage.encrypt(packed.getvalue(), [public]))
    assert restore(another, house, file).exit_code == 1
    assert is_empty(another)
    assert not Path("/tmp/escaped").exists() and not (house.folder / "escaped").exists()


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
    assert Browser(another, organisation.staff).as_("coordinator").get("/").status == 200
    said = run(another, "doctor").output
    assert "server.key.before-" in said


def test_nothing_is_restored_under_a_notebook_that_is_served(house: House, another: Flask) -> None:
    file = house.back_up()
    with in_use(Path(another.instance_path)):
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
