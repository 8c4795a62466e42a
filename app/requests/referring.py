"""Referrals: the proposal, the person's consent, sending, the answer, taking one back."""

from __future__ import annotations

from datetime import date, datetime

from flask_babel import lazy_gettext as _

from app.accounts.models import User
from app.accounts.viewer import Viewer
from app.assignments import assigning
from app.audit import trail
from app.errors import RuleBroken
from app.extensions import db, new_uid
from app.people import contact
from app.people import queries as people
from app.people.models import Consent
from app.people.queries import OpenPerson
from app.requests import requesting, rules, sealing
from app.requests.models import PLACED, Referral, Request
from app.vault import vaults
from app.vault.envelope import place


def propose(
    viewer: Viewer,
    *,
    person_uid: str,
    site_uid: str,
    service: str,
    reason: str,
    receiver_uid: str | None = None,
    outside: str = "",
    request_uid: str | None = None,
    at: datetime,
) -> Referral:
    """Propose a referral; what is said is sealed to the desk, also by who cannot read it."""
    referral = Referral(
        uid=new_uid(),
        site_uid=site_uid,
        person_uid=person_uid,
        request_uid=request_uid,
        service=service,
        receiver_uid=receiver_uid,
        proposed_by=viewer.uid,
        proposed_at=at,
    )
    desk = sealing.desk_of(site_uid)
    for column, text in (("reason", reason), ("outside_name", outside)):
        if text:
            sealed = vaults.seal_text(desk, text, _place(column, referral))
            setattr(referral, column, sealed)
    db.session.add(referral)
    db.session.flush()
    _record("referral-proposed", referral)
    return referral


def agree(viewer: Viewer, referral: Referral, *, on: date) -> None:
    """The person agrees to be referred to this very receiver."""
    consent = Consent(
        person_uid=referral.person_uid,
        purpose="referral",
        receiver_uid=rules.receiver_of(referral),
        given_on=on,
        recorded_by=viewer.uid,
    )
    db.session.add(consent)
    db.session.flush()
    rules.agree(referral, consent)
    _record("referral-agreed", referral)


def redirect(referral: Referral, receiver: User | None, outside: str) -> None:
    """Choose to whom; what was agreed for somebody else no longer counts."""
    rules.redirect(referral, receiver_uid=receiver.uid if receiver else None)
    if outside:
        desk = sealing.desk_of(referral.site_uid)
        referral.outside_name = vaults.seal_text(desk, outside, _place("outside_name", referral))
        referral.consent_uid = None
    elif receiver:
        referral.outside_name = None
    _record("referral-changed", referral)


def send(
    viewer: Viewer, referral: Referral, person: OpenPerson, receiver: User | None, *, at: datetime
) -> None:
    """Hand the person over: a case vault for the receiver, with the person's key and the reason.

    The sender keeps no grant. Nothing is shared with a service outside.
    """
    contact.refuse_stopped(person.card, person.uid)
    rules.send(referral, people.consent(referral.consent_uid), at=at)
    if receiver is not None:
        assigning.begin("case", referral.uid, receiver, "counsellor", at=at)
        vault = vaults.make("case", referral.uid, [receiver]).uid
        vaults.share(vault, person.uid, person.key, None)
        if reason := sealing.at_desk(viewer, referral, "reason"):
            place = _place("reason_for_receiver", referral)
            referral.reason_for_receiver = vaults.seal_text(vault, reason, place)
    elif not referral.is_outside:
        raise RuleBroken(_("Choose to whom first."))
    _record("referral-sent", referral)


def accept(referral: Referral, *, at: datetime) -> None:
    """The receiver says yes: the request is answered. For a receiver outside it is only noted."""
    rules.accept(referral, at=at)
    _record("referral-accepted", referral)
    request = _request(referral)
    if request is not None and request.ended_at is None:
        requesting.end(request, PLACED, "", at=at)


def decline(referral: Referral, reason: str, *, at: datetime) -> None:
    """The receiver says no: their access ends, and the desk reads why."""
    rules.decline(referral, at=at)
    if reason:
        desk = sealing.desk_of(referral.site_uid)
        place = _place("decline_reason", referral)
        referral.decline_reason = vaults.seal_text(desk, reason, place)
    _close_vault(referral, at=at)
    _record("referral-declined", referral)


def take_back(referral: Referral, *, at: datetime) -> None:
    """Revoke a referral that nobody accepted yet; what may hold a file is revoked by `cases`."""
    if referral.accepted_at is not None:
        raise RuntimeError("It may hold a file with notes.")
    rules.revoke(referral, holds_notes=False, at=at)
    end(referral, at=at)


def end(referral: Referral, *, at: datetime) -> None:
    """What a revoked referral gave ends with it. The request it answered is open again."""
    _close_vault(referral, at=at)
    request = _request(referral)
    if request is not None and rules.placed_by(referral, request):
        requesting.reopen(request, at=at)
    _record("referral-revoked", referral)


def hand_on(referral: Referral, *, at: datetime) -> None:
    """The receiver left: the same is proposed anew, to nobody yet, so that the desk finds somebody else."""
    anew = Referral(
        site_uid=referral.site_uid,
        person_uid=referral.person_uid,
        request_uid=referral.request_uid,
        service=referral.service,
        proposed_by=referral.receiver_uid,
        proposed_at=at,
    )
    db.session.add(anew)
    db.session.flush()
    _record("referral-proposed", anew)


def finish(referral: Referral, *, at: datetime) -> None:
    """The first appointment was held, or the service outside says so."""
    rules.finish(referral, at=at)
    _record("referral-done", referral)


def unfinish(referral: Referral) -> None:
    """No appointment was held after all: the referral can be revoked again."""
    rules.unfinish(referral)
    _record("referral-changed", referral)


def _request(referral: Referral) -> Request | None:
    """The request a referral answers, locked."""
    if referral.request_uid is None:
        return None
    return db.session.get(Request, referral.request_uid, with_for_update={"of": Request})


def _close_vault(referral: Referral, *, at: datetime) -> None:
    assigning.end_all(referral.uid, "counsellor", "supervisor", at=at)
    vault = vaults.find("case", referral.uid)
    referral.reason_for_receiver = None
    if vault:
        vaults.destroy(vault)


def _place(column: str, referral: Referral) -> bytes:
    return place("referrals", column, referral.uid)


def _record(action: str, referral: Referral) -> None:
    trail.record(action, "referral", referral.uid, person_uid=referral.person_uid)
