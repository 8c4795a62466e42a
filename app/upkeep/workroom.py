"""Who works on this folder's notebook at the moment, and the room in it where copies lie meanwhile.

A copy in clear lies nowhere but beside the database: not where backups lie, which others may have.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from flask import current_app

from app.errors import RuleBroken

# Says how much of how much is done, and of what.
Told = Callable[[int, int], None]
Progress = Callable[[str, int, int], None]
SERVED = "served"  # locked by whoever serves, together; by whoever replaces the notebook, alone
COPIED = "copied"  # locked by whoever makes, proves or restores a copy, one after the other
ROOM = "copies"
SERVING = "The notebook is being served: stop the service first."
WAITING = "Waiting for another that makes a copy"
# As long as before, so that it lies where they lay.
FORGET = "UPDATE audit_head SET keys = zeroblob(length(keys))"
INTERRUPTIONS = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}


@contextmanager
def served(home: Path) -> Iterator[None]:
    """Say that this folder's notebook is served, however many processes do."""
    with _held(home / SERVED, fcntl.LOCK_SH):
        yield


@contextmanager
def alone() -> Iterator[None]:
    """Have the notebook for oneself, to replace it. Raises RuleBroken where somebody serves it."""
    try:
        with _held(Path(current_app.instance_path) / SERVED, fcntl.LOCK_EX | fcntl.LOCK_NB):
            yield
    except BlockingIOError:
        raise RuleBroken(SERVING) from None


@contextmanager
def room_for_copies(progress: Progress) -> Iterator[Path]:
    """An empty folder beside the database, for oneself; others wait. It is gone afterwards.

    What a run that was killed left there is gone before.
    """
    home = Path(current_app.instance_path)
    room = home / ROOM
    try:
        with _held(home / COPIED, fcntl.LOCK_EX | fcntl.LOCK_NB):
            pass
    except BlockingIOError:
        progress(WAITING, 0, 1)
    with _held(home / COPIED, fcntl.LOCK_EX):
        if room.exists():
            shutil.rmtree(room)
        room.mkdir(mode=0o700)
        try:
            yield room
        finally:
            for copy in room.rglob("*.sqlite3"):
                _forget_keys(copy)
            shutil.rmtree(room)


def _forget_keys(copy: Path) -> None:
    """Overwrite the trail's keys in a copy before it goes: the disk may keep what is removed.

    With the key of that night whoever takes the disk could rewrite what came after.
    """
    with closing(sqlite3.connect(copy)) as connection, suppress(sqlite3.Error):
        connection.execute("PRAGMA journal_mode=OFF")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute(FORGET)
        connection.commit()


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Let what belongs together be done: whoever says meanwhile that it is to end is heard after it."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, INTERRUPTIONS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _held(file: Path, how: int) -> Iterator[None]:
    handle = os.open(file, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(handle, how)
        yield
    finally:
        os.close(handle)
