"""The trail of two years of fifty staff: each of its pages, the check of its end, what a row takes.

`BENCH_ROWS` says how many rows (20,000,000 unless given); the file of as many
takes some seven gigabytes where temporary files lie.
"""

from __future__ import annotations

import os
import random
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any, cast

import psycopg
from sqlalchemy import Table, select, text
from sqlalchemy.schema import CreateIndex

from app.accounts.models import User
from app.audit import head as heads
from app.audit.models import AuditRow
from app.audit.rules import Entry
from app.audit.verifying import verify
from app.clock import now
from app.extensions import db, new_uid
from app.notebook.audit_views import CHECKED
from app.notebook.queries import records_of_group
from app.people.models import Person
from app.vault import vaults
from app.web import transaction
from bench.browser import Asker
from bench.organisation import COORDINATOR, FACILITATOR, Organisation, founded, founded_on_postgres
from bench.table import Result
from bench.timing import medians

MANY, FEW = int(os.environ.get("BENCH_ROWS", "20000000")), 20_000
STAFF, GROUPS, PEOPLE, MEETINGS = 50, 60, 5000, 30
ADMINISTRATOR, TIMES = "cedar-clock", 15
BLOCK, LATELY = 50_000, 100_000
YEARS = timedelta(days=730)
COLUMNS = (*Entry._fields, "seq", "is_opening", "hash", "mac")
# How often each is written in a hundred rows: action, kind, of what, in which vault, whether of a person.
DAYS = (
    (30, "attendance-marked", "session", "meeting", "", True),
    (15, "person-opened", "person", "person", "", True),
    (12, "roster-opened", "group", "group", "", False),
    (8, "session-opened", "session", "meeting", "", False),
    (8, "today-opened", "list", "", "", False),
    (6, "people-searched", "list", "", "", False),
    (6, "note-read", "note", "note", "", False),
    (4, "sign-in", "user", "actor", "", False),
    (4, "person-changed", "person", "person", "", True),
    (3, "note-signed", "note", "note", "notes", False),
    (2, "member-joined", "group", "group", "roster", True),
    (2, "follow-up-kept", "follow-up", "note", "", True),
)


@dataclass
class Circle:
    """What rows about one group name."""

    uid: str = field(default_factory=new_uid)
    meetings: list[str] = field(default_factory=lambda: [new_uid() for _ in range(MEETINGS)])
    notes: list[str] = field(default_factory=lambda: [new_uid() for _ in range(MEETINGS)])
    roster: str = field(default_factory=new_uid)
    vault_of_notes: str = field(default_factory=new_uid)


@dataclass
class Named:
    """Whom and what the rows name: some of them are there, and looked at."""

    staff: list[str]
    people: list[str]
    groups: list[Circle]

    @classmethod
    def of(cls, organisation: Organisation) -> Named:
        uid = organisation.group
        ours = records_of_group(uid)
        half = max(2, len(ours) // 2)
        roster, notes = (vaults.find(kind, uid) or "" for kind in ("roster", "notes"))
        circle = Circle(uid, ours[1:half], ours[half:] or ours[1:], roster, notes)
        staff = list(db.session.scalars(select(User.uid)))
        people = list(db.session.scalars(select(Person.uid)))
        return cls(
            staff + [new_uid() for _ in range(STAFF - len(staff))],
            people + [new_uid() for _ in range(PEOPLE - len(people))],
            [circle, *(Circle() for _ in range(GROUPS - 1))],
        )

    def entries(self, number: int, chance: random.Random) -> Iterator[Entry]:
        """So many rows, spread over two years."""
        weights = [weight for weight, *_rest in DAYS]
        began = now() - YEARS
        for done, what in enumerate(chance.choices(DAYS, weights, k=number)):
            _weight, action, kind, subject, vault, is_of_person = what
            circle, actor = chance.choice(self.groups), chance.choice(self.staff)
            person = chance.choice(self.people) if is_of_person else ""
            named = {
                "": "",
                "meeting": chance.choice(circle.meetings),
                "person": person,
                "group": circle.uid,
                "note": chance.choice(circle.notes),
                "actor": actor,
            }
            within = {"": "", "roster": circle.roster, "notes": circle.vault_of_notes}[vault]
            at = began + YEARS * (done / number)
            yield Entry(at, actor, action, kind, named[subject], within, person, "done")


def measure() -> Iterator[Result]:
    """Milliseconds of each page, first and later, few rows and many; the check; bytes a row."""
    with founded() as organisation:
        yield from _trail("trail", organisation)


def measure_on_postgres() -> Iterator[Result]:
    """The same on PostgreSQL."""
    on_disk = Path(tempfile.gettempdir())
    with founded_on_postgres("max_wal_size=4GB", within=on_disk) as organisation:
        yield from _trail("trail-postgres", organisation)


def _trail(part: str, organisation: Organisation) -> Iterator[Result]:
    with organisation.app.app_context():
        named = Named.of(organisation)
    _fill(organisation, named, FEW)
    few = medians(_askers(organisation), rounds=TIMES, warm=2)
    before = _size(organisation)
    began = perf_counter()
    _fill(organisation, named, MANY - FEW)
    filled = perf_counter() - began
    size = _size(organisation)
    note = f"{MANY:,} rows, {size / 1e9:.1f} GB, filled in {filled:.0f} s"
    yield Result(part, "a row", (size - before) / (MANY - FEW), unit=" B", note=note)
    taken = medians(_askers(organisation), rounds=TIMES, warm=2)
    for name, seconds in taken.items():
        note = f"{seconds / few[name]:.2f} ÷ {FEW:,} rows"
        yield Result(part, name, seconds * 1000, "<= 200", " ms", note)
    for name, newest in (("the last", CHECKED), ("the usual check, of", LATELY)):
        with organisation.app.app_context():
            began = perf_counter()
            verdict = verify(newest=newest)
            seconds = perf_counter() - began
            transaction.rollback()
        if verdict.broken_at is not None:
            raise RuntimeError(f"It does not fit at {verdict.broken_at}.")
        what = f"{name} {newest:,} rows"
        yield Result(part, what, seconds * 1000, unit=" ms")
    with organisation.app.app_context():
        began = perf_counter()
        whole = verify(pause=transaction.pause)
        seconds = perf_counter() - began
        transaction.rollback()
    yield Result(part, "all of it checked", seconds, unit=" s", note=f"{whole.rows:,} rows")


def _askers(organisation: Organisation) -> dict[str, partial[bytes]]:
    app, (administrator, facilitator, coordinator) = (
        organisation.app.wsgi_app,
        (organisation.sign_in(who) for who in (ADMINISTRATOR, FACILITATOR, COORDINATOR)),
    )
    pages = (
        ("acts", administrator, "/audit"),
        ("a group's", facilitator, f"/groups/{organisation.group}/activity"),
        ("a person's", coordinator, f"/people/{organisation.person}/openings"),
        ("one's own", facilitator, "/activity"),
    )
    with organisation.app.app_context():
        found = heads.as_it_stands()
        assert found is not None
        middle = found[0].seq // 2
        transaction.rollback()
    asked = {"first": "?page=1", "20th": "?page=20", "middle": f"?page=22&before={middle}"}
    return {
        f"{name}, {which} page": partial(Asker("GET", path + query, cookie=cookie).page, app)
        for name, cookie, path in pages
        for which, query in asked.items()
    }


def _fill(organisation: Organisation, named: Named, number: int) -> None:
    """Write rows as the program would, tied and with their MACs, without its transactions."""
    with organisation.app.app_context():
        found = heads.as_it_stands()
        assert found is not None
        head, sealed = found
        head.open(sealed)
        dialect = db.engine.dialect
        indexes = sorted(cast(Table, AuditRow.__table__).indexes, key=lambda index: str(index.name))
        db.session.remove()
        db.engine.dispose()
        with _plainly(organisation) as connection:
            for index in indexes:
                connection.execute(f"DROP INDEX {index.name}")
            block: list[tuple[object, ...]] = []
            for entry in named.entries(number, random.Random(number)):
                chain = head.openings if entry.is_opening else head.acts
                head.seq += 1
                mac = chain.add(head.seq, entry)
                at = f"{entry.at:%Y-%m-%d %H:%M:%S}.000000"
                block.append((at, *entry[1:], head.seq, entry.is_opening, chain.hash, mac))
                if len(block) == BLOCK:
                    _put(connection, block)
                    block = []
            _put(connection, block)
            for index in indexes:
                connection.execute(str(CreateIndex(index).compile(dialect=dialect)))
            columns = head.columns()
            mark = "%s" if organisation.address else "?"
            changed = ", ".join(f"{name} = {mark}" for name in columns)
            connection.execute(f"UPDATE audit_head SET {changed}", [*columns.values()])
            connection.execute("COMMIT")
            # What PostgreSQL does by itself within minutes: the statements are planned by it.
            connection.execute("VACUUM ANALYZE audit" if organisation.address else "SELECT 1")


@contextmanager
def _plainly(organisation: Organisation) -> Iterator[Any]:
    """A driver's own connection, in a transaction that waits for no disk."""
    if organisation.address:
        address = organisation.address.replace("+psycopg", "")
        with closing(psycopg.connect(address, autocommit=True)) as postgres:
            postgres.execute("BEGIN")
            yield postgres
        return
    with closing(sqlite3.connect(organisation.database, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("PRAGMA cache_size=-1000000")
        connection.execute("BEGIN IMMEDIATE")
        yield connection


def _put(connection: Any, rows: list[tuple[object, ...]]) -> None:
    names = ", ".join(COLUMNS)
    if isinstance(connection, sqlite3.Connection):
        marks = ", ".join("?" * len(COLUMNS))
        connection.executemany(f"INSERT INTO audit ({names}) VALUES ({marks})", rows)
        return
    with connection.cursor().copy(f"COPY audit ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _size(organisation: Organisation) -> int:
    """Bytes of the database, without PostgreSQL's log of changes."""
    if not organisation.address:
        return organisation.database.stat().st_size
    with organisation.app.app_context():
        size = db.session.scalar(text("SELECT pg_database_size(current_database())"))
        transaction.rollback()
    return cast(int, size)
