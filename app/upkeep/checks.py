"""What must be right before people are let in, and what whoever keeps the server should look after.

`serve` does not start where something stops it; `flask doctor` says all there is to say.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from flask import current_app
from sqlalchemy import Engine, select
from sqlalchemy.exc import SQLAlchemyError

from app.audit import head
from app.audit.models import AuditMark, AuditRow
from app.audit.verifying import verify
from app.clock import now
from app.config import Settings
from app.extensions import db, is_wal_safe
from app.upkeep import chores, machine, rules
from app.upkeep.finding import GOOD, LOOK, STOP, Finding
from app.upkeep.models import BACKUP, DRILL, LET_GO, SECOND_PLACE, SWEEP, WRITE
from app.vault.models import Organisation
from app.web import transaction

VERSION = "alembic_version"
REVISION = f"SELECT version_num FROM {VERSION}"  # noqa: S608
NEWEST = max(
    file.name[:4] for file in (Path(__file__).parents[1] / "migrations/versions").glob("0*.py")
)
LAST_MOMENT = select(AuditRow.at).order_by(AuditRow.seq.desc()).limit(1)
BEGUN = select(AuditMark.seq).where(AuditMark.kind == head.BEGUN).limit(1)
KEYS = select(Organisation.recovery_public_key, Organisation.backup_key)
LAST_ROWS = 1000
SWEPT_WITHIN = timedelta(minutes=5)
NO_NOTEBOOK = (
    "There is no notebook here: `flask --app wsgi init` sets one up, "
    "`flask --app wsgi restore FILE` brings one back from a backup."
)
NIGHTLY = {
    BACKUP: "`flask --app wsgi backup` each night",
    SECOND_PLACE: "DAFTAR_BACKUP_COMMAND takes each backup to another machine or disk",
    DRILL: "`flask --app wsgi restore-drill` each night",
    LET_GO: "It goes by itself each night where it is served or swept; `flask --app wsgi let-go` does it now",
}


def revision_of(engine: Engine) -> str:
    """The revision of a database's tables; empty where there are none."""
    with engine.connect() as connection:
        if not connection.dialect.has_table(connection, VERSION):
            return ""
        return str(connection.exec_driver_sql(REVISION).scalar() or "")


def of_the_start() -> Iterator[Finding]:
    """What stands between the program and serving; beside what a setting says already (app/config.py)."""
    try:
        revision = revision_of(db.engine)
        if not revision:
            yield Finding(STOP, NO_NOTEBOOK)
            return
        if revision > NEWEST:
            yield Finding(
                STOP,
                f"The database is of revision {revision}, the program knows {NEWEST}: a newer program "
                "was here. Install that one again, or restore a backup from before.",
            )
            return
        if revision < NEWEST:
            yield Finding(
                STOP,
                f"The database is of revision {revision}, the program wants {NEWEST}: "
                "`flask --app wsgi upgrade` backs it up and brings it up to date.",
            )
            return
        yield Finding(GOOD, f"The tables are of revision {revision}, the newest.")
        keys = db.session.execute(KEYS).one_or_none()
        yield _of_recovery(bytes(keys[0]) if keys else b"")
        yield from _of_journal()
        yield from _of_the_trails_keys()
    except SQLAlchemyError as error:
        cause = getattr(error, "orig", error)
        yield Finding(STOP, f"The database cannot be reached: {cause}".strip())
    finally:
        transaction.rollback()


def of_everything() -> Iterator[Finding]:
    """All of it: settings, database, machine, and what is to happen by itself."""
    settings: Settings = current_app.config["DAFTAR"]
    yield (
        Finding(LOOK, "DAFTAR_DEMO is set: an invented organisation, never real people.")
        if settings.demo
        else Finding(GOOD, "The settings are safe.")
    )
    found = [*of_the_start()]
    yield from found
    home = Path(current_app.instance_path)
    yield from machine.findings(home, settings.backups)
    if any(finding.state == STOP for finding in found):
        return
    yield _of_writing()
    yield from _of_the_trail()
    yield _of_the_clock()
    yield from _of_chores(settings)


def _of_recovery(key: bytes) -> Finding:
    if len(key) != 32:
        return Finding(STOP, "There is no recovery key: `flask --app wsgi init` was not finished.")
    return Finding(GOOD, "There is a recovery key. Is it printed, in two places?")


def _of_journal() -> Iterator[Finding]:
    if db.engine.dialect.name == "sqlite":
        mode = db.session.connection().exec_driver_sql("PRAGMA journal_mode").scalar()
        if mode == "wal" and not is_wal_safe():
            yield Finding(
                STOP,
                f"SQLite {sqlite3.sqlite_version} can lose writes with the journal this database has "
                "(WAL): end whatever else has it open, then start again.",
            )


def _of_the_trails_keys() -> Iterator[Finding]:
    found = head.as_it_stands()
    try:
        if found:
            found[0].open(found[1])
    except head.Closed as closed:
        yield Finding(STOP, str(closed))


def _of_writing() -> Finding:
    try:
        chores.went_well(WRITE, at=now())
        transaction.commit()
    except SQLAlchemyError as error:
        transaction.rollback()
        return Finding(STOP, f"Nothing can be written: {getattr(error, 'orig', error)}")
    return Finding(GOOD, "The database can be written.")


def _of_the_trail() -> Iterator[Finding]:
    verdict, is_begun = verify(newest=LAST_ROWS), db.session.scalar(BEGUN) is not None
    transaction.rollback()
    if verdict.broken_at is None:
        yield Finding(GOOD, f"The last of the trail’s {verdict.rows} rows fit together.")
    else:
        yield Finding(
            LOOK,
            f"The trail does not fit at row {verdict.broken_at}: somebody changed it. Keep a copy of "
            "the disk, and ask who was at the server.",
        )
    if not is_begun:
        yield Finding(
            LOOK,
            "The trail’s keys do not come from the recovery key yet: `flask --app wsgi audit begin`.",
        )


def _of_the_clock() -> Finding:
    last, at = db.session.scalar(LAST_MOMENT), now()
    transaction.rollback()
    if last is not None and last - at > timedelta(minutes=5):
        return Finding(
            LOOK,
            f"The clock is behind: something was written at {last:%Y-%m-%d %H:%M} UTC already.",
        )
    if machine.clock_is_free():
        return Finding(LOOK, "Nothing keeps the clock right: install systemd-timesyncd or chrony.")
    return Finding(GOOD, f"It is {at:%Y-%m-%d %H:%M} UTC.")


def _of_chores(settings: Settings) -> Iterator[Finding]:
    done, at = chores.all_chores(), now()
    keys = db.session.execute(KEYS).one()
    transaction.rollback()
    yield (
        Finding(GOOD, f"Backups are sealed to {keys.backup_key}. Is its other half printed?")
        if keys.backup_key
        else Finding(LOOK, "There is no backup key: `flask --app wsgi backup-key` makes one.")
    )
    if not settings.backup_command:
        yield Finding(LOOK, f"Backups stay on this disk alone: {NIGHTLY[SECOND_PLACE]}.")
    for name in (BACKUP, SECOND_PLACE, DRILL, LET_GO):
        if name == SECOND_PLACE and not settings.backup_command:
            continue
        good, failed = (done[name].good_at, done[name].failed_at) if name in done else (None, None)
        said = f"Last {name}: {f'{good:%Y-%m-%d %H:%M} UTC' if good else 'never'}"
        if name == LET_GO and failed and (good is None or good < failed):
            yield Finding(
                LOOK, f"{said}; it failed at {failed:%Y-%m-%d %H:%M} UTC. {NIGHTLY[name]}."
            )
        elif rules.is_overdue(good, at=at):
            yield Finding(LOOK, f"{said}. {NIGHTLY[name]}.")
        else:
            yield Finding(GOOD, f"{said}.")
    swept = done[SWEEP].good_at if SWEEP in done else None
    if swept is None or abs(at - swept) > SWEPT_WITHIN:
        yield Finding(LOOK, "Nothing was swept for five minutes: is the service running?")
    else:
        yield Finding(GOOD, "What is over is swept away each minute.")
