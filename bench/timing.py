"""Times of several contestants in turn, so that whatever else the machine does hits all alike."""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping
from statistics import median
from time import perf_counter

Contestants = Mapping[str, Callable[[], object]]
Clock = Callable[[], float]


def in_turn(
    contestants: Contestants, *, rounds: int, warm: int = 3, clock: Clock = perf_counter
) -> dict[str, list[float]]:
    """Seconds of each, round after round, each round in another order."""
    names = list(contestants)
    for name in names * warm:
        contestants[name]()
    taken: dict[str, list[float]] = {name: [] for name in names}
    gc.collect()
    for number in range(rounds):
        turn = number % len(names)
        for name in names[turn:] + names[:turn]:
            begun = clock()
            contestants[name]()
            taken[name].append(clock() - begun)
    return taken


def medians(
    contestants: Contestants, *, rounds: int, warm: int = 3, clock: Clock = perf_counter
) -> dict[str, float]:
    """The median of each, in seconds."""
    taken = in_turn(contestants, rounds=rounds, warm=warm, clock=clock)
    return {name: median(times) for name, times in taken.items()}
