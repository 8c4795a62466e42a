"""Requests and referrals: what may be done and what follows. Pure: no request, query or clock."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _

from app.errors import RuleBroken
from app.people.models import Consent
from app.people.rules import Card, contact
from app.requests.models import (
    ACCEPTED,
    AGREED,
    DECLINED,
    PLACED,
    PROPOSED,
    REVOKED,
    SENT,
    URGENCIES,
    Referral,
    Request,
)

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
