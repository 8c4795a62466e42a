"""Reading follow-ups; every read starts from the viewer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Row, bindparam, select

from app.accounts.models import User
from app.accounts.viewer import Viewer
from app.errors import Locked, or_404
from app.extensions import Reading, db, read
from app.follow_ups import sealing
from app.follow_ups.models import FollowUp
from app.groups.models import Group
from app.groups.queries import REACHABLE, scope_of_members
from app.people.models import Person
from app.people.queries import BY_VAULTS, WHO, known
from app.people.rules import Card
from app.vault.models import Share

FOLLOW_UP = Reading(FollowUp)
IN_GROUP = (
    select(*FOLLOW_UP.columns, User.working_name)
    .join(Group, Group.uid == FollowUp.group_uid)
    .join(User, User.uid == FollowUp.owner_uid)
    .where(REACHABLE)
)
DUE = (
    select(*FOLLOW_UP.columns, *WHO)
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
OPEN_LOCKED = OPEN.with_for_update()
OWNERS = (
    select(FollowUp.person_uid, FollowUp.owner_uid, User.working_name)
    .join(User, User.uid == FollowUp.owner_uid)
    .where(FollowUp.session_uid == bindparam("meeting_uid"), FollowUp.ended_at.is_(None))
    .order_by(User.working_name)
)
OF_PERSON = IN_GROUP.where(FollowUp.person_uid == bindparam("uid")).order_by(
    FollowUp.ended_at.is_not(None), FollowUp.due_on
)
OF_MEETING = IN_GROUP.where(
    FollowUp.session_uid == bindparam("meeting_uid"), FollowUp.ended_at.is_(None)
).order_by(FollowUp.due_on, FollowUp.uid)


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
    return or_404(db.session.scalar(ONE_LOCKED, {"uid": uid, **scope_of_members(viewer)}))


def open_of(
    owner_uid: str, meeting_uid: str, person_uid: str, *, lock: bool = False
) -> FollowUp | None:
    """The open follow-up of an owner for a person after a meeting: there is one at most."""
    query = OPEN_LOCKED if lock else OPEN
    return db.session.scalar(query, {"owner": owner_uid, "of": meeting_uid, "person": person_uid})


def by_whom(meeting_uid: str) -> Sequence[Row[str, str, str]]:
    """Who follows something up for whom after a meeting: person, owner, the owner's working name."""
    return read(OWNERS, {"meeting_uid": meeting_uid})


def of_colleagues(viewer: Viewer, meeting_uid: str, person_uid: str) -> list[tuple[FollowUp, str]]:
    """What colleagues follow up for a person after a meeting, and their working names."""
    rows = read(OF_MEETING, {"meeting_uid": meeting_uid, **scope_of_members(viewer)})
    return [
        (FOLLOW_UP.of(row), row.working_name)
        for row in rows
        if row.person_uid == person_uid and row.owner_uid != viewer.uid
    ]


def due(viewer: Viewer, *, until: date) -> list[Due]:
    """The viewer's own open follow-ups that are due until a day, with names."""
    asked = scope_of_members(viewer) | {
        "until": until,
        "vaults": [*viewer.keys.vaults("roster").values()],
    }
    found: dict[str, Due] = {}
    for row in read(DUE, asked):
        if row.uid not in found:
            follow_up = FOLLOW_UP.of(row)
            card, stopped = known(viewer, row)
            text = what(viewer, follow_up) or ""
            found[row.uid] = Due(follow_up, card, text, stopped)
    return list(found.values())


def of_person(viewer: Viewer, person_uid: str) -> list[tuple[FollowUp, str, str | None]]:
    """The follow-ups of a person in the viewer's groups, the open ones first: whose, and what is to be done."""
    if not viewer.leads:
        return []
    rows = read(OF_PERSON, {"uid": person_uid, **scope_of_members(viewer)})
    found = [(FOLLOW_UP.of(row), row.working_name) for row in rows]
    return [(follow_up, name, what(viewer, follow_up)) for follow_up, name in found]


def what(viewer: Viewer, follow_up: FollowUp) -> str | None:
    """What is to be done, or None without the roster's key."""
    try:
        return sealing.what(viewer, follow_up)
    except Locked:
        return None
