"""The attendance grid of a very large group: its time on the server and its weight, read and corrected."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from time import process_time

import brotli
from sqlalchemy import insert

from app.clock import now, today
from app.extensions import db
from app.groups import roster
from app.groups.models import Group
from app.groups.queries import stays
from app.people import cards
from app.people.rules import Card
from app.sessions.models import Attendance, GroupSession
from app.sessions.queries import meetings
from bench.browser import Asker
from bench.organisation import COORDINATOR, FACILITATOR, Organisation, founded
from bench.table import Result
from bench.timing import medians

MEMBERS, MEETINGS = 60, 40
MARKS = ("present", "present", "late", "absent", "present", "excused", "present")
ROUNDS = 15


def measure() -> Iterator[Result]:
    """Sixty members and forty sessions, every mark made."""
    with founded() as organisation:
        _enlarge(organisation)
        cookie, app = organisation.sign_in(FACILITATOR), organisation.app
        address = f"/groups/{organisation.group}"
        read = Asker("GET", address, cookie=cookie)
        corrected = Asker("GET", f"{address}?mark=l", cookie=cookie)
        taken = medians(
            {
                "read": partial(read.page, app.wsgi_app),
                "corrected": partial(corrected.page, app.wsgi_app),
            },
            rounds=ROUNDS,
            clock=process_time,
        )
        for name, asker in (("read", read), ("corrected", corrected)):
            size = len(brotli.compress(asker.page(app.wsgi_app), quality=5, lgwin=16))
            what = f"{MEMBERS} members × {MEETINGS} sessions, {name}"
            yield Result("grid", what, taken[name] * 1000, "<= 100", unit=" ms")
            yield Result("grid", f"{what}, with brotli", size / 1024, "<= 12", unit=" KB")


def _enlarge(organisation: Organisation) -> None:
    with organisation.app.app_context():
        desk, at = organisation.viewer(COORDINATOR, "coordinator"), now()
        group = db.session.get_one(Group, organisation.group)
        first = today(group.site.zone) - timedelta(days=7 * MEETINGS)
        group.capacity = MEMBERS + 3
        for number in range(MEMBERS - sum(s.state(at) == "active" for s in stays(group.uid))):
            uid, key = cards.add(desk, Card(name=f"نجمة {number}"), site=group.site, at=at)
            roster.enrol(desk, group, person_uid=uid, person_key=key, on=first, at=at)
        for number in range(MEETINGS - len(meetings(group))):
            on = first + timedelta(days=number)
            meeting = GroupSession(group_uid=group.uid, on=on, at=group.at, held_at=at)
            meeting.starts_at = at - timedelta(days=7 * MEETINGS - number)
            db.session.add(meeting)
        db.session.flush()
        members = [stay for stay in stays(group.uid) if stay.state(at) == "active"]
        for stay in members:
            stay.joined_on = first
        rows = [
            {
                "session_uid": meeting.uid,
                "membership_uid": stay.uid,
                "mark": MARKS[(n * n + 3 * m) % len(MARKS)],
                "marked_by": desk.uid,
                "marked_at": at,
            }
            for n, meeting in enumerate(meetings(group))
            for m, stay in enumerate(members)
        ]
        db.session.query(Attendance).delete()
        db.session.execute(insert(Attendance), rows)
        for meeting in db.session.query(GroupSession).filter_by(group_uid=group.uid):
            meeting.held_at, meeting.missed_at, meeting.cancelled_at = at, None, None
        db.session.commit()
        db.session.remove()
