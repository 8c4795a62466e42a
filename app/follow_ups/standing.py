"""For whom somebody means to do something."""

from __future__ import annotations

from sqlalchemy import select

from app.follow_ups.models import FollowUp
from app.groups.models import Group
from app.groups.queries import REACHABLE

OPEN = (
    select(FollowUp.person_uid)
    .join(Group, Group.uid == FollowUp.group_uid)
    .where(REACHABLE, FollowUp.ended_at.is_(None))
)
