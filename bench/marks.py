"""The roll, the group's page and a tap at a million marks ÷ at ten thousand."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

from app.extensions import new_uid
from bench.browser import Asker
from bench.organisation import FACILITATOR, copied, founded
from bench.table import Result
from bench.taps import taps
from bench.timing import medians

FEW, MANY = 10_000, 1_000_000
MEETINGS, MEMBERS = 15, 15
ROUNDS = 50
GOAL = "<= 1.2"


def measure() -> Iterator[Result]:
    """Two copies of one organisation, asked in turn."""
    with ExitStack() as stack:
        few = stack.enter_context(founded())
        cookie = few.sign_in(FACILITATOR)
        many = stack.enter_context(copied(few))
        add_marks(few.database, FEW)
        add_marks(many.database, MANY)
        roll = Asker("GET", f"/sessions/{few.meeting}/attendance", cookie=cookie)
        group = Asker("GET", f"/groups/{few.group}", cookie=cookie)
        tap_few, tap_many = taps(few), taps(many)
        taken = medians(
            {
                "roll few": partial(roll.page, few.app.wsgi_app),
                "roll many": partial(roll.page, many.app.wsgi_app),
                "group few": partial(group.page, few.app.wsgi_app),
                "group many": partial(group.page, many.app.wsgi_app),
                "tap few": lambda: tap_few(few.app.wsgi_app),
                "tap many": lambda: tap_many(many.app.wsgi_app),
            },
            rounds=ROUNDS,
        )
        for name in ("roll", "group", "tap"):
            ratio = taken[f"{name} many"] / taken[f"{name} few"]
            yield Result("marks", f"{name} at 10⁶ ÷ at 10⁴ marks", ratio, GOAL)


def add_marks(database: Path, number: int) -> None:
    """Add other groups with their meetings, stays and marks until there are about so many marks."""
    connection = sqlite3.connect(database)
    connection.execute("PRAGMA synchronous=OFF")
    connection.execute("PRAGMA cache_size=-400000")
    (site, person, user) = (
        connection.execute(f"SELECT uid FROM {table} LIMIT 1").fetchone()[0]
        for table in ("sites", "people", "users")
    )
    at = datetime.now(UTC).replace(tzinfo=None).isoformat(" ")
    for _group in range(number // (MEETINGS * MEMBERS)):
        _add_group(connection, site, person, user, at)
    connection.execute("ANALYZE")
    connection.commit()
    connection.close()


def _add_group(connection: sqlite3.Connection, site: str, person: str, user: str, at: str) -> None:
    group = new_uid()
    meetings = [new_uid() for _meeting in range(MEETINGS)]
    stays = [new_uid() for _stay in range(MEMBERS)]
    began = date(2020, 1, 5)
    connection.execute(
        "INSERT INTO groups (uid, site_uid, kind, name, planned_sessions, capacity, minutes,"
        " share_to_complete, reviewed, planned_at, completed_at)"
        " VALUES (?, ?, 'support', 'x', 15, 15, 120, 60, 0, ?, ?)",
        [group, site, at, at],
    )
    connection.executemany(
        'INSERT INTO group_sessions (uid, group_uid, "on", at, starts_at, held_at, guests)'
        " VALUES (?, ?, ?, '18:00:00.000000', ?, ?, 0)",
        [
            (uid, group, str(began + timedelta(weeks=week)), "2020-01-05 16:00:00.000000", at)
            for week, uid in enumerate(meetings)
        ],
    )
    # Each stay has ended, so that one person may stand for all.
    connection.executemany(
        "INSERT INTO memberships (uid, group_uid, person_uid, joined_on, ended_on, ended_as, ended_with_group)"
        " VALUES (?, ?, ?, ?, ?, 'completed', 1)",
        [(uid, group, person, str(began), str(began + timedelta(weeks=15))) for uid in stays],
    )
    connection.executemany(
        "INSERT INTO attendance (session_uid, membership_uid, mark, marked_by, marked_at)"
        " VALUES (?, ?, 'present', ?, ?)",
        [(meeting, stay, user, at) for meeting in meetings for stay in stays],
    )
