"""Wrong tries refuse nobody who has the right passphrase: they are counted for a day, and say who goes first."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from app import create_app
from app.accounts import devices, tries, turns
from app.accounts.line import Place
from app.accounts.models import Tries
from app.accounts.rules import KNOWN_UNTIL
from app.cli.sweeping import sweep
from app.extensions import db
from tests.accounts.held_turns import taken
from tests.client import Browser
from tests.conftest import SETTINGS, Clock
from tests.organisation import NOW
from tests.web.records import number_of, rows, trail_of

MANY = 60
FLOOD = 600


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


def right(browser: Browser, who: str = "facilitator1", address: str = "127.0.0.1") -> str:
    """Sign in with the right passphrase on a device nobody knows."""
    account, other = browser.staff[who], Browser(browser.app, browser.staff)
    return attempt(other, account.username, account.passphrase, address)


def from_elsewhere(browser: Browser, username: str, times: int) -> None:
    """Outsiders guess at a name from many networks."""
    for number in range(times):
        attempt(Browser(browser.app, {}), username, "guess", f"10.{number // 50}.{number % 50}.1")


def place_of(monkeypatch: pytest.MonkeyPatch, browser: Browser, address: str) -> Place:
    """Where somebody stands in line who signs in as facilitator1 from an address."""
    account = browser.staff["facilitator1"]
    with taken(monkeypatch) as line:
        browser.client.post(
            "/sign-in",
            data={"username": account.username, "passphrase": account.passphrase},
            headers={"Sec-Fetch-Site": "same-origin"},
            environ_overrides={"REMOTE_ADDR": address},
        )
        (waiter,) = line._waiting.values()
    return waiter.place


def test_no_number_of_guesses_at_a_name_keeps_its_owner_out(browser) -> None:
    from_elsewhere(browser, "facilitator1", MANY)
    assert right(browser) == "signed in"
    assert right(browser, address="203.0.113.9") == "signed in"


def test_no_number_of_guesses_from_a_network_keeps_anybody_there_out(browser) -> None:
    for number in range(MANY):
        attempt(browser, f"name-{number}", "guess", f"198.51.100.{number}")
    assert right(browser, address="198.51.100.200") == "signed in"


@pytest.mark.slow
def test_no_number_of_guesses_from_everywhere_keeps_anybody_out(browser) -> None:
    from_elsewhere(browser, "nobody-here", FLOOD)
    for who in ("facilitator1", "coordinator", "administrator"):
        assert right(browser, who, "203.0.113.9") == "signed in"


def test_whoever_mistyped_often_is_let_in_with_the_right_one(browser) -> None:
    for number in range(MANY):
        attempt(browser, "facilitator1", f"guess {number}")
    account = browser.staff["facilitator1"]
    assert attempt(browser, account.username, account.passphrase) == "signed in"


def test_where_fewer_tries_failed_today_one_goes_first(browser, monkeypatch) -> None:
    for number in range(5):
        attempt(browser, "facilitator1", f"guess {number}", f"198.51.100.{number}")
    fresh = place_of(monkeypatch, Browser(browser.app, browser.staff), "203.0.113.9")
    guessed = place_of(monkeypatch, Browser(browser.app, browser.staff), "198.51.100.77")
    assert (fresh.known, fresh.failed) == (False, 0)
    assert (guessed.known, guessed.failed) == (False, 5)
    assert guessed.whose == ("198.51.0.0/16", "198.51.100.0/24", "198.51.100.77")


def test_the_counts_survive_a_restart(app, database, browser, monkeypatch) -> None:
    for number in range(5):
        attempt(browser, "facilitator1", f"guess {number}", "198.51.100.7")
    restarted = create_app(
        SETTINGS | {"DAFTAR_DATABASE": database.address}, Path(app.instance_path)
    )
    try:
        other = Browser(restarted, browser.staff)
        assert place_of(monkeypatch, other, "198.51.100.9").failed == 5
    finally:
        with restarted.app_context():
            db.engine.dispose()


def test_the_counters_name_nobody_and_no_address(app, browser) -> None:
    attempt(browser, "facilitator1", "guess")
    kept = rows(app, select(Tries.who))
    assert len(kept) == 3
    assert not any("facilitator" in who or "127" in who[:4] for who in kept)


def test_counters_say_no_closer_than_the_day_when(app, browser, clock: Clock) -> None:
    clock.forward(minutes=7, seconds=13)
    attempt(browser, "facilitator1", "guess")
    assert {(at.hour, at.minute) for at in rows(app, select(Tries.since))} == {(0, 0)}


def test_what_counts_for_a_minute_is_gone_after_it(app, browser, clock: Clock) -> None:
    browser.post("/code", {"code": "قمر شمس نهر بحر 111"})
    assert number_of(app, Tries) > 0
    clock.forward(minutes=1)
    with app.app_context():
        sweep(at=clock.moment)
    assert number_of(app, Tries) == 0


def test_any_number_of_unknown_names_are_one_row(app, browser) -> None:
    attempt(browser, "nobody-here", "guess")
    before = len(rows(app, select(Tries.who)))
    for number in range(20):
        attempt(browser, f"nobody-{number}", "guess")
    assert len(rows(app, select(Tries.who))) == before


def test_counters_are_forgotten_after_a_day(app, browser, clock: Clock) -> None:
    attempt(browser, "facilitator1", "guess", "198.51.100.7")
    clock.forward(days=1, minutes=1)
    attempt(browser, "somebody-else", "guess")
    assert {at.date() for at in rows(app, select(Tries.since))} == {clock.moment.date()}


def test_a_sign_in_forgets_the_networks_of_the_day_before(
    app, browser, organisation, clock: Clock
) -> None:
    link = f"/open/{organisation.workshop_b.link}"
    browser.get(link).form(link).fill(name="x").press()
    assert rows(app, select(Tries.who))
    clock.forward(days=1, hours=1)
    browser.as_("facilitator1")
    assert not rows(app, select(Tries.who))


def test_outsiders_keep_nobody_from_unlocking_or_saying_again_who_they_are(
    browser, organisation, clock: Clock
) -> None:
    me, account = browser.as_("coordinator"), browser.staff["coordinator"]
    from_elsewhere(browser, account.username, MANY)
    there = f"/people/{organisation.a.members[0].uid}/copy"
    assert "kept=" not in me.post(there, {"passphrase": account.passphrase}).location
    clock.forward(minutes=21)
    from_elsewhere(browser, account.username, MANY)
    assert me.post("/locked", {"passphrase": account.passphrase}).location == "/"


@pytest.mark.parametrize("locked", [True, False])
def test_whoever_found_a_device_goes_first_ten_times_and_then_like_any_stranger(
    app, browser, organisation, clock: Clock, monkeypatch, locked
) -> None:
    me, account = browser.as_("coordinator"), browser.staff["coordinator"]
    there = "/locked" if locked else f"/people/{organisation.a.members[0].uid}/copy"
    clock.forward(minutes=21 if locked else 0)
    for number in range(KNOWN_UNTIL):
        assert me.post(there, {"passphrase": f"guess {number}"}).follow().status == 422
    with taken(monkeypatch) as line:
        me.post(there, {"passphrase": account.passphrase})
        (waiter,) = line._waiting.values()
    assert not waiter.place.known
    assert "kept=" not in me.post(there, {"passphrase": account.passphrase}).location


def test_outsiders_write_one_row_in_a_quarter_of_an_hour(app, browser, clock: Clock) -> None:
    def refused() -> int:
        return sum(row.kind == "refusal" for row in trail_of(app))

    before = refused()
    from_elsewhere(browser, "facilitator1", 20)
    from_elsewhere(browser, "nobody-here", 20)
    assert refused() == before + 1
    clock.forward(minutes=16)
    from_elsewhere(browser, "nobody-here", 20)
    assert refused() == before + 2


def test_of_two_who_fail_first_at_the_same_moment_both_count(app) -> None:
    with app.app_context():
        who = tries.name("network", "10.0.0.0/24")
        for _time in range(2):
            tries.count([who], at=NOW)
        assert tries.today(who, at=NOW) == 2
        db.session.remove()


def test_a_device_stands_under_a_counter_of_its_own(app, browser, monkeypatch) -> None:
    browser.as_("facilitator1")
    mine = Browser(app, browser.staff)
    account = browser.staff["facilitator1"]
    mine.post("/sign-in", {"username": account.username, "passphrase": account.passphrase})
    mine.post("/sign-out")
    attempt(mine, "facilitator1", "guess", "198.51.100.7")
    place = place_of(monkeypatch, mine, "198.51.100.7")
    assert place.known and turns.rules.KNOWN_UNTIL > 1
    device = mine.client.get_cookie("device").value
    with app.app_context():
        name = tries.name("device", devices.digest_of(device, account.uid))
        assert place.whose == (name,)
        assert tries.today(name, at=NOW) == 1
        network = tries.name("network", "198.51.100.0/24")
        assert tries.today(network, at=NOW) == 0, "A slip at home makes no network suspicious."
        db.session.remove()


def test_administrators_see_what_was_tried_in_vain_today(browser, clock: Clock) -> None:
    for number in range(3):
        attempt(browser, "facilitator1", f"guess {number}")
    attempt(browser, "nobody-here", "guess")
    admin = browser.as_("administrator")
    page = admin.get("/staff")
    assert "3 wrong tries today" in page
    assert "Wrong passphrases at the door today: 4." in page
    clock.forward(days=1)
    page = browser.as_("administrator").get("/staff")
    assert "wrong tries today" not in page and "at the door today" not in page
