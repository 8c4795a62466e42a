"""What an address asks of a list: which rows, by which column. Never a name: that is a search, which is posted."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, TypeVar

from app.web.answers import query

T = TypeVar("T")
SORT, BACKWARDS = "sort", "-"


def asked(*, sort: Collection[str] = (), **known: Collection[str]) -> dict[str, str]:
    """The words of the address that this list knows, by name; what it doesn't know is passed over.

    `sort` are the columns it can be ordered by, backwards with a hyphen before; `known` its filters.
    """
    words = {name: query(name) for name in (SORT, *known)}
    known = known | {SORT: [*sort, *(BACKWARDS + column for column in sort)]}
    return {name: word for name, word in words.items() if word in known[name]}


def in_order(
    rows: Iterable[T], asked_for: Mapping[str, str], by: Mapping[str, Callable[[T], Any]]
) -> list[T]:
    """The rows by the column that was asked for, and as they came within it; what has no value stands last."""
    column, rows = asked_for.get(SORT, ""), list(rows)
    key = by.get(column.removeprefix(BACKWARDS))
    if key is None:
        return rows
    known = [row for row in rows if key(row) is not None]
    known.sort(key=key, reverse=column.startswith(BACKWARDS))
    return known + [row for row in rows if key(row) is None]
