"""A group of any size, with meetings in the past, for tests that measure and tests that crowd."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from app.accounts.models import User
from app.clock import now
from app.extensions import db
from app.follow_ups import following_up
from app.groups import roster
from app.groups.models import Group
from app.groups.rules import starts_at
from app.people import cards
from app.people.models import Site
from app.people.rules import Card
from app.sessions import attendance
from app.sessions.models import GroupSession
from tests.organisation import Organisation, viewer

FACILITATORS = ("facilitator1", "facilitator2")


@dataclass
class Crowd:
    """A group, its meetings, its members' stays, and people who may still join; by opaque id."""

    uid: str
    meetings: list[str] = field(default_factory=list)
    stays: list[str] = field(default_factory=list)
    candidates: list[str] = field(default_factory=list)


def crowd(
    organisation: Organisation,
    *,
    members: int,
    meetings: int = 3,
    candidates: int = 0,
    places: int = 0,
    marked: bool = False,
) -> Crowd:
    """Make the group; held meetings are a week apart, the last one today. In an app context."""
    today, at = now().date(), now()
    site = db.session.get_one(Site, organisation.jerusalem)
    coordinator, first = (
        viewer(organisation.staff[who]) for who in ("coordinator", FACILITATORS[0])
    )
    group = Group(
        site_uid=site.uid,
        kind="support",
        name=f"من {members}",
        planned_sessions=15,
        capacity=members + places,
        planned_at=at,
        active_at=at,
        weekday=today.weekday(),
        at=time(8, 0),
        first_on=today,
    )
    roster.create(group)
    for who in FACILITATORS:
        user = db.session.get_one(User, organisation.staff[who].uid)
        roster.assign(coordinator, group, user, part="facilitator", at=at)
    first = viewer(organisation.staff[FACILITATORS[0]])
    made = Crowd(group.uid)
    rows = [_meeting(group, site, today - timedelta(weeks=week), at) for week in range(meetings)]
    db.session.add_all(rows)
    db.session.flush()
    made.meetings = [row.uid for row in rows]
    began = today - timedelta(weeks=meetings)
    for number in range(members):
        uid, key = cards.add(coordinator, _card(number), site=site, at=at)
        stay = roster.enrol(coordinator, group, person_uid=uid, person_key=key, on=began, at=at)
        made.stays.append(stay.uid)
        for row in rows if marked else ():
            attendance.mark(first, group, row, stay, "absent", today=today, at=at)
        if marked:
            due = {"owner_uid": first.uid, "due_on": today, "text": f"سؤال {number}", "at": at}
            following_up.keep(first, group, rows[0].uid, uid, **due)
    for number in range(candidates):
        made.candidates.append(cards.add(coordinator, _card(1000 + number), site=site, at=at)[0])
    db.session.commit()
    return made


def _meeting(group: Group, site: Site, on: date, at: datetime) -> GroupSession:
    begins = starts_at(on, time(8, 0), site.zone)
    return GroupSession(group_uid=group.uid, on=on, at=time(8, 0), starts_at=begins, held_at=at)


def _card(number: int) -> Card:
    return Card(name=f"شخص {number}", number=f"059 955 {number:04}", area="حيّ الجامعة")
