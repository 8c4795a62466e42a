"""A database with a standby: the first is lost under two processes, the standby takes over, nothing acknowledged is gone."""

from __future__ import annotations

import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

import psycopg
import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import select

from app.audit.verifying import verify
from app.extensions import db
from app.sessions.models import Attendance
from tests import founding
from tests.conftest import Clock
from tests.crowding.servers import Client, Servers
from tests.database import POSTGRES
from tests.organisation import Organisation
from tests.postgres import READY_WITHIN, Server, programs
from tests.upkeep.keeping import begun

pytestmark = [
    pytest.mark.skipif(not POSTGRES, reason="SQLite has no standby"),
    pytest.mark.usefixtures("database"),  # what runs on PostgreSQL is told by that
]
WAITS_FOR_NO_DISK = ("fsync=off", "full_page_writes=off", "listen_addresses=")
MARKS = ("present", "late", "excused", "absent")
A_MINUTE = 60.0


class Pair:
    """A PostgreSQL server and a standby that has every commit before it is acknowledged, as docs/deploy.md says."""

    def __init__(self) -> None:
        binaries = programs()
        assert binaries is not None
        self.binaries = binaries
        self.first = Server(WAITS_FOR_NO_DISK)
        self.folder = self.first.folder / "standby"
        self.folder.mkdir(mode=0o700)
        if self.first.as_whom:
            shutil.chown(self.folder, self.first.as_whom["user"], self.first.as_whom["group"])
        self.first.run("CREATE DATABASE daftar")
        self._run(
            *(
                "pg_basebackup",
                "-h",
                self.first.folder,
                "-U",
                "postgres",
                "-D",
                self.folder / "data",
            ),
            *("--wal-method=stream", "--write-recovery-conf", "--checkpoint=fast"),
            *("--dbname", "application_name=standby"),
        )
        self.second = subprocess.Popen(
            [
                *(binaries / "postgres", "-D", self.folder / "data", "-k", self.folder),
                *("--listen-addresses=", "--fsync=off"),
            ],
            cwd=self.folder,
            stdout=self.first.log,
            stderr=self.first.log,
            **self.first.as_whom,
        )
        # From now on a commit is acknowledged once the standby has it, and by the first alone:
        # the standby got its settings before.
        self.first.run("ALTER SYSTEM SET synchronous_standby_names = 'standby'")
        self.first.run("SELECT pg_reload_conf()")
        self._wait(self.first.folder, "SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync'")

    @property
    def address(self) -> str:
        """Both, of which the one is taken that can be written."""
        hosts = f"host={self.first.folder}&host={self.folder}"
        return f"postgresql+psycopg://postgres@/daftar?{hosts}&target_session_attrs=read-write"

    def lose_the_first(self) -> None:
        """End it as a power cut does."""
        pid = int((self.first.folder / "data/postmaster.pid").read_text().split()[0])
        subprocess.run(["kill", "-9", str(pid)], check=True)

    def promote(self) -> None:
        """Let the standby be the one that is written."""
        self._run("pg_ctl", "promote", "-D", self.folder / "data", "-w")

    def stop(self) -> None:
        self.second.send_signal(signal.SIGINT)
        self.second.wait(READY_WITHIN)
        self.first.stop()

    def _run(self, program: str, *words: object) -> None:
        command = [str(self.binaries / program), *map(str, words)]
        subprocess.run(
            command,
            check=True,
            cwd=self.first.folder,
            stdout=self.first.log,
            stderr=self.first.log,
            **self.first.as_whom,
        )

    def _wait(self, host: Path, question: str) -> None:
        until = time.monotonic() + READY_WITHIN
        while time.monotonic() < until:
            with psycopg.connect(host=str(host), user="postgres", dbname="postgres") as asked:
                if asked.execute(question).fetchone():
                    return
            time.sleep(0.05)
        raise RuntimeError(f"The standby is not ready:\n{(self.first.folder / 'log').read_text()}")


@pytest.fixture
def pair() -> Iterator[Pair]:
    made = Pair()
    yield made
    made.stop()


def marking(client: Client, meeting: str, stay: str, ended: Event) -> tuple[str, float]:
    """Mark one person again and again; the last mark that was acknowledged, and the longest time without one."""
    kept, last, longest, turn = "", time.monotonic(), 0.0, 0
    while not ended.is_set():
        turn += 1
        mark = MARKS[turn % len(MARKS)]
        try:
            if client.done(f"/sessions/{meeting}/attendance", {stay: mark}, "tally"):
                longest = max(longest, time.monotonic() - last)
                kept, last = mark, time.monotonic()
        except OSError:
            client.connection.close()
    return kept, longest


def lose_and_promote(pair: Pair, clients: list[Client]) -> None:
    """While people mark: the first is lost, somebody promotes the standby, everybody goes on."""
    _until(lambda: all(len(one.statuses) > 20 for one in clients))
    pair.lose_the_first()
    _until(lambda: any(status == 507 for one in clients for status in one.statuses))
    pair.promote()
    before = [len(one.statuses) for one in clients]
    _until(
        lambda: all(
            one.statuses[seen:].count(200) > 10 for one, seen in zip(clients, before, strict=True)
        )
    )


@pytest.mark.slow
def test_the_first_is_lost_and_people_go_on(pair: Pair, clock: Clock, tmp_path: Path) -> None:
    clock.at(datetime.now(UTC))
    app: Flask = begun(pair.address, tmp_path)
    with app.app_context():
        upgrade()
        made: Organisation = founding.build()
        db.session.remove()
        db.engine.dispose()
    running = Servers(2, pair.address, tmp_path)
    ended, people = Event(), 6
    try:
        clients = [
            Client(running.ports[n % 2], made.staff[("facilitator1", "coordinator")[n % 2]])
            for n in range(people)
        ]
        with ThreadPoolExecutor(people) as pool:
            work = [
                pool.submit(marking, one, made.a.meetings[5], made.a.members[n].stay, ended)
                for n, one in enumerate(clients)
            ]
            try:
                lose_and_promote(pair, clients)
            finally:
                ended.set()
            kept = [each.result() for each in work]
        with app.app_context():
            found = select(Attendance).where(Attendance.session_uid == made.a.meetings[5])
            marks = {row.membership_uid: row.mark for row in db.session.scalars(found)}
            assert verify().broken_at is None
            db.session.remove()
            db.engine.dispose()
    finally:
        ended.set()
        running.stop()
    assert [marks[made.a.members[n].stay] for n in range(people)] == [mark for mark, _ in kept]
    assert max(longest for _mark, longest in kept) < A_MINUTE
    print(f"The longest time without an answer: {max(longest for _, longest in kept):.1f} s")


def _until(true: object) -> None:
    """Wait for what the others do meanwhile."""
    until = time.monotonic() + A_MINUTE
    while not true():  # type: ignore[operator]
        assert time.monotonic() < until, "It did not come to that within a minute."
        time.sleep(0.05)
