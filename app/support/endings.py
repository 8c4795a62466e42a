"""What ends with a part in a file, and where somebody asks not to be contacted any more."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from app.assignments.endings import Ending, rows_of
from app.assignments.models import Assignment
from app.extensions import db
from app.support import case_queries, files, queries, referring, requesting, stopping
from app.support.models import CLOSED, LEFT, Case, Referral, Request


def of_part(assignment: Assignment, at: datetime) -> None:
    """Who is no counsellor or supervisor any more opens no file.

    A counsellor's open file is closed; it, or what awaited their answer, is proposed to the desk anew.
    """
    referral = queries.referral_locked(assignment.of_uid)
    case = case_queries.file_of_referral(referral.uid, lock=True)
    if case is None:
        referring.revoke(referral, at=at)
        referring.hand_on(referral, at=at)
    elif assignment.part == "supervisor":
        files.end_supervision(case, at=at)
    else:
        stopping.stop(case, LEFT, at=at)
        referring.hand_on(referral, at=at)


def of_contact(person_uid: str, at: datetime) -> None:
    """Every open request of theirs is closed."""
    for request in db.session.scalars(
        select(Request).where(Request.person_uid == person_uid, Request.ended_at.is_(None))
    ).all():
        requesting.end(request, CLOSED, "", at=at)


PART = Ending("case", of_part, (rows_of(Referral, Referral.uid), rows_of(Case, Case.referral_uid)))
