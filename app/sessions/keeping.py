"""What is kept of marks: in the end how many there were of each, of a session and of a stay."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from flask_babel import lazy_gettext as _
from sqlalchemy import Table, bindparam, delete, exists, false, func, insert, select, update

from app.extensions import db
from app.groups import keeping as groups
from app.groups.keeping import IS_DUE
from app.groups.models import Group, Membership
from app.people.models import Person, Total
from app.sessions.models import Attendance, GroupSession
from app.web.keeping import MONTHS, AboutPeople, Kept, any_of, counted

MARKED = Attendance.session_uid == GroupSession.uid
MARKS = (
    select(func.count())
    .select_from(Attendance)
    .join(GroupSession, MARKED)
    .join(Group, Group.uid == GroupSession.group_uid)
    .where(IS_DUE)
)
WITH_MARKS = (
    select(Group)
    .where(IS_DUE, exists().where(GroupSession.group_uid == Group.uid, MARKED))
    .order_by(Group.uid)
    .limit(1)
    .with_for_update(of=Group)
)
MEETINGS = select(GroupSession.uid).where(GroupSession.group_uid == bindparam("group_uid"))
OF_GROUP = Attendance.session_uid.in_(MEETINGS)
# Of a session, and of a stay: how many marks of each kind.
COUNTED = tuple(
    insert(cast(Table, Total.__table__)).from_select(
        ["of_uid", "what", "number"],
        select(of, Attendance.mark, func.count()).where(OF_GROUP).group_by(of, Attendance.mark),
    )
    for of in (Attendance.session_uid, Attendance.membership_uid)
)
FORGET_MARKS = delete(Attendance).where(OF_GROUP).execution_options(synchronize_session="fetch")
FORGET_REASONS_OF_LEAVING = (
    update(Membership)
    .where(Membership.group_uid == bindparam("of_group"))
    .values(reason=None)
    .execution_options(synchronize_session="fetch")
)
STAYS_OF = select(Membership.uid).where(Membership.person_uid == bindparam("of_person"))
FORGET_REASONS = (
    update(Attendance)
    .where(Attendance.membership_uid.in_(STAYS_OF))
    .values(reason=None)
    .execution_options(synchronize_session="fetch")
)


def let_go_marks(before: datetime, at: datetime) -> int:
    """The marks of a group that is over are counted, and go; so do the reasons of absence and of leaving."""
    group = groups.due(WITH_MARKS, before, at)
    if group is None:
        return 0
    for statement in COUNTED:
        db.session.execute(statement, {"group_uid": group.uid})
    done = db.session.execute(FORGET_MARKS, {"group_uid": group.uid})
    db.session.execute(FORGET_REASONS_OF_LEAVING, {"of_group": group.uid})
    number: int = done.rowcount  # type: ignore[attr-defined]
    return number


def erase(person_uid: str, _nobody: str, _at: datetime) -> None:
    """Marks stay, and are nobody's with the stay they are of; why somebody was absent goes."""
    db.session.execute(FORGET_REASONS, {"of_person": person_uid})


MARKS_OF_GROUP = Kept(
    "marks",
    *(12, MONTHS, 1, 36),
    called=_("Attendance"),
    since=_("the end of the group"),
    goes=_("Who was present at which session; why somebody was absent or left."),
    remains=_("How many of each mark a session and a stay had; how the stay ended."),
    count=lambda before: counted(MARKS, before),
    let_go=let_go_marks,
    tables=("attendance", "memberships"),
)
ABOUT = AboutPeople(
    holds=false(),  # a mark is of a stay
    is_open=false(),
    lately=any_of(
        Attendance,
        Attendance.membership_uid.in_(
            select(Membership.uid)
            .where(Membership.person_uid == Person.uid)
            .correlate(Person)
            .scalar_subquery()
        ),
        Attendance.marked_at >= bindparam("before"),
    ),
    erase=erase,
    tables=("attendance",),
)
