"""Outside the demo: https alone, bound cookies, and the second factor before anything else opens."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from app import create_app
from app.extensions import db
from tests.accounts.authenticator import half_signed_in, set_up, with_code
from tests.accounts.held_turns import taken
from tests.client import Browser
from tests.organisation import SETTINGS

COOKIE = "__Host-daftar"
HOST = "notebook.example"


@pytest.fixture
def real(app: Flask, database, organisation) -> Iterator[Browser]:
    """A browser on the same notebook, run as an organisation runs it."""
    environ = SETTINGS | {
        "DAFTAR_DATABASE": database.address,
        "DAFTAR_DEMO": "0",
        "DAFTAR_STRICT_TEMPLATES": "1",
        "DAFTAR_ADDRESS": f"https://{HOST}",
    }
    running = create_app(environ, Path(app.instance_path))
    running.config |= {"TESTING": True, "PROPAGATE_EXCEPTIONS": True}
    running.config |= {"SERVER_NAME": HOST, "PREFERRED_URL_SCHEME": "https"}
    yield Browser(running, organisation.staff)
    with running.app_context():
        db.engine.dispose()


PAGES = [
    *("/", "/groups", "/more", "/activity", "/access", "/sign-ins", "/passphrase", "/help"),
    *("/groups/{a.uid}", "/notes/{a.note}", "/people/{a.members[0].uid}"),
    *("/sessions/{a.meetings[7]}/attendance", "/sessions/{a.meetings[7]}/note"),
]


@pytest.mark.parametrize("address", PAGES)
def test_without_a_second_factor_every_page_leads_to_setting_one_up(
    real, organisation, address
) -> None:
    me = real.as_("facilitator1")
    assert me.get(address.format(**vars(organisation))).location == "/second-factor"


@pytest.mark.parametrize(
    ("address", "typed"),
    [
        ("/preferences", {"language": "en", "digits": "latn", "theme": "dark"}),
        ("/sessions/{a.meetings[7]}/note", {"happened": "x", "version": "0", "page": "p"}),
        ("/sessions/{a.meetings[7]}/attendance", {"{a.members[0].stay}": "present"}),
        ("/passphrase", {"passphrase": "x", "new": "y"}),
        ("/sign-ins/end", {}),
    ],
)
def test_without_a_second_factor_nothing_is_changed(real, organisation, address, typed) -> None:
    names = vars(organisation)
    sent = {name.format(**names): value for name, value in typed.items()}
    page = real.as_("facilitator1").post(address.format(**names), sent)
    assert page.location == "/second-factor"


def test_once_it_is_set_up_everything_opens_and_a_code_is_asked_for(real, clock) -> None:
    me = real.as_("facilitator1")
    phone = set_up(me)
    assert me.get("/").status == 200
    clock.forward(minutes=1)
    half = half_signed_in(real, "facilitator1")
    assert half.get("/").location == "/sign-in/code?then=/"
    assert with_code(half, phone.code()).location == "/"
    assert half.get("/groups").status == 200


def test_leaving_and_signing_out_work_before_it_is_set_up(real) -> None:
    assert real.as_("facilitator1").post("/leave").location == "/away"
    assert real.as_("facilitator1").post("/sign-out").location == "/sign-in"


def test_the_cookie_is_bound_to_our_host_and_to_https(real, organisation) -> None:
    account = organisation.staff["facilitator1"]
    typed = {"username": account.username, "passphrase": account.passphrase}
    cookies = real.post("/sign-in", typed).headers.getlist("Set-Cookie")
    (cookie,) = [cookie for cookie in cookies if cookie.startswith(f"{COOKIE}=")]
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Strict"} <= set(cookie.split("; "))
    assert "Domain" not in cookie and "Max-Age" not in cookie


def test_a_cookie_without_the_prefix_signs_nobody_in(real) -> None:
    me = real.as_("facilitator1")
    value = me.client.get_cookie(COOKIE, HOST).value
    thief = Browser(real.app, real.staff)
    thief.client.set_cookie("daftar", value, domain=HOST)
    assert thief.get("/").location == "/sign-in?then=/"


def test_after_recovery_the_second_factor_is_set_up_anew_before_anything_opens(real) -> None:
    set_up(real.as_("facilitator1"))
    account = real.staff["facilitator1"]
    typed = {
        "username": account.username,
        "code": account.recovery_code,
        "passphrase": "velvet-gargle-canteen-scarf-quiver",
    }
    page = real.post("/recover", typed)
    assert page.follow().status == 200
    assert real.get("/").location == "/second-factor"
    set_up(real)
    assert real.get("/").status == 200


def test_an_invitations_link_has_our_address_and_leads_to_the_second_factor(real) -> None:
    admin = real.as_("administrator")
    set_up(admin)
    form = admin.get("/staff/new").form("/staff/new").fill(name="Samira", facilitator=True)
    link = form.press().follow().root.first("p", class_="card long").words
    assert link.startswith(f"https://{HOST}/join/")
    there = link.removeprefix(f"https://{HOST}")
    guest = Browser(real.app, {})
    page = guest.post(there, {"passphrase": "velvet-gargle-canteen-scarf-quiver"})
    assert page.follow().status == 200
    assert guest.get("/").location == "/second-factor"


def test_what_waits_is_bound_to_our_host_and_to_https(real, monkeypatch) -> None:
    account = real.staff["facilitator1"]
    typed = {"username": account.username, "passphrase": account.passphrase}
    with taken(monkeypatch):
        (cookie,) = real.post("/sign-in", typed).headers.getlist("Set-Cookie")
    assert cookie.startswith("__Host-turn=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Strict"} == set(cookie.split("; ")[1:])
