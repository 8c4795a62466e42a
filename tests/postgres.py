"""A PostgreSQL server for the length of the tests: started here, on a socket in a folder of its own."""

from __future__ import annotations

import os
import pwd
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.scratch import scratch

try:
    import psycopg
except ImportError:  # requirements-postgres.txt is not installed
    psycopg = None  # type: ignore[assignment]

INSTALLED = Path("/usr/lib/postgresql")
READY_WITHIN = 30.0
# Nothing here outlives the tests, so nothing waits for the disk.
FAST = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "listen_addresses=")
# Runs the server until whoever started it closes the pipe, by ending it or by dying.
UNTIL_LET_GO = '"$@" & read -r _; kill -INT $!; wait $!; cd /; rm -rf "$0"'


def programs() -> Path | None:
    """The folder of the newest installed server's programs; None without one, or without its driver."""
    if psycopg is None:
        return None
    found = sorted(INSTALLED.glob("*/bin/postgres"), key=lambda path: float(path.parts[-3]))
    return found[-1].parent if found else None


class Server:
    """A running server whose databases are reached through a socket in its own folder.

    `within` says where that folder lies; otherwise in memory, where there is enough.
    """

    def __init__(self, settings: tuple[str, ...] = FAST, within: Path | None = None) -> None:
        binaries = programs()
        if binaries is None:
            raise RuntimeError("PostgreSQL is not installed.")
        self.folder = Path(tempfile.mkdtemp(prefix="daftar-pg-", dir=within or scratch()))
        # PostgreSQL refuses to run as root: it belongs to nobody, and so does its folder.
        self.as_whom = {}
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            os.chown(self.folder, nobody.pw_uid, nobody.pw_gid)
            self.as_whom = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        self.log = (self.folder / "log").open("wb")
        data = str(self.folder / "data")
        subprocess.run(
            [
                *(binaries / "initdb", "--pgdata", data, "--username=postgres", "--auth=trust"),
                *("--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"),
            ],
            check=True,
            cwd=self.folder,
            stdout=self.log,
            stderr=self.log,
            **self.as_whom,
        )
        options = [f"--{setting.replace('_', '-')}" for setting in settings]
        self.process = subprocess.Popen(
            [
                *("/bin/sh", "-c", UNTIL_LET_GO, self.folder),
                *(binaries / "postgres", "-D", data, "-k", self.folder, *options),
            ],
            cwd=self.folder,
            stdin=subprocess.PIPE,
            stdout=self.log,
            stderr=self.log,
            **self.as_whom,
        )
        self._wait_until_ready()

    def address(self, database: str) -> str:
        """The SQLAlchemy address of a database on this server."""
        return f"postgresql+psycopg://postgres@/{database}?host={self.folder}"

    def run(self, statements: str, database: str = "postgres") -> list[tuple[Any, ...]]:
        """Run statements outside a transaction and return the rows of the last one, if any."""
        with self.connect(database) as connection:
            cursor = connection.execute(statements)
            return cursor.fetchall() if cursor.description else []

    def stop(self) -> None:
        """Stop the server and remove all it wrote."""
        self.log.close()
        self.process.communicate(timeout=READY_WITHIN)

    def connect(self, database: str = "postgres") -> psycopg.Connection:
        """A connection on which each statement is a transaction, unless one is begun."""
        return psycopg.connect(
            host=str(self.folder), user="postgres", dbname=database, autocommit=True
        )

    def _wait_until_ready(self) -> None:
        until = time.monotonic() + READY_WITHIN
        while True:
            try:
                self.connect().close()
            except psycopg.OperationalError as error:
                if time.monotonic() > until:
                    log = (self.folder / "log").read_text()
                    raise RuntimeError(f"PostgreSQL did not start:\n{log}") from error
                time.sleep(0.05)
            else:
                return
