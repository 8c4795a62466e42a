"""What Today says of meetings and their notes; and the hours of meetings, for the calendar."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import bindparam, select

from app.accounts.viewer import Viewer
from app.assignments.queries import REACHED, scope
from app.clock import day
from app.extensions import read
from app.groups.models import Group
from app.groups.queries import GROUP, REACHABLE, roster_vault
from app.people.models import Site
from app.sessions import note_queries, queries, rules
from app.sessions.models import GroupSession
from app.sessions.queries import MEETING, TALLIED
from app.web.sections import Rank, Section

SINCE = timedelta(hours=12)  # a meeting of tonight still stands there
UNREVIEWED_AFTER = timedelta(days=14)
MOST = 8
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
    if "supervisor" in roles:
        awaiting = note_queries.awaiting(viewer)
        yield Section(TEMPLATE, "awaiting", awaiting, Rank.UNDONE, _("Awaiting review"))
    if "facilitator" in roles:
        unsigned = note_queries.unsigned(viewer, before=at)
        yield Section(TEMPLATE, "unsigned", unsigned, Rank.UNDONE, _("Sessions without a note"))
    later = [(meeting, group) for meeting, group, _tally in coming[1:]]
    yield Section(TEMPLATE, "coming", later, Rank.COMING, _("Coming sessions"))


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
