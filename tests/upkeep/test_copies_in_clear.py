"""What copies in clear leave on the disk once they are removed."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app.audit.models import AuditHead
from app.upkeep import workroom
from tests.cli.running import run
from tests.upkeep.keeping import House
from tests.web.records import rows

REMOVE = shutil.rmtree


@pytest.fixture
def removed(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[bytes]]:
    """The content of every database as it is when it is removed."""
    seen: list[bytes] = []

    def look(folder: Path) -> None:
        for copy in Path(folder).rglob("*.sqlite3"):
            seen.append(copy.read_bytes())
            with closing(sqlite3.connect(copy)) as connection:
                (keys,) = connection.execute("SELECT keys FROM audit_head").fetchone()
                assert keys == bytes(len(keys)) and keys
        REMOVE(folder)

    monkeypatch.setattr(workroom.shutil, "rmtree", look)
    yield seen


@pytest.mark.parametrize("command", ["backup", "restore-drill"])
def test_no_copy_leaves_the_trails_keys_on_the_disk(
    house: House, removed: list[bytes], command: str
) -> None:
    (keys,) = rows(house.app, select(AuditHead.keys))
    assert house.run(command).exit_code == 0
    assert removed
    assert not any(bytes(keys) in content for content in removed)


def test_what_is_restored_has_its_keys_and_what_it_was_made_of_has_not(
    house: House, another: Flask, removed: list[bytes]
) -> None:
    done = run(another, "restore", str(house.back_up()), "--identity", str(house.key))
    assert done.exit_code == 0, done.output
    assert len(removed) == 2
    (keys,) = rows(another, select(AuditHead.keys))
    assert bytes(keys).strip(b"\0")
