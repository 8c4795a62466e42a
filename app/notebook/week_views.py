"""The week and the month."""

from __future__ import annotations

from datetime import date, timedelta

from flask import Response

from app.accounts.viewer import viewer
from app.clock import ZONE, today
from app.notebook import week
from app.notebook.views import bp
from app.policy import allow
from app.web import lists
from app.web.answers import page, query
from app.web.forms import day_from


@bp.get("/week")
@allow("week")
def one_week() -> Response:
    """The sessions, workshops and own appointments of a week by day and hour; what clashes, and where it is closed."""
    first = week.begins(_asked_for())
    found, narrowed_to = _span(first, first + timedelta(days=6))
    return page(
        "notebook/week.html",
        span=found,
        first=first,
        last=first + timedelta(days=6),
        before=week.begins(first - week.WEEK),
        after=week.begins(first + week.WEEK),
        today=today(ZONE),
        narrowed_to=narrowed_to,
    )


@bp.get("/month")
@allow("week")
def one_month() -> Response:
    """A month at a glance: what there is on each day; a day leads to its week."""
    of = min(max(_asked_for(), week.EARLIEST), week.LATEST).replace(day=1)
    found, narrowed_to = _span(*week.month(of))
    return page(
        "notebook/month.html",
        span=found,
        of=of,
        before=max(of - timedelta(days=1), week.EARLIEST).replace(day=1),
        after=min(of + timedelta(days=31), week.LATEST).replace(day=1),
        today=today(ZONE),
        narrowed_to=narrowed_to,
    )


def _asked_for() -> date:
    return day_from(query("on")) or today(ZONE)


def _span(first: date, last: date) -> tuple[week.Span, dict[str, str]]:
    """What the week says, and the words of the address to be kept while one leafs through it."""
    everywhere = week.span(viewer(), first, last, place=query("place"))
    return everywhere, lists.asked(place=everywhere.places)
