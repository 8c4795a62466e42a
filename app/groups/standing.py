"""Where people stand in groups: who is in one, and who waits for one."""

from __future__ import annotations

from sqlalchemy import and_, bindparam, select

from app.groups.models import Group, Membership
from app.groups.queries import REACHABLE

OPEN = and_(
    Membership.ended_as.is_(None), Group.completed_at.is_(None), Group.cancelled_at.is_(None)
)
OF_GROUPS = select(Membership.person_uid).join(Group, Group.uid == Membership.group_uid)
IN_GROUP = OF_GROUPS.where(REACHABLE, OPEN, Membership.joined_on.is_not(None))
WAITING = OF_GROUPS.add_columns(Membership.waiting_at).where(
    REACHABLE, OPEN, Membership.joined_on.is_(None)
)
# Of these people, the groups they are in or wait for.
STAYS = (
    OF_GROUPS.add_columns(Group.name, Membership.joined_on, Membership.waiting_at)
    .where(REACHABLE, OPEN, Membership.person_uid.in_(bindparam("uids", expanding=True)))
    .order_by(Group.name)
)
