"""What a person's page says of groups."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time
from zoneinfo import ZoneInfo

from flask import url_for
from flask_babel import gettext as _

from app.accounts.viewer import Viewer
from app.clock import ZONE
from app.groups import queries
from app.people.history import Event


def events(viewer: Viewer, person_uid: str, at: datetime) -> Iterator[Event]:
    """Their stays, for those who lead or coordinate the groups."""
    for stay, group in queries.stays_of_person(viewer, person_uid):
        began = stay.waiting_at or at
        if stay.joined_on:
            began = datetime.combine(stay.joined_on, time(), ZoneInfo(ZONE))
        address = url_for("notebook.group", uid=group.uid)
        yield Event(began, _("Group"), group.name, stay.state(at), "stay_state", address)
