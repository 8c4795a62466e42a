"""Sessions in figures: what was held and what was not, who was reached, attendance from session to session."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import and_, case, distinct, exists, func, or_, select, union_all

from app.accounts.viewer import Viewer
from app.extensions import read
from app.groups.models import Group, Membership
from app.groups.rules import SESSIONS_IN_A_CYCLE
from app.people.figures import SPANS, asked, bit, of_places, on_days, reached
from app.people.models import Total
from app.sessions.forms import REASON_WORDS
from app.sessions.models import CANCELLED, HELD, MARKS, MISSED, SCHEDULED, Attendance, GroupSession
from app.sessions.rules import COUNTS_AS
from app.web.figures import BARS, CURVE, PERCENT, STRIP, Figure, Part, Period, percent

STATE = case(
    (GroupSession.missed_at.is_not(None), MISSED),
    (GroupSession.cancelled_at.is_not(None), CANCELLED),
    (GroupSession.held_at.is_not(None), HELD),
    else_=SCHEDULED,
).label("state")
# How many there were in the period, of each kind and state and why; of groups, how many met at all.
HAPPENED = (
    select(
        Group.kind,
        STATE,
        GroupSession.reason,
        func.count().label("number"),
        func.count(distinct(Group.uid)).label("groups"),
        func.sum(GroupSession.guests).label("guests"),
    )
    .join(Group, Group.uid == GroupSession.group_uid)
    .where(on_days(GroupSession.on))
    .group_by(Group.kind, STATE, GroupSession.reason)
)
OF_VIEWER = HAPPENED.where(of_places(Group.site_uid))
# Each session of a cycle with its number: its place among those held or still to come.
NUMBERED = (
    select(
        GroupSession.uid,
        GroupSession.on,
        GroupSession.held_at,
        func.row_number()
        .over(
            partition_by=GroupSession.group_uid,
            order_by=(GroupSession.on, GroupSession.at, GroupSession.uid),
        )
        .label("number"),
    )
    .join(Group, Group.uid == GroupSession.group_uid)
    .where(
        Group.kind == "support",
        of_places(Group.site_uid),
        GroupSession.missed_at.is_(None),
        GroupSession.cancelled_at.is_(None),
    )
    .cte("numbered")
)
WAS_HELD = and_(
    on_days(NUMBERED.c.on),
    NUMBERED.c.held_at.is_not(None),
    NUMBERED.c.number <= SESSIONS_IN_A_CYCLE,
)
# The marks of each number, and those that were counted when they were let go.
MARKED = union_all(
    select(NUMBERED.c.number, Attendance.mark, func.count().label("marks"))
    .join(Attendance, Attendance.session_uid == NUMBERED.c.uid)
    .where(WAS_HELD)
    .group_by(NUMBERED.c.number, Attendance.mark),
    select(NUMBERED.c.number, Total.what, func.sum(Total.number))
    .join(Total, Total.of_uid == NUMBERED.c.uid)
    .where(WAS_HELD)
    .group_by(NUMBERED.c.number, Total.what),
)
CAME = exists().where(
    Attendance.membership_uid == Membership.uid,
    Attendance.mark.in_([mark for mark in MARKS if COUNTS_AS[mark] == "present"]),
    GroupSession.uid == Attendance.session_uid,
    STATE == HELD,
    GroupSession.on >= SPANS.c.first,
    GroupSession.on <= SPANS.c.last,
)
# Who came to a session. A stay is looked at before its marks: it says by itself that it is of another time.
REACHED = (
    select(
        *reached(
            Membership.person_uid,
            Group.site_uid,
            case((Group.kind == "support", bit("support")), else_=bit("discussion")),
        )
    )
    .join(Group, Group.uid == Membership.group_uid)
    .join(SPANS, Membership.joined_on <= SPANS.c.last)
    .where(or_(Membership.ended_on.is_(None), Membership.ended_on >= SPANS.c.first), CAME)
)


def figures(viewer: Viewer, period: Period, place: str) -> Iterator[Figure]:
    """Groups that met, sessions held and not held, attendance from the first session to the last."""
    parameters = asked(viewer, period, place)
    yield from _happened(read(OF_VIEWER, parameters))
    yield from _attended(read(MARKED, parameters))


def counted(rows: Iterable[tuple[str, str, int, int]]) -> Counter[str]:
    """Groups that met and sessions held of either kind, and sessions that were not.

    Of rows of HAPPENED: kind, state, how many, and of how many groups.
    """
    found: Counter[str] = Counter()
    for kind, state, number, groups in rows:
        if state == HELD:
            found[f"{kind}-groups"] += groups
            found[f"{kind}-sessions"] += number
        elif state in (MISSED, CANCELLED):
            found["not-held"] += number
    return found


def _happened(rows: Any) -> Iterator[Figure]:
    found = counted((row.kind, row.state, row.number, row.groups) for row in rows)
    why, states = Counter[str](), Counter[str]()
    for row in rows:
        states[row.state] += row.number
        if row.state in (MISSED, CANCELLED):
            why[row.reason or "other"] += row.number
    yield Figure(
        _("Groups that met"),
        found["support-groups"] + found["discussion-groups"],
        _("Groups with at least one session that was held in the period."),
        parts=(
            Part(_("Support groups"), found["support-groups"]),
            Part(_("Discussion groups"), found["discussion-groups"]),
        ),
    )
    yield Figure(
        _("Sessions"),
        sum(states.values()),
        _(
            "Sessions of the period by what became of them; one that was moved counts on its new day."
        ),
        parts=(
            Part(_("held"), states[HELD]),
            Part(_("did not happen"), states[MISSED]),
            Part(_("cancelled"), states[CANCELLED]),
            Part(_("not recorded yet"), states[SCHEDULED]),
        ),
        drawn=STRIP,
    )
    yield Figure(
        _("Why sessions did not take place"),
        found["not-held"],
        _(
            "Sessions that did not happen or were cancelled ahead, by the reason that was written down."
        ),
        parts=tuple(Part(word, why[reason]) for reason, word in REASON_WORDS.items()),
        drawn=BARS if why else "",
    )
    yield Figure(
        _("Guests"),
        sum(row.guests or 0 for row in rows if row.state == HELD),
        _("People who came to a session and want no record: nobody knows whether twice the same."),
    )


def _attended(rows: Any) -> Iterator[Figure]:
    by_number: dict[int, Counter[str | None]] = {}
    for row in rows:
        by_number.setdefault(row.number, Counter())[COUNTS_AS[row.mark]] += row.marks
    came = {n: marks["present"] for n, marks in by_number.items()}
    counting = {n: came[n] + marks["absent"] for n, marks in by_number.items()}
    yield Figure(
        _("Attendance over the cycle"),
        percent(sum(came.values()), sum(counting.values())),
        _(
            "Of the marks of support groups' sessions, those who came or came late among those who came or were absent; "
            "who sent apologies, and what is not marked, is left out."
        ),
        PERCENT,
        tuple(
            Part(number, percent(came.get(number, 0), counting.get(number, 0)))
            for number in range(1, SESSIONS_IN_A_CYCLE + 1)
        ),
        CURVE,
    )
