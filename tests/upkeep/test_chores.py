"""Of all processes one sweeps; a watcher learns at once that nothing can be written."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import delete

from app.cli.sweeping import sweep_in_turn
from app.clock import now
from app.extensions import db
from app.upkeep import chores
from app.upkeep.models import SWEEP, WRITE, Chore
from app.web import transaction
from tests.client import Browser
from tests.conftest import Clock
from tests.database import POSTGRES, Database
from tests.test_queries_per_page import listening
from tests.web.records import one, plant
from tests.web.test_out_of_reach import away, full

A_MINUTE = timedelta(minutes=1)


def turn(app: Flask) -> bool:
    """Whether a process has the turn that asks now."""
    with app.app_context():
        mine = chores.taken(SWEEP, every=A_MINUTE, at=now())
        transaction.commit()
        db.session.remove()
    return mine


def test_of_eight_that_ask_at_once_one_sweeps(app: Flask, clock: Clock) -> None:
    for _minute in range(5):
        with ThreadPoolExecutor(8) as pool:
            assert sorted(pool.map(lambda _: turn(app), range(8))) == [False] * 7 + [True]
        clock.forward(minutes=1)


def test_one_that_died_under_way_keeps_the_others_from_it_for_one_turn(
    app: Flask, clock: Clock
) -> None:
    assert turn(app)
    clock.forward(seconds=59)
    assert not turn(app)
    clock.forward(seconds=1)
    assert turn(app)


def test_each_minute_it_is_swept_once_however_many_serve(app: Flask, clock: Clock) -> None:
    for second in range(0, 300, 20):  # three processes, each once a minute
        clock.at(clock.moment.replace(second=0) + timedelta(seconds=second % 60))
        with app.app_context():
            sweep_in_turn(A_MINUTE, at=now())
        good = one(app, Chore, SWEEP).good_at
        assert good == clock.moment.replace(second=0)
        if second % 60 == 40:
            clock.forward(seconds=20)


def test_a_watcher_learns_at_once_that_the_database_is_away(
    app: Flask, browser: Browser, database: Database
) -> None:
    assert browser.get("/healthz").status == 200
    with away(app, database):
        assert browser.get("/healthz").status == 503
    assert browser.get("/healthz").status == 200


@pytest.mark.skipif(POSTGRES, reason="a full disk is SQLite's own here; PostgreSQL says the same")
def test_a_watcher_learns_that_the_disk_is_full(
    app: Flask, browser: Browser, database: Database, clock: Clock
) -> None:
    plant(app, delete(Chore))
    with full(app, database):
        # What is written over needs no room; the row that is not there yet does.
        fill(app)
        answer = browser.get("/healthz")
        assert (answer.status, answer.text) == (503, "unavailable")
    assert browser.get("/healthz").status == 200


def fill(app: Flask) -> None:
    """Write until no more fits."""
    with app.app_context():
        for number in range(10_000):
            try:
                chores.went_well(f"filling {number}", at=now())
                transaction.commit()
            except Exception:
                transaction.rollback()
                return
    raise AssertionError("It never was full.")


def test_asking_often_writes_seldom(app: Flask, browser: Browser, clock: Clock) -> None:
    browser.get("/healthz")
    written = one(app, Chore, WRITE).good_at
    clock.forward(seconds=5)
    with listening(app) as asked:
        for _ in range(50):
            assert browser.get("/healthz").status == 200
    assert not [one for one in asked.statements if "INSERT" in str(one) or "UPDATE" in str(one)]
    assert one(app, Chore, WRITE).good_at == written
    clock.forward(seconds=6)
    browser.get("/healthz")
    assert one(app, Chore, WRITE).good_at == clock.moment
