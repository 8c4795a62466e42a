"""What Today says of follow-ups."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from flask_babel import gettext as _

from app.accounts.viewer import Viewer
from app.clock import day
from app.follow_ups import queries
from app.web.sections import Rank, Section

WEEK = timedelta(days=7)


def sections(viewer: Viewer, at: datetime) -> Iterator[Section]:
    """For whoever leads groups: their own that are due within a week."""
    if not viewer.leads:
        return
    due = queries.due(viewer, until=day(at) + WEEK)
    heading, more = _("Follow-ups"), {"day": day(at)}
    yield Section(
        "follow_ups/_today.html", "due", due, Rank.UNDONE, heading, names_people=True, more=more
    )
