"""Follow-ups that ended are let go of; the others go with whom they are about."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _
from sqlalchemy import bindparam, delete, func, or_, select

from app.extensions import db
from app.follow_ups.models import FollowUp
from app.people.models import Person
from app.web.keeping import MONTHS, AboutPeople, Kept, any_of, asked, counted

A_PIECE = 50
IS_DUE = FollowUp.ended_at <= bindparam("before")
ENDED = select(func.count()).select_from(FollowUp).where(IS_DUE)
DUE = (
    select(FollowUp)
    .where(IS_DUE)
    .order_by(FollowUp.uid)
    .limit(A_PIECE)
    .with_for_update(of=FollowUp)
)
FORGET = (
    delete(FollowUp)
    .where(FollowUp.person_uid == bindparam("person_uid"))
    .execution_options(synchronize_session="fetch")
)
THEIRS = FollowUp.person_uid == Person.uid


def let_go(before: datetime, _at: datetime) -> int:
    """Follow-ups that were done or dropped go, with what was to be done."""
    due = db.session.scalars(DUE, asked(before)).all()
    for follow_up in due:
        db.session.delete(follow_up)
    db.session.flush()
    return len(due)


def erase(person_uid: str, _nobody: str, _at: datetime) -> None:
    """Done or not, they go."""
    db.session.execute(FORGET, {"person_uid": person_uid})


ENDED_FOLLOW_UPS = Kept(
    "follow-ups",
    *(12, MONTHS, 1, 36),
    called=_("Follow-ups that ended"),
    since=_("the day it was done or dropped"),
    goes=_("What was to be done, by whom and until when."),
    remains=_("Nothing."),
    count=lambda before: counted(ENDED, before),
    let_go=let_go,
    tables=("follow_ups",),
)
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
