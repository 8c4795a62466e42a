"""A week and a month: who says what happens, with whom, where it is closed, and what gets in another's way."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import bindparam, or_, select

from app.accounts.models import User
from app.accounts.viewer import Viewer
from app.assignments.models import Assignment
from app.assignments.queries import OPEN, REACHED, scope
from app.cases import week as cases
from app.extensions import read
from app.groups.models import Group
from app.i18n import language
from app.people.models import ClosedDay, Site
from app.people.queries import SITE
from app.sessions import week as sessions
from app.web.hours import ROOM, Hour, clashes
from app.workshops import week as workshops
from app.workshops.models import Workshop

CONTRIBUTE = (sessions.hours, workshops.hours, cases.hours)
WEEK, EARLIEST, LATEST = timedelta(days=7), date(2001, 1, 1), date(2099, 12, 31)

FACILITATE = (
    select(Assignment.of_uid, User.uid, User.working_name)
    .join(User, User.uid == Assignment.user_uid)
    .where(
        Assignment.of_uid.in_(bindparam("of_uids", expanding=True)),
        Assignment.part == "facilitator",
        OPEN,
    )
    .order_by(User.working_name)
)
# The places one coordinates, and those where one has a part in a group or a workshop.
SITES = select(*SITE.columns).where(
    or_(
        Site.uid.in_(REACHED),
        Site.uid.in_(select(Group.site_uid).where(Group.uid.in_(REACHED))),
        Site.uid.in_(select(Workshop.site_uid).where(Workshop.uid.in_(REACHED))),
    )
)
CLOSED = select(ClosedDay.closed_on, ClosedDay.site_uid).where(
    ClosedDay.site_uid.in_(bindparam("site_uids", expanding=True)),
    ClosedDay.closed_on.between(bindparam("first"), bindparam("last")),
)


@dataclass(frozen=True)
class Clash:
    """Two things at once."""

    with_: Hour
    in_room: bool
    """Whether it is the room that both need."""
    colleague: str
    """Otherwise who; empty where it is the viewer's own appointment."""


@dataclass(frozen=True)
class Day:
    """A day of a week: the hours of it in their order, and the places that are closed."""

    on: date
    hours: list[Hour]
    closed: list[str]
    """The names of the places; of the only one, the empty name."""


@dataclass(frozen=True)
class Span:
    """A week or a month, as it is shown."""

    days: list[Day]
    team: dict[str, dict[str, str]]
    """Of a group or a workshop who facilitates it: uid and working name."""
    clashes: dict[str, list[Clash]]
    places: dict[str, str]
    """Those one has something to do with, by what they are called."""


def begins(on: date) -> date:
    """The Sunday of a day's week, within the years a date may have."""
    on = min(max(on, EARLIEST), LATEST)
    return on - timedelta(days=(on.weekday() + 1) % 7)


def month(on: date) -> tuple[date, date]:
    """The first and the last day of the weeks that a month touches."""
    first = min(max(on, EARLIEST), LATEST).replace(day=1)
    following = (first + timedelta(days=31)).replace(day=1)
    return begins(first), begins(following - timedelta(days=1)) + timedelta(days=6)


def span(viewer: Viewer, first: date, last: date, *, place: str = "") -> Span:
    """What happens from one day to another, both included, at all places or at one."""
    sites = [SITE.of(row) for row in read(SITES, scope(viewer))]
    hours = [hour for contribute in CONTRIBUTE for hour in contribute(viewer, first, last)]
    hours.sort(key=lambda hour: (hour.starts_at, hour.uid))
    places = {site.uid: site.called(language()) for site in sites}
    place = place if place in places else ""
    team = _team({hour.of_uid for hour in hours})
    shown = [hour for hour in hours if place in ("", hour.site_uid)]
    return Span(
        days=_days(first, last, shown, _closed(sites, first, last, place), alone=len(sites) == 1),
        team=team,
        clashes=_told(clashes(hours, team), team),
        places=places,
    )


def _team(of_uids: Iterable[str]) -> dict[str, dict[str, str]]:
    team: dict[str, dict[str, str]] = {}
    for of_uid, user_uid, name in read(FACILITATE, {"of_uids": sorted(of_uids)}):
        team.setdefault(of_uid, {})[user_uid] = name
    return team


def _closed(sites: Sequence[Site], first: date, last: date, place: str) -> dict[date, list[str]]:
    """The days on which places are closed, with what those are called."""
    names = {site.uid: site.called(language()) for site in sites if place in ("", site.uid)}
    asked = {"site_uids": [*names], "first": first, "last": last}
    closed: dict[date, list[str]] = {}
    for on, site_uid in read(CLOSED, asked):
        closed.setdefault(on, []).append(names[site_uid])
    return closed


def _days(
    first: date, last: date, hours: Iterable[Hour], closed: dict[date, list[str]], *, alone: bool
) -> list[Day]:
    of_day: dict[date, list[Hour]] = {}
    for hour in hours:
        of_day.setdefault(hour.on, []).append(hour)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return [
        Day(on, of_day.get(on, []), [""] if alone and on in closed else sorted(closed.get(on, [])))
        for on in days
    ]


def _told(
    found: dict[str, dict[str, list[Hour]]], team: dict[str, dict[str, str]]
) -> dict[str, list[Clash]]:
    names = {uid: name for of in team.values() for uid, name in of.items()}
    return {
        uid: [
            Clash(other, why == ROOM, names.get(why, ""))
            for why, others in shared.items()
            for other in others
        ]
        for uid, shared in found.items()
    }
