"""The server's memory after many requests, and while thirty people sign in at once."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from functools import partial
from statistics import median
from threading import Event, Thread

from bench.organisation import COORDINATOR, FACILITATOR, REAL, Organisation, founded
from bench.pages import pages
from bench.server import Client, Server, busy, serving
from bench.table import Result

REQUESTS, CLIENTS = 2_000, 4
WARMING = 400  # the first requests fill caches of templates and statements
SIGN_INS = 30
GIVEN_UP_AFTER = 60.0


def measure() -> Iterator[Result]:
    """Growth under load; then the highest point, and how long others wait, while people sign in."""
    with founded(cost=REAL) as organisation, serving(organisation) as server:
        ask(organisation, server, WARMING)
        before = server.memory()
        ask(organisation, server, REQUESTS)
        after = server.memory()
        note = f"{before:.0f} → {after:.0f} MB"
        what = f"after {REQUESTS} requests ÷ before"
        yield Result("memory", what, after / before, "<= 1.1", note=note)

        usual = median(waits(organisation, server, seconds=2.0))
        meanwhile: list[float] = []
        begun = time.monotonic()
        with busy([partial(_wait, organisation, server, meanwhile)]):
            answers = sign_in_at_once(organisation, server)
        note = f"after {time.monotonic() - begun:.0f} s; status: how often {dict(answers)}"
        yield Result("memory", f"of {SIGN_INS} at once signed in", answers[200], ">= 30", note=note)
        peak = server.memory("VmHWM")
        yield Result("memory", f"peak of {SIGN_INS} sign-ins", peak, "<= 400", " MB")
        note = f"usually {usual * 1000:.0f} ms, meanwhile {median(meanwhile) * 1000:.0f} ms"
        slowest = max(meanwhile) / usual
        yield Result("memory", "slowest page meanwhile ÷ usual", slowest, note=note)


def ask(organisation: Organisation, server: Server, number: int) -> None:
    """So many requests, pages of every kind and taps, from a few clients at once."""
    asked, failed = pages(organisation), list[str]()

    def some(client_number: int) -> None:
        clients = {
            name: Client(server.port, organisation.sign_in(name))
            for name in (FACILITATOR, COORDINATOR)
        }
        for turn in range(client_number, number, CLIENTS):
            if turn % 5 == 4:
                stay = organisation.stays[turn % len(organisation.stays)]
                path = f"/sessions/{organisation.meeting}/attendance"
                status = clients[FACILITATOR].post(path, {stay: "present"}, htmx="tally")
            else:
                _name, username, path = asked[turn % len(asked)]
                status = clients[username].get(path)
            if status != 200:
                failed.append(f"{path} answered {status}")
                return

    for name in (FACILITATOR, COORDINATOR):
        organisation.sign_in(name)
    threads = [Thread(target=some, args=(each,), daemon=True) for each in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    if failed:
        raise RuntimeError(failed[0])


def sign_in_at_once(organisation: Organisation, server: Server) -> Counter[int]:
    """Thirty people who try until they are in; how often each status came, 0 for no answer."""
    accounts = list(organisation.passphrases.items())
    answers: list[int] = []

    def enter(number: int) -> None:
        username, passphrase = accounts[number % len(accounts)]
        typed = {"username": username, "passphrase": passphrase}
        client, until = Client(server.port, patience=20), time.monotonic() + GIVEN_UP_AFTER
        status = 503
        # Asked as htmx, so that a refusal is told by its status.
        while status == 503 and time.monotonic() < until:
            try:
                status = client.post("/sign-in", typed, htmx="x")
            except OSError:
                status = 0
            answers.append(status)
            time.sleep(1 + number / SIGN_INS)

    threads = [Thread(target=enter, args=(number,), daemon=True) for number in range(SIGN_INS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(GIVEN_UP_AFTER + 30)
    return Counter(answers)


def waits(organisation: Organisation, server: Server, *, seconds: float) -> list[float]:
    """How long one client waits for each page."""
    taken: list[float] = []
    with busy([partial(_wait, organisation, server, taken)]):
        time.sleep(seconds)
    return taken


def _wait(organisation: Organisation, server: Server, taken: list[float], over: Event) -> None:
    client = Client(server.port, organisation.sign_in(FACILITATOR))
    while not over.is_set():
        begun = time.monotonic()
        client.get("/groups")
        taken.append(time.monotonic() - begun)
        time.sleep(0.02)
