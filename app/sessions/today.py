"""What Today says of meetings and their notes; and the hours of meetings, for the calendar."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import bindparam, func, literal, select

from app.accounts.viewer import Viewer
from app.assignments.queries import REACHED, scope
from app.clock import day
from app.extensions import read
from app.groups.models import Group, Membership
from app.groups.queries import GROUP, REACHABLE, roster_vault, scope_of_members
from app.notes.models import MEETING as OF_MEETING
from app.notes.models import Note
from app.notes.queries import AWAITS_ME
from app.people.models import Person, Site
from app.people.queries import BY_VAULTS, WHO, known
from app.people.rules import Card
from app.sessions import note_queries, queries, rules
from app.sessions.models import Attendance, GroupSession
from app.sessions.queries import MEETING, TALLIED
from app.vault.models import Share
from app.web.sections import Rank, Section

SINCE = timedelta(hours=12)  # a meeting of tonight still stands there
MISSED_SINCE = timedelta(days=30)  # of a group that pauses nobody is asked about for ever
UNREVIEWED_AFTER = timedelta(days=14)
MOST = 8
ABSENT, COUNTING_MARKS = "absent", [mark for mark, as_ in rules.COUNTS_AS.items() if as_]
TEMPLATE = "sessions/_today.html"
TAKES_PLACE = (GroupSession.missed_at.is_(None), GroupSession.cancelled_at.is_(None))
OF_GROUPS = select(*MEETING.columns, *GROUP.columns, *TALLIED).join(
    Group, Group.uid == GroupSession.group_uid
)
COMING = (
    OF_GROUPS.join(Site, Site.uid == Group.site_uid)
    .where(
        REACHABLE,
        GroupSession.starts_at >= bindparam("since"),
        *TAKES_PLACE,
        Group.completed_at.is_(None),
        Group.cancelled_at.is_(None),
    )
    .order_by(GroupSession.starts_at)
    .limit(MOST)
)
HOURS = OF_GROUPS.with_only_columns(GroupSession.uid, GroupSession.starts_at, Group.minutes).where(
    Group.uid.in_(REACHED),
    GroupSession.starts_at.between(bindparam("since"), bindparam("until")),
    *TAKES_PLACE,
)

# Of members of groups that go on, the last two marks that count: rules.missed_two_in_a_row, for all at once.
COUNTING = (
    select(
        Membership.uid.label("stay_uid"),
        Attendance.mark,
        GroupSession.on,
        func.row_number()
        .over(
            partition_by=Membership.uid,
            order_by=(GroupSession.on.desc(), GroupSession.at.desc(), GroupSession.uid.desc()),
        )
        .label("back"),
    )
    .join(Group, Group.uid == Membership.group_uid)
    .join(Attendance, Attendance.membership_uid == Membership.uid)
    .join(GroupSession, GroupSession.uid == Attendance.session_uid)
    .where(
        REACHABLE,
        Group.completed_at.is_(None),
        Group.cancelled_at.is_(None),
        Membership.ended_as.is_(None),
        Attendance.mark.in_(COUNTING_MARKS),
    )
    .subquery()
)
MISSED_TWO = (
    select(COUNTING.c.stay_uid)
    .where(COUNTING.c.back <= 2, COUNTING.c.mark == ABSENT)
    .group_by(COUNTING.c.stay_uid)
    .having(func.count() == 2, func.max(COUNTING.c.on) >= bindparam("since"))
)
WHO_MISSED_TWO = (
    select(Membership.uid, *GROUP.columns, *WHO)
    .join(Group, Group.uid == Membership.group_uid)
    .join(Site, Site.uid == Group.site_uid)
    .join(Person, Person.uid == Membership.person_uid)
    .outerjoin(Share, BY_VAULTS)
    .where(Membership.uid.in_(MISSED_TWO))
    .order_by(Group.name, Membership.uid)
    .limit(50)
)
# How many notes await the viewer's review, behind the link to the groups.
WAITING = (
    select(literal("groups"), func.count(Note.uid)).where(AWAITS_ME, Note.of_kind == OF_MEETING),
)


@dataclass(frozen=True)
class Missed:
    """A member who was absent the last two times that count."""

    person_uid: str
    group: Group
    card: Card | None
    stopped: bool
    """Whether they are not to be contacted."""


@dataclass(frozen=True)
class Next:
    """The meeting that comes next, with the strip of its group's."""

    meeting: GroupSession
    group: Group
    meetings: Sequence[GroupSession]
    number: int | None
    planned: int
    tally: tuple[int, int] | None
    """How many are marked, of how many; None before its day, and for who marks nobody."""
    facilitates: bool
    today: date


def sections(viewer: Viewer, at: datetime) -> Iterator[Section]:
    """The next meeting first; what is to be reviewed and written; the meetings after it."""
    roles, today = viewer.roles, day(at)
    if not roles & {"coordinator", "facilitator", "supervisor"}:
        return
    coming = [
        (MEETING.of(row), GROUP.of(row, MEETING.width), (row.marked, row.expected))
        for row in read(COMING, scope(viewer) | {"since": at - SINCE})
    ]
    following = [_next(viewer, *one, today) for one in coming[:1]]
    yield Section(TEMPLATE, "following", following, Rank.NEXT)
    if "coordinator" in roles:
        number = note_queries.unreviewed(viewer, since=at - UNREVIEWED_AFTER)
        yield Section(TEMPLATE, "unreviewed", number, Rank.TOLD)
    if viewer.leads:
        missed = _missed_two(viewer, since=today - MISSED_SINCE)
        heading = _("Missed two in a row")
        yield Section(TEMPLATE, "missed", missed, Rank.UNDONE, heading, names_people=True)
    if "supervisor" in roles:
        awaiting = note_queries.awaiting(viewer)
        yield Section(TEMPLATE, "awaiting", awaiting, Rank.UNDONE, _("Awaiting review"))
    if "facilitator" in roles:
        unsigned = note_queries.unsigned(viewer, before=at)
        yield Section(TEMPLATE, "unsigned", unsigned, Rank.UNDONE, _("Sessions without a note"))
    later = [(meeting, group) for meeting, group, _tally in coming[1:]]
    yield Section(TEMPLATE, "coming", later, Rank.COMING, _("Coming sessions"))


def _missed_two(viewer: Viewer, *, since: date) -> list[Missed]:
    held = [*viewer.keys.vaults("roster").values()]
    asked = scope_of_members(viewer) | {"since": since, "vaults": held}
    found: dict[str, Missed] = {}
    for row in read(WHO_MISSED_TWO, asked):
        found.setdefault(row[0], Missed(row.card_of, GROUP.of(row, 1), *known(viewer, row)))
    return list(found.values())


def _next(
    viewer: Viewer, meeting: GroupSession, group: Group, tally: tuple[int, int], today: date
) -> Next:
    meetings = queries.meetings(group)
    marks = viewer.leads and meeting.on <= today and roster_vault(viewer, group)
    return Next(
        meeting,
        group,
        meetings,
        number=rules.numbers(meetings).get(meeting.uid),
        planned=rules.planned_number(group, meetings),
        tally=tally if marks else None,
        facilitates="facilitator" in viewer.roles,
        today=today,
    )
