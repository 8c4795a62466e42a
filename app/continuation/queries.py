"""Reading what comes next; every read starts from the viewer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from app.accounts.viewer import Viewer
from app.continuation import rules
from app.continuation.models import NextStep
from app.errors import Locked
from app.extensions import db
from app.groups.models import Group
from app.groups.queries import REACHABLE, Member, roster, scope_of_members
from app.vault import vaults


@dataclass(slots=True)
class Row:
    """A member, and what they wish for, if they were asked."""

    member: Member
    step: NextStep | None


def rows(viewer: Viewer, group: Group, *, at: datetime) -> list[Row]:
    """One row per member who is in the group, or was until it was completed."""
    members = [m for m in roster(viewer, group, at=at) if m.state in ("active", "completed")]
    steps = steps_of(group.uid)
    return [Row(member, steps.get(member.uid)) for member in members]


def steps_of(group_uid: str) -> dict[str, NextStep]:
    """What was answered in a group: stay -> answer."""
    found = db.session.scalars(select(NextStep).where(NextStep.group_uid == group_uid))
    return {step.membership_uid: step for step in found}


def step_of(stay_uid: str) -> NextStep | None:
    """What one member answered, with its row locked."""
    query = select(NextStep).where(NextStep.membership_uid == stay_uid)
    return db.session.scalar(query.with_for_update())


def of_person(viewer: Viewer, person_uid: str) -> Sequence[tuple[NextStep, Group]]:
    """What a person answered in the viewer's groups, the latest first."""
    found = db.session.execute(
        select(NextStep, Group)
        .join(Group, Group.uid == NextStep.group_uid)
        .where(NextStep.person_uid == person_uid, REACHABLE)
        .order_by(NextStep.recorded_at.desc()),
        scope_of_members(viewer),
    )
    return [(row[0], row[1]) for row in found]


def to_ask_again(viewer: Viewer, *, until: date) -> list[tuple[NextStep, Group]]:
    """Members of the viewer's groups who are to be asked again by a day."""
    found = db.session.execute(
        select(NextStep, Group)
        .join(Group, Group.uid == NextStep.group_uid)
        .where(NextStep.ask_again_on <= until, REACHABLE)
        .order_by(NextStep.ask_again_on)
        .limit(20),
        scope_of_members(viewer),
    )
    return [(row[0], row[1]) for row in found]


def groups_to_join(group: Group) -> Sequence[Group]:
    """The other groups of the place one can wait for."""
    return db.session.scalars(
        select(Group)
        .where(
            Group.site_uid == group.site_uid,
            Group.uid != group.uid,
            Group.completed_at.is_(None),
            Group.cancelled_at.is_(None),
        )
        .order_by(Group.name)
    ).all()


def remark(viewer: Viewer, group: Group, step: NextStep) -> str:
    """What was said beside the answer, for those who hold the roster; empty for the others."""
    vault = viewer.keys.vault("roster", group.uid)
    if step.remark is None or vault is None:
        return ""
    try:
        return vaults.open_text(viewer.keys, vault, step.remark, rules.remark_place(step.uid))
    except Locked:
        return ""
