"""What Today says of workshops: those to come, with what there is to do about each; and their hours, for the calendar."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import bindparam, func, literal, select

from app.accounts.viewer import Viewer
from app.assignments.queries import scope
from app.extensions import read
from app.web.sections import Rank, Section
from app.workshops import queries, rules, signing_up
from app.workshops.models import OFFERED, REQUESTED, SignUp, Workshop

SINCE, UNTIL = timedelta(hours=12), timedelta(days=14)
RUNNING_OUT = timedelta(days=2)
MOST = 8
COMING = (
    queries.EVERY.where(
        queries.REACHABLE,
        Workshop.starts_at.between(bindparam("since"), bindparam("until")),
        Workshop.opened_at.is_not(None),
        Workshop.held_at.is_(None),
        Workshop.cancelled_at.is_(None),
    )
    .order_by(Workshop.starts_at)
    .limit(MOST)
)
HOURS = select(Workshop.uid, Workshop.starts_at, Workshop.minutes).where(
    queries.REACHABLE,
    Workshop.starts_at.between(bindparam("since"), bindparam("until")),
    Workshop.cancelled_at.is_(None),
)

# How many ask for a seat, behind the link to the workshops.
WAITING = (
    select(literal("workshops"), func.count(SignUp.uid))
    .join(Workshop, Workshop.uid == SignUp.workshop_uid)
    .where(
        queries.REACHABLE,
        Workshop.held_at.is_(None),
        Workshop.cancelled_at.is_(None),
        Workshop.starts_at >= bindparam("at"),
        SignUp.ended_as.is_(None),
        SignUp.came_as.is_(None),
        SignUp.confirmed_at.is_(None),
        SignUp.offered_until.is_(None),
        SignUp.line.is_(None),
    ),
)


@dataclass(frozen=True)
class Coming:
    """A workshop to come."""

    workshop: Workshop
    asked: int
    waiting: int
    left: int
    to_be_told: int
    """How many a seat came to by itself, whom nobody has told yet."""
    offers: list[SignUp]
    """Seats that are held for someone and run out soon."""


def sections(viewer: Viewer, at: datetime) -> Iterator[Section]:
    """For whoever coordinates or facilitates workshops."""
    if not viewer.leads:
        return
    coming = _coming(viewer, at=at)
    offers = [(offer, c.workshop) for c in coming for offer in c.offers]
    template = "workshops/_today.html"
    yield Section(template, "offers", offers, Rank.RUNS_OUT, _("Offers running out"))
    yield Section(template, "coming", coming, Rank.COMING, _("Workshops"))


def _coming(viewer: Viewer, *, at: datetime) -> list[Coming]:
    asked = scope(viewer) | {"since": at - SINCE, "until": at + UNTIL}
    rows = [queries.WORKSHOP.of(row) for row in read(COMING, asked)]
    lists = signing_up.settled(rows, at=at)
    return [_to_do(workshop, lists[workshop.uid], at=at) for workshop in rows]


def _to_do(workshop: Workshop, sign_ups: Sequence[SignUp], *, at: datetime) -> Coming:
    return Coming(
        workshop,
        asked=sum(sign_up.state(at) == REQUESTED for sign_up in sign_ups),
        waiting=len(rules.waiting_line(sign_ups, at=at)),
        left=rules.seats_left(workshop, sign_ups, at=at),
        to_be_told=sum(sign_up.is_to_be_told(at) for sign_up in sign_ups),
        offers=[s for s in sign_ups if s.state(at) == OFFERED and _runs_out(s, at=at)],
    )


def _runs_out(sign_up: SignUp, *, at: datetime) -> bool:
    return sign_up.offered_until is not None and sign_up.offered_until <= at + RUNNING_OUT
