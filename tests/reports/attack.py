"""What follows from everything that was published: the bounds of each count, as linear programming finds them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy
from scipy.optimize import linprog

from app.reports.disclosure import FEW, HIDDEN, SHOWN, Column, Told

Key = tuple[str, str, int]
"""A table, a row (empty: the total), and a column: 0 is the year."""
MANY = 10_000


@dataclass
class Table:
    """A table of a year as it was published: its quarters, and the year's own rows, where it is published too."""

    quarters: Sequence[Column]
    year: Mapping[str, Told] | None = None
    apart: bool = False
    """Whether it is known that nobody stood in two rows of one quarter."""


@dataclass
class Known:
    """What a reader knows: of each count between what it is, and how the counts hang together."""

    between: dict[Key, tuple[int, int]] = field(default_factory=dict)
    told: dict[Key, Told] = field(default_factory=dict)
    rows: list[dict[Key, int]] = field(default_factory=list)
    """Sums that are at most nothing."""

    def learn(self, key: Key, told: Told, threshold: int, *, at_least: int = 0) -> None:
        """How a count was told."""
        low, high = self.between.get(key, (0, MANY))
        if told.as_ == SHOWN and told.number is not None:
            low = high = told.number
        elif told.as_ == FEW:
            high = min(high, threshold - 1)
        else:
            low = max(low, at_least)
        self.between[key], self.told[key] = (low, high), told

    def hangs_together(self, total: Key, parts: Sequence[Key], *, apart: bool = False) -> None:
        """A total is at least its largest part and at most the sum of all; where they are apart, it is the sum."""
        self.rows += [{part: 1, total: -1} for part in parts]
        self.rows.append({total: 1} | dict.fromkeys(parts, -1))
        if apart:
            self.rows.append({total: -1} | dict.fromkeys(parts, 1))

    def bounds(self) -> Iterator[tuple[Key, Told, int, int]]:
        """Of each count that was not told: what it is at least, and at most."""
        at = {key: number for number, key in enumerate(self.between)}
        matrix = numpy.zeros((len(self.rows), len(at)))
        for number, row in enumerate(self.rows):
            for key, factor in row.items():
                matrix[number, at[key]] = factor
        for key, told in self.told.items():
            if told.as_ == SHOWN:
                continue
            found = []
            for sign in (1, -1):
                aim = numpy.zeros(len(at))
                aim[at[key]] = sign
                solved = linprog(
                    aim,
                    A_ub=matrix,
                    b_ub=numpy.zeros(len(self.rows)),
                    bounds=list(self.between.values()),
                )
                assert solved.status == 0, (
                    f"What was published contradicts itself: {solved.message}"
                )
                found.append(round(sign * solved.fun))
            yield key, told, found[0], found[1]


def known(
    tables: Mapping[str, Table], thresholds: Sequence[int], total: Told | None = None
) -> Known:
    """Everything that was published of a year, quarter by quarter and in the end as a whole."""
    of = Known()
    for name, table in tables.items():
        rows: dict[str, list[Key]] = {}
        for number, (column, threshold) in enumerate(
            zip(table.quarters, thresholds, strict=True), 1
        ):
            of.learn(("", "", number), column.total, threshold)
            # Whoever knows the rules knows that what covers a few is not few itself.
            covers = column.total.as_ == SHOWN and any(t.as_ == FEW for t in column.rows.values())
            for row, told in column.rows.items():
                rows.setdefault(row, []).append((name, row, number))
                of.learn((name, row, number), told, threshold, at_least=threshold * covers)
            of.hangs_together(
                ("", "", number), [(name, row, number) for row in column.rows], apart=table.apart
            )
        if table.year is not None and total is not None:
            of.learn(("", "", 0), total, thresholds[-1])
            for row, told in table.year.items():
                of.learn((name, row, 0), told, thresholds[-1])
                of.hangs_together((name, row, 0), rows[row])
            of.hangs_together(("", "", 0), [(name, row, 0) for row in table.year])
    if total is not None:
        of.hangs_together(("", "", 0), [("", "", n) for n in range(1, len(thresholds) + 1)])
    return of


__all__ = ["FEW", "HIDDEN", "Known", "Table", "known"]
