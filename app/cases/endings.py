"""What ends with a part in a file, and where a consent to be referred is taken back."""

from __future__ import annotations

from datetime import datetime

from app.assignments.endings import Ending, rows_of
from app.assignments.models import Assignment
from app.cases import files, queries, referrals, rules
from app.cases.models import LEFT, WITHDRAWN, Case
from app.notes import queries as notes
from app.people.models import Consent
from app.requests import referral_queries, referring
from app.requests.models import REVOKED, Referral


def of_part(assignment: Assignment, at: datetime) -> None:
    """Who is no counsellor or supervisor any more opens no file.

    A counsellor's open file is closed; it, or what awaited their answer, is proposed to the desk anew.
    """
    referral = referral_queries.referral_locked(assignment.of_uid)
    case = queries.file_of_referral(referral.uid, lock=True)
    if case is None:
        referring.take_back(referral, at=at)
        referring.hand_on(referral, at=at)
    elif assignment.part == "supervisor":
        files.end_supervision(case, at=at)
    else:
        files.stop(case, LEFT, at=at)
        referring.hand_on(referral, at=at)


def of_consent(consent: Consent, at: datetime) -> None:
    """Every referral and every file that rests on it stops at once."""
    for referral in referral_queries.resting_on(consent):
        case = queries.file_of_referral(referral.uid, lock=True)
        holds_notes = notes.holds_notes(referral.uid)
        stops = rules.stops_with_consent(referral, holds_notes=holds_notes)
        if stops == REVOKED:
            referrals.revoke(referral, at=at)
        elif stops == WITHDRAWN and case is not None and case.closed_at is None:
            files.stop(case, WITHDRAWN, at=at)


PART = Ending("case", of_part, (rows_of(Referral, Referral.uid), rows_of(Case, Case.referral_uid)))
