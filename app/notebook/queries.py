"""Reads that join several features for one page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import and_, bindparam, select

from app.accounts.viewer import Viewer
from app.assignments.queries import FACILITATED, scope
from app.errors import Locked
from app.extensions import db
from app.groups.models import Group, Membership
from app.groups.queries import REACHABLE, scope_of_members
from app.notes.models import NOTE, Note
from app.people.models import Person
from app.people.queries import (
    SHARE_COLUMNS,
    WITHDREW,
    card_or_none,
    desks,
    is_stopped,
    opened_card,
)
from app.people.rules import Card
from app.sessions import sealing
from app.sessions.models import FollowUp, GroupSession
from app.support.models import Referral
from app.vault.models import Share
from app.workshops.models import SignUp

# Everyone the viewer opens through one of these vaults, and whether their contact still shows.
SEEN = (
    select(Person.uid, Person.card, Share.ended_at, *SHARE_COLUMNS)
    .join(Share, Share.person_uid == Person.uid)
    .where(Person.uid == bindparam("uid"), Share.vault_uid.in_(bindparam("vaults", expanding=True)))
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


@dataclass(frozen=True)
class DueFollowUp:
    """A follow-up of the viewer's own, with the name and what is to be done."""

    follow_up: FollowUp
    card: Card | None
    what: str
    stopped: bool
    """Whether they are not to be contacted."""


def follow_ups_with_people(viewer: Viewer, *, until: date) -> list[DueFollowUp]:
    """The viewer's own open follow-ups that are due until a day, with names, in two queries."""
    query = (
        select(FollowUp, Person.uid, Person.card, WITHDREW, *SHARE_COLUMNS)
        .join(Group, Group.uid == FollowUp.group_uid)
        .join(Person, Person.uid == FollowUp.person_uid)
        .outerjoin(
            Share,
            and_(
                Share.person_uid == Person.uid,
                Share.vault_uid.in_(bindparam("vaults", expanding=True)),
            ),
        )
        .where(
            FollowUp.ended_at.is_(None),
            FollowUp.owner_uid == viewer.uid,
            FollowUp.due_on <= until,
            REACHABLE,
        )
        .order_by(FollowUp.due_on, FollowUp.uid)
        .limit(50)
    )
    if not viewer.roles & {"coordinator", "facilitator"}:
        return []
    vaults = [*viewer.keys.vaults("roster").values()]
    found: dict[str, DueFollowUp] = {}
    for row in db.session.execute(query, {"vaults": vaults, **scope_of_members(viewer)}):
        follow_up: FollowUp = row[0]
        if follow_up.uid not in found:
            card = card_or_none(viewer, row)
            text = what(viewer, follow_up) or ""
            found[follow_up.uid] = DueFollowUp(follow_up, card, text, is_stopped(card, row))
    return list(found.values())


def what(viewer: Viewer, follow_up: FollowUp) -> str | None:
    """What is to be done, or None without the roster's key."""
    try:
        return sealing.what(viewer, follow_up)
    except Locked:
        return None


def offers_running_out(viewer: Viewer, *, at: datetime) -> list[tuple[Membership, Group]]:
    """Places that are held for someone and run out within two days, for coordinators."""
    if "coordinator" not in viewer.roles:
        return []
    rows = db.session.execute(
        select(Membership, Group)
        .join(Group, Group.uid == Membership.group_uid)
        .where(
            Membership.offered_until > at,
            Membership.offered_until <= at + timedelta(days=2),
            Membership.ended_as.is_(None),
            Membership.joined_on.is_(None),
            REACHABLE,
        )
        .order_by(Membership.offered_until),
        scope(viewer),
    )
    return [(row[0], row[1]) for row in rows]


def records_of_group(group_uid: str) -> list[str]:
    """The opaque ids of a group, its meetings and its notes."""
    meetings = select(GroupSession.uid).where(GroupSession.group_uid == group_uid)
    notes = select(Note.uid).where(Note.in_uid == group_uid, Note.kind == NOTE)
    return [group_uid, *db.session.scalars(meetings), *db.session.scalars(notes)]
