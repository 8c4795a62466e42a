"""`flask let-go`: what was kept long enough goes; each night by itself, where it is served or swept."""

from __future__ import annotations

import sys
from datetime import datetime
from zoneinfo import ZoneInfo

import click

from app.clock import ZONE, now
from app.notebook import letting_go
from app.notebook.letting_go import Gone
from app.upkeep import chores, rules
from app.upkeep.models import LET_GO
from app.web import transaction


@click.command("let-go")
@click.option("--dry-run", is_flag=True, help="Say what would go, and let nothing go.")
def let_go_now(dry_run: bool) -> None:
    """Let go of what was kept long enough: each class of things by its own term."""
    if dry_run:
        for one in letting_go.standing(at=now()):
            kept = f"{one.kept.name} ({one.number} {one.kept.unit})"
            click.echo(f"{kept:<28} {one.due} would go, {one.soon} more within 30 days")
        transaction.rollback()
        return
    gone = let_go(at=now())
    for name, number in gone.numbers.items():
        click.echo(f"{name:<14} {number} gone")
    for name in gone.failed:
        click.echo(f"{name:<14} not finished: try again, or wait for the night", err=True)
    sys.exit(1 if gone.failed else 0)


def tonight(*, at: datetime) -> None:
    """Once a night, by one of all processes that share the database."""
    done = chores.all_chores().get(LET_GO)
    hour = at.astimezone(ZoneInfo(ZONE)).hour
    due = rules.is_due_tonight(done.good_at if done else None, hour=hour, at=at)
    mine = due and chores.taken(LET_GO, every=rules.ONCE_A_NIGHT, at=at)
    transaction.commit()
    if mine:
        let_go(at=at)


def let_go(*, at: datetime) -> Gone:
    """Let go, and write down how it went."""
    try:
        gone = letting_go.let_go(at=at)
    except Exception:
        transaction.rollback()
        chores.failed(LET_GO, at=at)
        transaction.commit()
        raise
    note = chores.failed if gone.failed else chores.went_well
    note(LET_GO, at=at)
    transaction.commit()
    return gone
