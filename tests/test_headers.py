"""Over every address: the headers that protect, and nothing done for a page that is not ours."""

from __future__ import annotations

import hashlib

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import Model, db
from tests.client import Browser
from tests.organisation import Organisation
from tests.records import attempts

# How a browser says that a request came from elsewhere, with and without Sec-Fetch-Site.
FOREIGN = (
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "none"},
    {"Sec-Fetch-Site": ""},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
    {"Origin": "https://elsewhere.example"},
    {"Origin": "https://localhost"},
    {"Origin": "http://localhost:8080"},
    {"Origin": "http://localhost.elsewhere.example"},
    {"Origin": "null"},
    {},
)


def content(app: Flask) -> str:
    """A fingerprint of all that is in the database."""
    digest = hashlib.sha256()
    with app.app_context():
        for table in Model.metadata.sorted_tables:
            for row in sorted(map(repr, db.session.execute(select(table)))):
                digest.update(row.encode())
    return digest.hexdigest()


def posts(app: Flask, organisation: Organisation) -> list[tuple[str, dict[str, str]]]:
    """Every address that does something: (address, what is sent)."""
    found = []
    for rule in app.url_map.iter_rules():
        if "POST" in rule.methods:
            tried = attempts(app, "POST", rule.rule, organisation)
            attempt = (tried.get("own") or tried["absent"])[0]
            found.append((attempt.address, attempt.typed))
    return found


@pytest.mark.parametrize("who", ["", "coordinator", "facilitator1"])
def test_what_another_site_sends_is_refused_and_changes_nothing(
    who: str, app: Flask, browser: Browser, organisation: Organisation
) -> None:
    visitor = browser.as_(who) if who else browser
    before = content(app)
    for address, typed in posts(app, organisation):
        for headers in FOREIGN:
            response = visitor.client.post(address, data=typed, headers=headers)
            assert response.status_code == 403, f"{address} was done for {headers}."
            assert "Location" not in response.headers
            assert "Set-Cookie" not in response.headers
    assert content(app) == before, "A request of another site left something behind."


def test_our_own_pages_are_recognised_with_and_without_the_newer_header(browser: Browser) -> None:
    for headers in ({"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://localhost"}):
        response = browser.client.post("/leave", headers=headers)
        assert (response.status_code, response.headers["Location"]) == (303, "/away")


def test_every_answer_carries_the_headers(
    app: Flask, browser: Browser, organisation: Organisation
) -> None:
    # The browser reviews each answer: here it only has to meet each address, method and status.
    statuses = set()
    visitors = [browser, browser.as_("facilitator1"), browser.as_("coordinator")]
    for visitor in visitors:
        for rule in app.url_map.iter_rules():
            for method in ("GET", "POST"):
                for cases in attempts(app, method, rule.rule, organisation).values():
                    ask = visitor.get if method == "GET" else visitor.post
                    statuses.add(ask(cases[0].address).status)
                    statuses.add(ask(cases[0].address, htmx="elsewhere").status)
    statuses.add(browser.get("/no-such-page").status)
    statuses.add(browser.post("/leave", foreign=True).status)
    assert statuses >= {200, 303, 401, 403, 404, 405, 422}, f"Only met {sorted(statuses)}."


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE"])
def test_other_methods_do_nothing(method: str, browser: Browser) -> None:
    response = browser.client.open("/", method=method, headers={"Sec-Fetch-Site": "same-origin"})
    assert response.status_code in (303, 405)
    assert response.headers.get("Location", "/problem/405") == "/problem/405"


def test_a_body_that_is_too_large_is_refused_without_being_kept(
    app: Flask, browser: Browser, organisation: Organisation
) -> None:
    writer = browser.as_("facilitator1")
    address = f"/sessions/{organisation.a.meetings[7]}/note"
    page = writer.post(address, {"happened": "x" * (2 * 1024 * 1024 + 1)})
    assert page.location == "/problem/413"
    assert writer.post(address, {"happened": "x" * (2 * 1024 * 1024 + 1)}, htmx="m").status == 413
    with app.app_context():
        assert not db.session.execute(select(Model.metadata.tables["kept_forms"])).all()


def test_the_sign_in_cookie_is_for_this_site_and_this_visit_alone(browser: Browser) -> None:
    account = browser.staff["facilitator1"]
    typed = {"username": account.username, "passphrase": account.passphrase}
    cookies = browser.post("/sign-in", typed).headers.getlist("Set-Cookie")
    (cookie,) = [cookie for cookie in cookies if cookie.startswith("daftar=")]
    assert "HttpOnly" in cookie and "SameSite=Strict" in cookie and "Path=/" in cookie
    assert "Max-Age" not in cookie and "Expires" not in cookie and "Domain" not in cookie
    assert "Secure" not in cookie  # the demo is on plain http; elsewhere see test_config.py
