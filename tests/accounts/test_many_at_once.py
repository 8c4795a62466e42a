"""Thirty people sign in at the same moment at the real cost: the memory stays small, pages go on."""

from __future__ import annotations

import http.client
import shutil
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

import pytest

from app.accounts import joining, rules
from app.clock import now
from app.extensions import db
from tests.crowding.servers import Servers

PEOPLE = 30
MOST_KB = 400 * 1024
REAL = rules.Cost(131_072, 4, 2)
PASSPHRASE = "olive river stone lamp door"


def ask(port: int, method: str, address: str, body: str = "") -> tuple[int, str, float]:
    """Status, where it leads, and how long it took."""
    began = time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=25)
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
    connection.request(method, address, body, headers)
    answer = connection.getresponse()
    answer.read()
    location = answer.headers.get("Location", "")
    connection.close()
    return answer.status, location, time.monotonic() - began


def peak_kb(pid: int) -> int:
    """The most memory a process ever had."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1])


@pytest.fixture
def server(app, organisation, database, tmp_path: Path):
    """A process of its own on this test's database, with one account at the real cost."""
    with app.app_context():
        joining.add_user(
            username="paper-boat",
            working_name="Sami",
            roles=("facilitator",),
            language="en",
            passphrase=PASSPHRASE,
            recovery_code=rules.new_recovery_code(),
            cost=REAL,
            at=now(),
        )
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    shutil.copy(Path(app.instance_path) / "server.key", tmp_path / "server.key")
    running = Servers(1, database.address, tmp_path)
    yield running
    for process in running.processes:
        process.kill()
        process.wait()


@pytest.mark.slow
def test_thirty_sign_ins_at_once_stay_under_400_mb_and_the_other_pages_answer(server) -> None:
    (port,), pid = server.ports, server.processes[0].pid
    typed = urlencode({"username": "paper-boat", "passphrase": PASSPHRASE})
    with ThreadPoolExecutor(PEOPLE + 1) as pool:
        asked = [pool.submit(ask, port, "POST", "/sign-in", typed) for _one in range(PEOPLE)]
        others = []
        while not all(future.done() for future in asked):
            others.append(ask(port, "GET", "/sign-in"))
        answers = [future.result() for future in asked]
    became = Counter((status, where) for status, where, _took in answers)
    peak, slowest = peak_kb(pid), max(took for _status, _where, took in others)
    print(f"{dict(became)}; peak {peak / 1024:.0f} MB; the slowest page took {slowest:.2f} s")
    assert set(became) <= {(303, "/"), (303, "/problem/503"), (503, "")}
    assert became[303, "/"] >= 3
    assert peak < MOST_KB
    assert {status for status, _where, _took in others} == {200}
    assert slowest < 5
    assert "Traceback" not in server.stop()
