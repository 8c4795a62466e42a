"""The line before the door: two keys are derived at a time, and who waits holds no thread.

A derivation takes 128 MiB and half a second on purpose. Whoever finds both
turns taken stands in this line; their browser asks again and again, and who
never asks, or stops asking, has no turn and costs none. Each process has a line of its own, in memory
alone: whoever is unknown to one, after a restart say, simply stands in line anew.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass

from app.vault import envelope

AT_ONCE = 2  # thirty at once would take 4 GB
ASKS_WITHIN = 15.0  # seconds; a page asks each second, and again after a line that was lost
FETCHED_WITHIN = 60.0  # seconds, of a key whose turn has come
# Of so many turns of strangers these go to who came last: three by address, one by network.
ROUND, TO_THE_NEWEST = 12, (3, 7, 8, 11)
MOST_WAITING = 2000  # some 2 MB; who does not fit is let in when their browser asks again
MOST_REMEMBERED = 20_000  # networks that had their turn
GIVES_WAY = 5  # niceness of derivations: pages go first


@dataclass(frozen=True)
class Cost:
    """Argon2id's parameters; they stand in each user's row, so that they can rise."""

    memory: int
    iterations: int
    lanes: int


@dataclass(frozen=True)
class Work:
    """A key to be derived from a passphrase as folded; without a salt, under a fresh one."""

    passphrase: str
    cost: Cost
    salt: bytes | None = None


@dataclass(frozen=True)
class Stretched:
    """A key derived from a passphrase, and what is needed to derive it again."""

    key: bytes
    salt: bytes
    cost: Cost


@dataclass(frozen=True)
class Place:
    """Where somebody stands: who is known goes first; of strangers see `Line._rank`."""

    known: bool
    whose: tuple[str, ...]
    """From wide to narrow (a network, a smaller one, an address; or a device): turns go round."""
    failed: int = 0
    """Wrong tries from there today."""


@dataclass
class _Waiter:
    ticket: str
    place: Place
    since: float
    asked_at: float
    work: Work
    done: dict[Work, Stretched]
    failed: int
    asks: bool = False
    has_turn: bool = False


def derived(work: Work) -> Stretched:
    """Derive the key now, in this thread."""
    salt = work.salt if work.salt is not None else os.urandom(envelope.SALT_BYTES)
    cost = work.cost
    key = envelope.stretched(
        work.passphrase, salt, memory=cost.memory, iterations=cost.iterations, lanes=cost.lanes
    )
    return Stretched(key, salt, cost)


class Line:
    """Who waits, and whose turn is next."""

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        derive: Callable[[Work], Stretched] = derived,
    ) -> None:
        self._clock, self._derive = clock, derive
        self._giving_way = ThreadPoolExecutor(AT_ONCE, "turn", initializer=_give_way)
        self._lock = threading.Lock()
        self._running = 0
        self._waiting: dict[str, _Waiter] = {}
        self._served: dict[str, float] = {}
        self._turns_of_strangers = 0

    def now(self, work: Work) -> Stretched | None:
        """Derive at once if a turn is free, which it never is while somebody waits; else None."""
        with self._lock:
            if self._running >= AT_ONCE:
                return None
            self._running += 1
        try:
            return self._giving_way.submit(self._derive, work).result()
        finally:
            self._hand_on()

    def wait(self, ticket: str, place: Place, work: Work, done: dict[Work, Stretched]) -> None:
        """Stand in line for one more key; `done` are those this ticket has already.

        There is no turn before the browser asks: a flood that only sends costs nothing.
        """
        at = self._clock()
        with self._lock:
            self._pass_over_the_silent(at)
            for each in self._waiting.values():  # who came earlier is no better for it
                if each.place.whose[:-1] == place.whose[:-1]:
                    each.failed = place.failed
            waiter = _Waiter(ticket, place, at, at, work, dict(done), place.failed)
            self._waiting[ticket] = waiter
            if len(self._waiting) > MOST_WAITING:
                silent = (t for t, each in self._waiting.items() if not each.asks and t != ticket)
                del self._waiting[next(silent, "") or max(self._waiting, key=self._rank)]

    def waits(self, ticket: str) -> bool:
        """A browser asks whether its ticket waits still; who asks keeps their place."""
        at = self._clock()
        with self._lock:
            self._pass_over_the_silent(at)
            waiter = self._waiting.get(ticket)
            if waiter is None:
                return False
            waiter.asked_at, waiter.asks = at, True
            if waiter.work in waiter.done:
                return False
            if self._running >= AT_ONCE:
                return True
            self._running += 1  # a turn became free meanwhile
        self._hand_on()
        return True

    def take(self, ticket: str) -> dict[Work, Stretched]:
        """The keys that a ticket waited for, once.

        Empty for one that is unknown here: what it is for is simply tried again.
        """
        with self._lock:
            waiter = self._waiting.pop(ticket, None)
        return waiter.done if waiter else {}

    def _hand_on(self) -> None:
        """A turn is over: whoever is first has it, and then whoever comes after them."""
        with self._lock:
            first = self._first()
        if first is not None:
            self._giving_way.submit(self._serve, first)

    def _serve(self, waiter: _Waiter | None) -> None:
        while waiter is not None:
            try:
                waiter.done[waiter.work] = self._derive(waiter.work)
            except Exception:  # no memory, say: where its browser asks, it is tried again
                with self._lock:
                    self._waiting.pop(waiter.ticket, None)
            with self._lock:
                waiter = self._first()

    def _first(self) -> _Waiter | None:
        """Who has the turn that is free, from now on; where nobody waits it is given back."""
        at = self._clock()
        self._pass_over_the_silent(at)
        standing = [t for t, each in self._waiting.items() if each.asks and not each.has_turn]
        if not standing:
            self._running -= 1
            return None
        first = self._waiting[min(standing, key=self._rank)]
        first.has_turn = True
        if not first.place.known:
            self._turns_of_strangers += 1
        for name in first.place.whose:
            self._served.pop(name, None)
            self._served[name] = at  # the latest stands last
        while len(self._served) > MOST_REMEMBERED:
            del self._served[next(iter(self._served))]
        return first

    def _rank(self, ticket: str) -> tuple[float, ...]:
        """Who is smaller goes first.

        The known before strangers, in the order they came. Every second turn goes round by
        wide network, so that whoever has many addresses has one share, and there to networks
        without wrong tries before others; the rest go round by address alone, so that whoever
        lives beside a stranger has one too. Among equals who waits longest goes first, and each
        third turn who came last: two hundred networks that were there before are a few turns'
        delay then, and with newcomers before every turn a turn and a half for each.
        """
        waiter = self._waiting[ticket]
        place, turn = waiter.place, self._turns_of_strangers % ROUND
        by_network = place.known or turn % 2 == 0
        newest = not place.known and turn in TO_THE_NEWEST
        wide, *narrow = (self._served.get(name, -1.0) for name in place.whose)
        address = narrow[-1] if narrow else wide
        turns = (wide, waiter.failed.bit_length(), *narrow) if by_network else (address,)
        return (not place.known, *turns, -waiter.since if newest else waiter.since)

    def pass_over_the_silent(self) -> None:
        """Forget what those sent who stopped asking."""
        with self._lock:
            self._pass_over_the_silent(self._clock())

    def _pass_over_the_silent(self, at: float) -> None:
        for ticket, each in list(self._waiting.items()):
            if at - each.asked_at > (FETCHED_WITHIN if each.has_turn else ASKS_WITHIN):
                del self._waiting[ticket]


def _give_way() -> None:
    """Let the threads that answer pages go before this one, where the system tells threads apart."""
    with suppress(OSError, AttributeError):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), GIVES_WAY)
