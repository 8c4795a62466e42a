"""A process that is ended with kill -9, at any moment: nothing acknowledged is lost, nothing is torn."""

from __future__ import annotations

import json
import multiprocessing
import os
import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import func, select, text

from app.accounts.viewer import Viewer
from app.audit.verifying import verify
from app.extensions import db
from app.notes import sealing
from app.notes.models import Note
from app.sessions.models import Attendance
from app.upkeep import archive, proving
from app.upkeep.checks import NEWEST, revision_of
from app.workshops.models import SignUp
from tests import founding
from tests.assignments.agreement import assert_they_agree
from tests.cli.running import run
from tests.database import POSTGRES
from tests.organisation import Organisation, viewer
from tests.upkeep.keeping import House
from tests.upkeep.working import bring_up, work

# A patient machine may be asked for a thousand.
KILLS = int(os.environ.get("DAFTAR_TEST_KILLS", "12"))
LONGEST = 0.8  # seconds until one is killed: a dozen acts, or the middle of a backup
UPGRADE_TAKES = 1.5  # seconds, at most, on a quiet machine


@dataclass
class Known:
    """What was acknowledged, and what was begun last and never answered."""

    marks: dict[str, str] = field(default_factory=dict)
    text: str = ""
    sign_ups: int = 0
    begun: tuple[str, str, str] = ("", "", "")

    def hear(self, said: str) -> None:
        kind, of, value, is_done = json.loads(said)
        self.begun = ("", "", "") if is_done else (kind, of, value)
        if is_done and kind == "mark":
            self.marks[of] = value
        elif is_done and kind == "text":
            self.text = value
        elif is_done and kind == "sign-up":
            self.sign_ups += 1


def killed(act: Callable[..., None], *what: object, after: float) -> Connection:
    """Let something be done in a process of its own, and kill it so many seconds after it said that it begins.

    What it said until then. It is forked from a process that has loaded the
    program and has no threads: ours may hold locks.
    """
    clean = multiprocessing.get_context("forkserver")
    clean.set_forkserver_preload(["tests.upkeep.working"])
    hears, says = clean.Pipe(duplex=False)
    process = clean.Process(target=act, args=(says, *what))
    process.start()
    says.close()
    hears.recv()
    process.join(after)
    process.kill()
    process.join()
    return hears


def heard(hears: Connection, known: Known) -> None:
    """All it said before it was killed."""
    while True:
        try:
            known.hear(hears.recv())
        except EOFError:
            break


def where(app: Flask) -> tuple[str, Path, Path]:
    """The database, the folder and the backups of a notebook that another process is to work on."""
    with app.app_context():
        db.session.remove()
        address = db.engine.url.render_as_string(hide_password=False)
        db.engine.dispose()
    return address, Path(app.instance_path), app.config["DAFTAR"].backups


@pytest.fixture
def opened(house: House, organisation: Organisation) -> Iterator[Callable[[], dict[str, Any]]]:
    """What stands in the database: marks, the draft's text, the number of sign-ups."""
    app, meeting = house.app, organisation.a.meetings[7]

    def look() -> dict[str, Any]:
        with app.app_context():
            me: Viewer = viewer(organisation.staff["facilitator1"])
            marks = {
                row.membership_uid: row.mark
                for row in db.session.scalars(
                    select(Attendance).where(Attendance.session_uid == meeting)
                )
            }
            note = db.session.scalars(
                select(Note).where(Note.of_uid == meeting, Note.author_uid == me.uid)
            ).first()
            boxes = sealing.boxes_of(me, note) if note else None
            found = {
                "marks": marks,
                "text": boxes.happened if boxes else "",
                "sign_ups": db.session.scalar(select(func.count()).select_from(SignUp)),
                "trail": verify().broken_at,
            }
            db.session.remove()
            db.engine.dispose()
        return found

    yield look


@pytest.mark.slow
@pytest.mark.timeout(60 + 4 * KILLS)
def test_killed_at_any_moment_nothing_acknowledged_is_lost(
    house: House,
    organisation: Organisation,
    opened: Callable[[], dict[str, Any]],
) -> None:
    known, dice = Known(), random.Random(20261129)
    before = opened()["sign_ups"]
    here = where(house.app)
    kills = 0
    # On a busy machine until something of each kind was acknowledged.
    while kills < KILLS or not (known.marks and known.text and known.sign_ups):
        kills += 1
        heard(killed(work, *here, organisation, after=dice.random() * LONGEST), known)
        found, (kind, of, value) = opened(), known.begun
        for stay, mark in known.marks.items():
            assert found["marks"][stay] in {
                mark,
                *([value] if (kind, of) == ("mark", stay) else []),
            }
        known.marks = {stay: found["marks"][stay] for stay in known.marks}
        assert found["text"] in {known.text, *([value] if kind == "text" else [])}
        known.text = found["text"]
        assert found["sign_ups"] - before - known.sign_ups in {0, int(kind == "sign-up")}
        known.sign_ups = found["sign_ups"] - before
        assert found["trail"] is None
        assert_they_agree(house.app)
        if not POSTGRES:
            with house.app.app_context():
                proving.contents_of(Path(str(db.engine.url.database)))
    identity = archive.identity_of(house.key.read_text())
    for number, file in enumerate(house.made()):
        folder = house.folder / f"opened{number}"
        folder.mkdir()
        contents = archive.unseal(file, identity, folder, lambda *_: None)
        proving.prove(folder / archive.DATABASE, contents)
    house.back_up()


@pytest.mark.slow
@pytest.mark.timeout(60 + 8 * KILLS)
def test_killed_while_its_tables_are_brought_up_to_date_it_is_as_before_or_done(
    another: Flask,
) -> None:
    oldest, dice, found = "0001", random.Random(20261129), Counter[str]()
    with another.app_context():
        upgrade()
        founding.build()
        db.session.remove()
        downgrade(revision=oldest)
        engine = db.engine
        people = "SELECT count(*) FROM people"
        before = db.session.scalar(text(people))
        db.session.remove()

    here = where(another)
    for _kill in range(KILLS):
        killed(bring_up, *here, after=dice.random() * UPGRADE_TAKES)
        revision = revision_of(engine)
        found[revision] += 1
        with another.app_context():
            assert db.session.scalar(text(people)) == before
            db.session.remove()
            if revision != oldest:
                downgrade(revision=oldest)
    assert set(found) <= {oldest, NEWEST}, found
    with another.app_context():
        upgrade()
    assert run(another, "doctor").exit_code == 0
