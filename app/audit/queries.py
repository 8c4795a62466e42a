"""Reading the trail: acts, one person's openings, one vault's rows, one's own."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import bindparam, or_, select

from app.audit.models import AuditRow
from app.web.paging import Page, by_fifty

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
ACTS = by_fifty(NEWEST_FIRST.where(AuditRow.action.not_in((*OPENINGS, *TAPS))))
OF_PERSON = by_fifty(NEWEST_FIRST.where(AuditRow.person_uid == bindparam("person_uid")))
OF_SUBJECTS = by_fifty(
    NEWEST_FIRST.where(
        or_(
            AuditRow.subject_uid.in_(bindparam("uids", expanding=True)),
            AuditRow.vault_uid.in_(bindparam("vault_uids", expanding=True)),
        )
    )
)
OF_ACTOR = by_fifty(NEWEST_FIRST.where(AuditRow.actor_uid == bindparam("actor_uid")))


def acts() -> Page[AuditRow]:
    """Acts and refusals, without mere views."""
    return Page.found(ACTS)


def of_person(person_uid: str) -> Page[AuditRow]:
    """Everything that was done to or seen of one person."""
    return Page.found(OF_PERSON, {"person_uid": person_uid})


def of_subjects(uids: Iterable[str], vault_uids: Iterable[str]) -> Page[AuditRow]:
    """Everything about these records or these vaults."""
    return Page.found(OF_SUBJECTS, {"uids": list(uids), "vault_uids": list(vault_uids)})


def of_actor(user_uid: str) -> Page[AuditRow]:
    """What one member of staff did and saw."""
    return Page.found(OF_ACTOR, {"actor_uid": user_uid})
