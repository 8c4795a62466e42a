"""Leaving quickly where there is no line: the mark of the page, and what the next request finds."""

from __future__ import annotations

import pytest

from app.accounts.models import SignIn
from app.audit.models import AuditRow
from tests.accounts.held_turns import taken
from tests.client import Browser
from tests.web.records import number_of


@pytest.fixture
def me(browser) -> Browser:
    """Somebody signed in whose page could say that they left, and no more."""
    me = browser.as_("facilitator1")
    me.client.set_cookie("left", "1")
    return me


def cookies(page) -> dict[str, str]:
    """What an answer does with each cookie."""
    return {each.partition("=")[0]: each for each in page.headers.getlist("Set-Cookie")}


@pytest.mark.parametrize(
    "address",
    ["/", "/groups", "/more", "/people", "/sign-in", "/healthz", "/nothing/there", "/away"],
)
def test_whatever_is_asked_next_ends_the_sign_in_before_anything_is_shown(app, me, address) -> None:
    before = number_of(app, SignIn)
    page = me.get(address)
    assert page.status in (200, 303, 404)
    assert "data-idle" not in page.text, "The page knows whose it is."
    assert number_of(app, SignIn) == before - 1
    assert "Max-Age=0" in cookies(page)["daftar"] and "Max-Age=0" in cookies(page)["left"]
    me.client.delete_cookie("left")
    assert me.get("/").location == "/sign-in?then=/"


def test_a_post_is_not_done_either(app, me, organisation) -> None:
    stay, meeting = organisation.a.members[0].stay, organisation.a.meetings[7]
    page = me.post(f"/sessions/{meeting}/attendance", {stay: "late"})
    assert page.location.startswith("/sign-in")
    assert "Marked 0 of 12" in Browser(app, me.staff).as_("facilitator1").get(
        f"/sessions/{meeting}/attendance"
    )


def test_a_file_of_the_page_neither_ends_it_nor_eats_the_mark(app, me) -> None:
    before = number_of(app, SignIn)
    static = app.extensions["static_files"].address("site.css")
    assert "Set-Cookie" not in me.get(static).headers
    assert number_of(app, SignIn) == before


def test_it_stands_in_the_trail_like_signing_out(app, me) -> None:
    of_mine = (AuditRow.action == "sign-out", AuditRow.actor_uid == me.staff["facilitator1"].uid)
    before = number_of(app, AuditRow, *of_mine)
    me.get("/")
    me.get("/")
    assert number_of(app, AuditRow, *of_mine) == before + 1


def test_whoever_signs_in_with_the_mark_still_there_is_signed_in(browser) -> None:
    me, account = Browser(browser.app, browser.staff), browser.staff["facilitator1"]
    me.client.set_cookie("left", "1")
    typed = {"username": account.username, "passphrase": account.passphrase}
    page = me.post("/sign-in", typed)
    assert page.location == "/"
    assert "Max-Age=0" in cookies(page)["left"] and "Max-Age=0" not in cookies(page)["daftar"]
    assert me.get("/").status == 200


def test_a_sign_in_that_waits_for_its_turn_is_not_done_after_leaving(browser, monkeypatch) -> None:
    me, account = Browser(browser.app, browser.staff), browser.staff["facilitator1"]
    typed = {"username": account.username, "passphrase": account.passphrase}
    with taken(monkeypatch):
        assert me.post("/sign-in", typed).location.startswith("/turn")
    me.client.set_cookie("left", "1")
    page = me.get("/turn")
    assert "daftar" not in cookies(page) or "Max-Age=0" in cookies(page)["daftar"]
    assert "Max-Age=0" in cookies(page)["turn"]
    me.client.delete_cookie("left")
    assert me.get("/").location == "/sign-in?then=/"


def test_leaving_with_a_line_clears_the_mark_as_well(me) -> None:
    page = me.post("/leave")
    assert page.location == "/away"
    assert "Max-Age=0" in cookies(page)["left"]
