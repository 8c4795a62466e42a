"""Signing in while eight strangers flood the door: seconds for each kind of device, and the pages meanwhile.

The strangers post wrong sign-ins without a pause; the patient ones also ask for
their turns as browsers do. They share the machine with the server, which makes
it harder for the server than it would be elsewhere.
"""

from __future__ import annotations

import http.client
import time
from collections import deque
from collections.abc import Iterator
from functools import partial
from itertools import count
from multiprocessing import get_context
from statistics import median, quantiles
from threading import Event, Thread
from urllib.parse import urlencode

from bench.organisation import REAL, Organisation, founded
from bench.server import OWN, Client, Server, busy, serving
from bench.table import Result

STRANGERS, TICKETS = 8, 3
STAFF, EACH = 50, 5.0  # so many of the staff open a page each so many seconds
PAGES = 300
FLOODS = (("posts", False, 1), ("posts", False, 200), ("waits", True, 1), ("waits", True, 200))
FORM = OWN | {"Content-Type": "application/x-www-form-urlencoded"}
KNOWN, LOCKED, NEW, NEIGHBOUR, READER = (
    *("olive-lamp", "paper-boat", "almond-road", "quiet-harbor", "silver-well"),
)


def measure() -> Iterator[Result]:
    """Each kind of flood in turn, on a notebook of its own."""
    for what, patient, networks in FLOODS:
        with (
            founded(cost=REAL) as organisation,
            serving(organisation, DAFTAR_TRUSTED_PROXIES="1") as server,
        ):
            yield from _flood(organisation, server, f"{what}, {networks}", patient, networks)


def _flood(
    organisation: Organisation, server: Server, what: str, patient: bool, networks: int
) -> Iterator[Result]:
    known, locked = Visitor(server.port, "198.51.1.1"), Visitor(server.port, "198.51.2.1")
    reader = organisation.sign_in(READER)
    for visitor, who in ((known, KNOWN), (locked, LOCKED)):
        visitor.sign_in(who, organisation.passphrases[who])
    known.ask("POST", "/sign-out")
    organisation.lay_idle(LOCKED)
    pages: list[float] = []
    staff = [partial(_reads, server.port, reader, pages, n) for n in range(5)]
    crowd = get_context("spawn").Process(target=_crowd, args=(server.port, networks, patient))
    crowd.start()
    with busy(staff):
        time.sleep(8.0)
        took = {
            "known device": _seconds(lambda: known.sign_in(KNOWN, organisation.passphrases[KNOWN])),
            "unlocking": _seconds(lambda: locked.unlock(organisation.passphrases[LOCKED])),
            "new device": _seconds(
                lambda: Visitor(server.port, "198.51.3.1").sign_in(
                    NEW, organisation.passphrases[NEW]
                )
            ),
            "new, their address": _seconds(
                lambda: Visitor(server.port, "10.0.0.9").sign_in(
                    NEIGHBOUR, organisation.passphrases[NEIGHBOUR]
                )
            ),
        }
        while len(pages) < PAGES:
            time.sleep(0.5)
        crowd.kill()
        memory, threads = server.memory("VmHWM"), server.threads()
    for who, seconds in took.items():
        goal = "<= 10" if who in ("known device", "unlocking") else "<= 60"
        if patient and who == "new, their address":
            goal = ""  # one of those who wait there
        yield Result("door", f"{who} ({what})", seconds, goal, " s")
    p95 = quantiles(pages, n=20)[-1] * 1000
    note = f"median {median(pages) * 1000:.0f} ms of {len(pages)}; {memory:.0f} MB at most, {threads} threads"
    yield Result("door", f"pages meanwhile, p95 ({what})", p95, "<= 500", " ms", note)


class Visitor:
    """A browser without a script, somewhere: it keeps cookies and follows /turn."""

    def __init__(self, port: int, address: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self.address = address
        self.cookies: dict[str, str] = {}

    def ask(self, method: str, path: str, typed: dict[str, str] | None = None) -> tuple[int, str]:
        """Ask for something: status and where it leads."""
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = FORM | {"X-Forwarded-For": self.address, "Cookie": cookies}
        self.connection.request(method, path, urlencode(typed or {}), headers)
        answer = self.connection.getresponse()
        answer.read()
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            name, _equals, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, answer.headers.get("Location", "")

    def sign_in(self, username: str, passphrase: str) -> None:
        """Sign in, asking each second while others have their turn."""
        self._until("/", "/sign-in", {"username": username, "passphrase": passphrase})

    def unlock(self, passphrase: str) -> None:
        """Open a locked sign-in again."""
        self._until("/", "/locked", {"passphrase": passphrase})

    def _until(self, wanted: str, path: str, typed: dict[str, str]) -> None:
        _status, led = self.ask("POST", path, typed)
        while led.startswith("/turn"):
            status, onward = self.ask("GET", led)
            if status == 200:
                time.sleep(1.0)
            else:
                led = onward
        if led != wanted:
            raise RuntimeError(f"{path} led to {led}")


def _crowd(port: int, networks: int, patient: bool) -> None:
    """Eight strangers in a process of their own, until it is ended."""
    addresses = [f"10.{number}.0.9" for number in range(networks)]
    shares = [addresses[number::STRANGERS] or addresses for number in range(STRANGERS)]
    for number, share in enumerate(shares):
        Thread(target=_stranger, args=(port, share, patient, number), daemon=True).start()
    time.sleep(3600)


def _stranger(port: int, addresses: list[str], patient: bool, number: int) -> None:
    """Knock from one address after another; of those who wait, ask for each ticket in turn."""
    visitor, places = Visitor(port, ""), deque((each, deque[str]()) for each in addresses)
    for knock in count():
        address, tickets = places[0]
        places.rotate()
        visitor.address, visitor.cookies = address, {}
        if patient and len(tickets) >= TICKETS:
            ticket = tickets.popleft()
            visitor.cookies = {"turn": ticket}
            status, led = visitor.ask("GET", "/turn")
            if status == 200 or led == "/turn":
                tickets.append(ticket)
            continue
        name = f"stranger-{number}-{knock}"
        visitor.ask("POST", "/sign-in", {"username": name, "passphrase": "guess"})
        if visitor.cookies.get("turn"):
            tickets.append(visitor.cookies["turn"])


def _reads(port: int, cookie: str, pages: list[float], number: int, over: Event) -> None:
    """A fifth of the staff, one after another."""
    client, pause = Client(port, cookie), EACH / STAFF * 5
    while not over.wait(pause):
        began = time.monotonic()
        if client.get(("/", "/groups", "/people", "/workshops", "/requests")[number]) != 200:
            raise RuntimeError("A page was refused.")
        pages.append(time.monotonic() - began)


def _seconds(act: object) -> float:
    began = time.monotonic()
    act()  # type: ignore[operator]
    return time.monotonic() - began
