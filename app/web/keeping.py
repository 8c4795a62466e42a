"""How long things are kept, and what a feature holds about people; each says its own in its `keeping`."""

from __future__ import annotations

import sqlite3
from calendar import monthrange
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, Executable, bindparam, delete, exists, select

from app.clock import day
from app.extensions import db, inserting, read, read_one
from app.web.models import Term

DAYS, MONTHS = "days", "months"
NUMBERS = select(Term.name, Term.number)
SET_BACK = (
    delete(Term).where(Term.name == bindparam("of")).execution_options(synchronize_session="fetch")
)
Holds = ColumnElement[bool]


@dataclass(frozen=True)
class Kept:
    """A class of things that are kept for so long from some moment on, and what goes then."""

    name: str
    number: int
    """Of days or months, unless the organisation says otherwise."""
    unit: str
    least: int
    most: int
    called: Any
    since: Any
    """From when it counts, in words."""
    goes: Any
    remains: Any
    count: Callable[[datetime], int]
    """How many would go, if what began to count at this moment or before goes."""
    let_go: Callable[[datetime, datetime], int]
    """Let a piece of them go: what began to count by the first moment, at the second; how many went.

    Called until none did, and committed each time, so that nobody waits for long.
    """
    tables: tuple[str, ...]
    """Where rows go from."""

    def before(self, at: datetime, number: int) -> datetime:
        """What began to count at this moment or before is due at `at`."""
        return ago(at, number, self.unit)


@dataclass(frozen=True)
class AboutPeople:
    """What a feature holds about people: conditions in a statement of `Person`, and how one is erased there."""

    holds: Holds
    """Whether it holds anything about them."""
    is_open: Holds
    """Whether something there is not over."""
    lately: Holds
    """Whether something there was at `bindparam("before")` or later; `bindparam("on")` is its day."""
    erase: Callable[[str, str, datetime], None]
    """Erase a person; of what must remain say that it is nobody's: the second uid."""
    tables: tuple[str, ...]


def ago(at: datetime, number: int, unit: str) -> datetime:
    """So many days or months before a moment; where a month is shorter, its last day."""
    if unit == DAYS:
        return at - timedelta(days=number)
    months = at.year * 12 + at.month - 1 - number
    year, month = months // 12, months % 12 + 1
    return at.replace(year=year, month=month, day=min(at.day, monthrange(year, month)[1]))


def counted(statement: Executable, before: datetime) -> int:
    """What a statement counts that began to count at a moment or before."""
    number: int = read_one(statement, asked(before))[0]
    return number


def asked(before: datetime) -> dict[str, Any]:
    """The parameters of what is due: the moment, and its day."""
    return {"before": before, "on": day(before)}


def chosen() -> dict[str, int]:
    """The terms that the organisation changed: name of the class -> number."""
    return {row.name: row.number for row in read(NUMBERS)}


def choose(kept: Kept, number: int) -> None:
    """Write a term down, or that it is as it was at first."""
    if number == kept.number:
        db.session.execute(SET_BACK, {"of": kept.name})
        return
    made = inserting(Term).values(name=kept.name, number=number)
    written = {"index_elements": ["name"], "set_": {"number": number}}
    db.session.execute(made.on_conflict_do_update(**written))


def any_of(models: Any, *where: Holds) -> Holds:
    """Whether there is such a row of these models: a condition for a statement of `Person`."""
    own = models if isinstance(models, tuple) else (models,)
    return exists().where(*where).correlate_except(*own)


def write_anew() -> None:
    """Write the file of SQLite anew; with another database nothing. Outside a transaction.

    SQLite overwrites what it deletes. What it moved from one page to another before,
    as pages filled up, it leaves in the room that became free there. Where the file
    cannot be had for itself, it stays as it is until the next night.
    """
    if db.engine.dialect.name != "sqlite":
        return
    try:
        with closing(db.engine.raw_connection()) as connection:
            connection.cursor().execute("VACUUM")
    except sqlite3.Error as error:
        current_app.logger.error("%s while the file was written anew", type(error).__name__)
