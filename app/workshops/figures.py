"""Workshops in figures: dates, seats, sign-ups, and who came."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from flask_babel import lazy_gettext as _
from sqlalchemy import and_, case, func, select, union_all

from app.accounts.viewer import Viewer
from app.extensions import read
from app.people.figures import SPANS, asked, at_moments, of_places, reached
from app.people.models import Total
from app.web.figures import BARS, PERCENT, STRIP, Figure, Part, Period, percent
from app.workshops.models import (
    ATTENDED,
    CANCELLED,
    CONFIRMED,
    DECLINED,
    DRAFT,
    HELD,
    NO_SHOW,
    WAITING,
    SignUp,
    Workshop,
)

PLANNED = "planned"
KNOWN = (ATTENDED, NO_SHOW, CONFIRMED, DECLINED, CANCELLED)
STATE = case(
    (Workshop.cancelled_at.is_not(None), CANCELLED),
    (Workshop.held_at.is_not(None), HELD),
    (Workshop.opened_at.is_(None), DRAFT),
    else_=PLANNED,
).label("state")
DATES = (
    select(STATE, func.count().label("number"), func.sum(Workshop.seats).label("seats"))
    .where(at_moments(Workshop.starts_at))
    .group_by(STATE)
)
OF_VIEWER = DATES.where(of_places(Workshop.site_uid))
BECAME = case(
    (SignUp.ended_as.is_not(None), SignUp.ended_as),
    (SignUp.came_as.is_not(None), SignUp.came_as),
    (SignUp.confirmed_at.is_not(None), CONFIRMED),
    else_=WAITING,
).label("became")
OF_PERIOD = and_(at_moments(Workshop.starts_at), of_places(Workshop.site_uid))
# The sign-ups of these dates, and those that were counted when they were let go.
SIGNED_UP = union_all(
    select(BECAME, func.count().label("number"))
    .join(Workshop, Workshop.uid == SignUp.workshop_uid)
    .where(OF_PERIOD)
    .group_by(BECAME),
    select(Total.what, func.sum(Total.number))
    .join(Workshop, Workshop.uid == Total.of_uid)
    .where(OF_PERIOD)
    .group_by(Total.what),
)
REACHED = (
    select(*reached(SignUp.person_uid, Workshop.site_uid, "workshops"))
    .join(Workshop, Workshop.uid == SignUp.workshop_uid)
    .join(SPANS, and_(Workshop.starts_at >= SPANS.c.begins, Workshop.starts_at < SPANS.c.ends))
    .where(SignUp.came_as == ATTENDED, SignUp.ended_as.is_(None), STATE == HELD)
)


def figures(viewer: Viewer, period: Period, place: str) -> Iterator[Figure]:
    """Workshops held, their seats, what became of the sign-ups."""
    parameters = asked(viewer, period, place)
    dates = read(OF_VIEWER, parameters)
    of = Counter({row.state: row.number for row in dates})
    became = Counter[str]()
    for row in read(SIGNED_UP, parameters):
        became[row.became] += row.number
    yield Figure(
        _("Workshops"),
        sum(of.values()) - of[DRAFT],
        _("Dates of workshops in the period; a draft is none yet."),
        parts=(
            Part(_("took place"), of[HELD]),
            Part(_("called off"), of[CANCELLED]),
            Part(_("to come, or not recorded yet"), of[PLANNED]),
        ),
        drawn=STRIP,
    )
    yield Figure(
        _("Seats of workshops that took place"),
        counted((row.state, row.number, row.seats) for row in dates)["seats"],
        _("As many as were to be had, taken or not."),
    )
    yield Figure(
        _("Sign-ups"),
        sum(became.values()),
        _("Everybody who was ever on the list of one of these dates, by what became of it."),
        parts=(
            Part(_("came"), became[ATTENDED]),
            Part(_("did not come"), became[NO_SHOW]),
            Part(_("has a seat"), became[CONFIRMED]),
            Part(_("declined"), became[DECLINED]),
            Part(_("cancelled"), became[CANCELLED]),
            Part(_("without a seat"), sum(became.values()) - sum(became[one] for one in KNOWN)),
        ),
        drawn=BARS,
    )
    yield Figure(
        _("Did not come"),
        percent(became[NO_SHOW], became[NO_SHOW] + became[ATTENDED]),
        _("Among those of whom it was written down, who had a seat and did not come."),
        PERCENT,
    )


def counted(rows: Iterable[tuple[str, int, int]]) -> Counter[str]:
    """Workshops that took place, and their seats. Of rows of DATES: state, how many, seats."""
    found: Counter[str] = Counter()
    for state, number, seats in rows:
        if state == HELD:
            found["workshops-held"] += number
            found["seats"] += seats
    return found
