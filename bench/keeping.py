"""A backup of 20,000 people and three years of the trail: made, restored on a clean machine, and who waits meanwhile."""

from __future__ import annotations

import sqlite3
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from time import monotonic, perf_counter
from typing import TypeVar

from app import create_app
from app.audit import head
from app.audit.rules import Entry
from app.cli import commands
from app.clock import now
from app.extensions import db, new_uid
from app.upkeep import archive, backing_up, restoring
from app.web import transaction
from bench.organisation import Organisation, founded
from bench.search import add_people
from bench.table import Result

PEOPLE, TRAIL, AT_A_TIME = 20_000, 400_000, 10_000
FIVE_MINUTES = 300
Answer = TypeVar("Answer")


def measure() -> Iterator[Result]:
    """Seconds for each, the size in megabytes, and the longest that a write waited while it was copied."""
    with founded() as organisation:
        add_people(organisation, PEOPLE)
        _add_trail(organisation)
        with organisation.app.app_context():
            identity = archive.identity_of(backing_up.new_key())
            transaction.commit()
            with Writer(organisation.database) as writer:
                made, backup = _timed(lambda: backing_up.back_up(_quiet))
            _drilled, drill = _timed(lambda: restoring.drill(_quiet))
            db.session.remove()
            db.engine.dispose()
        restore = _restored(made.file, identity)
        size = organisation.database.stat().st_size / 1e6
        yield Result(
            "keeping", f"backup, {PEOPLE} people", backup, unit=" s", note=f"{size:.0f} MB"
        )
        yield Result("keeping", "its size ÷ the database's", made.file.stat().st_size / 1e6 / size)
        note = f"{writer.written} writes meanwhile"
        yield Result("keeping", "the longest wait of a write", writer.longest, unit=" s", note=note)
        yield Result("keeping", "restore drill", drill, unit=" s")
        goal = f"<= {FIVE_MINUTES}"
        yield Result("keeping", "restore on a clean machine", restore, goal, unit=" s")


def _restored(file: Path, identity: object) -> float:
    with tempfile.TemporaryDirectory(prefix="daftar-bench-") as folder:
        app = create_app({"DAFTAR_DEMO": "1"}, Path(folder))
        commands.init_app(app)
        with app.app_context():
            _contents, took = _timed(lambda: restoring.restore(file, identity, _quiet))
            db.session.remove()
            db.engine.dispose()
    return took


def _add_trail(organisation: Organisation) -> None:
    uid = new_uid()
    entries = [Entry(now(), uid, "person-opened", "person", uid, "", uid, "done")] * AT_A_TIME
    with organisation.app.app_context():
        for _block in range(TRAIL // AT_A_TIME):
            head.append(entries)
            transaction.commit()
        db.session.remove()


def _timed(act: Callable[[], Answer]) -> tuple[Answer, float]:
    begun = perf_counter()
    return act(), perf_counter() - begun


def _quiet(_what: str, _done: int, _of: int) -> None:
    """How far it is, which is not asked here."""


class Writer:
    """Writes as often as it can, as people do, and notes the longest it waited."""

    def __init__(self, database: Path) -> None:
        self.database, self.longest, self.written = database, 0.0, 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._write)

    def __enter__(self) -> Writer:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._ended.set()
        self._thread.join()

    def _write(self) -> None:
        with closing(
            sqlite3.connect(self.database, timeout=60, isolation_level=None)
        ) as connection:
            while not self._ended.wait(0.02):
                begun = monotonic()
                connection.execute("UPDATE chores SET began_at = NULL WHERE name = 'backup'")
                self.longest = max(self.longest, monotonic() - begun)
                self.written += 1
