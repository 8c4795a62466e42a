"""What a person's page, and the copy of their record, say of what comes next."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _

from app.accounts.viewer import Viewer
from app.continuation import queries
from app.groups.rules import stayed_to_the_end
from app.people.history import Event
from app.web.sections import Section


def events(viewer: Viewer, person_uid: str, at: datetime) -> Iterator[Event]:
    """What they wished for, for those who lead or coordinate the groups."""
    for step, group, stay in queries.of_person(viewer, person_uid):
        goes_on = stayed_to_the_end(stay, group)
        address = url_for("continuation.ask", uid=stay.uid) if goes_on else ""
        yield Event(
            step.recorded_at,
            _("What comes next"),
            group.name,
            step.choice,
            "next_step_state",
            address,
            group.site.zone,
        )


def copy(viewer: Viewer, person_uid: str, at: datetime) -> Iterator[Section]:
    """In the copy: for each group what they wished for, and what was said beside it."""
    rows = [
        (group.name, step.choice, queries.remark(viewer, group, step))
        for step, group, _stay in queries.of_person(viewer, person_uid)
    ]
    yield Section("continuation/_person.html", "copied", rows)
