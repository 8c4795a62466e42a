"""`flask backup`, `restore`, `restore-drill`, `doctor`, `upgrade`: keeping the notebook."""

from __future__ import annotations

import signal
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from flask_migrate import upgrade as migrate
from sqlalchemy.exc import SQLAlchemyError

from app.clock import now
from app.errors import RuleBroken
from app.extensions import db
from app.upkeep import archive, backing_up, checks, moving, restoring, workroom
from app.upkeep.archive import Contents
from app.upkeep.checks import NEWEST, revision_of
from app.upkeep.finding import GOOD, LOOK, STOP
from app.web import transaction

SIGNS = {GOOD: "  good", LOOK: "  LOOK", STOP: "  STOP"}
KEY_FILE = click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path)
BACKUP_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def kept_head(_context: object, _option: object, text: str | None) -> tuple[int, bytes] | None:
    """A head of the trail, as it was printed."""
    if not text:
        return None
    seq, _colon, mac = text.partition(":")
    try:
        return int(seq), bytes.fromhex(mac)
    except ValueError:
        raise click.BadParameter("A head looks like 123:0a1b2c…") from None


@click.command("backup-key")
@click.option(
    "--replace", is_flag=True, help="Where there is one: backups from now on open with the new one."
)
def backup_key(replace: bool) -> None:
    """Make the key that opens backups, and show it once."""
    with said_plainly():
        if backing_up.public_key() and not replace:
            raise RuleBroken("There is a backup key: --replace makes another one.")
        private = backing_up.new_key()
        transaction.commit()
    show_backup_key(private)


def show_backup_key(private: str) -> None:
    """Show the key once."""
    click.echo("The key that opens backups. Print it, keep it offline, in two places:")
    click.echo(f"\n    {private}\n")


@click.command()
def backup() -> None:
    """Make a sealed backup, keep 14 days and 4 weeks of them, take it to the second place."""
    with said_plainly() as shown:
        made = backing_up.back_up(shown)
        size = made.file.stat().st_size / 1e6
        click.echo(
            f"{made.file} ({size:.1f} MB, {_what(made.contents)}; {made.let_go} old ones let go)"
        )
        if backing_up.take_elsewhere(made.file):
            click.echo("It is in the second place too.")


@click.command()
@click.argument("file", type=BACKUP_FILE)
@click.option(
    "--identity", type=KEY_FILE, help="A file with the backup key; asked for unless given."
)
@click.option(
    "--replace", is_flag=True, help="Keep the notebook that is here beside it, under another name."
)
@click.option(
    "--head", callback=kept_head, help="What the trail must hold, as `audit verify` printed it."
)
def restore(
    file: Path, identity: Path | None, replace: bool, head: tuple[int, bytes] | None
) -> None:
    """Put a backup in place, once all of it is proved."""
    with said_plainly() as shown:
        key = _identity(identity)
        contents = restoring.restore(file, key, shown, replace=replace, head=head)
        click.echo(
            f"Restored, as it was on {contents.made_at:%Y-%m-%d %H:%M} UTC: {_what(contents)}."
        )
        click.echo(f"The head of its trail: {contents.head}")
        click.echo(
            "Everybody signs in anew. Whoever left the staff since then has to be ended again.\n"
            "What was here before lies beside it: delete it once all is well.\n"
            "Next: `doctor` says what else there is to do; then start the service."
        )


@click.command("restore-drill")
@click.argument("file", type=BACKUP_FILE, required=False)
@click.option("--identity", type=KEY_FILE, help="A file with the backup key: proves a real backup.")
def restore_drill(file: Path | None, identity: Path | None) -> None:
    """Prove that a backup can be restored: seal a fresh copy, open it, check it, sign in to it.

    With --identity a real one, FILE or the newest, on a machine where the key may be typed.
    """
    with said_plainly() as shown:
        begun = now()
        key = None
        if file or identity:
            made = backing_up.made_backups(backing_up.settings().backups)
            # One from tomorrow was made by a clock that was wrong, or put there by somebody.
            file = file or next(
                (made[at] for at in sorted(made, reverse=True) if at <= now()), None
            )
            if file is None:
                raise RuleBroken("There is no backup yet.")
            key = _identity(identity)
        contents = restoring.drill(shown, file=file, identity=key)
        took = (now() - begun).total_seconds()
        of = f"{file.name}: " if file else ""
        click.echo(f"{of}restored, whole, and signed in to, in {took:.0f} s: {_what(contents)}.")


@click.command()
def doctor() -> None:
    """Say what is right, what to look after, and what stops the notebook."""
    states = []
    for finding in checks.of_everything():
        click.echo(f"{SIGNS[finding.state]}  {finding.says}")
        states.append(finding.state)
    sys.exit(1 if STOP in states else 0)


@click.command()
@click.option("--without-backup", is_flag=True, help="Where the machine was copied otherwise.")
def upgrade(without_backup: bool) -> None:
    """Back up, then bring the tables up to date. Stop the service meanwhile."""
    with said_plainly() as shown:
        before = revision_of(db.engine)
        if before > NEWEST:
            raise RuleBroken(next(checks.of_the_start()).says)
        if before == NEWEST:
            click.echo(f"The tables are of revision {before}: there is nothing to do.")
            return
        with workroom.alone():
            if before and not without_backup:
                click.echo(f"Backed up: {backing_up.back_up(shown).file}")
            migrate()
        click.echo(f"From revision {before or 'none'} to {NEWEST}.")


@click.command()
@click.option("--into", prompt="The address of the empty database", hide_input=True)
def move(into: str) -> None:
    """Copy this notebook into another database, such as PostgreSQL, and prove the copy."""
    with said_plainly() as shown:
        rows = moving.move(into, shown)
        click.echo(
            f"{sum(rows.values())} rows in {len(rows)} tables are the same there, the trail fits, and "
            "somebody of each role signed in."
        )
        click.echo(
            "Set DAFTAR_DATABASE to it, start the service; then delete the database that was."
        )


COMMANDS = (backup_key, backup, restore, restore_drill, doctor, upgrade, move)


@contextmanager
def said_plainly() -> Iterator[Shown]:
    """How far it is, and what cannot be done, said in sentences."""
    shown = Shown()
    ends = (signal.SIGTERM, signal.SIGHUP)  # what was begun is tidied up, as after Ctrl-C
    before = {number: signal.signal(number, lambda *_: sys.exit(1)) for number in ends}
    try:
        yield shown
    except (RuleBroken, OSError, sqlite3.Error, SQLAlchemyError) as error:
        raise click.ClickException(str(getattr(error, "orig", error))) from error
    finally:
        shown.end()
        for number, handler in before.items():
            signal.signal(number, handler)


class Shown:
    """Says how far it is: on a terminal one line that moves, in a log a line for each thing begun."""

    def __init__(self) -> None:
        self.moves, self.begun = sys.stderr.isatty(), ""

    def __call__(self, what: str, done: int, of: int) -> None:
        """`done` of `of`, of `what` is being done."""
        if self.moves:
            click.echo(f"\r\033[K{what} {100 * done // max(of, 1)} %", nl=False, err=True)
        elif what != self.begun:
            click.echo(f"{what} …", err=True)
        self.begun = what

    def end(self) -> None:
        """Take the line that moves away."""
        if self.moves and self.begun:
            click.echo("\r\033[K", nl=False, err=True)


def _identity(file: Path | None) -> Any:
    if file is None:
        return archive.identity_of(click.prompt("The backup key", hide_input=True))
    with click.open_file(str(file), "rb") as written:
        return archive.identity_of(written.read(64 * 1024).decode(errors="replace"))


def _what(contents: Contents) -> str:
    people, staff = contents.rows.get("people", 0), contents.rows.get("users", 0)
    return f"{people} people, {staff} of the staff, {sum(contents.rows.values())} rows in all"
