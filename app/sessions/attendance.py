"""Marking who came, and adding someone who came for the first time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from flask import abort
from sqlalchemy import bindparam, delete

from app.accounts.viewer import Viewer
from app.audit import trail
from app.errors import RuleBroken
from app.extensions import db, inserting
from app.groups import roster
from app.groups import rules as group_rules
from app.groups.models import Group, Membership
from app.groups.queries import stays
from app.people import cards
from app.people.rules import Card
from app.sessions import queries, rules, sealing
from app.sessions.models import Attendance, GroupSession
from app.web.taps import REST, UNDO, Taken, Tap

# The marks of one "everyone else: present" share a moment that no other mark has.
APART = timedelta(microseconds=1)

UNMARK = (
    delete(Attendance)
    .where(
        Attendance.session_uid == bindparam("session_uid"),
        Attendance.membership_uid.in_(bindparam("stay_uids", expanding=True)),
    )
    .execution_options(synchronize_session="fetch")
)


@dataclass
class TakenDown(Taken):
    """What came of the taps on the roll of one meeting."""

    roll: dict[str, queries.Row] = field(default_factory=dict)
    """Every stay of the group as it is now."""

    def tally(self, on: date) -> tuple[int, int]:
        """How many of those expected on the day are marked, and of how many."""
        expected = [row for row in self.roll.values() if row.stay.covers(on)]
        return sum(row.mark is not None for row in expected), len(expected)

    @property
    def marks(self) -> dict[str, str | None]:
        """Every stay's mark."""
        return {uid: row.mark for uid, row in self.roll.items()}


def take(
    viewer: Viewer,
    group: Group,
    meeting: GroupSession,
    taps: Iterable[Tap],
    *,
    today: date,
    at: datetime,
) -> TakenDown:
    """Do what was tapped, in order: the mark wanted for a stay, whatever stood there.

    An empty one takes a mark back. "rest" marks everybody expected who has no mark as present, "undo" takes
    just those marks back. A mark that stands already changes nothing. Taps that
    cannot be done are told, the others are done. `meeting` was read with its
    row locked. Where nobody of this group was tapped it is 404.
    """
    taken = TakenDown(roll=queries.roll(meeting))
    roll, written = taken.roll, dict[str, queries.Row]()
    strangers = 0

    def put(uid: str, wanted: str | None, moment: datetime) -> None:
        row = roll[uid]
        taken.touched[uid] = None
        if row.mark == wanted:
            return
        try:
            group_rules.refuse_let_go(group)
            if wanted:
                rules.mark(meeting, row.stay, wanted, today=today, at=at)
        except RuleBroken as broken:
            taken.refused.append(broken.message)
            return
        if row.mark and row.marked_by != viewer.uid:
            taken.replaced[uid] = row.mark
        row.mark, row.marked_by, row.marked_at = wanted, viewer.uid, moment
        written[uid] = row
        taken.changed += 1

    for name, wanted in taps:
        if name == REST:
            for uid, row in roll.items():
                if row.mark is None and row.stay.covers(meeting.on):
                    put(uid, "present", at + APART)
                    taken.undo = (at + APART).isoformat() if row.mark else ""
        elif name == UNDO:
            of_then = _moment(wanted)
            for uid, row in roll.items():
                if (row.marked_at, row.marked_by) == (of_then, viewer.uid):
                    put(uid, None, at)
        elif name in roll:
            put(name, wanted or None, at)
        else:
            strangers += 1
    if strangers and not taken.touched:
        abort(404)
    _write(meeting, written)
    if written and group.state in ("planned", "enrolling"):
        group_rules.begin(group, at=at)
    return taken


def put_down(
    viewer: Viewer,
    group: Group,
    meeting: GroupSession,
    marks: Iterable[tuple[Membership, str]],
    *,
    today: date,
    at: datetime,
) -> None:
    """Marks of a day long past, where none stand. Raises RuleBroken."""
    group_rules.refuse_let_go(group)
    for stay, wanted in marks:
        rules.mark(meeting, stay, wanted, today=today, at=at)
        db.session.add(
            Attendance(
                session_uid=meeting.uid,
                membership_uid=stay.uid,
                mark=wanted,
                marked_by=viewer.uid,
                marked_at=at,
            )
        )
        trail.record("attendance-marked", "session", meeting.uid, person_uid=stay.person_uid)
    if meeting.held_at and group.state in ("planned", "enrolling"):
        group_rules.begin(group, at=at)


def mark(
    viewer: Viewer,
    group: Group,
    meeting: GroupSession,
    stay: Membership,
    wanted: str,
    *,
    today: date,
    at: datetime,
) -> None:
    """Set one mark. Raises RuleBroken."""
    taken = take(viewer, group, meeting, [(stay.uid, wanted)], today=today, at=at)
    for message in taken.refused:
        raise RuleBroken(message)


def unmark(meeting: GroupSession, *stays: Membership) -> None:
    """Take marks back: *not recorded*."""
    uids = [stay.uid for stay in stays]
    db.session.execute(UNMARK, {"session_uid": meeting.uid, "stay_uids": uids})
    for stay in stays:
        trail.record("attendance-unmarked", "session", meeting.uid, person_uid=stay.person_uid)


def _moment(said: str) -> datetime | None:
    """The moment of an "everyone else", as its undo says it; none where it is that of a single mark."""
    try:
        moment = datetime.fromisoformat(said)
    except ValueError:
        abort(400)
    return moment if moment.microsecond else None


def _write(meeting: GroupSession, rows: Mapping[str, queries.Row]) -> None:
    """Keep the rows as they are now: with their mark, or not recorded."""
    marked = {uid: row for uid, row in rows.items() if row.mark}
    if len(marked) < len(rows):
        unmark(meeting, *(row.stay for row in rows.values() if not row.mark))
    if not marked:
        return
    insert = inserting(Attendance)
    db.session.execute(
        insert.on_conflict_do_update(
            index_elements=["session_uid", "membership_uid"],
            set_={name: insert.excluded[name] for name in ("mark", "marked_by", "marked_at")},
        ),
        [
            {
                "session_uid": meeting.uid,
                "membership_uid": uid,
                "mark": row.mark,
                "marked_by": row.marked_by,
                "marked_at": row.marked_at,
            }
            for uid, row in marked.items()
        ],
    )
    for row in marked.values():
        person_uid = row.stay.person_uid
        trail.record("attendance-marked", "session", meeting.uid, person_uid=person_uid)


def explain(group: Group, person_uid: str, attendance: Attendance, reason: str) -> None:
    """Write down why someone was absent, or take it away."""
    sealing.seal_reason(group, attendance, reason)
    trail.record("absence-explained", "session", attendance.session_uid, person_uid=person_uid)


def add_person(
    viewer: Viewer, group: Group, meeting: GroupSession, card: Card, *, today: date, at: datetime
) -> Membership:
    """Add someone new who came: a card, a stay from that day, and the mark *present*.

    `group` was read with its row locked. Raises RuleBroken where it is full.
    """
    uid, key = cards.add(viewer, card, site=group.site, at=at)
    stay = roster.enrol(
        viewer, group, person_uid=uid, person_key=key, on=min(meeting.on, today), at=at
    )
    if meeting.on <= today:
        mark(viewer, group, meeting, stay, "present", today=today, at=at)
    return stay


def come_back(
    viewer: Viewer,
    group: Group,
    meeting: GroupSession,
    earlier: Membership,
    *,
    today: date,
    at: datetime,
) -> Membership:
    """Someone who had left came again: a new stay from that day, and the mark *present*."""
    stay = roster.come_back(group, earlier, on=min(meeting.on, today), at=at)
    if meeting.on <= today:
        mark(viewer, group, meeting, stay, "present", today=today, at=at)
    return stay


def join_from(group: Group, stay: Membership, *, on: date) -> None:
    """Let a stay begin on another day, not after its first mark."""
    group_rules.refuse_let_go(group)
    first_mark = queries.first_marked(stay)
    group_rules.join_from(stay, stays(group.uid), on=on, first_mark=first_mark)
    trail.record("joining-moved", "group", group.uid, person_uid=stay.person_uid)
