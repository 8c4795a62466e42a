"""What a week says of appointments: one's own, without whose they are."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import bindparam, select

from app.accounts.viewer import Viewer
from app.assignments.queries import COUNSELLED, scope
from app.cases.models import Appointment, Case
from app.clock import midnight
from app.extensions import read
from app.people.models import Site
from app.web.hours import Hour

A_DAY = timedelta(days=1)  # of one place may begin before that of another
APPOINTMENTS = (
    select(
        Appointment.uid,
        Appointment.starts_at,
        Appointment.minutes,
        Appointment.ended_as,
        Case.referral_uid,
        Site.uid.label("site_uid"),
        Site.zone,
    )
    .join(Case, Case.uid == Appointment.case_uid)
    .join(Site, Site.uid == Case.site_uid)
    .where(
        Case.referral_uid.in_(COUNSELLED),
        Case.closed_at.is_(None),
        Appointment.starts_at.between(bindparam("since"), bindparam("until")),
    )
)


def hours(viewer: Viewer, first: date, last: date) -> list[Hour]:
    """The appointments from one day to another, both included."""
    if "counsellor" not in viewer.roles:
        return []
    span = {"since": midnight(first) - A_DAY, "until": midnight(last) + 2 * A_DAY}
    found = [
        Hour(
            uid=row.uid,
            of_uid=row.referral_uid,
            kind="appointment",
            endpoint="cases.appointment",
            starts_at=row.starts_at,
            minutes=row.minutes,
            site_uid=row.site_uid,
            zone=row.zone,
            state="cancelled" if (row.ended_as or "").startswith("cancelled") else "",
            with_=(viewer.uid,),
        )
        for row in read(APPOINTMENTS, scope(viewer) | span)
    ]
    return [hour for hour in found if first <= hour.on <= last]
