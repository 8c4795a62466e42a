"""A copy of the whole database at one moment, while people go on; and filling an empty one from a copy.

A copy is always one SQLite file, of a PostgreSQL database too: one kind of
backup, which either kind of organisation restores.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from hashlib import sha256
from pathlib import Path

from flask import Flask, current_app
from flask_migrate import Migrate, downgrade, upgrade
from sqlalchemy import Connection, Engine, MetaData, RowMapping, Table, func

from app.errors import RuleBroken
from app.extensions import db
from app.upkeep.checks import VERSION, revision_of
from app.upkeep.workroom import Told

AT_A_TIME = 1000


def attach_migrations(app: Flask) -> None:
    """Let `flask db`, `upgrade` and the like find our migrations."""
    folder = f"{app.root_path}/migrations"
    Migrate(app, db, directory=folder, render_as_batch=True, compare_type=True)


def beside(folder: Path, settings: Mapping[str, str] | None = None) -> Flask:
    """The same program on another database: the one in `folder`, unless `settings` name one.

    For looking at a copy: nobody but ourselves reaches it, so it needs no address.
    """
    begin: Callable[..., Flask] = current_app.extensions["begin_anew"]
    other = begin({"DAFTAR_DEMO": "1"} | dict(settings or {}), folder)
    attach_migrations(other)
    return other


def copy_sqlite(source: Path, into: Path) -> None:
    """Copy an SQLite database by its own online backup, in one step.

    Whoever writes meanwhile waits until it is done; in several steps it would
    begin anew with each write of somebody else.
    """
    with (
        closing(sqlite3.connect(f"{source.as_uri()}?mode=ro", uri=True, timeout=20)) as live,
        closing(sqlite3.connect(into)) as copy,
    ):
        copy.execute("PRAGMA synchronous=OFF")  # it is read again before it counts
        live.backup(copy)


def make_tables(other: Flask, revision: str) -> None:
    """Make the tables of a revision in the empty database of another application. Raises RuleBroken."""
    with other.app_context():
        if revision_of(db.engine):
            raise RuleBroken("There is a notebook in that database already: name an empty one.")
        upgrade(revision=revision)


def drop_tables(other: Flask) -> None:
    """Take the tables away again that were made there."""
    with other.app_context():
        db.session.remove()
        downgrade(revision="base")


def copy_rows(source: Engine, other: Flask, told: Told) -> dict[str, int]:
    """Copy every row, as all are at one moment, into tables that are there and empty; how many, by table."""
    with other.app_context():
        target = db.engine
    with _at_one_moment(source) as reading, target.begin() as writing:
        tables, copies = _tables(reading), _tables(writing)
        rows = {name: _count(reading, tables[name]) for name in copies}
        done = 0
        for name, copy in copies.items():
            for block in _rows(reading, tables[name]):
                writing.execute(copy.insert(), [dict(row) for row in block])
                done += len(block)
                told(done, sum(rows.values()))
    return rows


def empty(other: Flask) -> None:
    """Take every row out of another application's tables again."""
    with other.app_context(), db.engine.begin() as connection:
        for table in reversed(_tables(connection).values()):
            connection.execute(table.delete())


def first_difference(one: Engine, other: Engine, told: Told) -> str:
    """The first table in which two databases differ in any value of any row, or an empty text."""
    with one.connect() as left, other.connect() as right:
        tables, copies = _tables(left), _tables(right)
        for done, name in enumerate(tables):
            told(done, len(tables))
            if name not in copies or _digest(left, tables[name]) != _digest(right, copies[name]):
                return name
    return ""


def _at_one_moment(engine: Engine) -> Connection:
    """A connection that sees the database as it is at its first question, whatever is written meanwhile."""
    connection = engine.connect()
    if engine.dialect.name == "postgresql":
        return connection.execution_options(isolation_level="REPEATABLE READ")
    return connection


def _tables(connection: Connection) -> dict[str, Table]:
    """What there is, those that others point at first."""
    found = MetaData()
    found.reflect(connection)
    return {table.name: table for table in found.sorted_tables if table.name != VERSION}


def _count(connection: Connection, table: Table) -> int:
    return connection.scalar(table.select().with_only_columns(func.count())) or 0


def _rows(connection: Connection, table: Table) -> Iterator[Sequence[RowMapping]]:
    """The rows of a table, so many at a time."""
    found = connection.execution_options(yield_per=AT_A_TIME).execute(table.select())
    yield from found.mappings().partitions()


def _digest(connection: Connection, table: Table) -> tuple[int, int]:
    """How many rows, and a sum over them that no other rows have, in whatever order they come."""
    number = total = 0
    for block in _rows(connection, table):
        for row in block:
            said = repr(sorted(row.items())).encode()
            total += int.from_bytes(sha256(said).digest())
        number += len(block)
    return number, total
