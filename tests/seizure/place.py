"""A server of our own as it would be seized: its database, instance folder, log and temporary folder."""

from __future__ import annotations

import logging
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from flask import Flask, Response, request
from sqlalchemy import MetaData, event, select, text

from app import create_app
from app.extensions import db
from app.policy import public
from app.vault.models import Share
from tests.database import Database, PostgresDatabase, SqliteDatabase
from tests.organisation import Organisation, sign_in_keys
from tests.seizure.markers import (
    Needles,
    Search,
    in_any_form,
    marker_needles,
    secret_in_any_form,
)

_watched: dict[str, list[str]] = {}


def _hook(name: str, args: tuple[Any, ...]) -> None:
    """Python says which files it opens, also those that have no name."""
    if name == "open" and _watched and isinstance(args[0], str):
        for folder, opened in _watched.items():
            if args[0].startswith(folder):
                opened.append(args[0])


sys.addaudithook(_hook)


@public("It breaks, in a test.")
def breaks() -> Response:
    """Raises an exception that quotes everything that was typed."""
    raise RuntimeError(f"{request.form} {request.headers} {request.args}")


@public("It breaks in the database, in a test.")
def breaks_in_the_database() -> Response:
    """Raises the database's own exception, with what was typed as its parameters."""
    db.session.execute(text("SELECT :typed FROM nowhere"), {"typed": str(request.form)})
    raise AssertionError


class Place:
    """The server: an application with its own instance folder, log and temporary folder."""

    def __init__(self, application: Flask, database: Database, folder: Path) -> None:
        self.database, self.folder = database, folder
        self.instance, self.temporary = folder / "instance", folder / "tmp"
        self.log = folder / "server.log"
        for made in (self.instance, self.temporary):
            made.mkdir(mode=0o700)
        shutil.copy(Path(application.instance_path) / "server.key", self.instance / "server.key")
        environ = {
            "DAFTAR_DEMO": "1",
            "DAFTAR_PASSPHRASE_COST": "8,1,1",
            "DAFTAR_DATABASE": database.address,
        }
        self.app = create_app(environ, self.instance)
        for name, view in (("/breaks", breaks), ("/breaks-below", breaks_in_the_database)):
            self.app.add_url_rule(name, view_func=view, methods=["POST"])
        self.journals: set[bytes] = set()

    def __enter__(self) -> Place:
        self.handler = logging.FileHandler(self.log)
        root = logging.getLogger()
        self.level, self.tempdir = root.level, tempfile.tempdir
        root.addHandler(self.handler)
        root.setLevel(logging.INFO)  # the statements too; their parameters stay hidden
        tempfile.tempdir = str(self.temporary)
        _watched[str(self.temporary)] = self.spilled = []
        with self.app.app_context():
            event.listen(db.engine, "commit", self._read_journal)
        return self

    def __exit__(self, *_error: object) -> None:
        root = logging.getLogger()
        root.removeHandler(self.handler)
        root.setLevel(self.level)
        tempfile.tempdir = self.tempdir
        _watched.clear()
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()

    def _read_journal(self, _connection: object) -> None:
        if isinstance(self.database, SqliteDatabase):
            for file in self.database.folder.glob("live.sqlite3-*"):
                self.journals.add(file.read_bytes())

    def found(self, needles: Needles) -> list[str]:
        """Everything that whoever takes the disk would find of these."""
        self.handler.flush()
        search = Search(needles)
        return [hit for where, data in self._disk() for hit in search.found(data, where)]

    def _disk(self) -> Iterator[tuple[str, bytes]]:
        yield "the log", self.log.read_bytes()
        for folder in (self.instance, self.temporary):
            for file in folder.rglob("*"):
                if file.is_file():
                    yield f"{folder.name}/{file.name}", file.read_bytes()
        for journal in self.journals:
            yield "the journal", journal
        yield from self._tables()
        if isinstance(self.database, SqliteDatabase):
            for file in self.database.folder.glob("live.sqlite3*"):
                yield file.name, file.read_bytes()
        if isinstance(self.database, PostgresDatabase):
            self.database.server.run("CHECKPOINT")
            for file in self.database.server.folder.rglob("*"):
                if file.is_file() and not file.is_socket():
                    yield f"PostgreSQL's {file.name}", file.read_bytes()

    def _tables(self) -> Iterator[tuple[str, bytes]]:
        with self.app.app_context(), db.engine.connect() as connection:
            metadata = MetaData()
            metadata.reflect(connection)
            for name, table in metadata.tables.items():
                for row in connection.execute(select(table)):
                    cells = [c if isinstance(c, bytes) else str(c).encode() for c in row]
                    yield f"the table {name}", b"\x1f".join(cells)


def typed_needles() -> Needles:
    """What finds anything that was typed."""
    return marker_needles()


def secret_needles(place: Place, organisation: Organisation, cookies: set[str]) -> Needles:
    """Every key, passphrase, code and cookie there is, as it must be found nowhere."""
    needles: Needles = []
    with place.app.app_context():
        desks = {}
        for account in organisation.staff.values():
            keyring = sign_in_keys(account)
            needles.append((f"{account.key}'s private key", _raw(keyring._own.private_bytes_raw())))
            codes = {account.recovery_code, account.recovery_code.replace("-", "")}
            for words in (account.passphrase, *codes):
                needles.append((f"{account.key}'s passphrase or code", in_any_form(words)))
            for kind in ("desk", "roster", "notes", "case", "own"):
                for vault_uid in keyring.vaults(kind).values():
                    for private in keyring.versions(vault_uid).values():
                        needles.append((f"the key of a {kind} vault", _raw(private)))
                    desks[vault_uid] = keyring
        for share in db.session.scalars(select(Share)):
            if share.vault_uid in desks:
                key = desks[share.vault_uid].person_key(
                    share.vault_uid, share.key_uid, share.person_uid, share.boxed, share.sealed_key
                )
                needles.append(("a person's key", _raw(key)))
        db.session.remove()
    for occasion in (organisation.workshop, organisation.workshop_b):
        needles.append(("a code word", in_any_form(occasion.code)))
    for cookie in cookies:
        needles.append(("a cookie", secret_in_any_form(bytes.fromhex(cookie))))
        needles.append(("a cookie", in_any_form(cookie)))
    return needles


def _raw(key: bytes) -> dict[str, bytes]:
    return secret_in_any_form(key)
