"""Letting go of what was kept long enough: what would go, each night what is due, and the terms themselves."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _
from sqlalchemy.exc import SQLAlchemyError

from app.audit import trail
from app.errors import RuleBroken, or_404
from app.extensions import db
from app.notebook.keeping import CLASSES
from app.web import keeping, transaction
from app.web.keeping import Kept

SOON = timedelta(days=30)


@dataclass(frozen=True)
class Standing:
    """A class of things with the term it has, and how many are due."""

    kept: Kept
    number: int
    """Of days or months."""
    due: int
    soon: int
    """In the next 30 days, those that are due left out."""


@dataclass
class Gone:
    """What a night let go."""

    numbers: dict[str, int] = field(default_factory=dict)
    """Name of the class -> how many."""
    failed: list[str] = field(default_factory=list)
    """Classes that could not be finished; the next night goes on with them."""


def standing(*, at: datetime) -> list[Standing]:
    """Each class, its term, and how many would go tonight and soon."""
    chosen, found = keeping.chosen(), []
    for kept in CLASSES:
        number = chosen.get(kept.name, kept.number)
        due, soon = (kept.count(kept.before(moment, number)) for moment in (at, at + SOON))
        found.append(Standing(kept, number, due, max(soon - due, 0)))
    return found


def class_or_404(name: str) -> Kept:
    """The class of that name."""
    return or_404(next((kept for kept in CLASSES if kept.name == name), None))


def set_term(kept: Kept, number: int) -> None:
    """Keep a class for so long from now on. Raises RuleBroken beyond its limits."""
    if not kept.least <= number <= kept.most:
        raise RuleBroken(
            _("From %(least)s to %(most)s.", least=kept.least, most=kept.most), "number"
        )
    keeping.choose(kept, number)
    trail.record("term-changed", kept.name, "")


def let_go(*, at: datetime) -> Gone:
    """Let go of everything that is due, piece by piece, each committed: a night that is cut short loses nothing.

    Where one class fails the others go on. Outside a request.
    """
    chosen, gone = keeping.chosen(), Gone()
    transaction.commit()
    for kept in CLASSES:
        before = kept.before(at, chosen.get(kept.name, kept.number))
        try:
            gone.numbers[kept.name] = _let_go(kept, before, at)
        except SQLAlchemyError:  # its message may quote a row
            transaction.rollback()
            gone.failed.append(kept.name)
    _tidy([kept for kept in CLASSES if gone.numbers.get(kept.name)])
    return gone


def _let_go(kept: Kept, before: datetime, at: datetime) -> int:
    number = 0
    while piece := kept.let_go(before, at):
        if not number:  # one row for each class and night, with the first piece
            trail.record("let-go", kept.name, "")
        number += piece
        transaction.commit()
    transaction.rollback()
    return number


def _tidy(classes: list[Kept]) -> None:
    """PostgreSQL keeps deleted rows until their table is swept; for SQLite see `keeping.write_anew`."""
    keeping.write_anew()
    if db.engine.dialect.name != "postgresql" or not classes:
        return
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for table in sorted({table for kept in classes for table in kept.tables}):
            connection.exec_driver_sql(f"VACUUM {table}")
