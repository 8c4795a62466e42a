"""Reading meetings and marks; every read starts from the viewer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import and_, bindparam, func, or_, select

from app.accounts.viewer import Viewer
from app.assignments.queries import scope
from app.errors import or_404
from app.extensions import Reading, db, read, read_one
from app.follow_ups import queries as follow_ups
from app.groups import rules as group_rules
from app.groups.models import Group, Membership
from app.groups.queries import GROUP, PARTS, REACHABLE, STAY, Member, roster, roster_vault
from app.people.models import Person, Site, Total
from app.people.queries import BY_VAULT, CARD, SHARE_COLUMNS, card_or_none
from app.people.rules import Card
from app.sessions import rules
from app.sessions.models import Attendance, GroupSession
from app.vault.models import Share

# A meeting as a page reads it.
MEETING = Reading(GroupSession)
ONE = (
    select(*MEETING.columns, *GROUP.columns, PARTS)
    .join(Group, Group.uid == GroupSession.group_uid)
    .join(Site, Site.uid == Group.site_uid)
    .where(GroupSession.uid == bindparam("uid"), REACHABLE)
)
ONE_LOCKED = (
    select(GroupSession, Group)
    .join(Group, Group.uid == GroupSession.group_uid)
    .where(GroupSession.uid == bindparam("uid"), REACHABLE)
    .with_for_update(of=GroupSession)
)
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
MEETINGS = select(*MEETING.columns).where(GroupSession.group_uid == bindparam("group_uid"))
MEETINGS_OF = select(*MEETING.columns).where(
    GroupSession.group_uid.in_(bindparam("group_uids", expanding=True))
)
TO_CHANGE = select(GroupSession).where(GroupSession.group_uid == bindparam("group_uid"))
# In a statement of stays: the mark that each has at one meeting.
AT_MEETING = and_(
    Attendance.membership_uid == Membership.uid, Attendance.session_uid == bindparam("session_uid")
)
# Those whose stay covers the day, their card, and the mark if there is one.
EXPECTED = (
    select(*STAY.columns, *CARD, Attendance.mark, *SHARE_COLUMNS)
    .join(Person, Person.uid == Membership.person_uid)
    .outerjoin(Share, BY_VAULT)
    .outerjoin(Attendance, AT_MEETING)
    .where(
        Membership.group_uid == bindparam("group_uid"),
        Membership.joined_on <= bindparam("day"),
        or_(Membership.ended_on.is_(None), Membership.ended_on >= bindparam("day")),
    )
)
COVERS = (
    Membership.joined_on <= GroupSession.on,
    or_(Membership.ended_on.is_(None), Membership.ended_on >= GroupSession.on),
)
# Of each meeting in a statement, how far the marking has come.
TALLIED = (
    select(func.count())
    .where(Attendance.session_uid == GroupSession.uid, Membership.uid == Attendance.membership_uid)
    .where(*COVERS)
    .correlate(GroupSession)
    .scalar_subquery()
    .label("marked"),
    select(func.count())
    .where(Membership.group_uid == GroupSession.group_uid, *COVERS)
    .correlate(GroupSession)
    .scalar_subquery()
    .label("expected"),
)
TALLY = select(*TALLIED).where(GroupSession.uid == bindparam("uid"))
# Every stay of a group, and the mark it has at one meeting.
ROLL = (
    select(*STAY.columns, Attendance.mark, Attendance.marked_by, Attendance.marked_at)
    .outerjoin(Attendance, AT_MEETING)
    .where(Membership.group_uid == bindparam("group_uid"))
)
MARK = select(Attendance).where(
    Attendance.session_uid == bindparam("session_uid"),
    Attendance.membership_uid == bindparam("stay_uid"),
)
MARKED = select(func.count()).where(Attendance.session_uid == bindparam("session_uid"))
FIRST_MARKED = (
    select(func.min(GroupSession.on))
    .join(Attendance, Attendance.session_uid == GroupSession.uid)
    .where(Attendance.membership_uid == bindparam("stay_uid"))
)
MARKS_OF_GROUP = (
    select(Attendance.membership_uid, Attendance.session_uid, Attendance.mark)
    .join(GroupSession, GroupSession.uid == Attendance.session_uid)
    .where(GroupSession.group_uid == bindparam("group_uid"))
)
TOTALS = (
    select(Total.of_uid, Total.what, Total.number)
    .where(Total.of_uid.in_(bindparam("uids", expanding=True)))
    .order_by(Total.what)
)


@dataclass(slots=True)
class Expected:
    """Someone expected at a meeting, with their card as far as it opens, and their mark."""

    stay: Membership
    card: Card | None
    mark: str | None
    follow_up: bool = False
    """Whether the viewer follows something up for them."""
    followed_up_by: list[str] = field(default_factory=list)
    """The colleagues who do, by working name."""

    uid: str = field(init=False)
    person_uid: str = field(init=False)

    def __post_init__(self) -> None:
        self.uid, self.person_uid = self.stay.uid, self.stay.person_uid

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
    """A meeting of one of the viewer's groups; `lock` to change it, `with_group` is locked first."""
    if with_group:
        db.session.execute(GROUP_OF_LOCKED, {"uid": uid, **scope(viewer)})
    if not lock:
        return with_parts_or_404(viewer, uid)[:2]
    row = or_404(db.session.execute(ONE_LOCKED, {"uid": uid, **scope(viewer)}).one_or_none())
    return row[0], row[1]


def with_parts_or_404(viewer: Viewer, uid: str) -> tuple[GroupSession, Group, set[str]]:
    """A meeting of one of the viewer's groups, and as what they reach the group."""
    row = or_404(read_one(ONE, {"uid": uid, **scope(viewer)}))
    return MEETING.of(row), GROUP.of(row, MEETING.width), set(row.parts.split())


def meetings(group: Group) -> list[GroupSession]:
    """Every meeting of a group, in order."""
    return rules.in_order(MEETING.of(row) for row in read(MEETINGS, {"group_uid": group.uid}))


def to_change(group: Group) -> list[GroupSession]:
    """The same for who may change some of them, under the lock of the group."""
    return rules.in_order(db.session.scalars(TO_CHANGE, {"group_uid": group.uid}))


def expected(viewer: Viewer, meeting: GroupSession, group: Group) -> list[Expected]:
    """Who was expected at a meeting, by name, with their marks and open follow-ups."""
    vault = roster_vault(viewer, group)
    asked = {"group_uid": group.uid, "session_uid": meeting.uid, "day": meeting.on}
    rows = read(EXPECTED, asked | {"vault_uid": vault})
    people = [Expected(STAY.of(row), card_or_none(viewer, row), row.mark) for row in rows]
    by_person = {person.person_uid: person for person in people}
    for person_uid, owner_uid, name in follow_ups.by_whom(meeting.uid):
        if person_uid not in by_person:
            continue
        if owner_uid == viewer.uid:
            by_person[person_uid].follow_up = True
        else:
            by_person[person_uid].followed_up_by.append(name)
    return sorted(people, key=lambda person: person.order)


def tally(meeting: GroupSession) -> tuple[int, int]:
    """How many of those expected are marked, and of how many."""
    marked, expected = read_one(TALLY, {"uid": meeting.uid})
    return marked, expected


def counted(expected: Sequence[Expected]) -> tuple[int, int]:
    """How many of those expected are marked, and of how many."""
    return sum(person.mark is not None for person in expected), len(expected)


def attendance(meeting: GroupSession, stay_uid: str) -> Attendance | None:
    """The mark of a stay at a meeting, with why; None where it is not recorded."""
    asked = {"session_uid": meeting.uid, "stay_uid": stay_uid}
    return db.session.scalar(MARK, asked)


def expected_or_404(viewer: Viewer, meeting: GroupSession, group: Group, stay_uid: str) -> Expected:
    """One of those expected at a meeting."""
    everybody = expected(viewer, meeting, group)
    return or_404(next((person for person in everybody if person.uid == stay_uid), None))


def stay_of_group_or_404(group: Group, uid: str) -> Membership:
    """A stay in this group."""
    stay = db.session.get(Membership, uid) if uid.isalnum() else None
    return or_404(stay if stay and stay.group_uid == group.uid else None)


def roll(meeting: GroupSession) -> dict[str, Row]:
    """The roll of a meeting by stay, for whoever marks: everybody who ever was in its group."""
    asked = {"group_uid": meeting.group_uid, "session_uid": meeting.uid}
    return {row.uid: Row(STAY.of(row), *row[-3:]) for row in read(ROLL, asked)}


def marks(group: Group) -> dict[str, dict[str, str]]:
    """Every mark of a group: stay -> meeting -> mark."""
    found: dict[str, dict[str, str]] = {}
    for stay_uid, meeting_uid, mark in read(MARKS_OF_GROUP, {"group_uid": group.uid}):
        found.setdefault(stay_uid, {})[meeting_uid] = mark
    return found


def marks_by_stay(
    group: Group, held: Sequence[GroupSession], stays: Iterable[Membership]
) -> dict[str, list[str | None]]:
    """For each stay the marks of the meetings held during it, in order; None is *not recorded*."""
    of_group, days = marks(group), [(meeting.uid, meeting.on) for meeting in held]
    found = {}
    for stay in stays:
        of_stay = of_group.get(stay.uid, {})
        found[stay.uid] = [of_stay.get(uid) for uid, day in days if stay.covers(day)]
    return found


def totals(uids: Iterable[str]) -> dict[str, list[tuple[str, int]]]:
    """What remains of the marks of meetings or stays once they were let go: how many of each."""
    found: dict[str, list[tuple[str, int]]] = {}
    for uid, mark, number in read(TOTALS, {"uids": list(uids)}):
        found.setdefault(uid, []).append((mark, number))
    return found


def has_marks(meeting: GroupSession) -> bool:
    """Whether anybody is marked at a meeting."""
    return bool(read_one(MARKED, {"session_uid": meeting.uid})[0])


def first_marked(stay: Membership) -> date | None:
    """The day of the first meeting at which a stay has a mark."""
    day: date | None = read_one(FIRST_MARKED, {"stay_uid": stay.uid})[0]
    return day


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
    rows = read(MEETINGS_OF, {"group_uids": [*by_group]})
    for meeting in rules.in_order(MEETING.of(row) for row in rows):
        by_group[meeting.group_uid].append(meeting)
    return by_group
