"""Reading follow-ups; every read starts from the viewer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import abort
from sqlalchemy import Row, bindparam, select

from app.accounts.models import User
from app.accounts.viewer import Viewer
from app.errors import Locked
from app.extensions import db
from app.follow_ups import sealing
from app.follow_ups.models import FollowUp
from app.groups.models import Group
from app.groups.queries import REACHABLE, scope_of_members
from app.people.models import Person
from app.people.queries import BY_VAULTS, SHARE_COLUMNS, WITHDREW, card_or_none, is_stopped
from app.people.rules import Card
from app.vault.models import Share

DUE = (
    select(FollowUp, Person.uid, Person.card, WITHDREW, *SHARE_COLUMNS)
    .join(Group, Group.uid == FollowUp.group_uid)
    .join(Person, Person.uid == FollowUp.person_uid)
    .outerjoin(Share, BY_VAULTS)
    .where(
        FollowUp.ended_at.is_(None),
        FollowUp.owner_uid == bindparam("me"),
        FollowUp.due_on <= bindparam("until"),
        REACHABLE,
    )
    .order_by(FollowUp.due_on, FollowUp.uid)
    .limit(50)
)
ONE_LOCKED = (
    select(FollowUp)
    .join(Group, Group.uid == FollowUp.group_uid)
    .where(FollowUp.uid == bindparam("uid"), REACHABLE)
    .with_for_update(of=FollowUp)
)
OPEN = select(FollowUp).where(
    FollowUp.session_uid == bindparam("of"),
    FollowUp.person_uid == bindparam("person"),
    FollowUp.owner_uid == bindparam("owner"),
    FollowUp.ended_at.is_(None),
)
OWNERS = (
    select(FollowUp.person_uid, FollowUp.owner_uid, User.working_name)
    .join(User, User.uid == FollowUp.owner_uid)
    .where(FollowUp.session_uid == bindparam("meeting_uid"), FollowUp.ended_at.is_(None))
    .order_by(User.working_name)
)
OF_PERSON = (
    select(FollowUp)
    .join(Group, Group.uid == FollowUp.group_uid)
    .where(FollowUp.person_uid == bindparam("uid"), REACHABLE)
    .order_by(FollowUp.ended_at.is_not(None), FollowUp.due_on)
)


@dataclass(frozen=True)
class Due:
    """A follow-up of the viewer's own, with the name and what is to be done."""

    follow_up: FollowUp
    card: Card | None
    what: str
    stopped: bool
    """Whether they are not to be contacted."""


def get_or_404(viewer: Viewer, uid: str) -> FollowUp:
    """A follow-up of one of the viewer's groups; its row is locked."""
    follow_up = db.session.scalar(ONE_LOCKED, {"uid": uid, **scope_of_members(viewer)})
    if follow_up is None:
        abort(404)
    return follow_up


def open_of(
    owner_uid: str, meeting_uid: str, person_uid: str, *, lock: bool = False
) -> FollowUp | None:
    """The open follow-up of an owner for a person after a meeting: there is one at most."""
    query = OPEN.with_for_update() if lock else OPEN
    return db.session.scalar(query, {"owner": owner_uid, "of": meeting_uid, "person": person_uid})


def by_whom(meeting_uid: str) -> Sequence[Row[str, str, str]]:
    """Who follows something up for whom after a meeting: person, owner, the owner's working name."""
    return db.session.execute(OWNERS, {"meeting_uid": meeting_uid}).all()


def of_colleagues(viewer: Viewer, meeting_uid: str, person_uid: str) -> list[FollowUp]:
    """What colleagues follow up for a person after a meeting."""
    return [
        f
        for f in of_meeting(viewer, meeting_uid)
        if f.person_uid == person_uid and f.owner_uid != viewer.uid
    ]


def of_meeting(viewer: Viewer, meeting_uid: str) -> list[FollowUp]:
    """The open follow-ups of a meeting."""
    query = (
        select(FollowUp)
        .join(Group, Group.uid == FollowUp.group_uid)
        .where(FollowUp.session_uid == meeting_uid, FollowUp.ended_at.is_(None), REACHABLE)
        .order_by(FollowUp.due_on, FollowUp.uid)
    )
    return list(db.session.scalars(query, scope_of_members(viewer)))


def due(viewer: Viewer, *, until: date) -> list[Due]:
    """The viewer's own open follow-ups that are due until a day, with names."""
    asked = scope_of_members(viewer) | {
        "until": until,
        "vaults": [*viewer.keys.vaults("roster").values()],
    }
    found: dict[str, Due] = {}
    for row in db.session.execute(DUE, asked):
        follow_up: FollowUp = row[0]
        if follow_up.uid not in found:
            card = card_or_none(viewer, row)
            text = what(viewer, follow_up) or ""
            found[follow_up.uid] = Due(follow_up, card, text, is_stopped(card, row))
    return list(found.values())


def of_person(viewer: Viewer, person_uid: str) -> list[tuple[FollowUp, str | None]]:
    """The follow-ups of a person in the viewer's groups, the open ones first, with what is to be done."""
    if not viewer.leads:
        return []
    rows = db.session.scalars(OF_PERSON, {"uid": person_uid, **scope_of_members(viewer)})
    return [(follow_up, what(viewer, follow_up)) for follow_up in rows]


def what(viewer: Viewer, follow_up: FollowUp) -> str | None:
    """What is to be done, or None without the roster's key."""
    try:
        return sealing.what(viewer, follow_up)
    except Locked:
        return None
