"""Requests, referrals and files: what may be done and what follows. Pure: no request, query or clock."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _

from app.errors import RuleBroken
from app.people.models import Consent
from app.people.rules import Card, contact
from app.support.models import (
    ACCEPTED,
    AGREED,
    BOOKED,
    CLOSED,
    DECLINED,
    DONE,
    OPEN,
    PAUSED,
    PLACED,
    PROPOSED,
    REVOKED,
    SENT,
    URGENCIES,
    WITHDRAWN,
    Appointment,
    Case,
    Referral,
    Request,
)
from app.vault.envelope import place

AN_APPOINTMENT = 50  # minutes
RECEIVER_LEFT = _("This colleague takes no referrals any more. Choose somebody else.")


def waiting_order(urgency: str, opened_at: datetime) -> tuple[int, datetime]:
    """Urgency first, then who waits longest."""
    return URGENCIES.index(urgency), opened_at


def attempt(request: Request, card: Card, result: str, *, withdrew: bool) -> None:
    """Whether an attempt to reach the person may be written down so.

    Nobody leaves a message where that is not safe, and nobody writes to
    someone who asked not to be contacted, or withdrew their consent to it.
    """
    if request.ended_at is not None:
        raise RuleBroken(_("This request is closed."))
    contact(card, withdrew=withdrew)
    if result == "left_message" and not card.may_leave_message:
        raise RuleBroken(_("The safe contact says: leave no message."))


def end_request(request: Request, as_: str, *, at: datetime) -> None:
    """Close a request: placed, declined with a reason, or closed."""
    if request.ended_at is not None:
        raise RuleBroken(_("This request is closed."))
    request.ended_as, request.ended_at, request.next_contact_on = as_, at, None


def reopen_request(request: Request) -> None:
    """Take the closing of a request back."""
    request.ended_as = request.ended_at = request.end_reason = request.stay_uid = None


def placed_by(referral: Referral, request: Request) -> bool:
    """Whether a request was answered by the acceptance of this very referral."""
    return request.ended_as == PLACED and request.ended_at == referral.accepted_at


def agree(referral: Referral, consent: Consent) -> None:
    """The person agrees to be referred to this very receiver."""
    if referral.state != PROPOSED:
        raise RuleBroken(_("This referral has gone on meanwhile."))
    if referral.receiver_uid is None and not referral.is_outside:
        raise RuleBroken(_("Choose to whom first."))
    if consent.receiver_uid != receiver_of(referral) or consent.withdrawn_on is not None:
        raise RuleBroken(_("The consent is for somebody else, or was withdrawn."))
    referral.consent_uid = consent.uid


def receiver_of(referral: Referral) -> str:
    """Whom a consent to this referral names: the colleague, or the service outside."""
    return referral.receiver_uid or referral.uid


def redirect(referral: Referral, *, receiver_uid: str | None) -> None:
    """Choose another receiver; an agreement to the one before is worth nothing for this one."""
    if referral.state not in (PROPOSED, AGREED):
        raise RuleBroken(_("This referral was sent already."))
    if referral.receiver_uid != receiver_uid:
        referral.consent_uid = None
    referral.receiver_uid = receiver_uid


def send(referral: Referral, consent: Consent | None, *, at: datetime) -> None:
    """Hand the person over. Without their agreement to this receiver it cannot be sent."""
    if referral.state not in (PROPOSED, AGREED):
        raise RuleBroken(_("This referral was sent already."))
    valid = (
        consent is not None
        and consent.withdrawn_on is None
        and consent.receiver_uid == receiver_of(referral)
    )
    if not valid:
        raise RuleBroken(_("The person has not agreed to this receiver: it cannot be sent."))
    referral.sent_at = at


def accept(referral: Referral, *, at: datetime) -> None:
    """The receiver says yes: a file opens."""
    if referral.state == REVOKED:
        raise RuleBroken(_("This referral was revoked meanwhile."))
    if referral.state != SENT:
        raise RuleBroken(_("This referral was answered already."))
    referral.accepted_at = at


def decline(referral: Referral, *, at: datetime) -> None:
    """The receiver says no; what they could open closes."""
    if referral.state == REVOKED:
        raise RuleBroken(_("This referral was revoked meanwhile."))
    if referral.state != SENT:
        raise RuleBroken(_("This referral was answered already."))
    referral.declined_at = at


def revoke(referral: Referral, *, holds_notes: bool, at: datetime) -> None:
    """Take a referral back before its first appointment was held, and before a note was written."""
    if referral.state in (DECLINED, REVOKED):
        raise RuleBroken(_("This referral is over already."))
    if referral.done_at is not None:
        raise RuleBroken(_("The first appointment was held: the counsellor closes the file."))
    if holds_notes:
        raise RuleBroken(_("The file holds notes already: the counsellor closes the file."))
    referral.revoked_at = at


def finish(referral: Referral, *, at: datetime) -> None:
    """The first appointment was held: from now on access lives with the file."""
    if referral.state != ACCEPTED:
        raise RuleBroken(_("This referral has gone on meanwhile."))
    referral.done_at = at


def unfinish(referral: Referral) -> None:
    """No appointment was held after all."""
    referral.done_at = None


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


def waiting_words(opened_at: datetime, *, at: datetime) -> tuple[str, int]:
    """How long somebody has waited: a unit (hour, day, week, month) and how many of it, or no whole hour."""
    waited = at - opened_at
    if waited < timedelta(days=1):
        return "hour", max(0, waited // timedelta(hours=1))
    if waited < timedelta(days=14):
        return "day", waited.days
    if waited < timedelta(days=60):
        return "week", waited.days // 7
    return "month", waited.days // 30


def field_place(table: str, column: str, uid: str) -> bytes:
    """Where a sealed text of this feature lives."""
    return place(table, column, uid)
