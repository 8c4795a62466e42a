"""A busy evening: fifty staff, each signed in on their own, who read and write for two minutes.

The server is the real one in a process of its own. Everybody thinks for some
seconds between two requests; about one request in five writes: a tap on the
roll, a follow-up ticked, a draft that saves itself. The seconds are what a
browser waits. On SQLite, and on a PostgreSQL of its own that waits for the disk.
BENCH_SECONDS=20 for trying it out, 600 to see whether the memory goes on growing.
"""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from http.client import HTTPException
from itertools import cycle
from statistics import quantiles
from threading import Event

from app.extensions import new_uid
from bench.organisation import COORDINATOR, FACILITATOR, Organisation, founded, founded_on_postgres
from bench.pages import pages
from bench.server import Client, busy, serving
from bench.table import Result

WARMING = 0.2  # of the time, until templates and statements are kept
SECONDS = float(os.environ.get("BENCH_SECONDS", "120"))
THINKS = (5.0, 8.0)
WRITES = 0.3  # of those who write: about one in five of all
COLLEAGUE, COUNSELLOR, SUPERVISOR = "paper-boat", "sage-window", "quiet-harbor"
STAFF = {FACILITATOR: 14, COLLEAGUE: 12, COORDINATOR: 8, COUNSELLOR: 8, SUPERVISOR: 8}
DRAFTS = ["كتبنا قليلًا. " * words for words in range(1, 60)]
TO_READ = {COUNSELLOR: ["/", "/files", "/more"], SUPERVISOR: ["/", "/groups", "/files"]}


@dataclass
class Evening:
    """What was waited for, and what went wrong."""

    reads: list[float] = field(default_factory=list)
    writes: list[float] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)


@dataclass
class Colleague:
    """One sign-in, what it reads and how it writes."""

    client: Client
    reads: list[str]
    writes: list[Callable[[], int]]
    luck: random.Random

    def work(self, evening: Evening, over: Event) -> None:
        """Ask, think, ask, until it is over."""
        over.wait(self.luck.uniform(0, THINKS[1]))
        while not over.is_set():
            writes = self.writes and self.luck.random() < WRITES
            path = "" if writes else self.luck.choice(self.reads)
            asks = self.luck.choice(self.writes) if writes else partial(self.client.get, path)
            begun = time.perf_counter()
            try:
                status = asks()
            except (OSError, HTTPException) as error:
                evening.errors[type(error).__name__] += 1
                self.client.connection.close()
            else:
                (evening.writes if writes else evening.reads).append(time.perf_counter() - begun)
                if status != 200:
                    evening.errors[f"{path or 'a write'} {status}"] += 1
            over.wait(self.luck.uniform(*THINKS))


def measure() -> Iterator[Result]:
    """Errors, what 95 of 100 wait at most, and the memory afterwards."""
    with founded() as organisation:
        yield from _evening("staff", organisation)


def measure_on_postgres() -> Iterator[Result]:
    """The same on PostgreSQL."""
    with founded_on_postgres() as organisation:
        yield from _evening("postgres", organisation)


def _evening(part: str, organisation: Organisation) -> Iterator[Result]:
    evening = Evening()
    # Before the server looks: signing in here is not what is measured.
    cookies = {
        (name, device): organisation.sign_in(name, device)
        for name, number in STAFF.items()
        for device in range(number)
    }
    with serving(organisation) as server:
        staff = [
            _colleague(organisation, Client(server.port, cookie), *who)
            for who, cookie in cookies.items()
        ]
        with busy([partial(one.work, evening) for one in staff]):
            time.sleep(SECONDS * WARMING)
            before = server.memory()
            time.sleep(SECONDS * (1 - WARMING))
            memory = server.memory()
    asked = len(evening.reads) + len(evening.writes)
    note = (
        f"{asked} requests of {len(staff)} staff in {SECONDS:.0f} s, {asked / SECONDS:.1f} a second, "
        f"of which {100 * len(evening.writes) / asked:.0f} % write"
    )
    errors = sum(evening.errors.values())
    if errors:
        note += f"; {dict(evening.errors)}"
    yield Result(part, "errors", errors, "<= 0", note=note)
    yield _waited(part, "reading", evening.reads, "<= 200")
    yield _waited(part, "writing", evening.writes, "<= 300")
    yield Result(part, "memory afterwards", memory, "<= 110", " MB")
    what = f"memory after {SECONDS:.0f} s ÷ after {SECONDS * WARMING:.0f}"
    yield Result(part, what, memory / before, "<= 1.05")


def _waited(part: str, what: str, taken: list[float], goal: str) -> Result:
    hundredths = quantiles(taken, n=100, method="inclusive")
    note = f"half of {len(taken)} within {hundredths[49] * 1000:.0f} ms, the longest {max(taken) * 1000:.0f}"
    return Result(part, f"{what}, 95 of 100 within", hundredths[94] * 1000, goal, " ms", note)


def _colleague(organisation: Organisation, client: Client, username: str, device: int) -> Colleague:
    luck = random.Random(f"{username} {device}")
    return Colleague(
        client,
        TO_READ.get(username) or _main_pages(organisation, username),
        [] if username in TO_READ else _writes(organisation, client, username, device),
        luck,
    )


def _main_pages(organisation: Organisation, username: str) -> list[str]:
    """The pages of who leads the group; a coordinator searches people instead of writing notes."""
    paths = [path for _name, _username, path in pages(organisation)]
    left_out = "/note" if username == COORDINATOR else "/people"
    return [path for path in paths if not path.endswith(left_out)]


def _writes(
    organisation: Organisation, client: Client, username: str, device: int
) -> list[Callable[[], int]]:
    """A tap and a tick; and, of each who facilitates, one device that writes the note and one the reflection."""
    meeting = f"/sessions/{organisation.meeting}"
    taps = cycle([(stay, mark) for mark in ("present", "late") for stay in organisation.stays])
    ticks = cycle([(f"f-{stay}", on) for on in ("yes", "no") for stay in organisation.stays])
    drafts, page = enumerate(cycle(DRAFTS), 1), new_uid()

    def tap(typed: Iterator[tuple[str, str]]) -> int:
        return client.post(f"{meeting}/attendance", dict([next(typed)]), htmx="tally")

    def draft(kind: str) -> int:
        # One page that goes on saving and numbers its saves, as the script does: never a conflict.
        number, text = next(drafts)
        typed = {"page": f"{page}.{number}", "version": "0", "happened": text}
        return client.post(f"{meeting}/{kind}", typed, htmx="note-state")

    written: list[Callable[[], int]] = [partial(tap, taps), partial(tap, ticks)]
    if username != COORDINATOR and device < 2:
        written.append(partial(draft, ("note", "reflection")[device]))
    return written
