"""What a person's page, and the copy of their record, say of meetings."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from app.accounts.viewer import Viewer
from app.errors import Locked
from app.groups import queries as groups
from app.groups.models import Group, Membership
from app.sessions import queries
from app.web.sections import Section

TEMPLATE = "sessions/_person.html"


def copy(viewer: Viewer, person_uid: str, at: datetime) -> Iterator[Section]:
    """In the copy: group by group why they left, and day by day how they came."""
    stays = []
    for stay, group, _parts in groups.stays_of_person(viewer, person_uid):
        held = [m for m in queries.meetings(group) if m.state == "held" and stay.covers(m.on)]
        marks = queries.marks_by_stay(group, held, [stay]).get(stay.uid, [])
        by_day = list(zip((meeting.on for meeting in held), marks, strict=False))
        if group.let_go_at and not any(marks):
            by_day = []  # on which day is not known any more
        stays.append((group, _reason(viewer, group, stay), by_day))
    yield Section(TEMPLATE, "stays", stays)


def _reason(viewer: Viewer, group: Group, stay: Membership) -> str:
    try:
        return groups.open_reason(viewer, group, stay)
    except Locked:
        return ""
