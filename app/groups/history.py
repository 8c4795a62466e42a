"""What a person's page says of groups."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _

from app.accounts.viewer import Viewer
from app.clock import midnight
from app.groups import queries
from app.groups.models import ACTIVE
from app.people.history import Event


def events(viewer: Viewer, person_uid: str, at: datetime) -> Iterator[Event]:
    """Their stays, for those who lead or coordinate the groups."""
    for stay, group, parts in queries.stays_of_person(viewer, person_uid):
        began = midnight(stay.joined_on) if stay.joined_on else stay.waiting_at or at
        address, state = url_for("notebook.group", uid=group.uid), stay.state(at)
        goes_on = group.uid if state == ACTIVE else ""
        said = began, _("Group"), group.name, state, "stay_state", address
        ends = (
            url_for("groups.departure", uid=stay.uid) if goes_on and "coordinator" in parts else ""
        )
        yield Event(*said, group_uid=goes_on, ends=ends)
