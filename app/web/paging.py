"""Long lists, fifty at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from flask import request

from app.web import kept_forms

T = TypeVar("T")
ROWS = 50


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
