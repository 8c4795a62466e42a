"""What may be told of counts of people, so that nobody can be found by them. Pure: no request, query or clock.

A report counts the people who were reached, in total and in two tables, by what
they came for and by place. Somebody may be in several rows and in several
quarters, so of each column and each row only this is known: the total is at
least its largest part and at most the sum of all.

Of a quarter, each table is told in one of four ways:

- *few in all*: fewer than the threshold were reached. Nothing is told but that.
- *everything*: no row is below the threshold.
- *with a cover*: each row below the threshold is told as few, and one of the
  others, the first in order, is not told, so that it may be as large as the
  total and each of the few anything below the threshold. This takes another row
  that is told, and twice the threshold beside those that are.
- *the total alone*: no row is told, nor which of them are few.

Which row covers follows from the order of rows, never from how large it is:
somebody who knows these rules learns nothing from the choice. Rows in which
nothing took place are told as none, since everybody knows it.

Of a year its quarters stand as they were published, and a total is told only
where every part of it was. Such totals say nothing of what was not told: the
people of a row that is few might as well all have come for what covers it.
`tests/reports/test_disclosure.py` solves what follows from everything told.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

SHOWN, FEW, HIDDEN = "shown", "few", "hidden"


@dataclass(frozen=True)
class Told:
    """A count as it is told: a number, fewer than the threshold, or not at all."""

    as_: str
    number: int | None = None


@dataclass(frozen=True)
class Column:
    """The people of a quarter or of a year as they are told: in total, and in a table's rows."""

    total: Told
    rows: Mapping[str, Told]

    @property
    def left(self) -> int:
        """Where rows are not told: how many people are in none of those that are, at least."""
        if all(told.as_ == SHOWN for told in self.rows.values()):
            return 0
        return max((self.total.number or 0) - sum(_numbers(self.rows.values())), 0)


def quarter(
    total: int, rows: Mapping[str, int], threshold: int, *, none_in: Collection[str] = ()
) -> Column:
    """How a quarter's people are told. `none_in`: rows in which nothing took place."""
    asked = {row: number for row, number in rows.items() if row not in none_in}
    many = [row for row, number in asked.items() if number >= threshold]
    told = {row: Told(SHOWN, 0) for row in rows}
    if total < threshold:
        return Column(Told(FEW), told | dict.fromkeys(asked, Told(FEW)))
    whole = Told(SHOWN, total)
    if len(many) == len(asked):
        return Column(whole, told | {row: Told(SHOWN, number) for row, number in asked.items()})
    beside = many[1:]
    if beside and total - sum(asked[row] for row in beside) >= 2 * threshold - 1:
        told |= dict.fromkeys(asked, Told(FEW)) | {many[0]: Told(HIDDEN)}
        return Column(whole, told | {row: Told(SHOWN, asked[row]) for row in beside})
    return Column(whole, told | dict.fromkeys(asked, Told(HIDDEN)))


def year(
    total: int, tables: Sequence[tuple[Mapping[str, int], Sequence[Column]]]
) -> tuple[Told, list[dict[str, Told]]]:
    """How a year's people are told: in total, and in the rows of each table.

    `tables`: the year's rows, and the quarters as they were published. What was
    written down or taken back since then may not fit what was published: it is not told.
    """
    rows = [_of_rows(numbers, quarters) for numbers, quarters in tables]
    totals = [column.total for column in tables[0][1]]
    fits = all(
        max(_numbers(told.values()), default=0) <= total <= _most(told, quarters)
        for told, (_rows, quarters) in zip(rows, tables, strict=True)
    )
    return (_whole(total, totals) if fits else Told(HIDDEN)), rows


def _of_rows(numbers: Mapping[str, int], quarters: Sequence[Column]) -> dict[str, Told]:
    return {
        row: _whole(number, [column.rows[row] for column in quarters if row in column.rows])
        for row, number in numbers.items()
    }


def _whole(number: int, parts: Sequence[Told]) -> Told:
    """A total over quarters: told where each of them was, and where it can be theirs."""
    known = _numbers(parts)
    if len(known) == len(parts) and max(known, default=0) <= number <= sum(known):
        return Told(SHOWN, number)
    return Told(HIDDEN)


def _most(told: Mapping[str, Told], quarters: Sequence[Column]) -> int:
    """How many people a year can have by its rows, however few there were in those that are not told."""
    rows = sum(_numbers(told.values()))
    hidden = {row for row, one in told.items() if one.as_ != SHOWN}
    cells = [one for column in quarters for row, one in column.rows.items() if row in hidden]
    return rows + sum(_numbers(cells)) + sum(column.left for column in quarters)


def _numbers(told: Iterable[Told]) -> list[int]:
    return [one.number for one in told if one.number is not None]
