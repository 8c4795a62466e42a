"""Where a referral and its file meet: accepted, it opens one; revoked, or its consent withdrawn, the file stops."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select

from app.audit import trail
from app.cases import files, queries, rules
from app.cases.models import WITHDRAWN, Case
from app.extensions import db, new_uid
from app.notes import queries as notes
from app.people.models import Consent
from app.requests import referring
from app.requests import rules as referral_rules
from app.requests.models import REVOKED, Referral


def accept(referral: Referral, *, at: datetime) -> Case:
    """The counsellor says yes: a file opens on the referral's vault."""
    referring.accept(referral, at=at)
    case = Case(
        uid=new_uid(),
        referral_uid=referral.uid,
        site_uid=referral.site_uid,
        person_uid=referral.person_uid,
        service=referral.service,
        opened_at=at,
    )
    db.session.add(case)
    db.session.flush()
    return case


def revoke(referral: Referral, *, at: datetime) -> None:
    """Take a referral back before the first appointment: the receiver's access ends at once.

    The request it answered is open again.
    """
    case = queries.file_of_referral(referral.uid, lock=True)
    referral_rules.revoke(referral, holds_notes=notes.holds_notes(referral.uid), at=at)
    if case is not None and case.closed_at is None:
        files.stop(case, REVOKED, at=at)
    referring.end(referral, at=at)


def withdraw(consent: Consent, *, on: date, at: datetime) -> None:
    """A person takes a consent back: every referral and every file that rests on it stops at once."""
    if consent.withdrawn_on is not None:
        return
    consent.withdrawn_on = on
    trail.record("consent-withdrawn", "person", consent.person_uid, person_uid=consent.person_uid)
    if consent.purpose != "referral":
        return
    for referral in db.session.scalars(
        select(Referral).where(Referral.consent_uid == consent.uid).with_for_update(of=Referral)
    ).all():
        case = queries.file_of_referral(referral.uid, lock=True)
        holds_notes = notes.holds_notes(referral.uid)
        stops = rules.stops_with_consent(referral, holds_notes=holds_notes)
        if stops == REVOKED:
            revoke(referral, at=at)
        elif stops == WITHDRAWN and case is not None and case.closed_at is None:
            files.stop(case, WITHDRAWN, at=at)
