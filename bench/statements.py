"""How many statements a page sends to the database; beginning and ending a transaction is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask
from sqlalchemy import event

from app.extensions import db
from bench.browser import Asker

TRANSACTION = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")
READS = ("SELECT", "WITH")


@dataclass(frozen=True)
class Count:
    """What a page asks for itself, and what the trail adds."""

    reads: int
    writes: int
    trail: int

    @property
    def own(self) -> int:
        """All but the trail's."""
        return self.reads + self.writes

    def __str__(self) -> str:
        wrote = f", {self.writes} write" if self.writes else ""
        added = f", the trail's {self.trail}" if self.trail else ""
        return f"statements {self.own} ({self.reads} read{wrote}){added}"


def count(app: Flask, asker: Asker) -> Count:
    """Ask for a page twice; the statements of the second time."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        sent.append(statement.lstrip().upper())

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        asker.page(app.wsgi_app)
        sent.clear()
        asker.page(app.wsgi_app)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    asked = [statement for statement in sent if not statement.startswith(TRANSACTION)]
    own = [statement for statement in asked if " AUDIT" not in statement]
    reads = sum(statement.startswith(READS) for statement in own)
    return Count(reads, len(own) - reads, len(asked) - len(own))
