"""What ends by itself ends on the disk too, also while nobody asks for a page."""

from __future__ import annotations

import threading
import time
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from app.accounts.models import ShownOnce, SignIn, Tries
from app.cli.sweeping import keep_sweeping
from app.web.models import Done, KeptForm
from app.workshops.models import SignUp, Workshop
from tests.cli.running import run
from tests.web.records import number_of, one, plant, rows

PHONE = "Mozilla/5.0 (Android 14; Mobile) Mobi"


def keys(app: Flask) -> list[bytes]:
    return rows(app, select(SignIn.wrapped_key).where(SignIn.wrapped_key.is_not(None)))


@pytest.mark.parametrize(("minutes", "left"), [(9, 2), (11, 1), (21, 0)])
def test_a_phone_loses_its_key_after_ten_idle_minutes_and_others_after_twenty(
    app, browser, clock, minutes, left
) -> None:
    account = browser.staff["facilitator1"]
    typed = {"username": account.username, "passphrase": account.passphrase}
    browser.post("/sign-in", typed, User_Agent=PHONE)
    browser.as_("facilitator2")
    clock.forward(minutes=minutes)
    assert run(app, "sweep").exit_code == 0
    assert len(keys(app)) == left


def test_the_organisations_own_limit_is_kept(app, browser, clock, monkeypatch) -> None:
    from dataclasses import replace

    monkeypatch.setitem(app.config, "DAFTAR", replace(app.config["DAFTAR"], idle_minutes=5))
    browser.as_("facilitator1")
    clock.forward(minutes=6)
    run(app, "sweep")
    assert not keys(app)


def test_what_was_kept_for_a_while_is_gone(app, browser, organisation, clock) -> None:
    me = browser.as_("administrator")
    there = me.get("/staff/new").form("/staff/new")
    there.fill(name="سنديان", supervisor=True).press()
    me.post("/staff/new", {"name": ""})
    browser.post("/sign-in", {"username": "olive", "passphrase": "wrong"})
    plant(app, update(SignIn).values(is_half=True))
    tables = (ShownOnce, Done, KeptForm, Tries, SignIn)
    assert all(number_of(app, table) for table in tables)
    clock.forward(minutes=11)
    run(app, "sweep")
    assert [number_of(app, table) for table in (ShownOnce, SignIn)] == [0, 0]
    clock.forward(days=8)
    run(app, "sweep")
    assert [number_of(app, table) for table in tables] == [0] * 5


def test_a_seat_whose_offer_ran_out_goes_to_who_waits_while_nobody_looks(
    app, organisation, clock
) -> None:
    waiting, offered = (
        organisation.workshop.on_list[state].stay for state in ("waiting", "offered")
    )
    plant(app, update(Workshop).values(fills_itself=True))
    until = one(app, SignUp, offered).offered_until
    clock.at(until + timedelta(seconds=1))
    run(app, "sweep")
    assert one(app, SignUp, waiting).state(clock.moment) == "confirmed"


def test_it_goes_on_by_itself_while_the_notebook_is_served(app, browser, clock) -> None:
    browser.as_("facilitator1")
    clock.forward(minutes=21)
    stop = keep_sweeping(app, every=timedelta(milliseconds=20))
    until = time.monotonic() + 10
    while keys(app) and time.monotonic() < until:
        time.sleep(0.05)
    stop.set()
    for thread in threading.enumerate():
        if thread.name == "sweep":
            thread.join()
    assert not keys(app)
