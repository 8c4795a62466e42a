"""A notebook whose backups are looked at: its key, another machine, what people then find there."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from click.testing import Result
from flask import Flask

from app import create_app
from app.cli import commands
from app.extensions import db
from app.upkeep import archive
from tests.cli.running import run
from tests.database import Database
from tests.organisation import SETTINGS


class House:
    """A notebook with a backup key, and the folder of its backups."""

    def __init__(self, app: Flask, folder: Path) -> None:
        self.app, self.folder = app, folder
        self.key = folder / "key"
        done = run(app, "backup-key")
        assert done.exit_code == 0, done.output
        (line,) = [line for line in done.output.splitlines() if "AGE-SECRET-KEY-1" in line]
        self.key.write_text(f"# kept offline\n{line.strip()}\n")

    def run(self, *words: str) -> Result:
        """Run a command, with no transaction of a test's in its way."""
        with self.app.app_context():
            db.session.remove()
        return run(self.app, *words)

    def back_up(self) -> Path:
        """Make a backup; its file."""
        done = self.run("backup")
        assert done.exit_code == 0, done.output
        return self.made()[-1]

    def back_up_at(self, moment: datetime) -> Path:
        """Make a backup, where others say that they are newer; its file."""
        done = self.run("backup")
        assert done.exit_code == 0, done.output
        return self.made()[0].with_name(f"{moment:{archive.NAME}}")

    def made(self) -> list[Path]:
        """The backups there are."""
        return sorted(self.app.config["DAFTAR"].backups.glob("*.age"))


def begun(address: str, folder: Path, **settings: str) -> Flask:
    """The program, begun on a database and in a folder."""
    app = create_app(SETTINGS | {"DAFTAR_DATABASE": address} | settings, folder)
    app.config |= {"TESTING": True, "PROPAGATE_EXCEPTIONS": True}
    commands.init_app(app)
    return app


def begun_anew(app: Flask) -> Flask:
    """The same, after a restart: it reads its server key again."""
    with app.app_context():
        address = db.engine.url.render_as_string(hide_password=False)
        db.engine.dispose()
    return begun(address, Path(app.instance_path))


@contextmanager
def machine(database: Database, folder: Path, **settings: str) -> Iterator[Flask]:
    """The program on a clean machine, with an empty database."""
    folder.mkdir()
    app = begun(database.another(), folder, **settings)
    try:
        yield app
    finally:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def quiet(_done: int, _of: int) -> None:
    """How far it is, which a test does not ask."""


def restore(app: Flask, house: House, file: Path, *words: str) -> Result:
    return run(app, "restore", str(file), "--identity", str(house.key), *words)


def is_empty(app: Flask) -> bool:
    """Whether nothing was put there: no tables, no files left over."""
    with app.app_context():
        with db.engine.connect() as connection:
            tables = db.inspect(connection).get_table_names()
        db.engine.dispose()
    left = {path.name for path in Path(app.instance_path).rglob("*")} - {
        "server.key",
        "served",
        "copied",
    }
    return not tables and not left


@contextmanager
def no_file_larger_than(size: int) -> Iterator[None]:
    """As on a disk that is full after so many bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
