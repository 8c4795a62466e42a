"""Follow-ups go with whom they are about."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, delete, or_

from app.extensions import db
from app.follow_ups.models import FollowUp
from app.people.models import Person
from app.web.keeping import AboutPeople, any_of

FORGET = (
    delete(FollowUp)
    .where(FollowUp.person_uid == bindparam("person_uid"))
    .execution_options(synchronize_session="fetch")
)
THEIRS = FollowUp.person_uid == Person.uid


def erase(person_uid: str, _nobody: str, _at: datetime) -> None:
    """Done or not, they go."""
    db.session.execute(FORGET, {"person_uid": person_uid})


ABOUT = AboutPeople(
    holds=any_of(FollowUp, THEIRS),
    is_open=any_of(FollowUp, THEIRS, FollowUp.ended_at.is_(None)),
    lately=any_of(
        FollowUp,
        THEIRS,
        or_(
            FollowUp.opened_at >= bindparam("before"),
            FollowUp.ended_at >= bindparam("before"),
        ),
    ),
    erase=erase,
    tables=("follow_ups",),
)
