"""Thirty people sign in at the same moment at the real cost: all get in, the memory stays small, pages go on."""

from __future__ import annotations

import http.client
import shutil
import threading
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from urllib.parse import urlencode

import pytest

from app.accounts import joining, rules
from app.accounts.line import Cost
from app.clock import now
from app.extensions import db
from tests.crowding.servers import Servers

PEOPLE, FEWER = 30, 8
MOST_KB = 400 * 1024
REAL = Cost(131_072, 4, 2)
PASSPHRASE = "olive river stone lamp door"


def ask(port: int, method: str, address: str, body: str = "", cookie: str = "") -> Answer:
    """Ask the server for something, on a connection of its own."""
    began = time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
    connection.request(method, address, body, headers | {"Cookie": cookie})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    (turn, *_rest) = [
        each.partition(";")[0]
        for each in answer.headers.get_all("Set-Cookie", [])
        if each.startswith("turn=")
    ] or [cookie]
    took = time.monotonic() - began
    return Answer(answer.status, answer.headers.get("Location", ""), turn, took)


def sign_in(ports: Sequence[int], begin: int = 0) -> tuple[str, int]:
    """Sign in as a browser does; where it leads in the end, and how often the page asked again.

    Of several processes each request reaches the next.
    """
    typed = urlencode({"username": "paper-boat", "passphrase": PASSPHRASE})
    turn = islice(cycle(ports), begin, None)
    answer, asked = ask(next(turn), "POST", "/sign-in", typed), 0
    while answer.location == "/turn" or answer.status == 200:
        threading.Event().wait(0.5)  # as the page does, only sooner
        answer, asked = ask(next(turn), "GET", "/turn", cookie=answer.cookie), asked + 1
    return answer.location, asked


def peak_kb(pid: int) -> int:
    """The most memory a process ever had."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1])


@dataclass(frozen=True)
class Answer:
    """What a request came to, with the cookie of whoever waits, and the seconds it took."""

    status: int
    location: str
    cookie: str
    took: float


@pytest.fixture
def server(request, app, organisation, database, tmp_path: Path):
    """A process of its own (or several) on this test's database, with one account at the real cost."""
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
    running = Servers(getattr(request, "param", 1), database.address, tmp_path)
    yield running
    for process in running.processes:
        process.kill()
        process.wait()


@pytest.mark.slow
def test_thirty_sign_ins_at_once_stay_under_400_mb_and_the_other_pages_answer(server) -> None:
    (port,), pid = server.ports, server.processes[0].pid
    with ThreadPoolExecutor(PEOPLE + 1) as pool:
        asked = [pool.submit(sign_in, server.ports) for _one in range(PEOPLE)]
        others = []
        while not all(future.done() for future in asked):
            others.append(ask(port, "GET", "/sign-in"))
        answers = [future.result() for future in asked]
    became = Counter(where for where, _asked in answers)
    peak, slowest = peak_kb(pid), max(page.took for page in others)
    print(f"{dict(became)}; peak {peak / 1024:.0f} MB; the slowest page took {slowest:.2f} s")
    assert became == {"/": PEOPLE}
    assert max(asked for _where, asked in answers) > 0
    assert peak < MOST_KB
    assert {page.status for page in others} == {200}
    assert "Traceback" not in server.stop()


@pytest.mark.slow
@pytest.mark.parametrize("server", [2], indirect=True)
def test_with_two_processes_everybody_gets_in_whichever_is_asked(server) -> None:
    with ThreadPoolExecutor(FEWER) as pool:
        led = list(pool.map(lambda number: sign_in(server.ports, number), range(FEWER)))
    assert {where for where, _asked in led} == {"/"}
    assert max(asked for _where, asked in led) > 0
    assert "Traceback" not in server.stop()
