"""Reading meetings and marks; every read starts from the viewer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from flask import abort
from sqlalchemy import and_, bindparam, func, or_, select

from app.accounts.viewer import Viewer
from app.assignments.queries import scope
from app.extensions import db
from app.follow_ups import queries as follow_ups
from app.groups import rules as group_rules
from app.groups.models import Group, Membership
from app.groups.queries import REACHABLE, Member, roster, roster_vault
from app.people.models import Person
from app.people.queries import BY_VAULT, SHARE_COLUMNS, card_or_none
from app.people.rules import Card
from app.sessions import rules
from app.sessions.models import (
    Attendance,
    GroupSession,
)
from app.vault.models import Share

MEETING = (
    select(GroupSession, Group)
    .join(Group, Group.uid == GroupSession.group_uid)
    .where(GroupSession.uid == bindparam("uid"), REACHABLE)
)
MEETING_LOCKED = MEETING.with_for_update(of=GroupSession)
GROUP_OF_LOCKED = (
    select(Group.uid)
    .where(
        Group.uid
        == select(GroupSession.group_uid)
        .where(GroupSession.uid == bindparam("uid"))
        .scalar_subquery(),
        REACHABLE,
    )
    .with_for_update(key_share=True)  # what is written beside may still name the group
)
MEETINGS = select(GroupSession).where(GroupSession.group_uid == bindparam("group_uid"))
# Those whose stay covers the day, their card, and the mark if there is one.
EXPECTED = (
    select(Membership, Person.uid, Person.card, Attendance, *SHARE_COLUMNS)
    .join(Person, Person.uid == Membership.person_uid)
    .outerjoin(Share, BY_VAULT)
    .outerjoin(
        Attendance,
        and_(
            Attendance.membership_uid == Membership.uid,
            Attendance.session_uid == bindparam("session_uid"),
        ),
    )
    .where(
        Membership.group_uid == bindparam("group_uid"),
        Membership.joined_on <= bindparam("day"),
        or_(Membership.ended_on.is_(None), Membership.ended_on >= bindparam("day")),
    )
)
# How far the marking of a meeting has come: expected, marked.
TALLY = select(
    select(func.count())
    .where(
        Membership.group_uid == bindparam("group_uid"),
        Membership.joined_on <= bindparam("day"),
        or_(Membership.ended_on.is_(None), Membership.ended_on >= bindparam("day")),
    )
    .scalar_subquery(),
    select(func.count())
    .select_from(Attendance)
    .join(Membership, Membership.uid == Attendance.membership_uid)
    .where(
        Attendance.session_uid == bindparam("session_uid"),
        Membership.joined_on <= bindparam("day"),
        or_(Membership.ended_on.is_(None), Membership.ended_on >= bindparam("day")),
    )
    .scalar_subquery(),
)
# Every stay of a group, and the mark it has at one meeting.
ROLL = (
    select(Membership, Attendance.mark, Attendance.marked_by, Attendance.marked_at)
    .outerjoin(
        Attendance,
        and_(
            Attendance.membership_uid == Membership.uid,
            Attendance.session_uid == bindparam("session_uid"),
        ),
    )
    .where(Membership.group_uid == bindparam("group_uid"))
)
MARKS_OF_GROUP = (
    select(Attendance.membership_uid, Attendance.session_uid, Attendance.mark)
    .join(GroupSession, GroupSession.uid == Attendance.session_uid)
    .where(GroupSession.group_uid == bindparam("group_uid"))
)


@dataclass(slots=True)
class Expected:
    """Someone expected at a meeting, with their card as far as it opens, and their mark."""

    stay: Membership
    person_uid: str
    card: Card | None
    attendance: Attendance | None
    follow_up: bool = False
    """Whether the viewer follows something up for them."""
    followed_up_by: list[str] = field(default_factory=list)
    """The colleagues who do, by working name."""

    @property
    def uid(self) -> str:
        return self.stay.uid

    @property
    def mark(self) -> str | None:
        return self.attendance.mark if self.attendance else None

    @property
    def order(self) -> tuple[str, str]:
        return (self.card.folded if self.card else "\uffff", self.stay.uid)


@dataclass(slots=True)
class Row:
    """A stay on the roll of one meeting: its mark, by whom and when; no card."""

    stay: Membership
    mark: str | None
    marked_by: str | None
    marked_at: datetime | None


def meeting_or_404(
    viewer: Viewer, uid: str, *, lock: bool = False, with_group: bool = False
) -> tuple[GroupSession, Group]:
    """A meeting of one of the viewer's groups; `with_group` is locked too, and first."""
    if with_group:
        db.session.execute(GROUP_OF_LOCKED, {"uid": uid, **scope(viewer)})
    query = MEETING_LOCKED if lock else MEETING
    row = db.session.execute(query, {"uid": uid, **scope(viewer)}).one_or_none()
    if row is None:
        abort(404)
    return row[0], row[1]


def meetings(group: Group) -> list[GroupSession]:
    """Every meeting of a group, in order."""
    return rules.in_order(db.session.scalars(MEETINGS, {"group_uid": group.uid}))


def expected(viewer: Viewer, meeting: GroupSession, group: Group) -> list[Expected]:
    """Who was expected at a meeting, by name, with their marks and open follow-ups."""
    vault = roster_vault(viewer, group)
    rows = db.session.execute(
        EXPECTED,
        {
            "group_uid": group.uid,
            "session_uid": meeting.uid,
            "day": meeting.on,
            "vault_uid": vault,
        },
    )
    people = [Expected(row[0], row.uid, card_or_none(viewer, row), row.Attendance) for row in rows]
    by_person = {person.person_uid: person for person in people}
    for person_uid, owner_uid, name in follow_ups.by_whom(meeting.uid):
        if person_uid not in by_person:
            continue
        if owner_uid == viewer.uid:
            by_person[person_uid].follow_up = True
        else:
            by_person[person_uid].followed_up_by.append(name)
    return sorted(people, key=lambda person: person.order)


def expected_or_404(viewer: Viewer, meeting: GroupSession, group: Group, stay_uid: str) -> Expected:
    """One of those expected at a meeting."""
    for person in expected(viewer, meeting, group):
        if person.uid == stay_uid:
            return person
    abort(404)


def stay_of_group_or_404(group: Group, uid: str) -> Membership:
    """A stay in this group."""
    stay = db.session.get(Membership, uid) if uid.isalnum() else None
    if stay is None or stay.group_uid != group.uid:
        abort(404)
    return stay


def roll(meeting: GroupSession) -> dict[str, Row]:
    """The roll of a meeting by stay, for whoever marks: everybody who ever was in its group."""
    asked = {"group_uid": meeting.group_uid, "session_uid": meeting.uid}
    return {row[0].uid: Row(*row) for row in db.session.execute(ROLL, asked)}


def tally(meeting: GroupSession) -> tuple[int, int]:
    """How many are marked, of how many expected."""
    row = db.session.execute(
        TALLY,
        {"group_uid": meeting.group_uid, "session_uid": meeting.uid, "day": meeting.on},
    ).one()
    return row[1], row[0]


def marks_by_stay(
    group: Group, held: Sequence[GroupSession], stays: Iterable[Membership]
) -> dict[str, list[str | None]]:
    """For each stay the marks of the meetings held during it, in order; None is *not recorded*."""
    marks: dict[tuple[str, str], str] = {
        (row.membership_uid, row.session_uid): row.mark
        for row in db.session.execute(MARKS_OF_GROUP, {"group_uid": group.uid})
    }
    return {
        stay.uid: [
            marks.get((stay.uid, meeting.uid)) for meeting in held if stay.covers(meeting.on)
        ]
        for stay in stays
    }


def has_marks(meeting: GroupSession) -> bool:
    """Whether anybody is marked at a meeting."""
    return bool(
        db.session.scalar(select(func.count()).where(Attendance.session_uid == meeting.uid))
    )


def first_marked(stay: Membership) -> date | None:
    """The day of the first meeting at which a stay has a mark."""
    return db.session.scalar(
        select(func.min(GroupSession.on))
        .join(Attendance, Attendance.session_uid == GroupSession.uid)
        .where(Attendance.membership_uid == stay.uid)
    )


def may_return(
    viewer: Viewer, meeting: GroupSession, group: Group, *, at: datetime
) -> list[Member]:
    """Who was in the group once and may come back at a meeting, as far as their card opens."""
    members = roster(viewer, group, at=at)
    back = {stay.uid for stay in group_rules.may_return([m.stay for m in members], meeting.on)}
    return [member for member in members if member.uid in back and member.card]


def meetings_of(group_uids: Iterable[str]) -> dict[str, list[GroupSession]]:
    """The meetings of several groups, each in order."""
    by_group: dict[str, list[GroupSession]] = {uid: [] for uid in group_uids}
    rows = db.session.scalars(select(GroupSession).where(GroupSession.group_uid.in_(by_group)))
    for meeting in rules.in_order(rows):
        by_group[meeting.group_uid].append(meeting)
    return by_group
