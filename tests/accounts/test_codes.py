"""The second factor: set up with an app, asked for at each sign-in, never twice the same code."""

from __future__ import annotations

from datetime import timedelta

import pytest
import segno
from sqlalchemy import select, update

from app.accounts import rules
from app.accounts.models import SignIn, User
from tests.access.acting import set_roles
from tests.accounts.authenticator import (
    Authenticator,
    half_signed_in,
    scanned,
    set_up,
    with_code,
)
from tests.client import Browser
from tests.organisation import NOW
from tests.web.records import number_of, one, plant, rows, trail_of

WRONG = "This code is not right"


@pytest.fixture
def phone(browser: Browser) -> Authenticator:
    """facilitator1 has set up a second factor; the next code is a new one."""
    return set_up(browser.as_("facilitator1"))


@pytest.fixture
def later(phone: Authenticator, clock) -> Authenticator:
    """The same app a minute later, when it shows a code that was not used yet."""
    clock.forward(minutes=1)
    return phone


def test_the_codes_are_those_of_the_standard() -> None:
    # RFC 6238, appendix B, the last six of its eight digits.
    seed = b"12345678901234567890"
    for seconds, code in ((59, "287082"), (1111111109, "081804"), (20000000000, "353130")):
        at = NOW.fromtimestamp(seconds, NOW.tzinfo)
        assert Authenticator(seed).code(at) == code
        assert rules.step_of(code, seed, last_step=0, at=at) == seconds // 30


def test_signing_in_asks_for_the_code_and_gives_a_new_cookie(app, browser, later) -> None:
    half = half_signed_in(browser, "facilitator1")
    before = half.client.get_cookie("daftar").value
    page = half.get("/sign-in/code").form("/sign-in/code").fill(code=later.code()).press()
    assert page.location == "/"
    assert half.client.get_cookie("daftar").value != before
    assert half.get("/").status == 200
    stolen = Browser(app, browser.staff)
    stolen.client.set_cookie("daftar", before)
    assert stolen.get("/").location == "/sign-in?then=/"


def test_the_code_leads_where_one_wanted_to_go(browser, organisation, later) -> None:
    account, there = browser.staff["facilitator1"], f"/groups/{organisation.a.uid}"
    typed = {"username": account.username, "passphrase": account.passphrase}
    door = browser.get(there).follow().form("/sign-in").fill(**typed).press().follow()
    assert door.form("/sign-in/code").fill(code=later.code()).press().location == there


@pytest.mark.parametrize("typed", ["{} ", "{:.3} {}", "arabic"])
def test_spaces_and_arabic_digits_do_not_matter(browser, later, typed) -> None:
    code = later.code()
    written = {
        "{} ": f" {code} ",
        "{:.3} {}": f"{code[:3]} {code[3:]}",
        "arabic": code.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")),
    }[typed]
    assert with_code(half_signed_in(browser, "facilitator1"), written).location == "/"


@pytest.mark.parametrize(
    "address", ["/", "/groups", "/more", "/sign-ins", "/passphrase", "/second-factor", "/activity"]
)
def test_a_half_sign_in_opens_the_codes_page_and_no_other(browser, later, address) -> None:
    half = half_signed_in(browser, "facilitator1")
    assert half.get(address).location == f"/sign-in/code?then={address}"
    assert half.get(address, htmx="roster").status == 401


def test_a_half_sign_in_saves_no_note_and_changes_nothing(
    app, browser, organisation, later
) -> None:
    half, there = half_signed_in(browser, "facilitator1"), organisation.a.meetings[7]
    for address in (f"/sessions/{there}/note", "/preferences", "/passphrase", "/sign-ins/end"):
        typed = {"happened": "x", "version": "0", "language": "ar"}
        assert half.post(address, typed, htmx="note-state").status == 401
    assert not [row for row in trail_of(app) if row.action == "note-begun" and row.at > NOW]


def test_a_half_sign_in_ends_after_five_minutes(browser, later, clock) -> None:
    half = half_signed_in(browser, "facilitator1")
    clock.forward(minutes=5)
    assert half.get("/sign-in/code").status == 200
    clock.forward(seconds=1)
    assert half.get("/sign-in/code").location == "/sign-in"
    assert with_code(half, later.code()).location == "/sign-in"
    assert half.get("/").location == "/sign-in?then=/"


def test_a_code_works_once(app, browser, later) -> None:
    code = later.code()
    assert with_code(half_signed_in(browser, "facilitator1"), code).location == "/"
    again = half_signed_in(browser, "facilitator1")
    assert WRONG in with_code(again, code).follow()
    assert again.get("/").location == "/sign-in/code?then=/"


def test_of_two_half_sign_ins_one_code_completes_one(browser, later) -> None:
    one_, other = (half_signed_in(browser, "facilitator1") for _time in range(2))
    assert with_code(one_, later.code()).location == "/"
    assert WRONG in with_code(other, later.code()).follow()


def test_the_code_with_which_it_was_set_up_does_not_sign_in(browser, phone) -> None:
    assert WRONG in with_code(half_signed_in(browser, "facilitator1"), phone.code()).follow()


def test_a_code_of_an_earlier_step_does_not_work_after_a_later_one(browser, later, clock) -> None:
    early = later.code()
    clock.forward(seconds=30)
    assert with_code(half_signed_in(browser, "facilitator1"), later.code()).location == "/"
    assert WRONG in with_code(half_signed_in(browser, "facilitator1"), early).follow()


@pytest.mark.parametrize(("steps", "works"), [(-2, False), (-1, True), (1, True), (2, False)])
def test_a_clock_may_be_half_a_minute_off_and_no_more(browser, later, clock, steps, works) -> None:
    clock.forward(minutes=2)
    code = later.code(clock.moment + timedelta(seconds=30 * steps))
    led = with_code(half_signed_in(browser, "facilitator1"), code).location
    assert (led == "/") is works


def test_ten_wrong_codes_and_the_right_one_waits(browser, later, clock) -> None:
    half = half_signed_in(browser, "facilitator1")
    for _time in range(10):
        assert WRONG in with_code(half, later.wrong()).follow()
    assert "Too many tries" in with_code(half, later.code()).follow()
    clock.forward(minutes=15)
    assert with_code(half_signed_in(browser, "facilitator1"), later.code()).location == "/"


def test_the_right_passphrase_does_not_forget_the_wrong_codes(browser, later) -> None:
    for _time in range(10):
        with_code(half_signed_in(browser, "facilitator1"), later.wrong())
    page = with_code(half_signed_in(browser, "facilitator1"), later.code()).follow()
    assert "Too many tries" in page


def test_a_colleagues_code_does_not_work(browser, later) -> None:
    other = set_up(browser.as_("facilitator2"))
    other_code = other.code(NOW + timedelta(minutes=1))
    assert WRONG in with_code(half_signed_in(browser, "facilitator1"), other_code).follow()


def test_a_seed_moved_to_another_account_does_not_open(app, browser, later) -> None:
    seed = one(app, User, browser.staff["facilitator1"].uid).second_factor
    uid = browser.staff["facilitator2"].uid
    plant(app, update(User).where(User.uid == uid).values(second_factor=seed))
    half = half_signed_in(browser, "facilitator2")
    assert with_code(half, later.code()).location in ("/problem/404", "/problem/401")
    assert number_of(app, SignIn, SignIn.user_uid == uid, SignIn.is_half.is_(False)) == 0


def test_a_wrong_first_code_sets_nothing_up(app, browser) -> None:
    me = browser.as_("facilitator1")
    page = me.get("/second-factor").follow()
    wrong = scanned(page).wrong()
    assert WRONG in page.form("/second-factor").fill(code=wrong).press().follow()
    assert rows(app, select(User.uid).where(User.second_factor.is_not(None))) == []


def test_a_picture_that_was_shown_ten_minutes_ago_sets_nothing_up(app, browser, clock) -> None:
    me = browser.as_("facilitator1")
    page = me.get("/second-factor").follow()
    clock.forward(minutes=5)
    me.get("/")
    clock.forward(minutes=5, seconds=1)
    code = scanned(page).code()
    assert page.form("/second-factor").fill(code=code).press().location == "/second-factor"
    assert rows(app, select(User.uid).where(User.second_factor.is_not(None))) == []


def test_a_picture_shown_to_a_colleague_cannot_be_set_up(app, browser) -> None:
    shown = browser.as_("facilitator2").get("/second-factor").follow()
    action = shown.form("/second-factor").node["action"]
    led = browser.as_("facilitator1").post(action, {"code": scanned(shown).code()})
    assert led.location == "/second-factor"


def test_a_new_one_replaces_the_old(browser, later, clock) -> None:
    half = half_signed_in(browser, "facilitator1")
    with_code(half, later.code())
    fresh = set_up(half, browser.staff["facilitator1"].passphrase)
    clock.forward(minutes=1)
    assert WRONG in with_code(half_signed_in(browser, "facilitator1"), later.code()).follow()
    assert with_code(half_signed_in(browser, "facilitator1"), fresh.code()).location == "/"


@pytest.mark.parametrize("passphrase", ["", "wrong words here"])
def test_an_open_page_is_not_enough_to_put_another_in_its_place(
    app, browser, later, passphrase
) -> None:
    half = half_signed_in(browser, "facilitator1")
    with_code(half, later.code())
    before = one(app, User, browser.staff["facilitator1"].uid).second_factor
    page = half.get("/second-factor").follow()
    form = page.form("/second-factor").fill(code=scanned(page).code(), passphrase=passphrase)
    assert form.press().follow().status == 422
    assert one(app, User, browser.staff["facilitator1"].uid).second_factor == before


def test_a_new_second_factor_ends_the_other_sign_ins(browser) -> None:
    me, other = browser.as_("facilitator1"), browser.as_("facilitator1")
    set_up(me)
    assert other.get("/").location == "/sign-in?then=/"
    assert me.get("/").status == 200


def test_the_entry_in_the_app_names_neither_notebook_nor_user(browser) -> None:
    seed = bytes(range(20))
    assert rules.code_address(seed, "My list") == (
        "otpauth://totp/My%20list?secret=AAAQEAYEAUDAOCAJBIFQYDIOB4IBCEQT"
    )
    page = browser.as_("facilitator1").get("/second-factor").follow()
    (address,) = (a["href"] for a in page.root.all("a") if a["href"].startswith("otpauth:"))
    assert address == f"otpauth://totp/Account?secret={rules.code_secret(scanned(page).seed)}"
    drawn = segno.make(address, error="m").svg_inline(border=2, omitsize=True)
    assert drawn in page.text
    assert "called “Account”" in page


def test_the_code_is_not_shown_again(browser, later) -> None:
    half = half_signed_in(browser, "facilitator1")
    wrong = later.wrong()
    assert wrong not in with_code(half, wrong).follow().text


def test_a_code_is_used_up_also_where_what_it_was_for_is_refused(browser, organisation) -> None:
    set_roles(browser.as_("administrator"), "counsellor", "counsellor", "supervisor")
    me, own = browser.as_("counsellor"), organisation.staff["counsellor"].uid
    code = set_up(me).code(NOW + timedelta(seconds=30))
    there = f"/files/{organisation.aid.file}/team"
    page = me.post(there, {"user": own, "passphrase": code}).follow()
    assert page.status == 422 and "This is not your passphrase." not in page
    there = f"/people/{organisation.aid.served.uid}/copy"
    assert WRONG in me.post(there, {"passphrase": code}).follow()
