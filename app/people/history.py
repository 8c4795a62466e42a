"""What a feature says on a person's page: something that happened with them there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from app.clock import ZONE, day


@dataclass(frozen=True)
class Event:
    """Something that happened, and where one reads more."""

    at: datetime
    what: str
    """What it is called: a stay in a group, a request."""
    name: str
    """Of a group or a workshop, or of whom somebody was referred to; empty elsewhere."""
    state: str
    drawn_by: str
    """The macro that says this state."""
    address: str
    """Empty where there is nothing more to read."""
    zone: str = ZONE
    group_uid: str = ""
    """Of a stay that goes on: the group."""
    ends: str = ""
    """Of a stay that goes on: where its end is written down, for who may."""

    @property
    def on(self) -> date:
        """The day: an hour says nothing here."""
        return day(self.at, self.zone)
