"""A device somebody signed in on is known again, unless they said it is not theirs."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.accounts.models import Device
from app.accounts.rules import KNOWN_UNTIL
from tests.access.acting import depart
from tests.accounts.authenticator import half_signed_in, set_up
from tests.accounts.held_turns import taken
from tests.client import Browser, Page
from tests.web.records import number_of, rows


def sign_in(browser: Browser, who: str, passphrase: str = "", not_mine: bool = False) -> Page:
    """Sign in on this device, with its box ticked or not."""
    account, door = browser.staff[who], browser.get("/sign-in?language=en").form("/sign-in")
    typed = {"username": account.username, "passphrase": passphrase or account.passphrase}
    return door.fill(**typed, not_mine=not_mine).press()


@pytest.fixture
def mine(browser: Browser) -> Browser:
    """A device that facilitator1 signed in on."""
    assert sign_in(browser, "facilitator1").location == "/"
    browser.post("/sign-out")
    return browser


@pytest.fixture
def goes_first(monkeypatch):
    """Whether somebody who signs in on a device goes before strangers."""

    def asked(browser: Browser, who: str = "facilitator1") -> bool:
        with taken(monkeypatch) as line:
            sign_in(browser, who)
            (waiter,) = line._waiting.values()
        return waiter.place.known

    return asked


def test_a_device_goes_first_once_somebody_signed_in_on_it(browser, goes_first) -> None:
    assert not goes_first(browser)
    sign_in(browser, "facilitator1")
    browser.post("/sign-out")
    assert goes_first(browser)


def test_on_the_device_itself_ten_guesses_go_first_and_the_right_one_always_opens(
    mine, goes_first
) -> None:
    for number in range(KNOWN_UNTIL):
        assert goes_first(mine)
        sign_in(mine, "facilitator1", f"guess {number}")
    assert not goes_first(mine)
    assert sign_in(mine, "facilitator1").location == "/"


def test_the_right_passphrase_clears_what_was_mistyped_on_the_device(mine, goes_first) -> None:
    for number in range(KNOWN_UNTIL - 1):
        sign_in(mine, "facilitator1", f"guess {number}")
    sign_in(mine, "facilitator1")
    mine.post("/sign-out")
    sign_in(mine, "facilitator1", "guess")
    assert goes_first(mine)


def test_a_device_of_one_account_is_none_of_another(mine, goes_first) -> None:
    assert not goes_first(mine, "facilitator2")


def test_the_passphrase_without_its_code_makes_no_device_known(
    app, browser, clock, goes_first
) -> None:
    phone = set_up(browser.as_("facilitator1"))
    clock.forward(seconds=60)
    before = number_of(app, Device)
    half = half_signed_in(browser, "facilitator1")
    assert number_of(app, Device) == before
    half.post("/sign-in/code", {"code": phone.wrong()})
    assert number_of(app, Device) == before
    assert half.post("/sign-in/code", {"code": phone.code()}).location == "/"
    assert number_of(app, Device) == before + 1
    half.post("/sign-out")
    assert goes_first(half)


def test_nothing_stays_on_a_device_that_is_somebody_elses(app, browser) -> None:
    assert sign_in(browser, "facilitator1", not_mine=True).location == "/"
    assert browser.client.get_cookie("device") is None
    assert number_of(app, Device) == 0


def test_nor_where_a_code_is_asked_for(app, browser, clock) -> None:
    phone = set_up(browser.as_("facilitator1"))
    clock.forward(seconds=60)
    before, other = number_of(app, Device), Browser(app, browser.staff)
    assert sign_in(other, "facilitator1", not_mine=True).location == "/sign-in/code"
    assert other.post("/sign-in/code", {"code": phone.code()}).location == "/"
    assert other.client.get_cookie("device") is None
    assert number_of(app, Device) == before


def test_with_the_tick_the_device_is_forgotten_again(app, mine) -> None:
    sign_in(mine, "facilitator1", not_mine=True)
    assert mine.client.get_cookie("device") is None
    assert number_of(app, Device) == 0


def test_the_cookie_stands_nowhere_in_the_database(app, mine) -> None:
    cookie = mine.client.get_cookie("device")
    assert cookie.http_only and cookie.same_site == "Strict" and len(cookie.value) == 32
    (digest,) = rows(app, select(Device.digest))
    assert digest != cookie.value


def test_an_invented_cookie_is_no_known_device(mine, goes_first) -> None:
    for value in ("0" * 32, "x", "é", ""):
        other = Browser(mine.app, mine.staff)
        other.client.set_cookie("device", value)
        assert not goes_first(other)


def test_a_device_is_forgotten_after_half_a_year_and_with_the_account(
    app, browser, mine, clock
) -> None:
    clock.forward(days=181)
    sign_in(Browser(app, mine.staff), "facilitator2")
    assert rows(app, select(Device.user_uid)) == [mine.staff["facilitator2"].uid]
    depart(Browser(app, mine.staff).as_("administrator"), "facilitator2")
    assert mine.staff["facilitator2"].uid not in rows(app, select(Device.user_uid))


def test_after_half_a_year_a_device_is_a_stranger_whoever_else_came(
    mine, goes_first, clock
) -> None:
    clock.forward(days=181)
    assert not goes_first(mine)


def test_nothing_tells_who_shares_a_device(app, mine) -> None:
    sign_in(mine, "coordinator")
    digests = rows(app, select(Device.digest))
    assert len(digests) == len(set(digests)) == 2


def test_a_whole_sign_in_with_a_code_clears_what_was_mistyped_too(
    browser, goes_first, clock
) -> None:
    phone = set_up(browser.as_("facilitator1"))
    for _each in range(2):
        clock.forward(minutes=1)
        sign_in(browser, "facilitator1")
        assert browser.post("/sign-in/code", {"code": phone.code()}).location == "/"
        browser.post("/sign-out")
        for number in range(KNOWN_UNTIL - 1):
            sign_in(browser, "facilitator1", f"guess {number}")
    assert goes_first(browser)
