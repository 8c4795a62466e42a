"""Signing in: it works, it does not say what was wrong, and it leads where one wanted to go."""

from __future__ import annotations

import pytest
from flask import Flask

from app.accounts.models import SignIn
from tests.client import Browser, Page
from tests.organisation import Organisation
from tests.web.records import number_of, trail_of

ENGLISH = "/sign-in?language=en"
WRONG = "do not belong together"


def typed(organisation: Organisation, who: str = "facilitator1", **other: str) -> dict[str, str]:
    account = organisation.staff[who]
    return {"username": account.username, "passphrase": account.passphrase} | other


def problem(page: Page) -> str:
    """What stands in the box above the form."""
    box = page.root.first("div", id="errors")
    return box.words if box else ""


def test_the_passphrase_opens_the_notebook(browser, organisation) -> None:
    page = browser.get("/sign-in").form("/sign-in").fill(**typed(organisation)).press()
    assert page.location == "/"
    assert page.follow().status == 200


@pytest.mark.parametrize("asked", ["facilitator1", "FACILITATOR1", " facilitator1 "])
def test_capitals_and_spaces_on_a_phone_do_not_matter(browser, organisation, asked) -> None:
    passphrase = organisation.staff["facilitator1"].passphrase.title().replace(" ", "  ")
    page = browser.post(ENGLISH, {"username": asked, "passphrase": passphrase})
    assert page.location == "/"


def test_the_cookie_is_for_our_own_pages_alone_and_ends_with_the_browser(
    browser, organisation
) -> None:
    cookies = browser.post("/sign-in", typed(organisation)).headers.getlist("Set-Cookie")
    (cookie,) = [cookie for cookie in cookies if cookie.startswith("daftar=")]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert "Expires" not in cookie and "Max-Age" not in cookie


def test_a_wrong_passphrase_and_an_unknown_name_get_the_same_words_and_no_cookie(
    browser, organisation
) -> None:
    said = []
    for tried in (
        typed(organisation, passphrase="something else entirely"),
        typed(organisation, username="nobody-here"),
    ):
        page = browser.post(ENGLISH, tried)
        assert "daftar=" not in page.headers.get("Set-Cookie", "")
        shown = page.follow()
        assert shown.status == 422
        said.append(problem(shown))
    assert said[0] == said[1]
    assert WRONG in said[0]


def test_the_name_stands_there_again_and_the_passphrase_does_not(browser, organisation) -> None:
    page = browser.post(ENGLISH, typed(organisation, passphrase="wrong words here")).follow()
    assert page.form("/sign-in")["username"] == "facilitator1"
    assert page.form("/sign-in")["passphrase"] == ""
    assert "wrong words here" not in page.text


def test_a_form_kept_without_an_account_opens_only_with_its_cookie(
    app, browser, organisation
) -> None:
    there = browser.post(ENGLISH, typed(organisation, passphrase="wrong")).location
    stranger = Browser(app, organisation.staff).get(there)
    assert stranger.status == 200
    assert "facilitator1" not in stranger.text


@pytest.mark.parametrize("key", ["", "zz" * 32, "00" * 32, "abc"])
def test_a_cookie_of_another_form_shows_an_empty_form(app, browser, organisation, key) -> None:
    there = browser.post(ENGLISH, typed(organisation, passphrase="wrong")).location
    other = Browser(app, organisation.staff)
    other.client.set_cookie("form", key)
    page = other.get(there)
    assert page.status == 200
    assert page.form("/sign-in")["username"] == ""


@pytest.mark.parametrize("field", ["username", "passphrase"])
def test_an_empty_field_says_what_to_write(browser, organisation, field) -> None:
    page = browser.post(ENGLISH, typed(organisation, **{field: ""})).follow()
    assert page.status == 422
    assert "Write your" in problem(page)


def test_after_signing_in_one_stands_where_one_wanted_to_go(browser, organisation) -> None:
    group = f"/groups/{organisation.a.uid}"
    door = browser.get(group)
    assert door.status == 303
    page = door.follow()
    assert page.form("/sign-in").fill(**typed(organisation)).press().location == group


def test_where_one_wanted_to_go_outlives_a_wrong_passphrase(browser, organisation) -> None:
    there = f"/sign-in?then=/groups/{organisation.a.uid}"
    again = browser.post(there, typed(organisation, passphrase="wrong")).follow()
    page = again.form("/sign-in").fill(**typed(organisation)).press()
    assert page.location == f"/groups/{organisation.a.uid}"


@pytest.mark.parametrize(
    "then",
    [
        "https://elsewhere.example/",
        "//elsewhere.example",
        "/\\elsewhere.example",
        "elsewhere",
        "",
        "javascript:alert(1)",
        "%09//elsewhere.example",
        "/%09/elsewhere.example",
        "/%0A/elsewhere.example",
        "/%0D%0A/elsewhere.example",
        "http:/elsewhere.example",
    ],
)
def test_signing_in_never_leads_to_another_site(browser, organisation, then) -> None:
    page = browser.post(f"/sign-in?then={then}", typed(organisation))
    target = page.headers["Location"]
    assert target.startswith("/") and target[1:2] not in ("/", "\\"), target
    assert "\t" not in target and "\n" not in target
    assert not target.replace("\t", "").replace("\n", "").startswith("//")


def test_whoever_is_signed_in_is_not_asked_again(browser) -> None:
    assert browser.as_("facilitator1").get("/sign-in").location == "/"


def test_signing_in_and_out_and_what_was_refused_are_written_down(
    app, browser, organisation
) -> None:
    browser.post(ENGLISH, typed(organisation, passphrase="wrong"))
    browser.as_("facilitator1").post("/sign-out")
    written = [(r.action, r.result, r.actor_uid) for r in trail_of(app)[-3:]]
    me = organisation.staff["facilitator1"].uid
    assert written == [
        ("sign-in", "refused", ""),
        ("sign-in", "done", me),
        ("sign-out", "done", me),
    ]


@pytest.mark.parametrize(("address", "leads"), [("/sign-out", "/sign-in"), ("/leave", "/away")])
def test_signing_out_and_leaving_end_the_sign_in_everywhere_at_once(
    app: Flask, browser, organisation, address, leads
) -> None:
    me = browser.as_("facilitator1")
    stolen = Browser(app, organisation.staff)
    stolen.client.set_cookie("daftar", me.client.get_cookie("daftar").value)
    assert stolen.get("/").status == 200
    assert me.post(address).location == leads
    assert stolen.get("/").location.startswith("/sign-in")
    assert stolen.post("/preferences", {"language": "en"}).location.startswith("/sign-in")
    assert stolen.get("/more").location.startswith("/sign-in")
    assert me.client.get_cookie("daftar") is None
    assert number_of(app, SignIn) == 0


def test_leaving_works_without_being_signed_in_and_leads_to_a_neutral_page(browser) -> None:
    away = browser.post("/leave").follow()
    assert away.status == 200
    assert "wikipedia" in away.text
    assert away.words == ""


@pytest.mark.parametrize("cookie", ["", "x", "00" * 32, "zz" * 32, "ab" * 31])
def test_a_cookie_that_we_did_not_make_signs_nobody_in(app, organisation, cookie) -> None:
    guest = Browser(app, organisation.staff)
    guest.client.set_cookie("daftar", cookie)
    assert guest.get("/").location == "/sign-in?then=/"


def test_another_sites_form_signs_nobody_in(browser, organisation) -> None:
    page = browser.post("/sign-in", typed(organisation), foreign=True)
    assert page.status == 403
    assert "Set-Cookie" not in page.headers


@pytest.mark.parametrize(
    "odd", ["endpoint=x", "_method=POST", "_external=1", "_anchor=a&shown=yes"]
)
def test_an_odd_address_only_leads_to_itself_with_what_is_typed_shown(browser, odd) -> None:
    page = browser.get(f"/sign-in?language=en&{odd}")
    (link, *_more) = [a["href"] for a in page.root.all("a") if a.has("data-show")]
    assert page.status == 200 and link.startswith("/sign-in?language=en&")
    assert ("shown=yes" in link) != ("shown=yes" in odd)
