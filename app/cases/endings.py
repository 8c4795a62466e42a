"""What ends with a part in a file."""

from __future__ import annotations

from datetime import datetime

from app.assignments.endings import Ending, rows_of
from app.assignments.models import Assignment
from app.cases import files, queries
from app.cases.models import LEFT, Case
from app.requests import referral_queries, referring
from app.requests.models import Referral


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


PART = Ending("case", of_part, (rows_of(Referral, Referral.uid), rows_of(Case, Case.referral_uid)))
