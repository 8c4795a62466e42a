"""Putting a backup in place, and the drill that proves that it can be done."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from flask import Flask, current_app
from sqlalchemy import delete

from app.accounts.models import SignIn
from app.audit import trail
from app.clock import now
from app.config import UnsafeSetting
from app.errors import RuleBroken
from app.extensions import db
from app.upkeep import archive, chores, proving
from app.upkeep.archive import DATABASE, SERVER_KEY, Contents
from app.upkeep.backing_up import Progress, copy_into, noted, one_at_a_time, settings, work_folder
from app.upkeep.checks import SERVED, revision_of
from app.upkeep.copying import beside, copy_rows, make_tables
from app.upkeep.machine import REPLACED
from app.upkeep.models import DRILL
from app.web import transaction

FILLED = (
    "There is a notebook here already. `--replace` puts the backup in its place, and keeps it "
    "beside under another name; on PostgreSQL, name an empty database instead."
)
ALL_SIGN_INS = delete(SignIn)
SERVING = "The notebook is being served: stop the service first."


def restore(
    file: Path,
    identity: Any,
    progress: Progress,
    *,
    replace: bool = False,
    head: tuple[int, bytes] | None = None,
) -> Contents:
    """Put a backup in place, once all of it is proved. Raises RuleBroken: then nothing was changed.

    `head`: one that `audit verify` printed earlier, which its trail must hold.
    Every sign-in of that time has ended.
    """
    engine, key_file = db.engine, settings().server_key_file
    database = Path(str(engine.url.database)) if engine.dialect.name == "sqlite" else None
    is_filled = bool(revision_of(engine))
    engine.dispose()
    if is_filled and not (replace and database):
        raise RuleBroken(FILLED)
    where = database.parent if database else Path(current_app.instance_path)
    with alone(), work_folder(where) as folder:
        contents = archive.unseal(file, identity, folder, lambda *much: progress("Opening", *much))
        with proved(folder, contents, progress, head=head) as other:
            with other.app_context():
                db.session.execute(ALL_SIGN_INS)
                trail.record("restored", "backup", "")
                transaction.commit()
                copy = db.engine
            if database is None:
                here: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
                make_tables(here, revision_of(copy))
                copy_rows(copy, here, lambda *much: progress("Filling", *much))
        aside = f"{REPLACED}{now():%Y%m%dT%H%M%SZ}" if is_filled else ""
        new_key = key_file.with_name(f"{key_file.name}.new")  # it may lie on another disk
        new_key.touch(mode=0o600)
        new_key.write_bytes((folder / SERVER_KEY).read_bytes())
        _place(new_key, key_file, aside)
        if database:
            _place(folder / DATABASE, database, aside)
    return contents


def drill(progress: Progress, *, file: Path | None = None, identity: Any = None) -> Contents:
    """Restore a backup beside the notebook, hold it against what it says, and sign in to it.

    Without a file: a fresh copy, sealed to a key that is made for it, and is in
    memory only. Raises RuleBroken.
    """
    kept = settings().backups
    # On another machine there may be no notebook to note it in.
    notes = noted(DRILL) if chores.exist() else nullcontext()
    with notes, one_at_a_time(kept), work_folder(kept) as work:
        restored = work / "restored"
        restored.mkdir()
        if file is None:
            private, public = archive.new_key()
            identity, file, fresh = archive.identity_of(private), work / "fresh.age", work / "fresh"
            fresh.mkdir()
            copy_into(fresh, progress)
            archive.seal(fresh, public, file, lambda *much: progress("Sealing", *much))
        contents = archive.unseal(
            file, identity, restored, lambda *much: progress("Opening", *much)
        )
        with proved(restored, contents, progress) as other:
            progress("Signing in", 0, 1)
            proving.sign_in(other)
    return contents


@contextmanager
def proved(
    folder: Path, said: Contents, progress: Progress, *, head: tuple[int, bytes] | None = None
) -> Iterator[Flask]:
    """The same program on what was unsealed into a folder, once that is proved. Raises RuleBroken."""
    progress("Checking", 0, 1)
    (folder / SERVER_KEY).chmod(0o600)
    (folder / DATABASE).chmod(0o600)
    proving.prove(folder / DATABASE, said)
    try:
        other = beside(folder)
    except UnsafeSetting as error:  # its server key
        raise RuleBroken(archive.DAMAGED) from error
    try:
        proving.bring_up_to_date(other, head)
        yield other
    finally:
        with other.app_context():
            db.engine.dispose()


@contextmanager
def alone() -> Iterator[None]:
    """Hold the notebook while nobody serves it from this folder. Raises RuleBroken."""
    with (Path(current_app.instance_path) / SERVED).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise RuleBroken(SERVING) from None
        yield


def _place(file: Path, there: Path, aside: str) -> None:
    """Move a file to its place; what was there is kept beside it, where `aside` names how."""
    for old in there.parent.glob(f"{there.name}*"):
        follows = old.name.removeprefix(there.name)
        if follows in ("", "-journal", "-wal", "-shm"):
            if aside and old.stat().st_size:
                old.rename(old.with_name(f"{there.name}{aside}{follows}"))
            else:
                old.unlink()
    with file.open("rb") as handle:
        os.fsync(handle.fileno())
    file.rename(there)
    archive.sync(there.parent)
