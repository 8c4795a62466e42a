"""When people were last at a meeting."""

from __future__ import annotations

from sqlalchemy import bindparam, func, select

from app.groups.models import Group, Membership
from app.groups.queries import REACHABLE
from app.sessions.models import Attendance, GroupSession
from app.sessions.rules import COUNTS_AS

LAST_SEEN = (
    select(Membership.person_uid, func.max(GroupSession.on))
    .join(Group, Group.uid == Membership.group_uid)
    .join(Attendance, Attendance.membership_uid == Membership.uid)
    .join(GroupSession, GroupSession.uid == Attendance.session_uid)
    .where(
        REACHABLE,
        Membership.person_uid.in_(bindparam("uids", expanding=True)),
        Attendance.mark.in_([mark for mark, as_ in COUNTS_AS.items() if as_ == "present"]),
    )
    .group_by(Membership.person_uid)
)
