"""Told to end, a process answers what is under way, takes nothing new, and ends."""

from __future__ import annotations

import http.client
import shutil
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy import select, text

from app.extensions import db
from app.sessions.models import Attendance
from tests.conftest import Clock
from tests.crowding.servers import Client, Servers
from tests.database import POSTGRES, Database
from tests.organisation import Organisation
from tests.web.records import rows

LOCK = "LOCK TABLE attendance IN ACCESS EXCLUSIVE MODE" if POSTGRES else "SELECT 1"


@pytest.fixture
def server(
    app: Flask, organisation: Organisation, database: Database, clock: Clock, tmp_path: Path
) -> Iterator[Servers]:
    """One process on this test's database, by the machine's clock."""
    clock.at(datetime.now(UTC))
    shutil.copy(Path(app.instance_path) / "server.key", tmp_path / "server.key")
    with app.app_context():
        db.engine.dispose()
    running = Servers(1, database.address, tmp_path)
    yield running
    running.processes[0].kill()
    running.stop()


@contextmanager
def nobody_writes(app: Flask) -> Iterator[None]:
    """Whoever wants to write a mark waits."""
    with app.app_context():
        with db.engine.begin() as connection:  # on SQLite that takes the lock
            connection.execute(text(LOCK))
            yield
        db.engine.dispose()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=lambda n: n.name)
def test_what_is_under_way_is_answered_and_kept(
    app: Flask, organisation: Organisation, server: Servers, number: signal.Signals
) -> None:
    (process,), (port,) = server.processes, server.ports
    me, idle = (
        Client(port, organisation.staff["facilitator1"]),
        http.client.HTTPConnection("127.0.0.1", port),
    )
    meeting, stay = organisation.a.meetings[5], organisation.a.members[0].stay
    idle.request("GET", "/problem/404")
    idle.getresponse().read()
    with ThreadPoolExecutor(1) as pool:
        with nobody_writes(app):
            sent = {"Cookie": me.cookie, "Sec-Fetch-Site": "same-origin"}
            sent["Content-Type"] = "application/x-www-form-urlencoded"
            address = f"/sessions/{meeting}/attendance"
            me.connection.request("POST", address, urlencode({stay: "late"}), sent)
            ask(port)  # what is answered after it was read after it
            answer = pool.submit(me.connection.getresponse)
            process.send_signal(number)
            while ask(port):  # until it listens no more
                pass
            assert process.poll() is None and not answer.done()
        assert answer.result().status == 303
    assert process.wait(timeout=60) == 0
    assert idle.sock.recv(1) == b""
    found = select(Attendance.mark).where(
        Attendance.session_uid == meeting, Attendance.membership_uid == stay
    )
    assert rows(app, found) == ["late"]


def ask(port: int) -> bool:
    """Whether a new connection is answered."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", "/problem/404")
        return connection.getresponse().status == 404
    except OSError:
        return False
    finally:
        connection.close()


def test_with_nothing_under_way_it_ends_at_once(server: Servers) -> None:
    (process,), (port,) = server.processes, server.ports
    assert ask(port)
    process.terminate()
    assert process.wait(timeout=20) == 0
