"""What whoever has the server, or the key it seals to, may make: it is refused, and nothing was changed."""

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
from flask import Flask

from app.errors import RuleBroken
from app.upkeep import archive, proving
from app.upkeep.archive import CONTENTS, DATABASE, SERVER_KEY
from tests.upkeep.keeping import House, is_empty, quiet, restore


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


def a_trigger(forged: Forged) -> None:
    forged.sql(
        "CREATE TRIGGER t AFTER INSERT ON sign_ins BEGIN UPDATE users SET left_at = NULL; END"
    )


def a_view_in_place_of_a_table(forged: Forged) -> None:
    forged.sql("CREATE VIEW v AS SELECT * FROM users")


def no_revision(forged: Forged) -> None:
    forged.sql("DELETE FROM alembic_version")


def a_head_that_is_none(forged: Forged) -> None:
    forged.sql("UPDATE audit_head SET mac = 'text'")


def a_moment_that_is_none(forged: Forged) -> None:
    forged.sql("UPDATE audit SET at = 'nonsense' WHERE seq = 2")
    forged.as_it_says()


def contents_without_end(forged: Forged) -> None:
    (forged.folder / CONTENTS).write_text("[" * 60_000)


def contents_that_fill_the_disk(forged: Forged) -> None:
    (forged.folder / CONTENTS).write_bytes(bytes(50_000_000))


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
        *(a_newer_format, a_newer_schema, a_trigger, a_view_in_place_of_a_table, no_revision),
        *(a_head_that_is_none, a_moment_that_is_none),
        *(contents_without_end, contents_that_fill_the_disk),
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
