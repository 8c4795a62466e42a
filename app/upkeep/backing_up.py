"""Making a backup: a copy, sealed to the offline key, in its folder and in a second place."""

from __future__ import annotations

import shlex
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import select, update
from sqlalchemy.exc import SQLAlchemyError

from app.audit import trail
from app.clock import now
from app.config import Settings
from app.errors import RuleBroken
from app.extensions import db
from app.upkeep import archive, chores, proving, rules
from app.upkeep.archive import CONTENTS, DATABASE, SERVER_KEY, Contents
from app.upkeep.checks import NO_NOTEBOOK, revision_of
from app.upkeep.copying import beside, copy_rows, copy_sqlite, make_tables
from app.upkeep.models import BACKUP, SECOND_PLACE
from app.upkeep.workroom import Progress, room_for_copies
from app.vault.models import Organisation
from app.web import transaction

HOURS = 3 * 60 * 60.0  # that a second place may take
KEY = select(Organisation.backup_key)
NEW_KEY = update(Organisation).execution_options(synchronize_session=False)
OLDER = (
    "This notebook is older than backups: copy its disk, run `flask --app wsgi upgrade "
    "--without-backup`, then `flask --app wsgi backup-key`."
)
WITHOUT_KEY = "There is no backup key yet: `flask --app wsgi backup-key` makes one."


@dataclass(frozen=True)
class Made:
    """A backup that was made."""

    file: Path
    contents: Contents
    let_go: int
    """How many older ones made room."""


def public_key() -> str | None:
    """What backups are sealed to, if there is a key yet. Raises RuleBroken without a notebook."""
    if not chores.exist():
        raise RuleBroken(OLDER if revision_of(db.engine) else NO_NOTEBOOK)
    key = db.session.scalar(KEY)
    transaction.rollback()
    return key


def new_key() -> str:
    """Have backups sealed to a new key from now on; returns it, to be printed and kept offline.

    Those made before open with the key before. Raises RuleBroken.
    """
    private, public = archive.new_key()
    written: Any = db.session.execute(NEW_KEY, {"backup_key": public})
    if not written.rowcount:
        raise RuleBroken(NO_NOTEBOOK)
    trail.record("backup-key-made", "backup", "")
    return private


def back_up(progress: Progress) -> Made:
    """Make a backup, and let go those beyond the last 14 days and 4 weeks. Raises RuleBroken, OSError."""
    key = public_key()
    if not key:
        raise RuleBroken(WITHOUT_KEY)
    with noted(BACKUP), room_for_copies(progress) as room:
        folder = _folder_of_backups()
        contents = copy_into(room, progress)
        file = folder / f"{contents.made_at:{archive.NAME}}"
        archive.seal(room, key, file, lambda *much: progress("Sealing", *much))
        return Made(file, contents, _let_go(folder, but=contents.made_at))


def take_elsewhere(file: Path) -> bool:
    """Run the command that takes backups to a second place; whether there is one. Raises RuleBroken."""
    command = settings().backup_command
    places = {"{file}": str(file), "{folder}": str(file.parent)}
    words = [_with(word, places) for word in shlex.split(command)]
    if not words:
        return False
    with noted(SECOND_PLACE):
        try:
            subprocess.run(words, check=True, stdin=subprocess.DEVNULL, timeout=HOURS)  # noqa: S603 - what the settings say
        except (OSError, subprocess.SubprocessError) as error:
            raise RuleBroken(f"The backup is made, but not in the second place: {error}") from error
    return True


def copy_into(folder: Path, progress: Progress) -> Contents:
    """Copy the database and the server's key into a folder, with what they hold.

    Raises RuleBroken where the copy is not whole: then the database itself is not.
    """
    engine, copy = db.engine, folder / DATABASE
    (folder / SERVER_KEY).write_bytes(settings().server_key)
    progress("Copying", 0, 1)
    if engine.dialect.name == "sqlite":
        copy_sqlite(Path(str(engine.url.database)).resolve(), copy)
    else:
        other = beside(folder)
        make_tables(other, revision_of(engine))
        copy_rows(engine, other, lambda done, of: progress("Copying", done, of))
    progress("Checking", 0, 1)
    contents = proving.contents_of(copy)
    (folder / CONTENTS).write_text(contents.as_text())
    return contents


def made_backups(folder: Path) -> dict[datetime, Path]:
    """The backups in a folder, the newest last, by when they were made."""
    found = {}
    for file in sorted(folder.glob("daftar-*.age")):
        try:
            found[datetime.strptime(file.name, archive.NAME).replace(tzinfo=UTC)] = file
        except ValueError:  # somebody else's file
            continue
    return found


@contextmanager
def noted(chore: str) -> Iterator[None]:
    """Write down that a chore went well, or that it did not."""
    try:
        yield
    except BaseException:
        with suppress(SQLAlchemyError):  # it may be the disk that is full
            chores.failed(chore, at=now())
            transaction.commit()
        raise
    chores.went_well(chore, at=now())
    transaction.commit()


def settings() -> Settings:
    """The settings of this program."""
    found: Settings = current_app.config["DAFTAR"]
    return found


def _folder_of_backups() -> Path:
    """Where they lie; what a run that was killed left there is removed. Raises RuleBroken."""
    folder = settings().backups
    if folder.parent == Path(current_app.instance_path):
        folder.mkdir(mode=0o700, exist_ok=True)
    elif not folder.is_dir():
        raise RuleBroken(f"{folder} is not there, where backups are to lie: is the disk mounted?")
    for left in folder.glob("daftar-*.part"):
        left.unlink()
    return folder


def _let_go(folder: Path, *, but: datetime) -> int:
    """Remove those that are too many; never the one just made, whatever the clock said before."""
    made = made_backups(folder)
    gone = made.keys() - rules.to_keep(made) - {but}
    for moment in gone:
        made[moment].unlink()
    return len(gone)


def _with(word: str, places: dict[str, str]) -> str:
    for name, place in places.items():
        word = word.replace(name, place)
    return word
