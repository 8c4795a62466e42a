"""Signing in through the proxy, with the second factor that real organisations have, on both hosts."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest

from app.clock import now
from tests.accounts.authenticator import Authenticator, set_up
from tests.served.phone import Phone
from tests.served.proxy import OWN, PUBLIC

LATER = timedelta(seconds=30)


def sign_in(phone: Phone, who: str = "facilitator1", **more: str) -> str:
    """Send user name and passphrase; where it leads."""
    account = phone.staff[who]
    typed = {"username": account.username, "passphrase": account.passphrase}
    return phone.post("/sign-in", typed | more).location


@pytest.fixture
def set_up_phone(phones) -> tuple[Phone, Authenticator]:
    """A phone on which facilitator1 has just set up their second factor."""
    phone = phones()
    assert sign_in(phone) == "/"
    assert phone.get("/").location == "/second-factor"
    return phone, set_up(phone)


def test_passphrase_and_code_lead_in_over_http_2(set_up_phone) -> None:
    phone, authenticator = set_up_phone
    phone.post("/sign-out")
    assert sign_in(phone) == "/sign-in/code"
    half = phone.line.cookies["__Host-daftar"]
    assert phone.get("/groups").location == "/sign-in/code?then=/groups"
    code = authenticator.code(now() + LATER)
    assert phone.post("/sign-in/code", {"code": code}).location == "/"
    assert phone.get("/groups").status == 200
    assert phone.line.cookies["__Host-daftar"] != half
    assert phone.line.versions == {"HTTP/2"}
    again = phone.another()
    sign_in(again)
    assert "kept=" in again.post("/sign-in/code", {"code": code}).location


def test_every_cookie_is_bound_to_the_host_and_to_https(set_up_phone, phones) -> None:
    phone, account = phones(), set_up_phone[0].staff["facilitator2"]
    typed = {"username": account.username, "passphrase": account.passphrase}
    cookies = phone.post("/sign-in", typed).headers.getlist("Set-Cookie")
    refused = phone.another().post("/sign-in", typed | {"passphrase": "guess"})
    cookies += refused.headers.getlist("Set-Cookie")
    assert {cookie.partition("=")[0] for cookie in cookies} == {
        "__Host-daftar",
        "__Host-device",
        "__Host-form",
    }
    for cookie in cookies:
        parts = set(cookie.split("; "))
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Strict"} <= parts
        assert not [part for part in parts if part.startswith("Domain")]


def test_six_digits_open_a_locked_phone_again(app, phones, served) -> None:
    phone = phones()
    assert sign_in(phone, short_code="408317") == "/"
    set_up(phone)
    with app.app_context():
        from sqlalchemy import update

        from app.accounts.models import SignIn
        from app.extensions import db

        idle = now() - timedelta(minutes=30)
        db.session.execute(update(SignIn).values(seen_at=idle))
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    assert phone.get("/groups").location == "/locked?then=/groups"
    assert phone.post("/locked/code", {"code": "408317"}).location == "/"
    assert phone.get("/groups").status == 200


def test_another_sites_form_is_refused(phones) -> None:
    phone = phones()
    account = phone.staff["facilitator1"]
    typed = {"username": account.username, "passphrase": account.passphrase}
    assert phone.post("/sign-in", typed, foreign=True).status == 403
    foreign = {"Sec_Fetch_Site": "cross-site", "Origin": "https://elsewhere.example"}
    assert phone.post("/sign-in", typed, foreign=True, **foreign).status == 403


def test_old_phones_are_known_by_the_origin_the_proxy_was_asked_for(phones, served) -> None:
    line = phones().line
    account = phones().staff["facilitator1"]
    typed = {"username": account.username, "passphrase": account.passphrase}
    own = f"https://{OWN}:{served.proxy.port}"
    for origin, status in ((own, 303), (f"https://{OWN}", 403), (f"http://{OWN}", 403)):
        answer = line.open("/sign-in", method="POST", data=typed, headers={"Origin": origin})
        assert answer.status_code == status, origin


def test_the_public_has_a_host_of_its_own_where_no_page_of_the_staff_is(
    phones, organisation
) -> None:
    link = f"/open/{organisation.workshop.link}"
    own, public = phones(), phones(host=PUBLIC)
    assert public.get(link).status == 200
    assert own.get(link).status == 404
    assert own.get("/sign-in").status == 200
    assert public.get("/sign-in").status == 404
    assert public.get("/").status == 404
    third = own.another()
    third.line.host = f"127.0.0.1:{own.proxy.port}"
    assert third.get("/sign-in").status == third.get(link).status == 404


def test_plain_http_is_led_to_https_and_nothing_else(served) -> None:
    plain = f"http://127.0.0.1:{served.proxy.plain}/groups"
    answer = httpx.get(plain, headers={"Host": OWN}, follow_redirects=False)
    assert answer.status_code == 301
    assert answer.headers["Location"] == f"https://{OWN}/groups"


def test_browsers_are_told_to_come_by_https_alone(phones) -> None:
    assert "max-age=63072000" in phones().get("/sign-in").headers["Strict-Transport-Security"]


def test_the_proxy_keeps_no_log_of_who_asks_for_what(phones, served, organisation) -> None:
    phone = phones(address="127.0.5.7", host=PUBLIC)
    phone.get(f"/open/{organisation.workshop.link}")
    phone.post(f"/open/{organisation.workshop.link}", {"name": "اسم لا يبقى"})
    written = b"".join(path.read_bytes() for path in served.folder.rglob("*") if path.is_file())
    for secret in (organisation.workshop.link, "127.0.5.7", "اسم لا يبقى"):
        assert secret.encode() not in written
