"""Moving an organisation into another database, such as from SQLite to PostgreSQL, and proving the copy."""

from __future__ import annotations

from flask import Flask
from sqlalchemy.exc import ArgumentError

from app.errors import RuleBroken
from app.extensions import db
from app.policy import ROLES
from app.upkeep import copying, proving
from app.upkeep.archive import SERVER_KEY
from app.upkeep.backing_up import settings
from app.upkeep.checks import NO_NOTEBOOK, revision_of
from app.upkeep.workroom import Progress, alone, room_for_copies


def move(address: str, progress: Progress) -> dict[str, int]:
    """Copy this notebook into an empty database; returns how many rows each table has there.

    Somebody of each role signs in to the copy, which is then made anew; each row is held against
    its original, and the trail against its head. This notebook stays as it is.
    Raises RuleBroken: then nothing is left there.
    """
    source = db.engine
    if not revision_of(source):
        raise RuleBroken(NO_NOTEBOOK)
    with alone(), room_for_copies(progress) as folder:
        (folder / SERVER_KEY).write_bytes(settings().server_key)
        try:
            other = copying.beside(folder, {"DAFTAR_DATABASE": address})
        except ArgumentError as error:
            raise RuleBroken("An address looks like postgresql+psycopg://daftar@/daftar") from error
        except ImportError as error:
            raise RuleBroken(
                "For PostgreSQL, install requirements-postgres.txt as well."
            ) from error
        try:
            copying.make_tables(other, revision_of(source))
            try:
                return _copied(other, progress)
            except BaseException:
                copying.drop_tables(other)
                raise
        finally:
            with other.app_context():
                db.session.remove()
                db.engine.dispose()


def _copied(other: Flask, progress: Progress) -> dict[str, int]:
    _copy(other, "Trying", progress)
    for role in ROLES:
        proving.sign_in(other, {role})
    copying.empty(other)
    rows = _copy(other, "Copying", progress)
    _prove(other, progress)
    return rows


def _copy(other: Flask, what: str, progress: Progress) -> dict[str, int]:
    return copying.copy_rows(db.engine, other, lambda *much: progress(what, *much))


def _prove(other: Flask, progress: Progress) -> None:
    with other.app_context():
        copy = db.engine
    differs = copying.first_difference(db.engine, copy, lambda *much: progress("Comparing", *much))
    if differs:
        raise RuleBroken(f"The copy differed in the table {differs}, and was taken away again.")
    proving.refuse_a_broken_trail(other)
