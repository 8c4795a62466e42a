"""What ends with a part in a workshop."""

from __future__ import annotations

from datetime import datetime

from app.assignments.endings import Ending, rows_of
from app.assignments.models import Assignment
from app.extensions import db
from app.workshops import planning
from app.workshops.models import Workshop


def of_part(assignment: Assignment, at: datetime) -> None:
    """Its list closes for them."""
    planning.unassign(db.session.get_one(Workshop, assignment.of_uid), assignment, at=at)


PART = Ending("workshop", of_part, (rows_of(Workshop, Workshop.uid),))
