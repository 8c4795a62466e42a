"""Long lists, fifty at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from flask import request

from app.web import kept

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
        asked = request.args.get("page", "1")
        last = max(1, -(-len(everything) // ROWS))
        number = min(int(asked), last) if asked.isdecimal() and len(asked) < 6 else 1
        number = max(number, 1)
        return cls(everything[(number - 1) * ROWS : number * ROWS], number, len(everything))

    @property
    def last(self) -> int:
        return max(1, -(-self.total // ROWS))

    def address(self, number: int) -> dict[str, Any]:
        """The query of another page of the same list."""
        return {"page": number, "kept": kept.question()}
