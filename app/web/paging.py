"""Long lists, fifty at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Generic, TypeVar

from flask import request
from sqlalchemy import Integer, Select, bindparam, func, select

from app.extensions import db
from app.web import kept_forms

T = TypeVar("T")
ROWS = 50


@dataclass(frozen=True)
class Long(Generic[T]):
    """A list too long to be read whole: how many rows it has, and those of one page."""

    total: Select[int]
    rows: Select[T]


def by_fifty(query: Select[T]) -> Long[T]:
    """What a query finds, for `Page.found`; said once, at the top of the module that asks."""
    return Long(
        select(func.count()).select_from(query.order_by(None).subquery()),
        query.limit(ROWS).offset(bindparam("rows_before", Integer)),
    )


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page of a list, and whether there is one before and after it."""

    rows: Sequence[T]
    number: int
    total: int

    @classmethod
    def of(cls, everything: Sequence[T]) -> Page[T]:
        """The page of a list that the address asks for (?page=2)."""
        number = _asked(len(everything))
        return cls(everything[(number - 1) * ROWS : number * ROWS], number, len(everything))

    @classmethod
    def found(cls, long: Long[T], asked: Mapping[str, Any] = MappingProxyType({})) -> Page[T]:
        """The same of a long list, with the parameters of its query."""
        total = db.session.scalar(long.total, asked) or 0
        number = _asked(total)
        rows = db.session.scalars(long.rows, {"rows_before": (number - 1) * ROWS, **asked}).all()
        return cls(rows, number, total)

    @property
    def last(self) -> int:
        return _last(self.total)

    def address(self, number: int) -> dict[str, Any]:
        """The query of another page of the same list."""
        return {"page": number, "kept": kept_forms.question()}


def _asked(total: int) -> int:
    asked = request.args.get("page", "1")
    number = int(asked) if asked.isdecimal() and len(asked) < 6 else 1
    return max(1, min(number, _last(total)))


def _last(total: int) -> int:
    return max(1, -(-total // ROWS))
