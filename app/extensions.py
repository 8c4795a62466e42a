"""The database, sign-in and translations as Flask knows them; how databases are opened and read."""

from __future__ import annotations

import secrets
import sqlite3
from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from types import FunctionType
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from flask import Flask, g, has_request_context, request
from flask_babel import Babel
from flask_login import LoginManager
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, Dialect, Executable, LargeBinary, MetaData, String, event
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import DeclarativeBase, ORMExecuteState
from sqlalchemy.types import TypeDecorator

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

# Alembic on SQLite cannot change a constraint without a name.
NAMES = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """What every table shares."""

    metadata = MetaData(naming_convention=NAMES)


db = SQLAlchemy(model_class=Base)
login_manager = LoginManager()
babel = Babel(configure_jinja=False)

Row = TypeVar("Row", bound=Base)

if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model

# Without vowels, so that no word appears, and without look-alikes: 28 signs, 48 bits in ten.
UID_SIGNS = "23456789bcdfghjkmnpqrstvwxyz"


def new_uid() -> str:
    """An opaque id for an address: ten random signs, nothing that counts or tells."""
    return "".join(secrets.choice(UID_SIGNS) for _ in range(10))


Uid = String(10)


class Moment(TypeDecorator[datetime]):
    """A moment, stored in UTC without a zone, read back aware."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.astimezone(UTC).replace(tzinfo=None) if value else None

    def result_processor(
        self, dialect: Dialect, coltype: object
    ) -> Callable[[Any], datetime | None]:
        """In one step: a page reads a hundred of them. SQLite keeps them as text."""
        if dialect.name == "sqlite":
            read_text = datetime.fromisoformat
            return lambda value: value and read_text(value).replace(tzinfo=UTC)
        return lambda value: value and value.replace(tzinfo=UTC)


class Sealed(TypeDecorator[bytes]):
    """Bytes that only a key opens (see app/vault/); marks the column for the guard in the tests."""

    impl = LargeBinary
    cache_ok = True


def open_databases(app: Flask) -> None:
    """Bind the extensions to `app` and set how SQLite and PostgreSQL are opened."""
    db.init_app(app)
    event.listen(db.session, "do_orm_execute", _look_again)
    with app.app_context():
        engine = db.engine
        if engine.dialect.name == "sqlite":
            event.listen(engine, "connect", _open_sqlite)
            event.listen(engine, "begin", _begin_sqlite)


def engine_options(address: str) -> dict[str, Any]:
    """The engine's options; parameters never reach a log or an error page."""
    options: dict[str, Any] = {"hide_parameters": True}
    if not address.startswith("sqlite"):
        options |= {"pool_pre_ping": True, "pool_size": 8, "max_overflow": 8}
    return options


def read(statement: Executable, asked: Mapping[str, Any] | None = None) -> Sequence[Any]:
    """Rows of columns, for a page that shows them: half the cost of entities, and nothing to change.

    Whoever changes what they read asks `db.session` for the entity.
    """
    ours = db.session()
    ours.flush()
    connection = ours.info.get("reads")
    if connection is None or connection.closed:  # which it is when its transaction has ended
        connection = ours.info["reads"] = ours.connection()
    return connection.execute(statement, asked).all()


def read_one(statement: Executable, asked: Mapping[str, Any] | None = None) -> Any:
    """The first of such rows, or None."""
    return next(iter(read(statement, asked)), None)


class Reading(Generic[Row]):
    """How a page reads a model: rows of its columns, with its properties, that cannot be changed.

    An act that was to change one breaks, instead of being lost: it asks for the entity.
    `joined`: what is read along, by the name it has on the model.
    """

    def __init__(self, model: type[Row], **joined: Reading[Any]) -> None:
        own = [*model.__table__.c]
        self.columns: list[Any] = [*own, *(c for each in joined.values() for c in each.columns)]
        kept = {
            name: value
            for name, value in vars(model).items()
            if isinstance(value, (property, FunctionType)) and not name.startswith("__")
        }
        fields = [*(column.key for column in own), *joined]
        named = namedtuple(model.__name__, fields)  # type: ignore[misc]
        self._made: Any = type(model.__name__, (named,), {"__slots__": (), **kept})
        self._own, self._joined = len(own), [*joined.values()]
        self.width = len(self.columns)

    def of(self, row: Sequence[Any], begins: int = 0) -> Row:
        """The model's row in what a statement found, where its columns begin there."""
        ends = begins + self._own
        values = row[begins:ends]
        for other in self._joined:
            values = (*values, other.of(row, ends))
            ends += other.width
        made: Row = tuple.__new__(self._made, values)
        return made


def insert_once(model: type[Base], **values: Any) -> Executable:
    """The statement that makes a row, unless there is one of that key already."""
    statement: Executable = inserting(model).values(**values).on_conflict_do_nothing()
    return statement


def inserting(model: type[Base]) -> Any:
    """An INSERT of the database's own kind, which says what to do where there is a row already."""
    return _inserting(model, db.engine.dialect.name)


@cache
def _inserting(model: type[Base], dialect: str) -> Any:
    if dialect == "postgresql":  # the other kind's drivers are not loaded for nothing
        from sqlalchemy.dialects import postgresql

        return postgresql.insert(model)
    return sqlite.insert(model)


def _look_again(state: ORMExecuteState) -> None:
    """Whoever takes a lock looks again: what was read before may have changed while they waited."""
    if state.is_select and getattr(state.statement, "_for_update_arg", None) is not None:
        state.session.flush()
        state.session.expire_all()


def is_wal_safe() -> bool:
    """Whether WAL can be used: before 3.51.3 it can corrupt a database (the WAL-reset bug)."""
    return sqlite3.sqlite_version_info >= (3, 51, 3)


def _open_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    for pragma in (
        "busy_timeout=20000",
        f"journal_mode={'WAL' if is_wal_safe() else 'TRUNCATE'}",
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",
        "trusted_schema=OFF",
        "temp_store=MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    """Take the write lock at the start, except where a request only reads.

    With SQLite's own deferred start two people got the last seat, and most
    concurrent writes failed.
    """
    reads = has_request_context() and (
        g.get("only_reads") or (request.method in SAFE_METHODS and not g.get("writes"))
    )
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


__all__ = [
    "Connection",
    "Engine",
    "Model",
    "Moment",
    "Reading",
    "Sealed",
    "Uid",
    "db",
    "insert_once",
    "inserting",
    "is_wal_safe",
    "new_uid",
    "read",
    "read_one",
]
