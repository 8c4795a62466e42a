"""Reading groups and rosters; every read starts from the viewer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, or_, select

from app.accounts.viewer import Viewer
from app.assignments.queries import REACHED, parts_in, scope
from app.assignments.rules import NOT_GIVEN
from app.errors import Locked, RuleBroken, or_404
from app.extensions import Reading, db, read, read_one
from app.groups import rules
from app.groups.models import Group, Membership
from app.people.models import Person, Site
from app.people.queries import BY_VAULT, SITE, WHO, known
from app.people.rules import Card
from app.vault import vaults
from app.vault.models import Share

# As what the viewer reaches a group: coordinator of its place, facilitator, supervisor.
PARTS = parts_in(Group.uid, Group.site_uid)
REACHABLE = or_(Group.site_uid.in_(REACHED), Group.uid.in_(REACHED))
# A group as a page reads it, in a statement that joins its place; and a stay.
GROUP, STAY = Reading(Group, site=SITE), Reading(Membership)
ONE_LOCKED = select(Group).where(Group.uid == bindparam("uid"), REACHABLE).with_for_update(of=Group)
EVERY = select(*GROUP.columns).join(Site, Site.uid == Group.site_uid).where(REACHABLE)
ONE = EVERY.add_columns(PARTS).where(Group.uid == bindparam("uid"))
GROUPS = EVERY.order_by(Group.planned_at.desc(), Group.name)
STAYS = select(Membership).where(Membership.group_uid == bindparam("group_uid"))
STAY_REACHED = (
    select(Membership)
    .join(Group, Group.uid == Membership.group_uid)
    .where(Membership.uid == bindparam("uid"), REACHABLE)
)
WITH_GROUP = (
    select(*STAY.columns, *GROUP.columns)
    .join(Group, Group.uid == Membership.group_uid)
    .join(Site, Site.uid == Group.site_uid)
    .where(REACHABLE)
)
STAYS_OF_PERSON = WITH_GROUP.add_columns(PARTS).where(Membership.person_uid == bindparam("uid"))
# Everyone who was ever in a group, with the card where the vault has a share of it.
ROSTER = (
    select(*STAY.columns, *WHO)
    .join(Person, Person.uid == Membership.person_uid)
    .outerjoin(Share, BY_VAULT)
    .where(Membership.group_uid == bindparam("group_uid"))
)


@dataclass(slots=True)
class Member:
    """A stay with the person's card, as far as the viewer may open it."""

    stay: Membership
    card: Card | None
    state: str
    stopped: bool
    """Whether they are not to be contacted."""
    uid: str = field(init=False)
    person_uid: str = field(init=False)

    def __post_init__(self) -> None:
        self.uid, self.person_uid = self.stay.uid, self.stay.person_uid

    @property
    def order(self) -> tuple[str, str]:
        """Names by our own Arabic folding: databases sort them differently."""
        return (self.card.folded if self.card else "\uffff", self.stay.uid)


def scope_of_members(viewer: Viewer) -> dict[str, Any]:
    """Whose groups' members the viewer sees: not those they supervise."""
    return scope(viewer, but={"supervisor"})


def groups(viewer: Viewer) -> Sequence[Group]:
    """The viewer's groups, the newest first."""
    return [GROUP.of(row) for row in read(GROUPS, scope(viewer))]


def get_or_404(viewer: Viewer, uid: str, *, lock: bool = False) -> Group:
    """One of the viewer's groups; `lock` to change it, or before counting its places."""
    if not lock:
        return with_parts_or_404(viewer, uid)[0]
    return or_404(db.session.scalar(ONE_LOCKED, {"uid": uid, **scope(viewer)}))


def with_parts_or_404(viewer: Viewer, uid: str) -> tuple[Group, set[str]]:
    """One of the viewer's groups, and as what they reach it."""
    row = or_404(read_one(ONE, {"uid": uid, **scope(viewer)}))
    return GROUP.of(row), set(row.parts.split())


def stays(group_uid: str) -> Sequence[Membership]:
    """Every stay in a group."""
    return db.session.scalars(STAYS, {"group_uid": group_uid}).all()


def stay_or_404(viewer: Viewer, uid: str) -> Membership:
    """A stay in one of the viewer's groups."""
    return or_404(db.session.scalar(STAY_REACHED, {"uid": uid, **scope(viewer)}))


def stay_and_group_or_404(
    viewer: Viewer, uid: str, *, lock: bool = False
) -> tuple[Membership, Group]:
    """A stay in one of the viewer's groups, and the group; `lock` its row, as in `get_or_404`."""
    stay = stay_or_404(viewer, uid)
    return stay, get_or_404(viewer, stay.group_uid, lock=lock)


def roster_vault(viewer: Viewer, group: Group) -> str:
    """The vault through which this viewer opens the group's names, or empty.

    Coordinators open everyone of their place through its desk, those who wait
    included; facilitators through the roster.
    """
    keys = viewer.keys
    through_desk = keys.vault("desk", group.site_uid) if "coordinator" in viewer.roles else None
    if through_desk or viewer.roles == {"supervisor"}:
        return through_desk or ""
    return keys.vault("roster", group.uid) or ""


def roster_of(group: Group) -> str:
    """The vault of a group's roster, made with the group."""
    return vaults.made("roster", group.uid)


def opens_roster(viewer: Viewer, group: Group) -> bool:
    """Whether the viewer reads what is kept beside the names: reasons, follow-ups, what comes next."""
    if viewer.keys.vault("roster", group.uid) is None:
        # It would be given with the place's desk as well: the page says which of them lacks.
        roster_vault(viewer, group)
        return False
    return True


def refuse_without_roster(viewer: Viewer, group: Group) -> None:
    """Raise RuleBroken where the viewer would give what they do not hold, or write over what they cannot read."""
    if not opens_roster(viewer, group):
        raise RuleBroken(NOT_GIVEN)


def roster(viewer: Viewer, group: Group, *, at: datetime) -> list[Member]:
    """Everyone who is or was in the group, by name; a card the viewer can't open is None."""
    vault = roster_vault(viewer, group)
    members = []
    for row in read(ROSTER, {"group_uid": group.uid, "vault_uid": vault}):
        stay, (card, stopped) = STAY.of(row), known(viewer, row)
        members.append(Member(stay, card, stay.state(at), stopped))
    return sorted(members, key=lambda member: member.order)


def member(viewer: Viewer, group: Group, stay: Membership, *, at: datetime) -> Member:
    """One member of a group's roster."""
    return next(found for found in roster(viewer, group, at=at) if found.uid == stay.uid)


def stays_of_person(
    viewer: Viewer, person_uid: str
) -> Sequence[tuple[Membership, Group, set[str]]]:
    """The stays of a person in the groups whose members the viewer sees, and as what; the newest first."""
    if not viewer.leads:
        return []
    rows = read(STAYS_OF_PERSON, {"uid": person_uid, **scope_of_members(viewer)})
    stays = [(STAY.of(row), GROUP.of(row, STAY.width), set(row.parts.split())) for row in rows]
    return sorted(stays, key=lambda found: found[0].joined_on or date.max, reverse=True)


def note_readers(group: Group) -> set[str]:
    """Who opens the notes of a group; nobody before its first facilitator."""
    return vaults.holders_of("notes", group.uid)


def open_reason(viewer: Viewer, group: Group, stay: Membership) -> str:
    """Why someone left, for those who hold the roster. Raises Locked for the others."""
    vault = viewer.keys.vault("roster", group.uid)
    if vault is None:
        raise Locked
    if stay.reason is None:
        return ""
    return vaults.open_text(viewer.keys, vault, stay.reason, rules.reason_place(stay.uid))
