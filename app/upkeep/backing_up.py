"""Making a backup: a copy, sealed to the offline key, in its folder and in a second place."""

from __future__ import annotations

import fcntl
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

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
from app.upkeep.checks import revision_of
from app.upkeep.copying import beside, copy_rows, copy_sqlite, make_tables
from app.upkeep.models import BACKUP, SECOND_PLACE
from app.vault.models import Organisation
from app.web import transaction

# Says what is being done, and how much of how much.
Progress = Callable[[str, int, int], None]
WORK, LOCK = ".work-", ".lock"
KEY = select(Organisation.backup_key)
NEW_KEY = update(Organisation).execution_options(synchronize_session=False)
WITHOUT_KEY = "There is no backup key yet: `flask --app wsgi backup-key` makes one."


@dataclass(frozen=True)
class Made:
    """A backup that was made."""

    file: Path
    contents: Contents
    let_go: int
    """How many older ones made room."""


def new_key() -> str:
    """Have backups sealed to a new key from now on; returns it, to be printed and kept offline.

    Those made before open with the key before.
    """
    private, public = archive.new_key()
    db.session.execute(NEW_KEY, {"backup_key": public})
    trail.record("backup-key-made", "backup", "")
    return private


def back_up(progress: Progress) -> Made:
    """Make a backup, and let go those beyond the last 14 days and 4 weeks. Raises RuleBroken, OSError."""
    key = db.session.scalar(KEY) if chores.exist() else None
    transaction.rollback()
    if not key:
        raise RuleBroken(WITHOUT_KEY)
    kept = settings().backups
    with noted(BACKUP), one_at_a_time(kept), work_folder(kept) as folder:
        contents = copy_into(folder, progress)
        file = kept / f"{contents.made_at:{archive.NAME}}"
        archive.seal(folder, key, file, lambda done, of: progress("Sealing", done, of))
        return Made(file, contents, _let_go(kept))


def take_elsewhere(file: Path) -> bool:
    """Run the command that takes backups to a second place; whether there is one. Raises RuleBroken."""
    command = settings().backup_command
    places = {"{file}": str(file), "{folder}": str(file.parent)}
    words = [_with(word, places) for word in shlex.split(command)]
    if not words:
        return False
    with noted(SECOND_PLACE):
        try:
            subprocess.run(words, check=True, stdin=subprocess.DEVNULL)  # noqa: S603 - the settings' own
        except (OSError, subprocess.CalledProcessError) as error:
            raise RuleBroken(f"The backup is made, but not in the second place: {error}") from error
    return True


def copy_into(folder: Path, progress: Progress) -> Contents:
    """Copy the database and the server's key into a folder, with what they hold.

    Raises RuleBroken where the copy is not whole: then the database itself is not.
    """
    engine, copy = db.engine, folder / DATABASE
    (folder / SERVER_KEY).touch(mode=0o600)
    (folder / SERVER_KEY).write_bytes(settings().server_key)
    progress("Copying", 0, 1)
    if engine.dialect.name == "sqlite":
        copy_sqlite(Path(str(engine.url.database)), copy)
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
def work_folder(where: Path) -> Iterator[Path]:
    """A private folder that is gone afterwards; what a run that was killed left there is gone before."""
    where.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=WORK, dir=where))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@contextmanager
def one_at_a_time(folder: Path) -> Iterator[None]:
    """Hold a folder for oneself; what a run that was killed left in it is removed. Raises RuleBroken."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise RuleBroken("Another backup is being made: wait until it is done.") from None
        for left in folder.glob(f"{WORK}*"):
            shutil.rmtree(left)
        for left in folder.glob("*.part"):
            left.unlink()
        yield


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


def _let_go(folder: Path) -> int:
    made = made_backups(folder)
    gone = made.keys() - rules.to_keep(made)
    for moment in gone:
        made[moment].unlink()
    return len(gone)


def _with(word: str, places: dict[str, str]) -> str:
    for name, place in places.items():
        word = word.replace(name, place)
    return word
