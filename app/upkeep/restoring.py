"""Putting a backup in place, and the drill that proves that it can be done."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from filecmp import cmp
from pathlib import Path
from typing import Any

from flask import Flask, current_app
from sqlalchemy import Engine, delete

from app.accounts.models import SignIn
from app.audit import trail
from app.clock import now
from app.errors import RuleBroken
from app.extensions import db
from app.upkeep import archive, chores, proving
from app.upkeep.archive import DATABASE, SERVER_KEY, Contents
from app.upkeep.backing_up import copy_into, noted, settings
from app.upkeep.checks import NO_NOTEBOOK, revision_of
from app.upkeep.copying import beside, copy_rows, drop_tables, make_tables
from app.upkeep.machine import REPLACED
from app.upkeep.models import DRILL
from app.upkeep.workroom import Progress, alone, room_for_copies, uninterrupted
from app.web import transaction

FILLED = (
    "There is a notebook here already. `--replace` puts the backup in its place, and keeps it "
    "beside under another name; on PostgreSQL, name an empty database instead."
)
ALL_SIGN_INS = delete(SignIn)


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
    engine, key_file = db.engine, settings().server_key_file.resolve()
    on_sqlite = engine.dialect.name == "sqlite"
    database = Path(str(engine.url.database)).resolve() if on_sqlite else None
    if not os.access(key_file.parent, os.W_OK):
        raise RuleBroken(f"{key_file} cannot be written: unset DAFTAR_SERVER_KEY_FILE meanwhile.")
    if not (replace and database) and _is_filled(database):
        raise RuleBroken(FILLED)
    with alone(), room_for_copies(progress) as room:
        contents = archive.unseal(file, identity, room, lambda *much: progress("Opening", *much))
        with proved(room, contents, progress, head=head) as other, other.app_context():
            db.session.execute(ALL_SIGN_INS)
            trail.record("restored", "backup", "")
            transaction.commit()
            copy = db.engine
            copy.dispose()
        if database:
            engine.dispose()  # what it holds open is moved away
            with uninterrupted():
                _place(room / SERVER_KEY, key_file)
                _place(room / DATABASE, database)
        else:
            _fill(copy, room / SERVER_KEY, key_file, progress)
    return contents


def drill(progress: Progress, *, file: Path | None = None, identity: Any = None) -> Contents:
    """Restore a backup beside the notebook, hold it against what it says, and sign in to it.

    Without a file: a fresh copy, sealed to a key that is made for it, and is in
    memory only. Raises RuleBroken.
    """
    is_kept = chores.exist()  # on another machine there may be no notebook to note it in
    if file is None and not is_kept:
        raise RuleBroken(NO_NOTEBOOK)
    with noted(DRILL) if is_kept else nullcontext(), room_for_copies(progress) as room:
        restored, fresh = room / "restored", room / "fresh"
        restored.mkdir()
        if file is None:
            private, public = archive.new_key()
            identity, file = archive.identity_of(private), room / "fresh.age"
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
    try:
        proving.prove(folder / DATABASE, said)
        other = beside(folder)
        proving.bring_up_to_date(other, head)
    except (RuleBroken, OSError):
        raise
    except Exception as error:  # whoever made it may have put anything into it
        raise RuleBroken(archive.DAMAGED) from error
    try:
        yield other
    finally:
        with other.app_context():
            db.session.remove()
            db.engine.dispose()


def _is_filled(database: Path | None) -> bool:
    """Whether there is a notebook, in whatever state it may be."""
    if database:
        return database.exists() and database.stat().st_size > 0
    return bool(revision_of(db.engine))


def _fill(copy: Engine, key: Path, key_file: Path, progress: Progress) -> None:
    """Put a copy's rows into PostgreSQL, and the key beside them; where that fails nothing is left there."""
    here: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    make_tables(here, revision_of(copy))
    try:
        copy_rows(copy, here, lambda *much: progress("Filling", *much))
        _place(key, key_file)
    except BaseException:
        drop_tables(here)
        raise
    finally:
        copy.dispose()


def _place(file: Path, there: Path) -> None:
    """Put a file in its place, at once or not at all; what was there is kept beside it."""
    new = there.with_name(f"{there.name}.new")  # it may lie on another disk
    shutil.copyfile(file, new)
    with new.open("rb") as handle:
        os.fsync(handle.fileno())
    aside = f"{there.name}{REPLACED}{now():%Y%m%dT%H%M%SZ}"
    for follows in ("-journal", "-wal", "-shm"):
        old = there.with_name(there.name + follows)
        if old.exists() and old.stat().st_size:
            old.rename(there.with_name(aside + follows))
        else:
            old.unlink(missing_ok=True)
    if there.exists() and there.stat().st_size and not cmp(there, new, shallow=False):
        os.link(there, there.with_name(aside))
    new.replace(there)
    archive.sync(there.parent)
