"""Reading the trail: acts, one person's openings, one vault's rows, one's own."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import or_, select

from app.audit.models import AuditRow
from app.web.paging import Page

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


NEWEST_FIRST = select(AuditRow).order_by(AuditRow.seq.desc())


def acts() -> Page[AuditRow]:
    """Acts and refusals, without mere views."""
    return Page.found(NEWEST_FIRST.where(AuditRow.action.not_in((*OPENINGS, *TAPS))))


def of_person(person_uid: str) -> Page[AuditRow]:
    """Everything that was done to or seen of one person."""
    return Page.found(NEWEST_FIRST.where(AuditRow.person_uid == person_uid))


def of_subjects(uids: Iterable[str], vault_uids: Iterable[str]) -> Page[AuditRow]:
    """Everything about these records or these vaults."""
    about = or_(AuditRow.subject_uid.in_(list(uids)), AuditRow.vault_uid.in_(list(vault_uids)))
    return Page.found(NEWEST_FIRST.where(about))


def of_actor(user_uid: str) -> Page[AuditRow]:
    """What one member of staff did and saw."""
    return Page.found(NEWEST_FIRST.where(AuditRow.actor_uid == user_uid))
