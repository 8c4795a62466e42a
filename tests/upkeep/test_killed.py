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
from app.audit import trail
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
from tests.client import Browser
from tests.database import POSTGRES
from tests.organisation import Organisation, viewer
from tests.upkeep.keeping import House

# A patient machine may be asked for a thousand.
KILLS = int(os.environ.get("DAFTAR_TEST_KILLS", "12"))
LONGEST = 0.8  # seconds until one is killed: a dozen acts, or the middle of a backup
UPGRADE_TAKES = 1.5  # seconds, at most, on a quiet machine
MARKS = ("present", "late", "excused", "absent")


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


class Worker:
    """Does one thing after the other, and says so before and after."""

    def __init__(self, house: House, organisation: Organisation, says: Connection) -> None:
        self.house, self.of, self.says = house, organisation, says
        browser = Browser(house.app, organisation.staff)
        self.facilitator, self.coordinator = browser.as_("facilitator1"), browser.as_("coordinator")
        self.stranger, self.admin = browser, browser.as_("administrator")
        self.dice = random.Random(os.getpid())

    def work(self) -> None:
        acts = (self.mark, self.mark, self.write, self.sign_up, self.rotate, self.back_up)
        while True:
            self.dice.choice(acts)()

    def _do(self, kind: str, of: str, value: str, act: Callable[[], bool]) -> None:
        self.says.send(json.dumps((kind, of, value, False)))
        if act():
            self.says.send(json.dumps((kind, of, value, True)))

    def mark(self) -> None:
        roll = f"/sessions/{self.of.a.meetings[7]}/attendance"
        stay, mark = self.dice.choice(self.of.a.members).stay, self.dice.choice(MARKS)
        self._do(
            "mark", stay, mark, lambda: _done(self.facilitator.post(roll, {stay: mark}).location)
        )

    def write(self) -> None:
        text, note = str(self.dice.random()), f"/sessions/{self.of.a.meetings[7]}/note"
        typed = {"happened": text, "version": "0", "page": "onepage"}
        self._do(
            "text",
            "",
            text,
            lambda: self.facilitator.post(note, typed, htmx="note-state").status == 200,
        )

    def sign_up(self) -> None:
        address = f"/open/{self.of.workshop.link}"
        name = f"سنونو {self.dice.random()}"
        form = self.stranger.get(address).form(address)
        self._do(
            "sign-up", "", name, lambda: form.fill(name=name).press().location.startswith("/code")
        )

    def rotate(self) -> None:
        """A team that changes: the group's vaults get new keys each time."""
        team = f"/groups/{self.of.a.uid}/team"
        user = self.of.staff["facilitator3"].uid
        ends = [
            form["action"]
            for form in self.coordinator.get(team).root.all("form")
            if form["action"].endswith("/end")
            and form["action"] != f"{team}/{self.of.a.assignment}/end"
        ]
        if ends:
            self._do("end", "", "", lambda: _done(self.coordinator.post(ends[-1]).location))
        typed = {"passphrase": self.of.staff["coordinator"].passphrase}
        self._do(
            "assign", "", "", lambda: _done(self.coordinator.post(f"{team}/{user}", typed).location)
        )

    def back_up(self) -> None:
        self._do("backup", "", "", lambda: self.house.run("backup").exit_code == 0)


def _done(location: str) -> bool:
    return bool(location) and "kept=" not in location and "/problem/" not in location


def killed(app: Flask, begin: Callable[[Connection], None], after: float) -> Connection:
    """Let something be done in a process of its own, and kill it so many seconds after it said that it begins."""
    hears, says = multiprocessing.Pipe(duplex=False)

    def child() -> None:
        with app.app_context():
            db.engine.dispose(close=False)  # the connections are our parent's
        begin(says)

    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    process = multiprocessing.get_context("fork").Process(target=child)
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
                "trail": trail.verify().broken_at,
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

    def work(says: Connection) -> None:
        worker = Worker(house, organisation, says)
        says.send(json.dumps(("ready", "", "", True)))
        worker.work()

    for _kill in range(KILLS):
        heard(killed(house.app, work, dice.random() * LONGEST), known)
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
    assert known.marks and known.text and known.sign_ups
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

    def bring_up(says: Connection) -> None:
        says.send("ready")
        with another.app_context():
            upgrade()

    for _kill in range(KILLS):
        killed(another, bring_up, dice.random() * UPGRADE_TAKES)
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
