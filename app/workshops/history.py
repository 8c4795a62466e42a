"""What a person's page says of workshops."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _

from app.accounts.viewer import Viewer
from app.i18n import language
from app.people.history import Event
from app.workshops import queries


def events(viewer: Viewer, person_uid: str, at: datetime) -> Iterator[Event]:
    """What they signed up for, for those who facilitate or coordinate the workshops."""
    if not viewer.leads:
        return
    for sign_up, workshop in queries.dates_of_person(viewer, person_uid):
        title, state = workshop.title(language()), sign_up.state(at)
        address = url_for("workshops.one", uid=sign_up.uid)
        yield Event(sign_up.signed_up_at, _("Workshop"), title, state, "sign_up_state", address)
