"""What a week says of workshops: those the viewer facilitates, and those of their places."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import bindparam

from app.accounts.viewer import Viewer
from app.assignments.queries import scope
from app.clock import midnight
from app.extensions import read
from app.i18n import language
from app.web.hours import Hour
from app.workshops import queries
from app.workshops.models import Workshop

A_DAY = timedelta(days=1)  # of one place may begin before that of another
WORKSHOPS = queries.EVERY.where(
    queries.REACHABLE, Workshop.starts_at.between(bindparam("since"), bindparam("until"))
)


def hours(viewer: Viewer, first: date, last: date) -> list[Hour]:
    """The workshops from one day to another, both included."""
    if not viewer.leads:
        return []
    span = {"since": midnight(first) - A_DAY, "until": midnight(last) + 2 * A_DAY}
    found = [_hour(queries.WORKSHOP.of(row)) for row in read(WORKSHOPS, scope(viewer) | span)]
    return [hour for hour in found if first <= hour.on <= last]


def _hour(workshop: Workshop) -> Hour:
    return Hour(
        uid=workshop.uid,
        of_uid=workshop.uid,
        kind="workshop",
        endpoint="workshops.show",
        starts_at=workshop.starts_at,
        minutes=workshop.minutes,
        site_uid=workshop.site_uid,
        zone=workshop.site.zone,
        name=workshop.title(language()),
        room=workshop.room,
        state="cancelled" if workshop.cancelled_at else "" if workshop.opened_at else "draft",
    )
