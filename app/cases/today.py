"""What Today says of files; and the hours of appointments, for the calendar."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

from flask_babel import gettext as _
from sqlalchemy import bindparam, func, literal, or_, select

from app.accounts.viewer import Viewer
from app.assignments.queries import REACHED
from app.cases import appointment_queries, queries
from app.cases.models import Appointment, Case
from app.notes.models import APPOINTMENT, Note
from app.notes.queries import AWAITS_ME
from app.web.sections import Rank, Section

SINCE, WEEK = timedelta(hours=12), timedelta(days=7)
HOURS = (
    select(Appointment.uid, Appointment.starts_at, Appointment.minutes)
    .join(Case, Case.uid == Appointment.case_uid)
    .where(
        Case.referral_uid.in_(REACHED),
        Appointment.starts_at.between(bindparam("since"), bindparam("until")),
        or_(Appointment.ended_as.is_(None), Appointment.ended_as == "attended"),
    )
)

# How many notes await the viewer's review, behind the link to the files.
WAITING = (
    select(literal("files"), func.count(Note.uid)).where(AWAITS_ME, Note.of_kind == APPOINTMENT),
)


def sections(viewer: Viewer, at: datetime) -> Iterator[Section]:
    """For counsellors what was taken from them, their hours and what is to be written; for supervisors, to be read."""
    roles, section = viewer.roles, partial(Section, "cases/_today.html", rank=Rank.WAITS)
    people = partial(section, names_people=True)
    if "counsellor" in roles:
        stopped = queries.stopped(viewer, since=at - WEEK)
        yield section("stopped", stopped, heading=_("No longer with you"))
        booked = appointment_queries.of_counsellor(viewer, at - SINCE, at + WEEK)
        yield people("appointments", booked, heading=_("Appointments"))
        unwritten = appointment_queries.without_note(viewer, before=at)
        yield people("without_note", unwritten, heading=_("Appointments without a note"))
    if "supervisor" in roles:
        awaiting = queries.awaiting(viewer)
        yield section("awaiting", awaiting, heading=_("Case notes awaiting review"))
