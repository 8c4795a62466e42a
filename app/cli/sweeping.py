"""What ends by itself ends on the disk too: each minute while serving, or by `flask sweep`."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import click
from flask import Flask

from app.accounts import queries as accounts
from app.accounts import shown_once, tries, turns
from app.cli import letting_go
from app.clock import now
from app.notebook import recovering
from app.upkeep import chores
from app.upkeep.models import SWEEP
from app.web import idempotency, kept_forms, transaction
from app.workshops import signing_up

A_MINUTE = timedelta(minutes=1)


@click.command("sweep")
def sweep_now() -> None:
    """Lock what lies idle, forget what is over: each minute, where `serve` does not do it.

    At night also what was kept long enough.
    """
    sweep(at=now())
    letting_go.tonight(at=now())


def sweep(*, at: datetime) -> None:
    """Delete the keys of idle sign-ins and what was kept for a while only; give freed seats away.

    A cookie found on a phone opens nothing on a disk that is seized later.
    """
    accounts.end_stale_sign_ins(at=at)
    transaction.commit()
    tries.forget(at=at)
    turns.forget_keys(at=at)
    shown_once.forget(at=at)
    kept_forms.forget(at=at)
    idempotency.forget(at=at)
    transaction.commit()
    recovering.settle(at=at)
    signing_up.settle_all(at=at)
    chores.went_well(SWEEP, at=at)
    transaction.commit()


def sweep_in_turn(every: timedelta, *, at: datetime) -> None:
    """Sweep, unless another process did: of all that share a database one does, each minute."""
    # Two that are started apart ask at different seconds: a turn is a little shorter than that.
    mine = chores.taken(SWEEP, every=every * 0.9, at=at)
    transaction.commit()
    if mine:
        sweep(at=at)
        letting_go.tonight(at=at)


def keep_sweeping(app: Flask, every: timedelta = A_MINUTE) -> threading.Event:
    """Sweep in the background until the event that is returned is set."""
    stop = threading.Event()

    def run() -> None:
        while not stop.wait(every.total_seconds()):
            try:
                with app.app_context():
                    sweep_in_turn(every, at=now())
            except Exception as error:  # the next minute tries again; the message may quote a row
                app.logger.error("%s while sweeping", type(error).__name__)

    threading.Thread(target=run, name="sweep", daemon=True).start()
    return stop
