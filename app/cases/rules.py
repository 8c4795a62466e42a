"""Files and appointments: what may be done and what follows. Pure: no request, query or clock."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _

from app.cases.models import BOOKED, PAUSED, WITHDRAWN, Appointment, Case
from app.errors import RuleBroken
from app.people.models import Consent
from app.requests.models import ACCEPTED, AGREED, CLOSED, DONE, OPEN, REVOKED, SENT, Referral

AN_APPOINTMENT = 50  # minutes


def stops_with_consent(referral: Referral, *, holds_notes: bool) -> str:
    """What becomes of a referral whose consent is withdrawn: revoked, its file closed, or nothing.

    What was written in a file is not destroyed by it: its supervisor and recovery keep it.
    """
    if referral.state == DONE or (referral.state == ACCEPTED and holds_notes):
        return WITHDRAWN
    return REVOKED if referral.state in (AGREED, SENT, ACCEPTED) else ""


def pause(case: Case, *, at: datetime) -> None:
    """Let a file rest; it takes no new appointments meanwhile."""
    if case.state != OPEN:
        raise RuleBroken(_("Only an open file can be paused."))
    case.paused_at = at


def resume(case: Case) -> None:
    """Go on with a file that rested."""
    if case.state != PAUSED:
        raise RuleBroken(_("This file is not paused."))
    case.paused_at = None


def close(case: Case, as_: str, appointments: Iterable[Appointment], *, at: datetime) -> None:
    """Close a file. Refused while an appointment is still to come."""
    if case.state == CLOSED:
        raise RuleBroken(_("This file is closed already."))
    if any(one.state == BOOKED and one.starts_at > at for one in appointments):
        raise RuleBroken(_("An appointment is still to come: cancel or move it first."))
    case.closed_as, case.closed_at, case.paused_at = as_, at, None


def stop(case: Case, as_: str, appointments: Iterable[Appointment], *, at: datetime) -> None:
    """Close a file that may not go on; what was still to come is cancelled, and nobody owes for it."""
    for one in appointments:
        if one.state == BOOKED and one.starts_at > at:
            ended_as = "cancelled" if as_ == WITHDRAWN else "cancelled-by-us"
            end_appointment(one, ended_as, at=at)
    case.closed_as, case.closed_at, case.paused_at = as_, at, None


def reopen(case: Case, referral: Referral, consent: Consent | None) -> None:
    """Open a closed file again, while the referral and the person's agreement stand."""
    if case.state != CLOSED:
        raise RuleBroken(_("This file is open."))
    if referral.state == REVOKED:
        raise RuleBroken(_("Its referral was revoked: a new referral opens a new file."))
    if consent is None or consent.withdrawn_on is not None:
        raise RuleBroken(_("The person withdrew their consent: a new referral opens a new file."))
    case.closed_at = case.closed_as = case.closing_note = None


def begins_at(on: date, at: time, zone: str) -> datetime:
    """The moment in UTC at which a place's clock shows that day and hour.

    Raises RuleBroken for an hour that the clock change skips there.
    """
    local = datetime.combine(on, at, ZoneInfo(zone))
    moment = local.astimezone(UTC)
    if moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise RuleBroken(_("The clock change skips this hour on that day. Choose another."), "at")
    return moment


def book(
    case: Case,
    others: Iterable[Appointment],
    appointment: Appointment,
    *,
    anyway: bool,
    at: datetime,
) -> None:
    """Whether an appointment may stand. A collision is asked about, not forbidden."""
    if case.state != OPEN:
        raise RuleBroken(_("This file is paused or closed."))
    if appointment.state != BOOKED:
        raise RuleBroken(_("This appointment is over."))
    if appointment.starts_at <= at:
        raise RuleBroken(_("This time is past. Choose a later one."), "on")
    if not anyway and collides(appointment, others):
        raise RuleBroken(
            _("You have another appointment at that time. Tick the box to book it all the same."),
            "anyway",
        )


def collides(appointment: Appointment, others: Iterable[Appointment]) -> bool:
    """Whether it overlaps another one that is booked."""
    return any(
        other is not appointment
        and other.state == BOOKED
        and other.starts_at < appointment.ends_at
        and appointment.starts_at < other.ends_at
        for other in others
    )


def end_appointment(appointment: Appointment, as_: str | None, *, at: datetime) -> None:
    """Write down what became of an appointment; empty takes it back to booked.

    Whether someone came is known once it begins and not before. What nobody owes is waived.
    """
    if as_ in ("attended", "no-show") and appointment.starts_at > at:
        raise RuleBroken(_("This appointment has not come yet."))
    appointment.ended_as, appointment.ended_at = (as_, at) if as_ else (None, None)
    if appointment.fee_state != "paid":
        owed = appointment.owes or appointment.state == BOOKED
        appointment.fee_state = "due" if owed and appointment.fee else "waived"


def settle_fee(appointment: Appointment, as_: str) -> None:
    """Due, paid or waived."""
    if appointment.fee == 0:
        raise RuleBroken(_("This appointment is free."))
    appointment.fee_state = as_
