"""Reads that join several features for one page."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, select

from app.accounts.viewer import Viewer
from app.assignments.queries import FACILITATED, scope
from app.extensions import db
from app.groups.models import Membership
from app.notes.models import NOTE, Note
from app.people.models import Person
from app.people.queries import BY_VAULTS, SHARE_COLUMNS, desks, opened_card
from app.people.rules import Card
from app.requests.models import Referral
from app.sessions.models import GroupSession
from app.vault.models import Share
from app.workshops.models import SignUp

# Everyone the viewer opens through one of these vaults, and whether their contact still shows.
SEEN = (
    select(Person.uid, Person.card, Share.ended_at, *SHARE_COLUMNS)
    .join(Share, BY_VAULTS)
    .where(Person.uid == bindparam("uid"))
)
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


@dataclass(frozen=True)
class SeenPerson:
    """A person as this viewer may see them."""

    card: Card
    contact_shown: bool
    may_edit: bool


def person(viewer: Viewer, uid: str) -> SeenPerson | None:
    """A person of the viewer's places, of what they facilitate, or of their files; None otherwise.

    Once someone has left a group or a list, its facilitators see the name and no contact.
    """
    at_desk = desks(viewer) if "coordinator" in viewer.roles else []
    vaults = list(at_desk)
    if "facilitator" in viewer.roles:
        rosters = viewer.keys.vaults("roster")
        shared = set(db.session.scalars(SHARED_WITH, {"uid": uid, **scope(viewer)}))
        vaults += [rosters[of] for of in shared if of in rosters]
    if viewer.roles & {"counsellor", "supervisor"}:
        files = viewer.keys.vaults("case")
        of_person = db.session.scalars(select(Referral.uid).where(Referral.person_uid == uid))
        vaults += [files[referral_uid] for referral_uid in of_person if referral_uid in files]
    rows = list(db.session.execute(SEEN, {"uid": uid, "vaults": vaults})) if vaults else []
    if not rows:
        return None
    rows.sort(key=lambda row: (row.vault_uid not in at_desk, row.ended_at is not None))
    best = rows[0]
    by_desk = best.vault_uid in at_desk
    return SeenPerson(opened_card(viewer, best), by_desk or best.ended_at is None, by_desk)


def records_of_group(group_uid: str) -> list[str]:
    """The opaque ids of a group, its meetings and its notes."""
    meetings = select(GroupSession.uid).where(GroupSession.group_uid == group_uid)
    notes = select(Note.uid).where(Note.in_uid == group_uid, Note.kind == NOTE)
    return [group_uid, *db.session.scalars(meetings), *db.session.scalars(notes)]
