"""What the house does by itself: who takes it on, and how it went."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, or_, select, update
from sqlalchemy.exc import SQLAlchemyError

from app.extensions import Reading, db, insert_once, inserting, read
from app.upkeep.models import WRITE, Chore
from app.web import transaction

OFTEN = timedelta(seconds=10)
CHORE = Reading(Chore)
ALL = select(*CHORE.columns)
TAKE = (
    update(Chore)
    .where(
        Chore.name == bindparam("chore"),
        or_(
            Chore.began_at.is_(None),
            Chore.began_at <= bindparam("before", type_=Chore.began_at.type),
            Chore.began_at > bindparam("at", type_=Chore.began_at.type),  # a clock was wrong
        ),
    )
    .values(began_at=bindparam("at", type_=Chore.began_at.type))
    .execution_options(synchronize_session=False)
)


def exist() -> bool:
    """Whether there is a notebook that chores are noted in: none yet, or an older one, has no such table."""
    with db.engine.connect() as connection:
        return connection.dialect.has_table(connection, Chore.__tablename__)


def all_chores() -> dict[str, Chore]:
    """Each chore that was ever begun, by its name."""
    return {chore.name: chore for chore in map(CHORE.of, read(ALL))}


def taken(name: str, *, every: timedelta, at: datetime) -> bool:
    """Whether this process is the one that does it now: of all that ask within `every`, one.

    The database decides, whatever number of processes and machines there are. One
    that dies under way has kept the others from it for that long and no longer.
    """
    db.session.execute(insert_once(Chore, name=name))
    asked = {"chore": name, "before": at - every, "at": at}
    moved: Any = db.session.execute(TAKE, asked)
    return bool(moved.rowcount)


def went_well(name: str, *, at: datetime) -> None:
    """Write down that it did."""
    _write(name, good_at=at)


def failed(name: str, *, at: datetime) -> None:
    """Write down that it did not."""
    _write(name, failed_at=at)


def can_write(*, at: datetime) -> bool:
    """Whether something can be written: tried, unless somebody did in the last seconds.

    A watcher asks for it, and so can everybody: a disk is not worn out by asking.
    """
    try:
        last = all_chores().get(WRITE)
        if last is None or last.good_at is None or abs(at - last.good_at) > OFTEN:
            transaction.beforehand(lambda: went_well(WRITE, at=at))
    except SQLAlchemyError:
        transaction.rollback()
        return False
    return True


def _write(name: str, **what: datetime) -> None:
    made = inserting(Chore).values(name=name, **what)
    db.session.execute(made.on_conflict_do_update(index_elements=["name"], set_=what))
