"""What lets go in a process that will be killed."""

from __future__ import annotations

from datetime import datetime
from multiprocessing.connection import Connection
from pathlib import Path

from app.cli import letting_go
from app.clock import standing_at
from tests.upkeep.keeping import begun


def let_go(says: Connection, address: str, folder: Path, _backups: Path, at: datetime) -> None:
    """Let go of what is due, at that moment."""
    with standing_at(at):
        app = begun(address, folder)
        with app.app_context():
            says.send("ready")
            letting_go.let_go(at=at)
