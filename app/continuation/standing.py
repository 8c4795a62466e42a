"""Who is to be asked again what comes next, and from which day on."""

from __future__ import annotations

from sqlalchemy import select

from app.continuation.models import NextStep
from app.groups.models import Group
from app.groups.queries import REACHABLE

TO_ASK_AGAIN = (
    select(NextStep.person_uid)
    .join(Group, Group.uid == NextStep.group_uid)
    .where(REACHABLE, NextStep.ask_again_on.is_not(None))
)
