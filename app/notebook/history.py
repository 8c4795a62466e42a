"""Who contributes to a person's page and to the copy of their record, in which order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from app.accounts.viewer import Viewer
from app.cases import history as cases
from app.continuation import history as continuation
from app.follow_ups import history as follow_ups
from app.groups import history as groups
from app.people.history import Event
from app.requests import history as requests
from app.sessions import history as sessions
from app.web.sections import Section
from app.workshops import history as workshops

Tells = Callable[[Viewer, str, datetime], Iterator[Section]]
EVENTS: tuple[Callable[[Viewer, str, datetime], Iterator[Event]], ...] = (
    groups.events,
    workshops.events,
    requests.events_of_requests,
    requests.events_of_referrals,
    continuation.events,
    cases.events,
)
ON_PAGE: tuple[Tells, ...] = (follow_ups.on_page,)
# The copy: among the facts of their card, for the desk; and below what has been.
FACTS: tuple[Tells, ...] = (requests.facts,)
COPY: tuple[Tells, ...] = (
    sessions.copy,
    continuation.copy,
    follow_ups.copy,
    requests.copy,
    cases.copy,
)


def events(viewer: Viewer, person_uid: str, *, at: datetime) -> list[Event]:
    """What has been, as far as the viewer may read it, the latest first."""
    found = [event for tell in EVENTS for event in tell(viewer, person_uid, at)]
    return sorted(found, key=lambda event: event.at, reverse=True)


def told(by: Sequence[Tells], viewer: Viewer, person_uid: str, *, at: datetime) -> list[Section]:
    """What these say of a person to this viewer."""
    said = [section for tell in by for section in tell(viewer, person_uid, at)]
    return [section for section in said if section.rows]
