"""Of somebody who was erased nothing is left: neither what was typed, nor what it was sealed into, nor their key."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from multiprocessing.util import get_temp_dir
from pathlib import Path

import pytest
from flask import Flask

from app.cli import commands, letting_go
from app.extensions import db
from app.upkeep import archive
from tests.client import Browser
from tests.database import POSTGRES, Database, SqliteDatabase
from tests.keeping.dossier import Dossier
from tests.keeping.nights import begin_erasing, erase
from tests.organisation import NOW, Organisation
from tests.seizure.markers import Needles, Search
from tests.seizure.place import Place
from tests.upkeep.keeping import House
from tests.upkeep.test_killed import killed, where

MARKERS = 300
# After which of the statements that erase somebody it is killed, and how long after the commit began.
STATEMENTS = (1, 4, 9, 15, 22, 30)
COMMITS = 6
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(POSTGRES, reason="the bytes of a file of SQLite's"),
]


@pytest.fixture
def place(
    app: Flask, organisation: Organisation, database: Database, tmp_path: Path
) -> Iterator[Place]:
    """A server with its own folders, and a folder of backups."""
    backups = tmp_path / "backups"
    backups.mkdir(mode=0o700)
    get_temp_dir()  # of the tests' own processes: not in the server's folder, whose path is too long for a socket
    with Place(app, database, tmp_path) as running:
        commands.init_app(running.app)
        settings = running.app.config["DAFTAR"]
        running.app.config["DAFTAR"] = replace(settings, backups=backups)
        yield running


@pytest.fixture
def dossier(place: Place, organisation: Organisation) -> Dossier:
    """Somebody of whom three hundred things were typed."""
    made = Dossier(place.app, organisation)
    made.fill()
    assert len(set(made.marker.made)) >= MARKERS
    assert len(made.sealed) > 200
    return made


def left(place: Place, needles: Needles) -> set[str]:
    """What of these is found in the database's folder, the instance folder, the log, or what is temporary."""
    with place.app.app_context():
        db.session.remove()
        db.engine.dispose()
    assert isinstance(place.database, SqliteDatabase)
    search, found = Search(needles), set()
    folders = (place.database.folder, place.instance, place.temporary)
    files = [place.log, *(one for folder in folders for one in folder.rglob("*") if one.is_file())]
    for file in files:
        found |= {hit.partition(":")[0] for hit in search.found(file.read_bytes(), file.name)}
    return found


def erased(place: Place, organisation: Organisation, uid: str) -> None:
    answer = erase(Browser(place.app, organisation.staff).as_("coordinator"), uid)
    assert answer.location.startswith("/people?said=gone"), answer.location


@pytest.mark.timeout(300)
def test_of_300_things_typed_none_and_nothing_they_were_sealed_into_is_left(
    place: Place, organisation: Organisation, dossier: Dossier, tmp_path: Path
) -> None:
    needles, house = dossier.needles(), House(place.app, tmp_path)
    before = left(place, needles)
    assert len(before) > MARKERS, "What is looked for stands there as long as they do."
    assert not [hit for hit in before if hit.startswith(("a marker", "the person's key"))]
    erased(place, organisation, dossier.uid)
    assert not left(place, needles)
    identity = archive.identity_of(house.key.read_text())
    opened = tmp_path / "opened"
    opened.mkdir()
    archive.unseal(house.back_up(), identity, opened, lambda *_: None)
    search = Search(needles)
    for file in (opened / archive.DATABASE, *house.made()):
        assert not [*search.found(file.read_bytes(), file.name)]
    assert not left(place, needles), "Making it left nothing either."
    journals = [hit for data in place.journals for hit in search.found(data, "a journal")]
    assert not [hit for hit in journals if hit.startswith(("a marker", "the person's key"))]


@pytest.mark.timeout(300)
def test_killed_in_the_middle_of_erasing_and_done_again_nothing_is_left(
    place: Place, organisation: Organisation, dossier: Dossier
) -> None:
    needles, dice = dossier.needles(), random.Random(20261130)
    what = (organisation, dossier.uid)
    hot = 0
    for number in STATEMENTS:
        killed(begin_erasing, *where(place.app), *what, number, after=0)
        journal = Path(f"{place.database.file}-journal")  # type: ignore[attr-defined]
        hot += journal.exists() and journal.stat().st_size > 0
        coordinator = Browser(place.app, organisation.staff).as_("coordinator")
        assert coordinator.get(f"/people/{dossier.uid}").status == 200, "It is as it was."
    assert hot, "Nothing was under way when it was killed."
    for _commit in range(COMMITS):
        killed(begin_erasing, *where(place.app), *what, 0, after=dice.random() * 0.02)
        coordinator = Browser(place.app, organisation.staff).as_("coordinator")
        if coordinator.get(f"/people/{dossier.uid}").status == 404:
            with place.app.app_context():
                letting_go.let_go(
                    at=NOW
                )  # what the kill kept from being done at once, the night does
            break
    else:
        erased(place, organisation, dossier.uid)
    assert not left(place, needles)
