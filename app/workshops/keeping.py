"""What is kept of who signed up: in the end how many came, and how many did not."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from flask_babel import lazy_gettext as _
from sqlalchemy import and_, bindparam, delete, exists, func, or_, select

from app.extensions import db
from app.people import keeping as people
from app.people.models import Person, Total
from app.web.keeping import DAYS, AboutPeople, Kept, any_of, asked, counted
from app.workshops import duplicates, queries, signing_up
from app.workshops.models import SignUp, Workshop

IS_DUE = Workshop.starts_at <= bindparam("before")
SIGNED_UP = SignUp.workshop_uid == Workshop.uid
SIGN_UPS = select(func.count()).select_from(SignUp).join(Workshop, SIGNED_UP).where(IS_DUE)
WITH_SIGN_UPS = (
    select(Workshop)
    .where(IS_DUE, exists().where(SIGNED_UP))
    .order_by(Workshop.uid)
    .limit(1)
    .with_for_update(of=Workshop)
)
FORGET = (
    delete(SignUp)
    .where(SignUp.workshop_uid == bindparam("workshop_uid"))
    .execution_options(synchronize_session="fetch")
)
OF_PERSON = select(SignUp).where(SignUp.person_uid == bindparam("person_uid"))
WORKSHOPS_OF_PERSON = (
    select(Workshop)
    .where(Workshop.uid.in_(OF_PERSON.with_only_columns(SignUp.workshop_uid)))
    .order_by(Workshop.uid)
    .with_for_update(of=Workshop)
)
THEIRS = SignUp.person_uid == Person.uid
OF_THEIRS = and_(THEIRS, Workshop.uid == SignUp.workshop_uid)


def let_go(before: datetime, at: datetime) -> int:
    """The list of a workshop that was goes; how many there were of each state remains."""
    workshop = db.session.scalar(WITH_SIGN_UPS, asked(before))
    if workshop is None:
        return 0
    sign_ups = queries.to_change(workshop.uid)
    for what, number in Counter(sign_up.state(at) for sign_up in sign_ups).items():
        before_now = db.session.get(Total, (workshop.uid, what))
        if before_now is None:
            db.session.add(Total(of_uid=workshop.uid, what=what, number=number))
        else:  # somebody was added to the list later
            before_now.number += number
    db.session.execute(FORGET, {"workshop_uid": workshop.uid})
    people.forget_shares(queries.roster_of(workshop))
    return len(sign_ups)


def erase(person_uid: str, nobody_uid: str, at: datetime) -> None:
    """Off every list, and a freed seat goes on; where it was written down whether they came, nobody came."""
    theirs = db.session.scalars(OF_PERSON, {"person_uid": person_uid}).all()
    freed = set()
    for sign_up in theirs:
        if sign_up.came_as:
            sign_up.person_uid, sign_up.code_digest = nobody_uid, None
        else:
            freed.add(sign_up.workshop_uid)
            db.session.delete(sign_up)
    duplicates.forget(person_uid)
    db.session.flush()
    for workshop in queries.locked(sorted(freed)):
        signing_up.begun(workshop, at=at)


SIGN_UPS_OF_WORKSHOP = Kept(
    "sign-ups",
    *(30, DAYS, 1, 180),
    called=_("Sign-ups for a workshop"),
    since=_("the day of the workshop"),
    goes=_("The list; with their last sign-up also whoever is known by sign-ups alone."),
    remains=_("How many came, and how many did not."),
    count=lambda before: counted(SIGN_UPS, before),
    let_go=let_go,
    tables=("sign_ups", "shares"),
)
ABOUT = AboutPeople(
    holds=any_of(SignUp, THEIRS),
    is_open=any_of(
        (SignUp, Workshop),
        OF_THEIRS,
        SignUp.ended_as.is_(None),
        Workshop.held_at.is_(None),
        Workshop.cancelled_at.is_(None),
    ),
    lately=any_of(
        (SignUp, Workshop),
        OF_THEIRS,
        or_(
            SignUp.signed_up_at >= bindparam("before"),
            Workshop.starts_at >= bindparam("before"),
        ),
    ),
    erase=erase,
    tables=("sign_ups", "different_people"),
)
