"""What a feature has to say of a week: something at an hour, where, and with whom; and what gets in another's way."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import combinations
from typing import Any
from zoneinfo import ZoneInfo

ROOM, COLLEAGUE = "room", "colleague"


@dataclass(frozen=True)
class Hour:
    """A meeting, a workshop or an appointment, as a week shows it."""

    uid: str
    of_uid: str
    """What one has a part in: the group, the workshop; of an appointment the referral."""
    kind: str
    """meeting, workshop or appointment"""
    endpoint: str
    """The page it leads to, by its uid."""
    starts_at: datetime
    minutes: int
    site_uid: str
    zone: str
    name: str = ""
    room: str = ""
    number: int | None = None
    """The which meeting of its group."""
    state: str = ""
    """Where it is not to be: missed, cancelled; or draft."""
    with_: Collection[str] = field(default=())
    """By uid the colleagues it needs, where the feature knows them itself."""

    @property
    def on(self) -> date:
        """The day at the place."""
        return self.starts_at.astimezone(ZoneInfo(self.zone)).date()

    @property
    def at(self) -> time:
        """The hour at the place."""
        return self.starts_at.astimezone(ZoneInfo(self.zone)).time()

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)

    @property
    def takes_place(self) -> bool:
        """Whether it needs its room and its team."""
        return self.state not in ("missed", "cancelled")


def clashes(
    hours: Iterable[Hour], team: Mapping[str, Mapping[str, Any]]
) -> dict[str, dict[str, list[Hour]]]:
    """What is at the same time in the same room of a place, or needs the same colleague.

    `team`: of what one has a part in, who facilitates it. Returns of each hour that has
    any, by its uid, the others: under `room`, or under the uid of the colleague. One that
    ends as another begins is in nobody's way.
    """
    found: dict[str, dict[str, list[Hour]]] = {}
    taking_place = sorted((h for h in hours if h.takes_place), key=lambda h: (h.starts_at, h.uid))
    for one, other in combinations(taking_place, 2):
        if other.starts_at >= one.ends_at or one.starts_at == one.ends_at:
            continue
        shared = {*team.get(one.of_uid, ()), *one.with_} & {
            *team.get(other.of_uid, ()),
            *other.with_,
        }
        if one.room and (one.site_uid, one.room) == (other.site_uid, other.room):
            shared.add(ROOM)
        for why in sorted(shared):
            found.setdefault(one.uid, {}).setdefault(why, []).append(other)
            found.setdefault(other.uid, {}).setdefault(why, []).append(one)
    return found
