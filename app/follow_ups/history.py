"""What a person's page, and the copy of their record, say of follow-ups."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from flask_babel import gettext as _

from app.accounts.viewer import Viewer
from app.follow_ups import queries
from app.web.sections import Section

TEMPLATE = "follow_ups/_person.html"


def on_page(viewer: Viewer, person_uid: str, at: datetime) -> Iterator[Section]:
    """On the page: whose they are, until when, and what can be done."""
    found = queries.of_person(viewer, person_uid)
    more = {"my_uid": viewer.uid}
    yield Section(TEMPLATE, "on_page", found, heading=_("Follow-ups"), more=more)


def copy(viewer: Viewer, person_uid: str, at: datetime) -> Iterator[Section]:
    """In the copy: what was to be done."""
    yield Section(TEMPLATE, "copied", queries.of_person(viewer, person_uid))
