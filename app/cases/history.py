"""What a person's page, and the copy of their record, say of files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app.accounts.queries import working_names
from app.accounts.viewer import Viewer
from app.cases import appointment_queries, queries, sealing
from app.cases.models import Case
from app.cases.notes import OfAppointment
from app.notes.queries import all_within
from app.people.history import Event
from app.web.sections import Section


def events(viewer: Viewer, person_uid: str, at: datetime) -> Iterator[Event]:
    """Those that the viewer keeps or supervises lead there, those they count to the list."""
    for case in _cases(viewer, person_uid):
        mine = viewer.uid in (case.counsellor_uid, case.supervisor_uid)
        address = url_for("cases.show", uid=case.uid) if mine else url_for("cases.index")
        said = (_("File"), "", case.state, "file_state")
        yield Event(case.opened_at, *said, address, case.site.zone)


def copy(viewer: Viewer, person_uid: str, at: datetime) -> Iterator[Section]:
    """In the copy: every file that the viewer opens."""
    cases = [
        case for case in _cases(viewer, person_uid) if viewer.keys.vault("case", case.referral_uid)
    ]
    names = working_names({case.counsellor_uid for case in cases})
    more = {"names": names, "titles": OfAppointment.boxes}
    yield Section("cases/_person.html", "files", [_file(viewer, case) for case in cases], more=more)


def _cases(viewer: Viewer, person_uid: str) -> Sequence[Case]:
    if not viewer.roles & {"coordinator", "counsellor", "supervisor"}:
        return []
    return queries.cases_of_person(viewer, person_uid)


def _file(viewer: Viewer, case: Case) -> tuple[Any, ...]:
    """A file with its texts, its appointments, and the signed note of each."""
    text = partial(sealing.field_text, viewer, case)
    booked = sorted(appointment_queries.appointments(case.uid), key=lambda one: one.starts_at)
    notes = all_within(viewer, case.referral_uid)
    written = [(one, n) for one in booked for n in notes if n.note.of_uid == one.uid]
    return case, text("fee_note"), text("closing_note"), booked, written
