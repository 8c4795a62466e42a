"""What is kept of a file that was closed, and of a referral that opened none."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _
from sqlalchemy import and_, bindparam, delete, exists, func, or_, select

from app.cases.models import Appointment, Case
from app.continuation import keeping as continuation
from app.extensions import db
from app.notes import keeping as notes
from app.people.models import Consent, Person
from app.requests import keeping as requests
from app.requests.models import Referral
from app.web.keeping import MONTHS, AboutPeople, Kept, any_of, asked, counted

IS_DUE = Case.closed_at <= bindparam("before")
FILES = select(func.count()).select_from(Case).where(IS_DUE)
# A file is locked by its referral first, as everywhere.
DUE = (
    select(Referral)
    .join(Case, Case.referral_uid == Referral.uid)
    .where(IS_DUE)
    .order_by(Referral.uid)
    .limit(1)
    .with_for_update(of=Referral)
)
# The last thing that became of it: also one that was never answered is over some time.
LAST = func.coalesce(
    Referral.revoked_at,
    Referral.declined_at,
    Referral.done_at,
    Referral.accepted_at,
    Referral.sent_at,
    Referral.proposed_at,
)
WITHOUT_FILE = and_(
    LAST.op("<=", is_comparison=True)(bindparam("before", type_=Referral.proposed_at.type)),
    ~exists().where(Case.referral_uid == Referral.uid).correlate(Referral),
)
REFERRALS = select(func.count()).select_from(Referral).where(WITHOUT_FILE)
DUE_WITHOUT_FILE = (
    select(Referral)
    .where(WITHOUT_FILE)
    .order_by(Referral.uid)
    .limit(1)
    .with_for_update(of=Referral)
)
OF_REFERRAL = (
    select(Case).where(Case.referral_uid == bindparam("referral_uid")).with_for_update(of=Case)
)
OF_PERSON = (
    select(Case)
    .where(Case.person_uid == bindparam("person_uid"))
    .order_by(Case.uid)
    .with_for_update(of=Case)
)
FORGET_APPOINTMENTS = (
    delete(Appointment)
    .where(Appointment.case_uid == bindparam("case_uid"))
    .execution_options(synchronize_session="fetch")
)
FORGET_CONSENT = (
    delete(Consent)
    .where(Consent.uid == bindparam("uid"))
    .execution_options(synchronize_session="fetch")
)
THEIRS = Case.person_uid == Person.uid


def let_go(before: datetime, _at: datetime) -> int:
    """A file goes whole: notes, appointments, the referral that opened it, and its key."""
    referral = db.session.scalar(DUE, asked(before))
    if referral is None:
        return 0
    case = db.session.scalar(OF_REFERRAL, {"referral_uid": referral.uid})
    if case is None or case.closed_at is None or case.closed_at > before:
        return 0  # it was reopened while this waited
    _forget(case)
    _forget_referral(referral)
    return 1


def let_go_referrals(before: datetime, _at: datetime) -> int:
    """A referral that opened no file goes whole: why, to whom, what was answered, what was agreed to for it."""
    referral = db.session.scalar(DUE_WITHOUT_FILE, asked(before))
    if referral is None:
        return 0
    _forget_referral(referral)
    return 1


def _forget_referral(referral: Referral) -> None:
    consent_uid = referral.consent_uid
    continuation.unlink(referral.uid)
    requests.forget(referral)
    db.session.execute(FORGET_CONSENT, {"uid": consent_uid or ""})


def erase(person_uid: str, _nobody: str, _at: datetime) -> None:
    """Every file of theirs goes, open or closed; its key goes with the referral."""
    for case in db.session.scalars(OF_PERSON, {"person_uid": person_uid}).all():
        _forget(case)


def _forget(case: Case) -> None:
    notes.forget_within(case.referral_uid)
    db.session.execute(FORGET_APPOINTMENTS, {"case_uid": case.uid})
    db.session.delete(case)
    db.session.flush()


CLOSED_FILES = Kept(
    "files",
    *(24, MONTHS, 6, 120),
    called=_("Closed files"),
    since=_("the closing of the file"),
    goes=_("The file with its notes, appointments and fees, and the referral that opened it."),
    remains=_("Nothing."),
    count=lambda before: counted(FILES, before),
    let_go=let_go,
    tables=("cases", "appointments", "referrals", *notes.TABLES),
)
ENDED_REFERRALS = Kept(
    "letters",
    *(12, MONTHS, 1, 36),
    called=_("Referrals that opened no file"),
    since=_("the last thing that became of it"),
    goes=_("Why, to whom and what was answered, with the agreement to it."),
    remains=_("Nothing."),
    count=lambda before: counted(REFERRALS, before),
    let_go=let_go_referrals,
    tables=("referrals", "consents", "next_steps"),
)
ABOUT = AboutPeople(
    holds=any_of(Case, THEIRS),
    is_open=any_of(Case, THEIRS, Case.closed_at.is_(None)),
    lately=any_of(
        Case,
        THEIRS,
        or_(Case.opened_at >= bindparam("before"), Case.closed_at >= bindparam("before")),
    ),
    erase=erase,
    tables=("cases", "appointments", *notes.TABLES),
)
