"""What a feature says in figures: each with what it counts, and how it is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Integer
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

NUMBER, MONEY, PERCENT, DAYS = "number", "money", "percent", "days"
CURVE, BARS, STRIP = "curve", "bars", "strip"


@dataclass(frozen=True)
class Period:
    """From one day to another, both included."""

    first: date
    last: date


@dataclass(frozen=True)
class Part:
    """One of several values of a figure."""

    label: Any
    value: int | None
    """None where it is not defined: a rate of nothing."""


@dataclass(frozen=True)
class Figure:
    """A number, or several that belong together, and what is counted."""

    label: Any
    value: int | None
    counts: Any
    """A sentence: what is counted, and what is not."""
    unit: str = NUMBER
    """Of the value and of its parts; money is in agorot."""
    parts: tuple[Part, ...] = ()
    drawn: str = ""
    """As what its parts are drawn: CURVE, BARS, STRIP; empty: a table alone."""


def percent(part: int, whole: int) -> int | None:
    """The rate in per cent, rounded half up; None of nothing."""
    return (200 * part + whole) // (2 * whole) if whole else None


def median(numbers: dict[int, int]) -> int | None:
    """The middle one of numbers, given how many there are of each; of two the lower one; None of nothing."""
    left = (sum(numbers.values()) + 1) // 2
    for number in sorted(numbers):
        left -= numbers[number]
        if left <= 0 < numbers[number]:
            return number
    return None


class days_between(FunctionElement[int]):  # noqa: N801 - written like a function of SQL
    """Whole days from one moment to another."""

    type = Integer()
    inherit_cache = True
    name = "days_between"


@compiles(days_between, "sqlite")
def _in_sqlite(element: Any, compiler: SQLCompiler, **more: Any) -> str:
    begun, ended = (compiler.process(clause, **more) for clause in element.clauses)
    return f"CAST(julianday({ended}) - julianday({begun}) AS INTEGER)"


@compiles(days_between, "postgresql")
def _in_postgresql(element: Any, compiler: SQLCompiler, **more: Any) -> str:
    begun, ended = (compiler.process(clause, **more) for clause in element.clauses)
    return f"CAST(FLOOR(EXTRACT(EPOCH FROM {ended} - {begun}) / 86400) AS INTEGER)"
