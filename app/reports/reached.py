"""How many people were reached: each once, whatever they came for, of those who agreed to be counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import CTE, distinct, func, literal, select, union, union_all

from app.accounts.viewer import Viewer
from app.cases import figures as cases
from app.extensions import read
from app.people.figures import AGREED, BEFORE, KINDS, PERIOD, asked, bit, of_places
from app.requests import figures as requests
from app.sessions import figures as sessions
from app.web.figures import BARS, Figure, Part, Period
from app.workshops import figures as workshops

EVERYBODY = union(sessions.REACHED, workshops.REACHED, cases.REACHED, requests.REACHED).subquery(
    "everybody"
)
WHO_AGREED = select(EVERYBODY).where(EVERYBODY.c.person.in_(AGREED))


def _counted(agreed: CTE) -> Any:
    """How many people there are of each sum of bits, and at each place of each sum of spans, in one statement."""
    people = (
        select(func.sum(distinct(agreed.c.bit)).label("bits")).group_by(agreed.c.person).subquery()
    )
    at_places = (
        select(agreed.c.place, func.sum(distinct(agreed.c.span)).label("bits"))
        .group_by(agreed.c.place, agreed.c.person)
        .subquery()
    )
    return union_all(
        select(literal("").label("place"), people.c.bits, func.count().label("people")).group_by(
            people.c.bits
        ),
        select(at_places.c.place, at_places.c.bits, func.count()).group_by(
            at_places.c.place, at_places.c.bits
        ),
    )


EVERYWHERE = _counted(WHO_AGREED.cte("agreed"))
OF_VIEWER = _counted(WHO_AGREED.where(of_places(EVERYBODY.c.place)).cte("agreed"))
CALLED = {
    "support": _("Support groups"),
    "discussion": _("Discussion groups"),
    "workshops": _("Workshops"),
    "individual": _("Individual support"),
    "requests": _("Requests for support"),
}
COUNTED = _(
    "Everybody who came to a session, a workshop or an appointment in the period, or whose request was taken: "
    "each once, and only those who agreed to be counted, as far as it is still kept."
)


@dataclass
class Reached:
    """How many people, in all and in the rows of the two tables."""

    total: int = 0
    new: int = 0
    """Of these, who had not been reached before."""
    kinds: Counter[str] = field(default_factory=Counter)
    places: Counter[str] = field(default_factory=Counter)
    """By uid."""


def reached(statement: Any, parameters: dict[str, Any]) -> Reached:
    """The people of a period, by EVERYWHERE or OF_VIEWER."""
    found = Reached()
    for place, bits, people in read(statement, parameters):
        bits = int(bits)
        if place:
            found.places[place] += people if bits & PERIOD else 0
            continue
        here = [kind for kind in KINDS if bits // bit(kind) & PERIOD]
        found.total += people if here else 0
        if here and not any(bits // bit(kind) & BEFORE for kind in KINDS):
            found.new += people
        for kind in here:
            found.kinds[kind] += people
    return found


def figures(viewer: Viewer, period: Period, place: str) -> Iterator[Figure]:
    """People reached: in all, new and returning, and for what."""
    found = reached(OF_VIEWER, asked(viewer, period, place))
    yield Figure(_("People reached"), found.total, COUNTED)
    yield Figure(
        _("New and returning"),
        found.total,
        _("New is who was reached for the first time, at the places that are asked for."),
        parts=(Part(_("new"), found.new), Part(_("returning"), found.total - found.new)),
        drawn=BARS,
    )
    yield Figure(
        _("For what they came"),
        None,
        _("Whoever came for several things is counted in each."),
        parts=tuple(Part(CALLED[kind], found.kinds[kind]) for kind in KINDS),
        drawn=BARS,
    )
