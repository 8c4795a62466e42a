"""How long the trail is, and what was written since."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import func, select

from app.audit.models import AuditRow
from tests.web.records import rows, trail_of


def since(app: Flask, before: int) -> list[tuple[str, str]]:
    """The rows after that one: (action, result)."""
    return [(row.action, row.result) for row in trail_of(app) if row.seq > before]


def length(app: Flask) -> int:
    """How many rows there are."""
    return int(rows(app, select(func.count(AuditRow.seq)))[0])
