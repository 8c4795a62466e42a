"""A device that is to be known again: outsiders' tries keep nobody out of it."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.accounts.models import Device
from app.accounts.rules import TRIES_ALLOWED
from tests.access.acting import depart
from tests.client import Browser, Page
from tests.web.records import number_of, rows


def sign_in(browser: Browser, who: str, passphrase: str = "", device: bool = True) -> Page:
    """Sign in on this device, with its box ticked or not."""
    account, door = browser.staff[who], browser.get("/sign-in?language=en").form("/sign-in")
    typed = {"username": account.username, "passphrase": passphrase or account.passphrase}
    return door.fill(**typed, device=device).press()


@pytest.fixture
def mine(browser: Browser) -> Browser:
    """A device that facilitator1 signed in from and that knows them again."""
    assert sign_in(browser, "facilitator1").location == "/"
    browser.post("/sign-out")
    return browser


def locked_out(browser: Browser) -> None:
    """Somebody elsewhere guesses as often as is let through."""
    for number in range(TRIES_ALLOWED["account"]):
        sign_in(Browser(browser.app, browser.staff), "facilitator1", f"guess {number}", False)


def test_outsiders_keep_nobody_out_of_a_device_that_is_known(mine) -> None:
    locked_out(mine)
    other = Browser(mine.app, mine.staff)
    assert "Too many tries" in sign_in(other, "facilitator1").follow()
    assert sign_in(mine, "facilitator1").location == "/"


def test_on_the_device_itself_ten_guesses_are_let_through(mine) -> None:
    for number in range(TRIES_ALLOWED["device"]):
        assert "Too many" not in sign_in(mine, "facilitator1", f"guess {number}").follow()
    assert "Too many tries" in sign_in(mine, "facilitator1").follow()
    other = Browser(mine.app, mine.staff)
    assert sign_in(other, "facilitator1", device=False).location == "/"


def test_a_device_of_one_account_is_none_of_another(mine) -> None:
    for number in range(TRIES_ALLOWED["account"]):
        sign_in(mine, "facilitator2", f"guess {number}")
    other = Browser(mine.app, mine.staff)
    assert "Too many tries" in sign_in(other, "facilitator2").follow()


def test_nothing_stays_on_a_device_unless_it_was_ticked(app, browser) -> None:
    assert sign_in(browser, "facilitator1", device=False).location == "/"
    assert browser.client.get_cookie("device") is None
    assert number_of(app, Device) == 0


def test_without_the_tick_the_device_is_forgotten_again(app, mine) -> None:
    assert mine.get("/sign-in?language=en").form("/sign-in")["device"] == "y"
    sign_in(mine, "facilitator1", device=False)
    assert mine.client.get_cookie("device") is None
    assert number_of(app, Device) == 0


def test_the_cookie_stands_nowhere_in_the_database(app, mine) -> None:
    cookie = mine.client.get_cookie("device")
    assert cookie.http_only and cookie.same_site == "Strict" and len(cookie.value) == 32
    (digest,) = rows(app, select(Device.digest))
    assert digest != cookie.value


def test_an_invented_cookie_is_no_known_device(mine) -> None:
    locked_out(mine)
    for value in ("0" * 32, "x", "é", ""):
        other = Browser(mine.app, mine.staff)
        other.client.set_cookie("device", value)
        assert "Too many tries" in sign_in(other, "facilitator1").follow()


def test_a_device_is_forgotten_after_half_a_year_and_with_the_account(
    app, browser, mine, clock
) -> None:
    clock.forward(days=181)
    sign_in(Browser(app, mine.staff), "facilitator2")
    assert rows(app, select(Device.user_uid)) == [mine.staff["facilitator2"].uid]
    depart(Browser(app, mine.staff).as_("administrator"), "facilitator2")
    assert number_of(app, Device) == 0
