"""Signing in and coming back on a phone: waiting for one's turn, showing what is typed, six digits after a lock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import expect

from tests.accounts.held_turns import HeldLine, taken
from tests.browser.conftest import Phones
from tests.browser.looks import wrong
from tests.browser.phone import Phone
from tests.conftest import Clock
from tests.organisation import Account, Organisation

pytestmark = pytest.mark.browser
with_and_without = pytest.mark.parametrize("javascript", [True, False], ids=["js", "no js"])
SLOW = {
    "offline": False,
    "latency": 1_600,
    "downloadThroughput": 35_000,
    "uploadThroughput": 35_000,
}
SHOW, HIDE, OPEN = "إظهار ما يُكتب", "إخفاء ما يُكتب", "فتح من جديد"
CODE = "408317"


def type_in(phone: Phone, account: Account, **more: str) -> None:
    """Fill in the sign-in page that is open, and send it."""
    for name, typed in {"username": account.username, "passphrase": account.passphrase}.items():
        phone.page.locator(f"[name={name}]").fill(typed)
    if more:
        phone.page.locator("summary").click()
    for name, typed in more.items():
        phone.page.locator(f"[name={name}]").fill(typed)
    phone.button("تسجيل الدخول").click()


@contextmanager
def waiting(phone: Phone, account: Account, monkeypatch: pytest.MonkeyPatch) -> Iterator[HeldLine]:
    """While others have both turns, somebody sent their passphrase."""
    with taken(monkeypatch) as line:
        type_in(phone, account)
        phone.at("/turn")
        phone.says("لا حاجة إلى كتابته من جديد")
        yield line


@with_and_without
def test_who_waits_gets_in_by_itself(
    phones: Phones, organisation: Organisation, monkeypatch: pytest.MonkeyPatch, javascript: bool
) -> None:
    phone = phones(path="/sign-in?then=/groups", javascript=javascript)
    with waiting(phone, organisation.staff["facilitator1"], monkeypatch) as line:
        line.let_go()
        phone.at("/groups")
    assert {cookie["name"] for cookie in phone.context.cookies()} == {"daftar", "device"}


def test_behind_a_slow_line_who_waits_gets_in_too(
    phones: Phones, organisation: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = phones(path="/sign-in")
    phone.context.set_default_timeout(30_000)
    network = phone.context.new_cdp_session(phone.page)
    network.send("Network.enable")
    network.send("Network.emulateNetworkConditions", SLOW)
    with waiting(phone, organisation.staff["facilitator1"], monkeypatch) as line:
        line.let_go()
        phone.at("/")


def test_a_line_that_was_cut_meanwhile_loses_nothing(
    phones: Phones, organisation: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = phones(path="/sign-in")
    with waiting(phone, organisation.staff["facilitator1"], monkeypatch) as line:
        phone.context.set_offline(True)
        with phone.page.expect_event("requestfailed"):
            line.let_go()
        phone.context.set_offline(False)
        phone.at("/")


def test_the_page_that_waits_looks_right(
    phones: Phones, organisation: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = phones(path="/sign-in")
    with waiting(phone, organisation.staff["facilitator1"], monkeypatch):
        assert not wrong(phone.page)


@with_and_without
def test_what_is_typed_blind_can_be_shown(phones: Phones, javascript: bool) -> None:
    phone = phones(path="/sign-in", javascript=javascript)
    field = phone.page.locator("[name=passphrase]")
    expect(field).to_have_attribute("type", "password")
    phone.link(SHOW).first.click()
    expect(field).to_have_attribute("type", "text")
    phone.link(HIDE).first.click()
    expect(field).to_have_attribute("type", "password")


def test_showing_it_keeps_what_was_typed_and_sending_hides_it(
    phones: Phones, organisation: Organisation
) -> None:
    phone, account = phones(path="/sign-in"), organisation.staff["facilitator1"]
    phone.page.locator("[name=username]").fill(account.username)
    phone.page.locator("[name=passphrase]").fill("wrong words")
    phone.link(SHOW).first.click()
    expect(phone.page.locator("[name=passphrase]")).to_have_value("wrong words")
    phone.button("تسجيل الدخول").click()
    expect(phone.page.locator("#errors")).to_be_focused()
    expect(phone.page.locator("[name=passphrase]")).to_have_value("")
    expect(phone.page.locator("[name=passphrase]")).to_have_attribute("type", "password")


@with_and_without
def test_six_digits_open_a_locked_phone_again(
    phones: Phones, organisation: Organisation, clock: Clock, javascript: bool
) -> None:
    phone = phones(path="/sign-in", javascript=javascript)
    type_in(phone, organisation.staff["facilitator1"], short_code=CODE)
    phone.at("/")
    clock.forward(minutes=21)
    phone.open("/groups")
    phone.at("/locked")
    if javascript:
        assert not wrong(phone.page)
    phone.page.locator("[name=code]").fill("٤٠٨ ٣١٧")
    phone.button(OPEN).first.click()
    phone.at("/groups")


def test_a_device_that_is_somebody_elses_keeps_nothing(
    phones: Phones, organisation: Organisation
) -> None:
    phone = phones(path="/sign-in")
    phone.page.locator("[name=not_mine]").check()
    type_in(phone, organisation.staff["facilitator1"])
    phone.at("/")
    assert {cookie["name"] for cookie in phone.context.cookies()} == {"daftar"}
