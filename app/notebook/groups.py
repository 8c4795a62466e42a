"""The list of one's groups: a line of it, and what it is ordered and narrowed by."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.groups.models import Group
from app.people.rules import folded
from app.sessions.models import GroupSession

STATES = ("open", "over")


@dataclass(frozen=True)
class Line:
    """A group with its meetings."""

    group: Group
    meetings: list[GroupSession]
    following: GroupSession | None
    """The next of them."""

    @property
    def held(self) -> int:
        """How many took place."""
        return sum(meeting.state == "held" for meeting in self.meetings)


ORDERS: Mapping[str, Callable[[Line], Any]] = {
    "name": lambda line: folded(line.group.name),
    "next": lambda line: line.following.starts_at if line.following else None,
}


def lines(
    groups: Iterable[Group], meetings: Mapping[str, list[GroupSession]], *, at: datetime
) -> list[Line]:
    """A line for each group, those that go on first."""
    found = []
    for group in groups:
        of_group = meetings[group.uid]
        coming = (m for m in of_group if m.counts and m.starts_at >= at)
        found.append(Line(group, of_group, next(coming, None)))
    return sorted(found, key=lambda line: not line.group.is_open)


def narrowed(found: Iterable[Line], to: Mapping[str, str]) -> list[Line]:
    """Those of a place, and those that go on or are over, as the address asks."""
    return [
        line
        for line in found
        if to.get("place", line.group.site_uid) == line.group.site_uid
        and to.get("state") in (None, STATES[0] if line.group.is_open else STATES[1])
    ]
