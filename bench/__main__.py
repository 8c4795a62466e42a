"""Measure everything, or the parts that are named, and print a table."""

from __future__ import annotations

import sys
import time

from bench import (
    before,
    door,
    figures,
    grid,
    importing,
    keeping,
    layers,
    line,
    marks,
    memory,
    pages,
    queue,
    search,
    sign_ups,
    slow_clients,
    staff,
    taps,
    trail,
    year,
)
from bench.peer import compare as peer
from bench.table import head

PARTS = {
    "requests": layers.measure,
    "pages": pages.measure,
    "before": before.measure,
    "django": peer.measure,
    "tap": taps.measure,
    "marks": marks.measure,
    "grid": grid.measure,
    "figures": figures.measure,
    "figures-postgres": figures.measure_on_postgres,
    "importing": importing.measure,
    "importing-postgres": importing.measure_on_postgres,
    "search": search.measure,
    "queue": queue.measure,
    "sign-ups": sign_ups.measure,
    "slow": slow_clients.measure,
    "door": door.measure,
    "line": line.measure,
    "staff": staff.measure,
    "postgres": staff.measure_on_postgres,
    "memory": memory.measure,
    "keeping": keeping.measure,
    "year": year.measure,
    "trail": trail.measure,
    "trail-postgres": trail.measure_on_postgres,
}


def main(names: list[str]) -> int:
    """Print the results as they come; 1 where a goal is not met."""
    unknown = [name for name in names if name not in PARTS]
    if unknown:
        print(f"Unknown: {', '.join(unknown)}. There are {', '.join(PARTS)}.", file=sys.stderr)
        return 2
    begun, missed = time.monotonic(), 0
    print(head())
    for name in names or PARTS:
        for result in PARTS[name]():
            print(result.line(), flush=True)
            missed += result.met is False
    print(f"{time.monotonic() - begun:.0f} s; goals not met: {missed}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
