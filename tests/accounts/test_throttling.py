"""Guessing is slowed down: per account, per network, and also after a restart."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from app import create_app
from app.accounts.models import Tries
from app.accounts.rules import TRIES_ALLOWED
from app.extensions import db
from tests.client import Browser
from tests.conftest import SETTINGS
from tests.web.records import rows, trail_of

TOO_MANY = "Too many tries. Wait 15 minutes, then try again."


def attempt(browser: Browser, username: str, passphrase: str, address: str = "127.0.0.1") -> str:
    """Where signing in leads, or what is said instead."""
    answer = browser.client.post(
        "/sign-in?language=en",
        data={"username": username, "passphrase": passphrase},
        headers={"Sec-Fetch-Site": "same-origin"},
        environ_overrides={"REMOTE_ADDR": address},
    )
    if answer.location == "/":
        return "signed in"
    return browser.get(answer.location).root.first("div", id="errors").words


@pytest.fixture
def guessed(browser, organisation) -> Browser:
    """Somebody guessed at facilitator1's passphrase as often as is let through."""
    for number in range(TRIES_ALLOWED["account"]):
        assert TOO_MANY not in attempt(browser, "facilitator1", f"guess {number}")
    return browser


def right(browser: Browser, who: str = "facilitator1", address: str = "127.0.0.1") -> str:
    account, other = browser.staff[who], Browser(browser.app, browser.staff)
    return attempt(other, account.username, account.passphrase, address)


def test_after_ten_guesses_even_the_right_passphrase_waits(guessed, clock) -> None:
    assert TOO_MANY in right(guessed)
    assert TOO_MANY in right(guessed, address="203.0.113.9")
    clock.forward(minutes=14, seconds=1)
    assert "Wait 1 minute, then" in right(guessed)
    clock.forward(seconds=59)
    assert right(guessed) == "signed in"


def test_only_the_account_that_was_guessed_at_waits(guessed) -> None:
    assert right(guessed, "facilitator2") == "signed in"


def test_an_unknown_name_is_slowed_down_just_the_same(browser) -> None:
    for _time in range(TRIES_ALLOWED["account"]):
        attempt(browser, "nobody-here", "guess")
    assert TOO_MANY in attempt(browser, "nobody-here", "guess")


def test_signing_in_forgets_the_guesses_before(browser) -> None:
    for _time in range(3):
        for number in range(TRIES_ALLOWED["account"] - 1):
            attempt(browser, "facilitator1", f"guess {number}", f"10.0.{_time}.{number}")
        assert right(browser) == "signed in"


def test_a_network_that_guesses_at_many_names_waits_and_others_do_not(browser) -> None:
    for number in range(TRIES_ALLOWED["network"]):
        attempt(browser, f"name-{number}", "guess", f"198.51.100.{number}")
    assert TOO_MANY in right(browser, address="198.51.100.200")
    assert right(browser, address="198.51.101.1") == "signed in"


def test_the_waiting_survives_a_restart(app, database, guessed) -> None:
    environ = SETTINGS | {"DAFTAR_DATABASE": database.address}
    restarted = create_app(environ, Path(app.instance_path))
    try:
        assert TOO_MANY in right(Browser(restarted, guessed.staff))
    finally:
        with restarted.app_context():
            db.engine.dispose()


def test_the_counters_name_nobody_and_no_address(app, guessed) -> None:
    kept = rows(app, select(Tries.who))
    assert len(kept) == 3
    assert not any("facilitator" in who or "127" in who[:4] for who in kept)


def test_counters_say_no_closer_than_a_quarter_of_an_hour_when(app, browser, clock) -> None:
    clock.forward(minutes=7, seconds=13)
    attempt(browser, "facilitator1", "guess")
    assert {(at.minute, at.second) for at in rows(app, select(Tries.since))} == {(0, 0)}


def test_a_sign_in_forgets_the_networks_of_the_day_before(
    app, browser, organisation, clock
) -> None:
    link = f"/open/{organisation.workshop_b.link}"
    browser.get(link).form(link).fill(name="x").press()
    assert rows(app, select(Tries.who))
    clock.forward(days=1, hours=1)
    browser.as_("facilitator1")
    assert not rows(app, select(Tries.who))


def test_counters_are_forgotten_after_a_day(app, guessed, clock) -> None:
    clock.forward(days=1, minutes=1)
    attempt(guessed, "somebody-else", "guess")
    assert len(rows(app, select(Tries.who))) == 3
    assert right(guessed) == "signed in"


def from_elsewhere(browser: Browser, username: str, times: int) -> None:
    """Outsiders guess at a name from many networks."""
    for number in range(times):
        attempt(Browser(browser.app, {}), username, "guess", f"10.{number // 50}.{number % 50}.1")


def test_outsiders_keep_nobody_from_unlocking(browser, clock) -> None:
    me, account = browser.as_("facilitator1"), browser.staff["facilitator1"]
    clock.forward(minutes=21)
    from_elsewhere(browser, account.username, TRIES_ALLOWED["account"])
    for number in range(TRIES_ALLOWED["all"] - TRIES_ALLOWED["account"]):
        attempt(
            Browser(browser.app, {}),
            f"name-{number}",
            "guess",
            f"10.{number // 250}.{number % 250}.1",
        )
    assert "Too many tries" in right(browser, "facilitator2")
    assert me.post("/locked", {"passphrase": account.passphrase}).location == "/"


def test_outsiders_keep_nobody_from_saying_again_who_they_are(browser, organisation) -> None:
    me, account = browser.as_("coordinator"), browser.staff["coordinator"]
    from_elsewhere(browser, account.username, TRIES_ALLOWED["account"])
    there = f"/people/{organisation.a.members[0].uid}/copy"
    assert "kept=" not in me.post(there, {"passphrase": account.passphrase}).location


@pytest.mark.parametrize("locked", [True, False])
def test_whoever_found_an_open_device_guesses_ten_times_at_the_passphrase(
    browser, organisation, clock, locked
) -> None:
    me, account = browser.as_("coordinator"), browser.staff["coordinator"]
    there = "/locked" if locked else f"/people/{organisation.a.members[0].uid}/copy"
    clock.forward(minutes=21 if locked else 0)
    for number in range(TRIES_ALLOWED["sign-in"]):
        page = me.post(there, {"passphrase": f"guess {number}"}).follow()
        assert "Too many tries" not in page
    page = me.post(there, {"passphrase": account.passphrase}).follow()
    assert "Too many tries" in page
    assert right(browser, "coordinator") == "signed in"


def test_outsiders_write_one_row_in_a_quarter_of_an_hour(app, browser, organisation, clock) -> None:
    def refused() -> int:
        return sum(row.kind == "refusal" for row in trail_of(app))

    before = refused()
    from_elsewhere(browser, "facilitator1", 20)
    from_elsewhere(browser, "nobody-here", 20)
    assert refused() == before + 1
    clock.forward(minutes=16)
    from_elsewhere(browser, "nobody-here", 20)
    assert refused() == before + 2
