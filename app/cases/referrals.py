"""Where a referral and its file meet: accepted, it opens one; revoked, or its consent withdrawn, the file stops."""

from __future__ import annotations

from datetime import datetime

from app.cases import files, queries
from app.cases.models import Case
from app.extensions import db
from app.notes import queries as notes
from app.requests import referring
from app.requests import rules as referral_rules
from app.requests.models import REVOKED, Referral


def accept(referral: Referral, *, at: datetime) -> Case:
    """The counsellor says yes: a file opens on the referral's vault."""
    referring.accept(referral, at=at)
    case = Case(
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
