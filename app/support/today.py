"""What Today says of requests, referrals and files; and the hours of appointments, for the calendar."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

from flask_babel import gettext as _
from sqlalchemy import bindparam, or_, select

from app.accounts.viewer import Viewer
from app.assignments.queries import REACHED
from app.clock import day
from app.support import case_queries, queries, referral_queries
from app.support.models import Appointment, Case
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


def sections(viewer: Viewer, at: datetime) -> Iterator[Section]:
    """For counsellors, coordinators and supervisors, in the order in which people wait for them."""
    roles, section = viewer.roles, partial(Section, "support/_today.html", rank=Rank.WAITS)
    people = partial(section, names_people=True)
    if "coordinator" in roles:
        yield section("requests", queries.open_numbers(viewer), rank=Rank.TOLD)
    if "counsellor" in roles:
        sent = referral_queries.sent_to(viewer)
        yield people("referrals", sent, heading=_("Referrals to answer"))
        stopped = referral_queries.stopped(viewer, since=at - WEEK)
        yield section("stopped", stopped, heading=_("No longer with you"))
    if "coordinator" in roles:
        to_contact = queries.to_contact(viewer, on=day(at))
        yield people("to_contact", to_contact, heading=_("To contact"))
        left = referral_queries.needing_the_desk(viewer, at=at)
        yield people("to_move_on", left, heading=_("Referrals that need you"))
    if "counsellor" in roles:
        booked = case_queries.of_counsellor(viewer, at - SINCE, at + WEEK)
        yield people("appointments", booked, heading=_("Appointments"))
        unwritten = case_queries.without_note(viewer, before=at)
        yield people("without_note", unwritten, heading=_("Appointments without a note"))
    if "supervisor" in roles:
        awaiting = case_queries.awaiting(viewer)
        yield section("awaiting", awaiting, heading=_("Case notes awaiting review"))
