"""Who contributes to Today, in which order, and how it is put together."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from app.accounts.viewer import Viewer
from app.cases import today as cases
from app.continuation import today as continuation
from app.follow_ups import today as follow_ups
from app.groups import today as groups
from app.notebook import access, first_hour
from app.requests import today as requests
from app.sessions import today as sessions
from app.upkeep import today as upkeep
from app.web.sections import Section
from app.workshops import today as workshops

# None of them writes: workshops may, in between, give a freed seat on in a transaction of its own.
Contribution = Callable[[Viewer, datetime], Iterator[Section]]
CONTRIBUTE: tuple[Contribution, ...] = (
    access.sections,
    first_hour.sections,
    upkeep.sections,
    groups.sections,
    workshops.sections,
    sessions.sections,
    follow_ups.sections,
    requests.sections,
    cases.sections,
    continuation.sections,
)
HOURS = (sessions.HOURS, workshops.HOURS, cases.HOURS)


def sections(viewer: Viewer, *, at: datetime) -> list[Section]:
    """What there is for this viewer now, the most urgent first."""
    said = [section for contribute in CONTRIBUTE for section in contribute(viewer, at)]
    return sorted((section for section in said if section.rows), key=lambda one: one.rank)
