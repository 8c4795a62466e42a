"""Six digits chosen at the door open a locked phone again: five tries, this sign-in, and no other."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from app.accounts import rules
from app.accounts.models import SignIn
from app.errors import Locked
from app.vault import envelope
from tests.accounts.authenticator import set_up
from tests.client import Browser, Page
from tests.web.records import number_of, rows, trail_of

CODE = "408317"


def sign_in(browser: Browser, code: str = CODE, who: str = "facilitator1") -> Page:
    """Sign in, and choose six digits on the way."""
    account, door = browser.staff[who], browser.get("/sign-in?language=en").form("/sign-in")
    return door.fill(
        username=account.username, passphrase=account.passphrase, short_code=code
    ).press()


def unlock(me: Browser, code: str = CODE) -> Page:
    return me.get("/locked").form("/locked/code").fill(code=code).press()


@pytest.fixture
def locked(browser: Browser, clock) -> Browser:
    """A phone on which facilitator1 chose six digits, and which lay idle."""
    assert sign_in(browser).location == "/"
    clock.forward(minutes=21)
    assert browser.get("/groups").location == "/locked?then=/groups"
    return browser


@pytest.mark.parametrize("typed", [CODE, "٤٠٨٣١٧", "408 317", "408-317", " ۴۰۸۳۱۷ "])
def test_six_digits_open_it_again_where_one_was(locked, typed) -> None:
    page = locked.get("/locked?then=/groups")
    assert "Your six digits open it again." in page
    opened = page.form("/locked/code?then=/groups").fill(code=typed).press()
    assert opened.location == "/groups"
    assert locked.get("/groups").status == 200


def test_it_locks_again_and_opens_again_for_eight_hours(locked, clock) -> None:
    for _time in range(21):
        assert unlock(locked).location == "/"
        assert locked.get("/groups").status == 200
        clock.forward(minutes=21)
    assert locked.get("/groups").location == "/locked?then=/groups"
    clock.forward(minutes=20)
    assert locked.get("/groups").location == "/sign-in?then=/groups"


def test_while_it_is_locked_neither_cookie_nor_database_opens_alone(app, locked) -> None:
    cookie = bytes.fromhex(locked.client.get_cookie("daftar").value)
    digest = rules.digest_of(cookie)
    (row,) = rows(app, select(SignIn).where(SignIn.digest == digest))
    assert row.wrapped_key is None and row.short_key is not None
    for key in (
        rules.wrapping_key_of(cookie),
        rules.short_key_of(bytes(32), CODE),
        rules.short_key_of(cookie, "408318"),
    ):
        with pytest.raises(Locked):
            envelope.unseal(key, row.short_key, rules.short_key_place(digest))
    right = rules.short_key_of(cookie, CODE)
    assert len(envelope.unseal(right, row.short_key, rules.short_key_place(digest))) == 32
    assert CODE.encode() not in row.short_key


def test_the_passphrase_opens_it_as_ever(locked) -> None:
    form = locked.get("/locked").form("/locked")
    assert form.fill(passphrase=locked.staff["facilitator1"].passphrase).press().location == "/"


def test_the_fifth_wrong_try_ends_the_sign_in(app, locked) -> None:
    for left in ("4 tries are", "3 tries are", "2 tries are", "1 try is"):
        page = unlock(locked, "111222").follow()
        assert page.status == 422
        assert f"These are not your six digits. {left} left." in page
    form = locked.get("/locked?then=/groups").form("/locked/code")
    ended = form.fill(code="111222").press().follow()
    assert ended.status == 422
    assert "The sign-in ended after five wrong tries. Sign in with your passphrase." in ended
    assert number_of(app, SignIn) == 0
    account, door = locked.staff["facilitator1"], ended.form("/sign-in")
    typed = {"username": account.username, "passphrase": account.passphrase}
    assert door.fill(**typed).press().location == "/groups"
    locked.post("/sign-out")
    assert locked.post("/locked/code", {"code": CODE}).location == "/sign-in"


def test_the_fifth_try_may_be_the_right_one_and_then_there_are_five_again(locked, clock) -> None:
    for _time in range(2):
        for _wrong in range(4):
            unlock(locked, "111222")
        assert unlock(locked).location == "/"
        clock.forward(minutes=21)


def test_the_passphrase_gives_the_tries_back(locked, clock) -> None:
    for _wrong in range(4):
        unlock(locked, "111222")
    locked.post("/locked", {"passphrase": locked.staff["facilitator1"].passphrase})
    clock.forward(minutes=21)
    assert "4 tries are left" in unlock(locked, "111222").follow()


@pytest.mark.parametrize("typed", ["40831", "abcdef", "4083177", "408 31x"])
def test_what_cannot_be_the_digits_is_no_try(locked, typed) -> None:
    for _time in range(7):
        page = unlock(locked, typed).follow()
        assert page.status == 422 and "Write the six digits." in page
    assert unlock(locked).location == "/"


def test_what_was_typed_blind_has_to_be_written_again_and_the_page_says_so(browser) -> None:
    typed = {"username": "facilitator1", "passphrase": "something else", "short_code": CODE}
    page = browser.get("/sign-in?language=en").form("/sign-in").fill(**typed).press().follow()
    (details,) = page.root.all("details")
    assert details.has("open") and "Write this again: it is never kept." in details.words
    page = sign_in(browser, "111111").follow()
    (wrong,) = [p.words for p in page.root.all("p", id="passphrase-msg")]
    assert wrong == "Write this again: it is never kept."


def test_on_a_device_of_somebody_else_none_are_chosen(app, browser) -> None:
    account, door = browser.staff["facilitator1"], browser.get("/sign-in?language=en")
    typed = {"username": account.username, "passphrase": account.passphrase, "short_code": CODE}
    page = door.form("/sign-in").fill(**typed, not_mine=True).press().follow()
    assert page.status == 422 and "Choose no digits on a device that is not yours." in page
    assert number_of(app, SignIn) == 0


def test_many_tries_at_once_are_not_more_than_five(app, locked) -> None:
    value = locked.client.get_cookie("daftar").value

    def attempt(number: int) -> str:
        copy = Browser(app, locked.staff)
        copy.client.set_cookie("daftar", value)
        return copy.post("/locked/code", {"code": f"55{number:04}"}).location

    with ThreadPoolExecutor(8) as pool:
        led = list(pool.map(attempt, range(16)))
    assert number_of(app, SignIn) == 0
    assert sum(where.startswith("/locked?kept=") for where in led) == 4


@pytest.mark.parametrize("code", ["111111", "123456", "654321", "121212", "123123", "890123"])
def test_what_anybody_tries_first_is_refused(app, browser, code) -> None:
    page = sign_in(browser, code).follow()
    assert page.status == 422 and "These digits are tried first." in page
    assert page.form("/sign-in")["username"] == "facilitator1"
    assert number_of(app, SignIn) == 0


@pytest.mark.parametrize("code", ["12345", "1234567", "12a456", "......"])
def test_anything_but_six_digits_is_refused(app, browser, code) -> None:
    page = sign_in(browser, code).follow()
    assert page.status == 422 and "Write six digits, or leave this empty." in page
    assert number_of(app, SignIn) == 0


@given(st.text(max_size=12))
def test_digits_are_digits_or_nothing(typed: str) -> None:
    code = rules.digits_of(typed)
    assert not code or (code.isascii() and code.isdecimal())
    assert not rules.looks_like_code(typed) or len(code) == 6


def test_few_codes_are_too_simple() -> None:
    simple = sum(rules.is_too_simple(f"{number:06}") for number in range(0, 1_000_000, 17))
    assert simple < 100


def test_without_them_only_the_passphrase_opens(app, browser, clock) -> None:
    assert sign_in(browser, "").location == "/"
    clock.forward(minutes=21)
    page = browser.get("/locked")
    assert not [f for f in page.root.all("form") if f["action"].startswith("/locked/code")]
    page = browser.post("/locked/code", {"code": CODE}).follow()
    assert page.status == 422 and "Six digits do not open it any more." in page
    assert rows(app, select(SignIn.short_key)) == [None]


def test_they_come_along_where_a_code_is_asked_for(app, browser, clock) -> None:
    phone = set_up(browser.as_("facilitator1"))
    clock.forward(seconds=60)
    half = Browser(app, browser.staff)
    assert sign_in(half).location == "/sign-in/code"
    before = half.client.get_cookie("daftar").value
    assert half.post("/sign-in/code", {"code": phone.code()}).location == "/"
    kept = rows(app, select(SignIn.short_code).where(SignIn.short_code.is_not(None)))
    assert kept == []
    assert half.client.get_cookie("daftar").value != before
    clock.forward(minutes=21)
    assert unlock(half).location == "/"


def test_leaving_quickly_deletes_them(app, browser) -> None:
    sign_in(browser)
    browser.post("/leave")
    assert number_of(app, SignIn) == 0


def test_they_belong_to_one_sign_in_alone(app, browser, clock) -> None:
    sign_in(browser)
    other = Browser(app, browser.staff)
    sign_in(other, "")
    clock.forward(minutes=21)
    assert other.post("/locked/code", {"code": CODE}).follow().status == 422
    assert other.get("/groups").location == "/locked?then=/groups"
    assert unlock(browser).location == "/"


def test_where_an_administrator_says_so_there_are_none(app, browser, locked) -> None:
    admin = browser.as_("administrator")
    page = admin.get("/staff")
    assert page.form("/staff/short-codes/off").press().location.startswith("/staff?said=saved")
    assert rows(app, select(SignIn.short_key).where(SignIn.short_key.is_not(None))) == []
    assert not locked.get("/locked").root.all("input", name="code")
    other = Browser(app, browser.staff)
    door = other.get("/sign-in").form("/sign-in")
    assert "short_code" not in door.names()
    account = browser.staff["facilitator2"]
    typed = {"username": account.username, "passphrase": account.passphrase, "short_code": CODE}
    assert other.post("/sign-in", typed).location == "/"
    assert rows(app, select(SignIn.short_key).where(SignIn.short_key.is_not(None))) == []
    said = {row.action for row in trail_of(app)}
    assert "short-codes-off" in said
    admin.get("/staff").form("/staff/short-codes/on").press()
    assert "short_code" in Browser(app, browser.staff).get("/sign-in").form("/sign-in").names()


def test_they_are_never_kept_in_a_refused_form(browser) -> None:
    account = browser.staff["facilitator1"]
    typed = {"username": account.username, "passphrase": "something else", "short_code": CODE}
    page = browser.post("/sign-in", typed).follow()
    assert page.status == 422
    assert CODE not in page.text


def test_a_sign_in_that_was_on_its_way_when_they_were_stopped_has_none(
    app, browser, while_deriving
) -> None:
    admin = browser.as_("administrator")
    while_deriving(lambda: sign_in(browser), lambda: admin.post("/staff/short-codes/off"))
    assert rows(app, select(SignIn.short_key).where(SignIn.short_key.is_not(None))) == []
