"""What a person's page, and the copy of their record, say of meetings and follow-ups."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from flask_babel import gettext as _

from app.accounts.queries import working_names
from app.accounts.viewer import Viewer
from app.errors import Locked
from app.groups import queries as groups
from app.groups.models import Group, Membership
from app.sessions import follow_up_queries, queries
from app.web.sections import Section

TEMPLATE = "sessions/_person.html"


def follow_ups(viewer: Viewer, person_uid: str, at: datetime) -> Iterator[Section]:
    """On the page: whose they are, until when, and what can be done."""
    found = follow_up_queries.of_person(viewer, person_uid)
    names = working_names({follow_up.owner_uid for follow_up, _what in found})
    more = {"names": names, "my_uid": viewer.uid}
    yield Section(TEMPLATE, "follow_ups", found, heading=_("Follow-ups"), more=more)


def copy_of_follow_ups(viewer: Viewer, person_uid: str, at: datetime) -> Iterator[Section]:
    """In the copy: what was to be done."""
    yield Section(TEMPLATE, "copied", follow_up_queries.of_person(viewer, person_uid))


def copy_of_stays(viewer: Viewer, person_uid: str, at: datetime) -> Iterator[Section]:
    """In the copy: group by group why they left, and day by day how they came."""
    stays = []
    for stay, group in groups.stays_of_person(viewer, person_uid):
        held = [m for m in queries.meetings(group) if m.state == "held" and stay.covers(m.on)]
        marks = queries.marks_by_stay(group, held, [stay]).get(stay.uid, [])
        by_day = list(zip((meeting.on for meeting in held), marks, strict=False))
        stays.append((group, _reason(viewer, group, stay), by_day))
    yield Section(TEMPLATE, "stays", stays)


def _reason(viewer: Viewer, group: Group, stay: Membership) -> str:
    try:
        return groups.open_reason(viewer, group, stay)
    except Locked:
        return ""
