"""The workshops to come, with what there is to do about each: for Today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from app.accounts.viewer import Viewer
from app.assignments.queries import scope
from app.extensions import db
from app.workshops import queries, rules
from app.workshops.models import OFFERED, REQUESTED, SignUp, Workshop

SINCE, UNTIL = timedelta(hours=12), timedelta(days=14)
RUNNING_OUT = timedelta(days=2)
MOST = 8


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


def coming(viewer: Viewer, *, at: datetime) -> list[Coming]:
    """The viewer's workshops of the next two weeks, soonest first."""
    rows = db.session.scalars(
        select(Workshop)
        .where(
            queries.REACHABLE,
            Workshop.starts_at.between(at - SINCE, at + UNTIL),
            Workshop.opened_at.is_not(None),
            Workshop.held_at.is_(None),
            Workshop.cancelled_at.is_(None),
        )
        .order_by(Workshop.starts_at)
        .limit(MOST),
        scope(viewer),
    ).all()
    lists = queries.sign_ups_of([workshop.uid for workshop in rows]) if rows else {}
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
