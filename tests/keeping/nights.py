"""What lets go, or erases somebody, in a process that will be killed."""

from __future__ import annotations

import threading
from datetime import datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from sqlalchemy import event

from app.cli import letting_go
from app.clock import standing_at
from app.extensions import db
from tests.client import Browser, Page
from tests.organisation import NOW, Organisation
from tests.upkeep.keeping import begun


def let_go(says: Connection, address: str, folder: Path, _backups: Path, at: datetime) -> None:
    """Let go of what is due, at that moment."""
    with standing_at(at):
        app = begun(address, folder)
        with app.app_context():
            says.send("ready")
            letting_go.let_go(at=at)


def erase(coordinator: Browser, uid: str) -> Page:
    """Erase somebody on their page."""
    address = f"/people/{uid}/removal"
    passphrase = coordinator.staff[coordinator.who].passphrase
    return coordinator.get(address).form(address).fill(passphrase=passphrase).press()


def begin_erasing(
    says: Connection,
    address: str,
    folder: Path,
    _backups: Path,
    organisation: Organisation,
    uid: str,
    number: int,
) -> None:
    """Erase somebody, and stop for ever after so many statements that delete; 0: go on into the commit."""
    with standing_at(NOW):
        app = begun(address, folder)
        coordinator, deleted = Browser(app, organisation.staff).as_("coordinator"), 0

        def counted(_c: Any, _cursor: Any, statement: str, *_more: Any) -> None:
            nonlocal deleted
            deleted += statement.startswith(("DELETE FROM", "UPDATE")) and (
                bool(deleted) or "note_remarks" in statement
            )
            if deleted == number > 0:
                says.send("ready")
                threading.Event().wait()

        def committed(_connection: Any) -> None:
            if deleted and not number:
                says.send("ready")

        with app.app_context():
            # So little memory that pages are written before the commit.
            event.listen(db.engine, "connect", lambda c, _: c.execute("PRAGMA cache_size=4"))
            event.listen(db.engine, "after_cursor_execute", counted)
            event.listen(db.engine, "commit", committed)
            db.engine.dispose()
        erase(coordinator, uid)
        threading.Event().wait()
