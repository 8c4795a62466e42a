"""The taps of a roll: those that a page sends together, what it showed when it did, and what came of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import abort, request

from app.web.answers import query

REST, UNDO = "rest", "undo"  # the buttons "everyone else" and what takes it back
Tap = tuple[str, str]
"""A button's name, mostly whom it is about, and the value wanted."""


def typed(is_tap: Callable[[str, str], bool]) -> list[Tap]:
    """What was tapped, in order; other fields are passed over. 400 where nothing was."""
    taps = [tap for tap in request.form.items(multi=True) if is_tap(*tap)]
    return taps or abort(400)


@dataclass
class Taken:
    """What came of the taps of one request."""

    touched: dict[str, None] = field(default_factory=dict)
    """Whose mark was tapped, in order."""
    replaced: dict[str, str] = field(default_factory=dict)
    """The marks of colleagues that others took the place of."""
    refused: list[object] = field(default_factory=list)
    """Why some taps could not be done; the others were."""
    changed: int = 0
    """How many marks were set, replaced or taken back."""
    undo: str = ""
    """The value of the button that takes "everyone else" back, where that was tapped."""

    @property
    def was_in_vain(self) -> bool:
        """Whether nothing could be done."""
        return bool(self.refused) and not self.changed

    @property
    def last(self) -> str:
        """Whose mark was tapped last, or empty."""
        return next(reversed(self.touched), "")

    def rows(self, marks: Mapping[str, str | None], all_: Sequence[str]) -> dict[str, Any]:
        """What the template of the count needs: the rows to send, and what is said of them.

        `marks` is what stands now, `all_` the values in the order of the buttons.
        """
        told = list(dict.fromkeys([*self.touched, *_shown_otherwise(marks, all_)]))
        return {
            "told": [(uid, marks[uid]) for uid in told],
            "refused": dict.fromkeys(self.refused),
            "replaced": self.replaced,
            "undo": self.undo,
        }

    def address(self) -> dict[str, Any]:
        """The same for a browser that is led to the whole page: what `led_to` reads there."""
        of, was = next(iter(self.replaced.items()), ("", None))
        return {
            "at": f"p{self.last}" if self.last else "",
            "of": of,
            "was": was,
            "undo": self.undo or None,
        }


def led_to(all_: Sequence[str]) -> dict[str, Any]:
    """What the address of a page says of the taps that led to it."""
    of, was = query("of"), query("was")
    return {"replaced": {of: was} if was in all_ else {}, "undo": query("undo")}


def _shown_otherwise(marks: Mapping[str, str | None], all_: Sequence[str]) -> Iterable[str]:
    """Whose marks the page shows otherwise than they are.

    It says what it shows as an id and the number of the pressed button each,
    "-" for none; a page that says nothing is sent what it tapped.
    """
    for word in request.form.get("shown", "").split():
        uid, pressed = word[:-1], word[-1]
        if uid in marks:
            mark = marks[uid]
            if pressed != ("-" if mark is None else str(all_.index(mark))):
                yield uid
