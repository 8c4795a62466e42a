"""The database of the tests: filled once per process, kept as a snapshot, put back for each test."""

from __future__ import annotations

import os
import shutil
import tempfile
from itertools import count
from pathlib import Path
from typing import Protocol

from tests.postgres import Server

POSTGRES = os.environ.get("DAFTAR_TEST_DATABASE", "sqlite") == "postgres"


class Database(Protocol):
    """A database whose content can be kept under a name and put back. Nobody is connected then."""

    address: str

    def keep(self, name: str) -> None:
        """Keep the content as it is now under a name."""

    def put_back(self, name: str) -> None:
        """Replace the content by what was kept."""

    def another(self) -> str:
        """The address of one more database, an empty one."""

    def close(self) -> None:
        """Leave nothing behind."""


class SqliteDatabase:
    """One file; a snapshot is a copy of it."""

    def __init__(self) -> None:
        self.folder, self.numbers = Path(tempfile.mkdtemp(prefix="daftar-")), count(1)
        self.file = self.folder / "live.sqlite3"
        self.address = f"sqlite:///{self.file}"

    def keep(self, name: str) -> None:
        shutil.copyfile(self.file, self.folder / name)

    def put_back(self, name: str) -> None:
        for file in self.folder.glob("live.sqlite3*"):
            file.unlink()
        shutil.copyfile(self.folder / name, self.file)
        self.file.chmod(0o600)

    def another(self) -> str:
        return f"sqlite:///{self.folder / f'another{next(self.numbers)}.sqlite3'}"

    def close(self) -> None:
        shutil.rmtree(self.folder)


class PostgresDatabase:
    """One database on a server of our own; a snapshot is a schema with a copy of each table.

    Copying rows takes a tenth of the time of copying a whole database.
    """

    def __init__(self) -> None:
        self.server, self.numbers = Server(), count(1)
        self.address = self.another()
        self.name = self.address.partition("@/")[2].partition("?")[0]

    def keep(self, name: str) -> None:
        copies = [f"CREATE TABLE {name}.{t} AS TABLE public.{t};" for t in self._tables()]
        self.server.run(f"CREATE SCHEMA {name}; {' '.join(copies)}", self.name)

    def put_back(self, name: str) -> None:
        tables = self._tables()
        emptied = [f"DELETE FROM public.{t};" for t in tables]
        filled = [f"INSERT INTO public.{t} SELECT * FROM {name}.{t};" for t in tables]
        # A replica takes rows as they come: foreign keys are not asked about.
        statements = ["SET LOCAL session_replication_role = replica;", *emptied, *filled]
        self.server.run(f"BEGIN; {' '.join(statements)} COMMIT;", self.name)

    def another(self) -> str:
        name = f"tests{next(self.numbers)}"
        self.server.run(f"CREATE DATABASE {name}")
        return self.server.address(name)

    def close(self) -> None:
        self.server.stop()

    def _tables(self) -> list[str]:
        rows = self.server.run(
            "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'", self.name
        )
        return sorted(row[0] for row in rows)


def open_database() -> Database:
    """The database that DAFTAR_TEST_DATABASE asks for: SQLite, or PostgreSQL."""
    return PostgresDatabase() if POSTGRES else SqliteDatabase()
