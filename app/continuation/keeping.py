"""What comes next is kept with the stay; of whom it was goes with them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, or_, select, update

from app.continuation.models import NextStep
from app.extensions import db
from app.people import keeping as people
from app.people.models import Person
from app.requests import keeping as requests
from app.requests.models import Request
from app.web.keeping import AboutPeople, any_of

OF_PERSON = select(NextStep).where(NextStep.person_uid == bindparam("person_uid"))
UNLINK = (
    update(NextStep)
    .where(NextStep.referral_uid == bindparam("of_referral"))
    .values(referral_uid=None)
    .execution_options(synchronize_session="fetch")
)
UNLINK_NOBODYS = (
    update(NextStep)
    .where(
        NextStep.request_uid.in_(
            select(Request.uid)
            .join(Person, Person.uid == Request.person_uid)
            .where(~people.IS_SOMEBODY)
        )
    )
    .values(request_uid=None)
    .execution_options(synchronize_session="fetch")
)
THEIRS = NextStep.person_uid == Person.uid


def unlink(referral_uid: str) -> None:
    """A referral goes: what led to it stays."""
    db.session.execute(UNLINK, {"of_referral": referral_uid})


def let_go_declined(before: datetime, at: datetime) -> int:
    """Requests that were declined are nobody's, and no step that led to one says whose it was."""
    gone = requests.let_go(before, at)
    if gone:
        db.session.execute(UNLINK_NOBODYS)
    return gone


def erase(person_uid: str, nobody_uid: str, _at: datetime) -> None:
    """What was chosen is counted, and nobody's; what was said of it goes, and nobody is asked again."""
    for step in db.session.scalars(OF_PERSON, {"person_uid": person_uid}).all():
        step.person_uid, step.remark = nobody_uid, None
        step.agreed_on = step.ask_again_on = None
        step.referral_uid = step.stay_uid = step.request_uid = None
    db.session.flush()


DECLINED_REQUESTS = requests.declined_requests(let_go_declined, "next_steps")
ABOUT = AboutPeople(
    holds=any_of(NextStep, THEIRS),
    is_open=any_of(NextStep, THEIRS, NextStep.ask_again_on > bindparam("on")),
    lately=any_of(
        NextStep,
        THEIRS,
        or_(NextStep.recorded_at >= bindparam("before"), NextStep.agreed_on > bindparam("on")),
    ),
    erase=erase,
    tables=("next_steps",),
)
