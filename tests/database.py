"""The database of the tests: filled once per process, kept as a snapshot, put back for each test."""

from __future__ import annotations

import os
import shutil
import tempfile
from itertools import count
from pathlib import Path
from typing import Protocol

from tests.postgres import Server
from tests.scratch import scratch

POSTGRES = os.environ.get("DAFTAR_TEST_DATABASE", "sqlite") == "postgres"


class Database(Protocol):
    """A database whose content can be kept under a name and put back. No transaction runs then."""

    address: str
    is_replaced: bool
    """Whether what is put back is another file, so that nobody may be connected then."""

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

    is_replaced = True

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="daftar-", dir=scratch()))
        self.numbers = count(1)
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

    Copying rows takes a tenth of the time of copying a whole database, and most
    tests change few tables: the others are left as they are. Whoever is connected
    stays so, since opening a connection costs more than most pages.
    """

    is_replaced = False

    def __init__(self) -> None:
        self.server, self.numbers = Server(), count(1)
        self.address = self.another()
        self.name = self.address.partition("@/")[2].partition("?")[0]
        self.connection = self.server.connect(self.name)
        self.put: dict[str, tuple[str, int, int]] = {}
        """Table -> what was put back into it last, in which transaction, how many rows it has."""

    def keep(self, name: str) -> None:
        copies = [f"CREATE TABLE {name}.{t} AS TABLE public.{t};" for t in self._tables()]
        self.connection.execute(f"CREATE SCHEMA {name}; {' '.join(copies)}")

    def put_back(self, name: str) -> None:
        untouched = self._untouched(name)
        changed = [t for t in self._tables() if t not in untouched]
        # A replica takes rows as they come: foreign keys are not asked about.
        statements = ["SET LOCAL session_replication_role = replica"]
        statements += [f"DELETE FROM public.{t}" for t in changed]
        statements += [f"INSERT INTO public.{t} TABLE {name}.{t}" for t in changed]
        with self.connection.transaction():
            self.connection.execute("; ".join(statements))
            ((transaction,),) = self.connection.execute("SELECT pg_current_xact_id()::text::int")
            for table in changed:
                ((rows,),) = self.connection.execute(f"SELECT count(*) FROM {name}.{table}")
                self.put[table] = (name, transaction, rows)

    def _untouched(self, name: str) -> set[str]:
        """The tables that hold what was put back from there: as many rows, all of that transaction."""
        asked = [
            f"SELECT '{t}' WHERE {rows} = ALL (SELECT unnest(ARRAY[count(*), "
            f"count(*) FILTER (WHERE xmin::text = '{transaction}')]) FROM public.{t})"
            for t, (put, transaction, rows) in self.put.items()
            if put == name
        ]
        found = self.connection.execute(" UNION ALL ".join(asked)) if asked else ()
        return {table for (table,) in found}

    def another(self) -> str:
        name = f"tests{next(self.numbers)}"
        self.server.run(f"CREATE DATABASE {name}")
        return self.server.address(name)

    def close(self) -> None:
        self.connection.close()
        self.server.stop()

    def _tables(self) -> list[str]:
        rows = self.connection.execute(
            "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'"
        )
        return sorted(table for (table,) in rows)


def open_database() -> Database:
    """The database that DAFTAR_TEST_DATABASE asks for: SQLite, or PostgreSQL."""
    return PostgresDatabase() if POSTGRES else SqliteDatabase()
