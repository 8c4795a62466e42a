"""Eight strangers at the door who post wrong sign-ins without a pause, from as many networks as they like."""

from __future__ import annotations

import http.client
import multiprocessing
import ssl
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from multiprocessing.synchronize import Event
from pathlib import Path
from urllib.parse import urlencode

CLIENTS, PROCESSES = 8, 2
TICKETS = 3  # that each patient client keeps in line for each of its networks, at most
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}


@dataclass(frozen=True)
class Door:
    """Where they knock."""

    port: int
    host: str
    certificate: Path


def networks(number: int) -> list[str]:
    """An address in each of so many networks of this machine, two hundred and more at most."""
    return [f"127.{1 + n // 250}.{n % 250}.9" for n in range(number)]


@contextmanager
def strangers(door: Door, addresses: list[str], *, patient: bool) -> Iterator[None]:
    """A flood while the block lasts: of those who never ask again, or who wait as browsers do."""
    context = multiprocessing.get_context("spawn")
    over, began = context.Event(), context.Semaphore(0)
    shares = [addresses[n::CLIENTS] or addresses for n in range(CLIENTS)]
    crowd = [
        context.Process(
            target=_crowd, args=(door, shares[n::PROCESSES], patient, over, began), daemon=True
        )
        for n in range(PROCESSES)
    ]
    for process in crowd:
        process.start()
    try:
        for _client in range(CLIENTS):
            assert began.acquire(timeout=60), "The strangers never came."
        yield
    finally:
        over.set()
        for process in crowd:
            process.join(30)
            process.kill()


def _crowd(door: Door, shares: list[list[str]], patient: bool, over: Event, began: object) -> None:
    threads = [
        threading.Thread(target=_client, args=(door, share, patient, over, began))
        for share in shares
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _client(door: Door, share: list[str], patient: bool, over: Event, began: object) -> None:
    lines = deque(_Line(door, address) for address in share)
    for number in count():
        parent = multiprocessing.parent_process()
        if over.is_set() or parent is None or not parent.is_alive():
            return
        line = lines[0]
        lines.rotate()
        try:
            line.knock(number) if not patient or len(line.tickets) < TICKETS else line.ask()
        except (OSError, http.client.HTTPException):
            line.close()
        if number == len(lines):
            began.release()  # type: ignore[attr-defined]


class _Line:
    """One address of a stranger, with a connection that stays open and tickets that wait."""

    def __init__(self, door: Door, address: str) -> None:
        self.door, self.address = door, address
        self.tickets: deque[str] = deque()
        self.connection: http.client.HTTPSConnection | None = None

    def knock(self, number: int) -> None:
        """Send a wrong sign-in; keep the ticket, should it be one."""
        name = f"stranger-{self.address}-{number}"
        answer = self._ask("POST", "/sign-in", urlencode({"username": name, "passphrase": "guess"}))
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            if cookie.startswith("__Host-turn="):
                self.tickets.append(cookie.partition(";")[0])

    def ask(self) -> None:
        """Ask for the turn of the ticket that was asked for longest ago."""
        ticket = self.tickets.popleft()
        answer = self._ask("GET", "/turn", cookie=ticket)
        if answer.status == 200 or answer.headers.get("Location") == "/turn":
            self.tickets.append(ticket)

    def close(self) -> None:
        """Begin anew with the next request."""
        self.connection = None

    def _ask(
        self, method: str, path: str, body: str = "", cookie: str = ""
    ) -> http.client.HTTPResponse:
        if self.connection is None:
            trust = ssl.create_default_context(cafile=str(self.door.certificate))
            trust.check_hostname = False
            self.connection = http.client.HTTPSConnection(
                "127.0.0.1", self.door.port, context=trust, source_address=(self.address, 0)
            )
        headers = FORM | {"Host": f"{self.door.host}:{self.door.port}"}
        self.connection.request(
            method, path, body, headers | ({"Cookie": cookie} if cookie else {})
        )
        answer = self.connection.getresponse()
        answer.read()
        return answer
