"""A line in a time of its own, whose turns end when a test says so."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from queue import Queue

from app.accounts.line import AT_ONCE, Line, Place, Stretched, Work
from tests.organisation import COST

PATIENCE = 20


class Turns:
    """A line in a time of its own, whose turns are over when the test says so; who had which."""

    def __init__(self) -> None:
        self.at = 100.0
        self.served: Queue[str] = Queue()
        self._over = threading.Semaphore(0)
        self.line = Line(clock=lambda: self.at, derive=self._derive)

    def _derive(self, work: Work) -> Stretched:
        self.served.put(work.passphrase)
        assert self._over.acquire(timeout=PATIENCE)
        return Stretched(work.passphrase.encode(), b"salt", work.cost)

    def take(self) -> None:
        """Somebody has each turn."""
        for number in range(AT_ONCE):
            threading.Thread(target=self.line.now, args=(work(f"first {number}"),)).start()
            self.served.get(timeout=PATIENCE)

    def stand(self, who: str, place: Place) -> None:
        """Somebody stands in line, and asks for the first time."""
        self.send(who, place)
        self.line.waits(who)

    def send(self, who: str, place: Place) -> None:
        """Somebody sends their passphrase; their browser has not asked yet."""
        self.at += 0.001
        self.line.wait(who, place, work(who), {})

    def next(self) -> str:
        """A turn is over: who has it next."""
        self._over.release()
        return self.served.get(timeout=PATIENCE)

    def end(self) -> None:
        """Let everybody go."""
        for _each in range(1000):
            self._over.release()


def work(who: str) -> Work:
    return Work(who, COST, b"salt")


@contextmanager
def taken() -> Iterator[Turns]:
    """Turns that are all taken."""
    turns = Turns()
    turns.take()
    try:
        yield turns
    finally:
        turns.end()


def stranger(address: str, failed: int = 0) -> Place:
    """Somebody from a.b.c.d, whose network is a.b.c and whose wide one a.b."""
    parts = address.split(".")
    return Place(False, (".".join(parts[:2]), ".".join(parts[:3]), address), failed)
