"""What is kept of requests and referrals."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask_babel import lazy_gettext as _
from sqlalchemy import BindParameter, bindparam, delete, func, or_, select, update

from app.assignments.models import Assignment
from app.extensions import db
from app.people import keeping as people
from app.people.keeping import IS_SOMEBODY
from app.people.models import Person
from app.requests.models import DECLINED, ContactAttempt, Referral, Request
from app.vault import vaults
from app.web.keeping import DAYS, AboutPeople, Kept, any_of, asked, counted

A_PIECE = 50
IS_DUE = (
    Request.ended_as == DECLINED,
    Request.ended_at <= bindparam("before"),
    Person.uid == Request.person_uid,
    IS_SOMEBODY,
)
DECLINED_ONES = select(func.count()).select_from(Request).where(*IS_DUE)
DUE = (
    select(Request).where(*IS_DUE).order_by(Request.uid).limit(A_PIECE).with_for_update(of=Request)
)
OF_PERSON = select(Request.uid).where(Request.person_uid == bindparam("person_uid"))
REFERRALS_OF_PERSON = (
    select(Referral)
    .where(Referral.person_uid == bindparam("person_uid"))
    .order_by(Referral.uid)
    .with_for_update(of=Referral)
)
# Fetched, so that the session lets go of them: it cannot compare them with a parameter by itself.
FORGET_ATTEMPTS = (
    delete(ContactAttempt)
    .where(ContactAttempt.request_uid == bindparam("of_request"))
    .execution_options(synchronize_session="fetch")
)
FORGET_ATTEMPTS_OF_PERSON = (
    delete(ContactAttempt)
    .where(ContactAttempt.request_uid.in_(OF_PERSON))
    .execution_options(synchronize_session="fetch")
)
FORGET_REQUESTS = (
    delete(Request)
    .where(Request.person_uid == bindparam("person_uid"))
    .execution_options(synchronize_session="fetch")
)
FORGET_PARTS = (
    delete(Assignment)
    .where(Assignment.of_kind == "case", Assignment.of_uid == bindparam("referral_uid"))
    .execution_options(synchronize_session="fetch")
)
UNLINK = (
    update(Referral)
    .where(Referral.request_uid == bindparam("of_request"))
    .values(request_uid=None)
    .execution_options(synchronize_session="fetch")
)
THEIRS, REFERRED = Request.person_uid == Person.uid, Referral.person_uid == Person.uid
SINCE: BindParameter[datetime] = bindparam("before")


def let_go(before: datetime, at: datetime) -> int:
    """Requests that were declined lose their text and whom they are of."""
    due = db.session.scalars(DUE, asked(before)).all()
    for request in due:
        for statement in (FORGET_ATTEMPTS, UNLINK):
            db.session.execute(statement, {"of_request": request.uid})
        request.remark = request.end_reason = request.stay_uid = None
        request.person_uid = people.nobody(request.site_uid, at=at)
    db.session.flush()
    return len(due)


def forget(referral: Referral) -> None:
    """A referral goes with its vault, whoever opened that: nothing sealed to it opens for anybody any more."""
    vault = vaults.find("case", referral.uid)
    if vault:
        vaults.destroy(vault)
    db.session.execute(FORGET_PARTS, {"referral_uid": referral.uid})
    db.session.delete(referral)
    db.session.flush()


def erase(person_uid: str, _nobody: str, _at: datetime) -> None:
    """Requests and referrals go, with every text and every key; what they opened went before."""
    for referral in db.session.scalars(REFERRALS_OF_PERSON, {"person_uid": person_uid}).all():
        forget(referral)
    for statement in (FORGET_ATTEMPTS_OF_PERSON, FORGET_REQUESTS):
        db.session.execute(statement, {"person_uid": person_uid})


ABOUT = AboutPeople(
    holds=or_(any_of(Request, THEIRS), any_of(Referral, REFERRED)),
    is_open=or_(
        any_of(Request, THEIRS, Request.ended_at.is_(None)),
        any_of(
            Referral,
            REFERRED,
            Referral.declined_at.is_(None),
            Referral.revoked_at.is_(None),
            Referral.accepted_at.is_(None),
        ),
    ),
    lately=or_(
        any_of(Request, THEIRS, or_(Request.opened_at >= SINCE, Request.ended_at >= SINCE)),
        any_of(
            (ContactAttempt, Request),
            THEIRS,
            ContactAttempt.request_uid == Request.uid,
            ContactAttempt.made_at >= SINCE,
        ),
        any_of(
            Referral,
            REFERRED,
            or_(
                *(
                    moment >= SINCE
                    for moment in (
                        Referral.proposed_at,
                        Referral.sent_at,
                        Referral.accepted_at,
                        Referral.declined_at,
                        Referral.done_at,
                        Referral.revoked_at,
                    )
                )
            ),
        ),
    ),
    erase=erase,
    tables=("requests", "contact_attempts", "referrals", "assignments", "vaults"),
)


def declined_requests(let_go: Callable[[datetime, datetime], int], *tables: str) -> Kept:
    """The class of requests that were declined; what leads to one lies above us, and is let go of with it."""
    return Kept(
        "requests",
        *(7, DAYS, 1, 90),
        called=_("Declined requests"),
        since=_("the day it was declined"),
        goes=_("What was said, who asked, and whoever is known by that request alone."),
        remains=_("What was wanted, how urgent it was, and the dates."),
        count=lambda before: counted(DECLINED_ONES, before),
        let_go=let_go,
        tables=("requests", "contact_attempts", *tables),
    )
