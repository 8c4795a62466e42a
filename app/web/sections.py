"""What a feature says on a page that gathers from several, and how urgent that is on Today."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from itertools import groupby
from typing import Any


class Rank(IntEnum):
    """What Today shows first; within one rank the order in which features contribute."""

    NEXT = 1
    """Where one is expected next."""
    TOLD = 2
    """A line or a button without a heading."""
    WAITS = 3
    """Somebody waits for the viewer."""
    UNDONE = 4
    """What is to be written or done."""
    RUNS_OUT = 5
    """What is held for somebody, and not for long."""
    COMING = 6
    """What comes later."""


@dataclass(frozen=True)
class Section:
    """Rows of one kind, drawn by a macro of the feature's own template."""

    template: str
    macro: str
    rows: Any
    """What the macro is called with first; where it is empty there is no section."""
    rank: Rank = Rank.COMING
    heading: str = ""
    names_people: bool = False
    """Whether it shows who somebody is: opening Today is then written down."""
    more: Mapping[str, Any] = field(default_factory=dict)
    """What the macro is called with besides, by name."""


def headed(sections: Iterable[Section]) -> list[tuple[str, list[Section]]]:
    """Sections as a page shows them: those that follow one another under one heading share it."""
    return [(heading, list(alike)) for heading, alike in groupby(sections, key=lambda s: s.heading)]
