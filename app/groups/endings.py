"""What ends with a part in a group."""

from __future__ import annotations

from datetime import datetime

from app.assignments.endings import Ending, rows_of
from app.assignments.models import Assignment
from app.extensions import db
from app.groups import roster
from app.groups.models import Group


def of_part(assignment: Assignment, at: datetime) -> None:
    """Nothing more opens; without a supervisor nothing is reviewed any more."""
    roster.unassign(db.session.get_one(Group, assignment.of_uid), assignment, at=at)


PART = Ending("group", of_part, (rows_of(Group, Group.uid),))
