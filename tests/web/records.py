"""What the tests read and plant in the database, each time in a context of its own."""

from __future__ import annotations

from typing import Any

from flask import Flask
from sqlalchemy import Executable, func, select, update

from app.accounts.models import User
from app.audit.models import AuditRow
from app.extensions import Model, db


def rows(app: Flask, query: Executable) -> list[Any]:
    """What a query finds; of rows with one column, that column."""
    with app.app_context():
        found = db.session.execute(query).all()
    return [row[0] if len(row) == 1 else row for row in found]


def one(app: Flask, model: type[Model], key: Any) -> Any:
    """The record with that key as it stands in the database."""
    with app.app_context():
        return db.session.get_one(model, key)


def plant(app: Flask, *statements: Executable) -> None:
    """Change the database behind the program's back."""
    with app.app_context():
        for statement in statements:
            db.session.execute(statement)
        db.session.commit()


def number_of(app: Flask, model: type[Model], *conditions: Any) -> int:
    """How many records there are."""
    return rows(app, select(func.count()).select_from(model).where(*conditions))[0]


def trail_of(app: Flask) -> list[AuditRow]:
    """The audit trail, from its first row on."""
    return rows(app, select(AuditRow).order_by(AuditRow.seq))


def speak_english(app: Flask) -> None:
    """Let all staff read English: the strings that stand in the program."""
    plant(app, update(User).values(language="en"))
