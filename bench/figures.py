"""Figures of ten years and a report, by how many marks there are: the slowest page, on either database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy import insert, select, text

from app.accounts.models import User
from app.assignments.queries import COORDINATED, scope
from app.clock import ZONE, now, today
from app.extensions import db, new_uid
from app.groups.models import Group, Membership
from app.people.models import Consent, Person, Site
from app.reports.chapters import CHAPTERS
from app.reports.periods import quarter_of
from app.sessions.models import Attendance, GroupSession
from bench.browser import Asker
from bench.organisation import COORDINATOR, Organisation, founded, founded_on_postgres
from bench.table import Result
from bench.timing import medians

SIZES = (1_000, 10_000, 100_000, 1_000_000)
MEMBERS, MEETINGS, A_PERSON = 20, 15, 50  # marks of a person, in two or three cycles
YEARS, ROUNDS, A_DAY, AT_ONCE = 10, 3, timedelta(days=1), 20_000
MARKS = ("present", "present", "late", "absent", "present", "excused", "present")
Rows = list[dict[str, Any]]


def measure() -> Iterator[Result]:
    """On SQLite."""
    with founded() as organisation:
        yield from _growing("figures", organisation)


def measure_on_postgres() -> Iterator[Result]:
    """The same on PostgreSQL."""
    with founded_on_postgres() as organisation:
        yield from _growing("figures-postgres", organisation)


def _growing(part: str, organisation: Organisation) -> Iterator[Result]:
    """Seconds as one waits for them, the database's own among them."""
    cookie, there, first = organisation.sign_in(COORDINATOR), 0, 0.0
    ended = today(ZONE)
    begun = ended - timedelta(days=365 * YEARS)
    span = quarter_of(quarter_of(ended).period.first - A_DAY)
    pages = {
        name: f"/reports/figures/{name}?first={begun}&last={ended}&place=" for name in CHAPTERS
    }
    asked = {
        name: partial(Asker("GET", page, cookie=cookie).page, organisation.app.wsgi_app)
        for name, page in pages.items()
    }
    with organisation.app.app_context():
        db.session.execute(text("DELETE FROM report_cells"))
        db.session.execute(text("DELETE FROM reports"))
        db.session.commit()
        db.session.remove()
    report = Asker("GET", f"/reports/drafts/{span.name}", cookie=cookie)
    asked["a report"] = partial(report.page, organisation.app.wsgi_app)
    for size in SIZES:
        _enlarge(organisation, size - there, first=there)
        there = size
        taken = medians(asked, rounds=ROUNDS, warm=1)
        slowest = max(taken, key=taken.__getitem__)
        first = first or taken[slowest]
        yield Result(
            part,
            f"{size:,} marks, {size // A_PERSON:,} people",
            taken[slowest],
            "<= 2",
            " s",
            f"{slowest}; {taken[slowest] / first:.1f} times that of {SIZES[0]:,}",
        )


def _enlarge(organisation: Organisation, marks: int, *, first: int) -> None:
    """So many marks more, of groups that met one after the other through the years."""
    at, days = now(), 365 * YEARS
    with organisation.app.app_context():
        desk = organisation.viewer(COORDINATOR, "coordinator")
        site = db.session.scalars(
            select(Site).where(Site.uid.in_(COORDINATED)), scope(desk)
        ).first()
        assert site is not None
        by = db.session.scalars(select(User.uid)).first()
        people = [new_uid() for _ in range(max(marks // A_PERSON, MEMBERS))]
        long_ago = at - timedelta(days=days)
        of_all = {"site_uid": site.uid, "added_at": long_ago, "changed_at": long_ago, "card": b"x"}
        _insert(Person, [{"uid": uid} | of_all for uid in people])
        given = {"purpose": "reports", "given_on": long_ago.date(), "recorded_by": by}
        agreed = [uid for number, uid in enumerate(people) if number % 10 < 7]
        _insert(Consent, [{"uid": new_uid(), "person_uid": uid} | given for uid in agreed])
        groups: Rows = []
        stays: Rows = []
        meetings: Rows = []
        made: Rows = []
        for number in range(-(-marks // (MEMBERS * MEETINGS))):
            begun = today(ZONE) - timedelta(
                days=days - (number * 37 + first) % (days - 7 * MEETINGS)
            )
            opened = at - timedelta(days=days)
            group = new_uid()
            groups.append(
                {
                    "uid": group,
                    "site_uid": site.uid,
                    "kind": "discussion" if number % 5 == 4 else "support",
                    "name": f"مجموعة {number}",
                    "planned_sessions": MEETINGS,
                    "capacity": MEMBERS,
                    "planned_at": opened,
                    "active_at": opened,
                    "completed_at": at,
                }
            )
            here: Rows = [
                {
                    "uid": new_uid(),
                    "group_uid": group,
                    "person_uid": people[(number * MEMBERS + member) % len(people)],
                    "joined_on": begun,
                    "ended_on": begun + timedelta(days=7 * MEETINGS),
                    "ended_as": "completed" if member % 4 else "left",
                }
                for member in range(MEMBERS)
            ]
            stays += here
            for week in range(MEETINGS):
                on, meeting = begun + timedelta(days=7 * week), new_uid()
                meetings.append(
                    {
                        "uid": meeting,
                        "group_uid": group,
                        "on": on,
                        "at": at.time().replace(microsecond=0, tzinfo=None),
                        "starts_at": at - (today(ZONE) - on),
                        "held_at": at,
                    }
                )
                made += [
                    {
                        "session_uid": meeting,
                        "membership_uid": stay["uid"],
                        "mark": MARKS[(week * week + 3 * member) % len(MARKS)],
                        "marked_by": by,
                        "marked_at": at,
                    }
                    for member, stay in enumerate(here)
                ]
        for model, rows in (
            (Group, groups),
            (Membership, stays),
            (GroupSession, meetings),
            (Attendance, made),
        ):
            _insert(model, rows)
        db.session.commit()
        if organisation.address:  # as PostgreSQL does by itself, minutes later
            db.session.execute(text("ANALYZE"))
            db.session.commit()
        db.session.remove()
        db.engine.dispose()


def _insert(model: Any, rows: Rows) -> None:
    for begin in range(0, len(rows), AT_ONCE):
        db.session.execute(insert(model), rows[begin : begin + AT_ONCE])
