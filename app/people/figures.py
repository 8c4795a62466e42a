"""What the figures of every feature share: which period and place they are of, and who agreed to be counted."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Date, and_, bindparam, literal, or_, select, union_all

from app.accounts.viewer import Viewer
from app.assignments.queries import COORDINATED, scope
from app.clock import midnight
from app.extensions import Moment
from app.people.models import Consent
from app.web.figures import Period

A_DAY = timedelta(days=1)
LONG_AGO = date(2000, 1, 1)
"""Before anything is written down here."""
# Why somebody is here, in the order in which reports say it.
KINDS = ("support", "discussion", "workshops", "individual", "requests")
FIRST, LAST = bindparam("first", type_=Date), bindparam("last", type_=Date)
BEGINS, ENDS = bindparam("begins", type_=Moment), bindparam("ends", type_=Moment)
AGREED = select(Consent.person_uid).where(
    Consent.purpose == "reports", Consent.withdrawn_on.is_(None)
)
# The period that is asked for, and all that was before it: of whoever was there in both, the first is no news.
PERIOD, BEFORE = 1, 2
SPANS = union_all(
    select(
        literal(PERIOD).label("bit"),
        FIRST.label("first"),
        LAST.label("last"),
        BEGINS.label("begins"),
        ENDS.label("ends"),
    ),
    select(
        literal(BEFORE),
        bindparam("long_ago", type_=Date),
        bindparam("day_before", type_=Date),
        bindparam("began", type_=Moment),
        BEGINS,
    ),
).subquery("spans")


def bit(kind: str) -> int:
    """What a word of KINDS multiplies a span's bit with, so that all of a person's are one number."""
    return 1 << 2 * KINDS.index(kind)


def reached(person: Any, place: Any, kind: Any) -> tuple[Any, Any, Any, Any]:
    """The columns of whom, where, for what and when, to be joined with SPANS. `kind`: a word of KINDS, or its bit."""
    times = literal(bit(kind)) if isinstance(kind, str) else kind
    return (
        person.label("person"),
        place.label("place"),
        (SPANS.c.bit * times).label("bit"),
        SPANS.c.bit.label("span"),
    )


def on_days(column: Any) -> ColumnElement[bool]:
    """Whether a day is in the period that is asked for."""
    return and_(column >= FIRST, column <= LAST)


def at_moments(column: Any) -> ColumnElement[bool]:
    """Whether a moment is in it."""
    return and_(column >= BEGINS, column < ENDS)


def of_places(column: Any) -> ColumnElement[bool]:
    """Whether a place is one the viewer coordinates, and the one that is asked for, where one is."""
    place = bindparam("place", type_=column.type)
    return and_(column.in_(COORDINATED), or_(place == "", column == place))


def of_period(period: Period) -> dict[str, Any]:
    """The parameters that say of which days the figures are."""
    return {
        "first": period.first,
        "last": period.last,
        "begins": midnight(period.first),
        "ends": midnight(period.last + A_DAY),
        "long_ago": LONG_AGO,
        "day_before": period.first - A_DAY,
        "began": midnight(LONG_AGO),
    }


def asked(viewer: Viewer, period: Period, place: str) -> dict[str, Any]:
    """The parameters of a viewer's own figures: their places, or the one whose uid is given."""
    return {**scope(viewer), **of_period(period), "place": place}
