"""A copy of the whole database at one moment, while people go on; and filling an empty one from a copy.

A copy is always one SQLite file, of a PostgreSQL database too: one kind of
backup, which either kind of organisation restores.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from flask import Flask, current_app
from flask_migrate import Migrate, upgrade
from sqlalchemy import Connection, Engine, MetaData, Table, func

from app.errors import RuleBroken
from app.extensions import db
from app.upkeep.checks import VERSION, revision_of

AT_A_TIME = 1000

Told = Callable[[int, int], None]


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
    into.touch(mode=0o600)
    with (
        closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True, timeout=20)) as live,
        closing(sqlite3.connect(into)) as copy,
    ):
        copy.execute("PRAGMA synchronous=OFF")  # it is read again before it counts
        live.backup(copy)


def copy_rows(source: Engine, into: Flask, told: Told) -> None:
    """Copy every row of a database, as it is at one moment, into the empty one of another application.

    Raises RuleBroken where that one is not empty.
    """
    with into.app_context():
        target = db.engine
        if revision_of(target):
            raise RuleBroken("There is a notebook in that database already: name an empty one.")
        upgrade(revision=revision_of(source))
    with _at_one_moment(source) as reading, target.begin() as writing:
        tables, copies = _tables(reading), _tables(writing)
        whole, done = sum(_count(reading, table) for table in tables.values()), 0
        for name, copy in copies.items():
            if name == VERSION:
                continue
            for block in _rows(reading, tables[name]):
                writing.execute(copy.insert(), block)
                done += len(block)
                told(done, whole)


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
    return {table.name: table for table in found.sorted_tables}


def _count(connection: Connection, table: Table) -> int:
    return connection.scalar(table.select().with_only_columns(func.count())) or 0


def _rows(connection: Connection, table: Table) -> Iterator[list[dict[str, Any]]]:
    """The rows of a table, so many at a time."""
    found = connection.execution_options(yield_per=AT_A_TIME).execute(table.select())
    for block in found.mappings().partitions():
        yield [dict(row) for row in block]
