"""Throughput of usual clients beside eight slow ones ÷ without them."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from statistics import median
from threading import Event

from bench.organisation import FACILITATOR, founded
from bench.server import Client, Server, busy, serving
from bench.table import Result

SLOW, USUAL = 8, 3
WINDOW = 2.0  # seconds; three windows with and three without stay under twenty
WINDOWS = 3
GOAL = ">= 0.7"


def measure() -> Iterator[Result]:
    """Windows with and without slow clients, in turn."""
    with founded() as organisation, serving(organisation) as server:
        cookie = organisation.sign_in(FACILITATOR)
        path = f"/sessions/{organisation.meeting}/attendance"
        large = organisation.app.extensions["static_files"].address("site.js")
        answered(server, cookie, path, seconds=1.0)
        alone: list[float] = []
        beside: list[float] = []
        for _window in range(WINDOWS):
            alone.append(answered(server, cookie, path, seconds=WINDOW))
            works = [
                partial(_writes_slowly if number % 2 else _reads_slowly, server.port, large)
                for number in range(SLOW)
            ]
            with busy(works):
                time.sleep(0.3)
                beside.append(answered(server, cookie, path, seconds=WINDOW))
    note = f"{median(beside):.0f} : {median(alone):.0f} pages a second"
    ratio = median(beside) / median(alone)
    yield Result("slow", "with 8 slow clients ÷ without", ratio, GOAL, note=note)


def answered(server: Server, cookie: str, path: str, *, seconds: float) -> float:
    """Pages a second that a few usual clients get."""
    counts, refused = [0] * USUAL, list[int]()

    def ask(number: int, over: Event) -> None:
        client = Client(server.port, cookie)
        while not over.is_set():
            if client.get(path) != 200:
                refused.append(number)
                return
            counts[number] += 1

    begun = time.monotonic()
    with busy([partial(ask, number) for number in range(USUAL)]):
        time.sleep(seconds)
    if refused:
        raise RuntimeError("A usual client was refused.")
    return sum(counts) / (time.monotonic() - begun)


def _writes_slowly(port: int, path: str, over: Event) -> None:
    """A request that arrives byte by byte."""
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Long: {'x' * 400}\r\n\r\n".encode()
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5) as slow:
        for number in range(len(request)):
            if over.wait(0.05):
                return
            slow.sendall(request[number : number + 1])


def _reads_slowly(port: int, path: str, over: Event) -> None:
    """Answers that are asked for at once and read a few bytes at a time."""
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()
    with suppress(OSError), socket.socket() as slow:
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        slow.settimeout(5)
        slow.connect(("127.0.0.1", port))
        slow.sendall(request * 20)
        while not over.wait(0.1):
            if not slow.recv(64):
                return
