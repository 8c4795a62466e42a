"""Reading the trail: acts, one person's openings, one vault's rows, one's own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import or_, select

from app.audit.models import AuditRow
from app.extensions import db

MOST = 500
# What is a view of something rather than an act.
OPENINGS = (
    "person-opened",
    "roster-opened",
    "group-opened",
    "session-opened",
    "note-opened",
    "note-read",
    "people-searched",
    "today-opened",
    "follow-up-opened",
    "attendance-opened",
    "list-opened",
    "requests-opened",
    "request-read",
    "referrals-opened",
    "referral-opened",
    "files-opened",
    "file-opened",
    "appointment-opened",
    "case-note-opened",
    "case-note-read",
)
TAPS = ("attendance-marked", "sign-up-marked")


def acts() -> Sequence[AuditRow]:
    """The latest acts and refusals, without mere views."""
    return db.session.scalars(
        select(AuditRow)
        .where(AuditRow.action.not_in(OPENINGS), AuditRow.action.not_in(TAPS))
        .order_by(AuditRow.seq.desc())
        .limit(MOST)
    ).all()


def of_person(person_uid: str) -> Sequence[AuditRow]:
    """Everything that was done to or seen of one person."""
    return db.session.scalars(
        select(AuditRow)
        .where(AuditRow.person_uid == person_uid)
        .order_by(AuditRow.seq.desc())
        .limit(MOST)
    ).all()


def of_subjects(uids: Iterable[str], vault_uids: Iterable[str]) -> Sequence[AuditRow]:
    """Everything about these records or these vaults."""
    return db.session.scalars(
        select(AuditRow)
        .where(or_(AuditRow.subject_uid.in_(list(uids)), AuditRow.vault_uid.in_(list(vault_uids))))
        .order_by(AuditRow.seq.desc())
        .limit(MOST)
    ).all()


def of_actor(user_uid: str) -> Sequence[AuditRow]:
    """What one member of staff did and saw."""
    return db.session.scalars(
        select(AuditRow)
        .where(AuditRow.actor_uid == user_uid)
        .order_by(AuditRow.seq.desc())
        .limit(MOST)
    ).all()
