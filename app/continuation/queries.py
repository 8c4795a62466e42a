"""Reading what comes next; every read starts from the viewer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select

from app.accounts.viewer import Viewer
from app.continuation import rules
from app.continuation.models import NextStep
from app.errors import Locked
from app.extensions import Reading, db, read, read_one
from app.groups.models import Group, Membership
from app.groups.queries import (
    GROUP,
    REACHABLE,
    STAY,
    Member,
    roster,
    roster_vault,
    scope_of_members,
)
from app.groups.rules import stayed_to_the_end
from app.people import queries as people
from app.people.models import Site
from app.people.queries import SHARE_COLUMNS
from app.vault import vaults
from app.vault.models import Share

STEP = Reading(NextStep)
OF_GROUP = select(*STEP.columns).where(NextStep.group_uid == bindparam("group_uid"))
OF_STAY_LOCKED = (
    select(NextStep).where(NextStep.membership_uid == bindparam("stay_uid")).with_for_update()
)
OPEN_GROUPS = (
    select(*GROUP.columns)
    .join(Site, Site.uid == Group.site_uid)
    .where(
        Group.uid != bindparam("uid"), Group.completed_at.is_(None), Group.cancelled_at.is_(None)
    )
    .order_by(Group.name)
)
KEY = select(*SHARE_COLUMNS).where(
    Share.person_uid == bindparam("person_uid"), Share.vault_uid == bindparam("vault_uid")
)
OF_PERSON = (
    select(*STEP.columns, *GROUP.columns, *STAY.columns)
    .join(Group, Group.uid == NextStep.group_uid)
    .join(Site, Site.uid == Group.site_uid)
    .join(Membership, Membership.uid == NextStep.membership_uid)
    .where(NextStep.person_uid == bindparam("uid"), REACHABLE)
    .order_by(NextStep.recorded_at.desc())
)


@dataclass(slots=True)
class Row:
    """A member, and what they wish for, if they were asked."""

    member: Member
    step: NextStep | None


def rows(viewer: Viewer, group: Group, *, at: datetime) -> list[Row]:
    """One row per member who is in the group, or was until it was completed."""
    members = [m for m in roster(viewer, group, at=at) if stayed_to_the_end(m.stay, group)]
    steps = steps_of(group.uid)
    return [Row(member, steps.get(member.uid)) for member in members]


def steps_of(group_uid: str) -> dict[str, NextStep]:
    """What was answered in a group: stay -> answer."""
    return {row.membership_uid: STEP.of(row) for row in read(OF_GROUP, {"group_uid": group_uid})}


def step_of(stay_uid: str) -> NextStep | None:
    """What one member answered, with its row locked."""
    return db.session.scalar(OF_STAY_LOCKED, {"stay_uid": stay_uid})


def of_person(viewer: Viewer, person_uid: str) -> Sequence[tuple[NextStep, Group, Membership]]:
    """What a person answered in the viewer's groups, the latest first."""
    if not viewer.leads:
        return []
    return [
        (STEP.of(row), GROUP.of(row, STEP.width), STAY.of(row, STEP.width + GROUP.width))
        for row in read(OF_PERSON, {"uid": person_uid, **scope_of_members(viewer)})
    ]


def groups_to_join(group: Group) -> Sequence[Group]:
    """The other groups one can join next: those of the place first."""
    open_groups = [GROUP.of(row) for row in read(OPEN_GROUPS, {"uid": group.uid})]
    return sorted(open_groups, key=lambda other: other.site_uid != group.site_uid)


def group_to_join(group: Group, uid: str) -> Group | None:
    """One of them, with its row locked."""
    known = {other.uid for other in groups_to_join(group)}
    return db.session.get(Group, uid, with_for_update=True) if uid in known else None


def chosen_group(step: NextStep | None) -> str:
    """The uid of the group somebody waits for because of their answer, or empty."""
    if step is None or step.stay_uid is None:
        return ""
    return db.session.get_one(Membership, step.stay_uid).group_uid


def person_key(viewer: Viewer, group: Group, person_uid: str) -> bytes:
    """A member's key, as far as the viewer opens the group's names. Raises Locked."""
    asked = {"person_uid": person_uid, "vault_uid": roster_vault(viewer, group)}
    row = read_one(KEY, asked)
    if row is None:
        raise Locked
    return people.person_key(viewer, person_uid, row)


def remark(viewer: Viewer, group: Group, step: NextStep) -> str:
    """What was said beside the answer, for those who hold the roster; empty for the others."""
    vault = viewer.keys.vault("roster", group.uid)
    if step.remark is None or vault is None:
        return ""
    try:
        return vaults.open_text(viewer.keys, vault, step.remark, rules.remark_place(step.uid))
    except Locked:
        return ""
