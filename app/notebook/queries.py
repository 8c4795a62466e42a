"""Reads that join several features for one page."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import and_, bindparam, or_, select

from app.accounts.viewer import Viewer
from app.assignments.queries import COORDINATED, FACILITATED, scope
from app.extensions import read
from app.groups.models import Membership
from app.notes.models import NOTE, Note
from app.people.models import Person
from app.people.queries import CARD, SHARE_COLUMNS, WITHDREW, opened_card
from app.people.rules import Card
from app.requests.models import Referral
from app.sessions.models import GroupSession
from app.vault.models import Share, Vault
from app.workshops.models import SignUp

# The groups and workshops that the viewer facilitates, and a person stayed in or signed up for.
SHARED_WITH = (
    select(Membership.group_uid)
    .where(
        Membership.person_uid == bindparam("uid"),
        Membership.joined_on.is_not(None),
        Membership.group_uid.in_(FACILITATED),
    )
    .union_all(
        select(SignUp.workshop_uid).where(
            SignUp.person_uid == bindparam("uid"), SignUp.workshop_uid.in_(FACILITATED)
        )
    )
)
REFERRED_BY = select(Referral.uid).where(Referral.person_uid == bindparam("uid"))
# What may open a person to a viewer: the desk of a place of theirs, what they lead, a file.
SEEN = (
    select(Vault.kind, *CARD, WITHDREW, Share.ended_at, *SHARE_COLUMNS)
    .join(Share, Share.person_uid == Person.uid)
    .join(Vault, Vault.uid == Share.vault_uid)
    .where(
        Person.uid == bindparam("uid"),
        or_(
            and_(Vault.kind == "desk", Vault.of_uid.in_(COORDINATED)),
            and_(Vault.kind == "roster", Vault.of_uid.in_(SHARED_WITH)),
            and_(Vault.kind == "case", Vault.of_uid.in_(REFERRED_BY), bindparam("reads_files")),
        ),
    )
)
MEETINGS_OF = select(GroupSession.uid).where(GroupSession.group_uid == bindparam("group_uid"))
NOTES_IN = select(Note.uid).where(Note.in_uid == bindparam("group_uid"), Note.kind == NOTE)


@dataclass(frozen=True)
class SeenPerson:
    """A person as this viewer may see them."""

    card: Card
    withdrew: bool
    """Whether they took back that they may be contacted, and did not agree again since."""
    contact_shown: bool
    may_edit: bool


def person(viewer: Viewer, uid: str) -> SeenPerson | None:
    """A person of the viewer's places, of what they facilitate, or of their files; None otherwise.

    Once someone has left a group or a list, its facilitators see the name and no contact.
    """
    reads_files = bool(viewer.roles & {"counsellor", "supervisor"})
    rows = read(SEEN, {"uid": uid, "reads_files": reads_files, **scope(viewer)})
    held = [row for row in rows if viewer.keys.holds(row.vault_uid)]
    if not held:
        return None
    best = min(held, key=lambda row: (row.kind != "desk", row.ended_at is not None))
    by_desk = best.kind == "desk"
    shown = by_desk or best.ended_at is None
    return SeenPerson(opened_card(viewer, best), bool(best.withdrew), shown, by_desk)


def records_of_group(group_uid: str) -> list[str]:
    """The opaque ids of a group, its meetings and its notes."""
    found = (read(statement, {"group_uid": group_uid}) for statement in (MEETINGS_OF, NOTES_IN))
    return [group_uid, *(uid for rows in found for (uid,) in rows)]
