"""One attendance tap through htmx ÷ the same tap by hand, on disk and in memory (no fsync).

What one waits for is mostly the disk, on both sides: what we add beside it shows by the processor.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import cycle
from pathlib import Path
from time import process_time
from typing import Any

from bench.browser import Asker
from bench.organisation import FACILITATOR, Organisation, copied, founded
from bench.plain_pages import PlainPages
from bench.shadow import unsealed
from bench.table import Result
from bench.timing import medians
from bench.without import without_audit

ROUNDS = 120
GOAL = "<= 3"
IN_MEMORY = Path("/dev/shm")


def measure() -> Iterator[Result]:
    """The tap where it is used, and where a commit costs nothing."""
    with founded() as organisation:
        yield _compare(organisation, "tap ÷ by hand", GOAL)
        if IN_MEMORY.is_dir():
            with copied(organisation, parent=IN_MEMORY) as lighter:
                yield _compare(lighter, "tap ÷ by hand, without fsync", "")


def _compare(organisation: Organisation, what: str, goal: str) -> Result:
    plain = PlainPages(unsealed(organisation))
    app = organisation.app.wsgi_app
    tap, silent, by_hand = (taps(organisation) for _contestant in range(3))

    def unrecorded() -> bytes:
        with without_audit():
            return silent(app)

    sides = {"ours": lambda: tap(app), "silent": unrecorded, "plain": lambda: by_hand(plain)}
    taken = medians(sides, rounds=ROUNDS)
    worked = medians(sides, rounds=ROUNDS // 3, clock=process_time)
    note = (
        f"{taken['ours'] * 1000:.2f} : {taken['plain'] * 1000:.2f} ms; "
        f"of which audit {100 * (1 - taken['silent'] / taken['ours']):.0f} %; by the processor "
        f"{worked['ours'] / worked['plain']:.2f}"
    )
    return Result("tap", what, taken["ours"] / taken["plain"], goal, note=note)


def taps(organisation: Organisation) -> Callable[[Any], bytes]:
    """A function that taps the next mark of the next person with each call."""
    marks = ("present", "late", "excused", "absent")
    askers = cycle(
        [
            Asker(
                "POST",
                f"/sessions/{organisation.meeting}/attendance",
                cookie=organisation.sign_in(FACILITATOR),
                typed={stay: mark},
                htmx="tally",
            )
            for mark in marks
            for stay in organisation.stays
        ]
    )
    return lambda app: next(askers).page(app)
