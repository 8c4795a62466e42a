"""Requests no form of ours would make: odd bytes, odd types, odd ids, too much of everything."""

from __future__ import annotations

import json
import re

import pytest
from flask import Flask

from tests.bad_input.outcomes import assert_unchanged, contents, outcome
from tests.client import Browser
from tests.errand_table import ERRANDS
from tests.errands import Errand, values
from tests.organisation import Organisation

MOST_BYTES = 2 * 1024 * 1024
ODD_IDS = (
    *("%00", "zzzz%00zzzz", "%ED%A0%80", "%FF%FE", "%E2%80%AE", "a" * 3000, "..%2F..", "%25s"),
    *("'%20OR%201=1--", "%3Cscript%3E", "{{7*7}}", "سلمى", "-1", "%0d%0aSet-Cookie:%20a=b", "%20"),
)
BODIES = {
    "a null byte": ("application/x-www-form-urlencoded", b"{name}=a%00b"),
    "a lone surrogate": ("application/x-www-form-urlencoded", b"{name}=%ED%A0%80"),
    "broken UTF-8": ("application/x-www-form-urlencoded", b"{name}=%ff%fe&%c3=%28"),
    "raw bytes": ("application/x-www-form-urlencoded", b"{name}=\xff\x00\xfe"),
    "another encoding": ("application/x-www-form-urlencoded; charset=utf-16", b"{name}=\xff\xfea"),
    "JSON": ("application/json", json.dumps({"{name}": ["x"]}).encode()),
    "an unknown type": ("application/x-unheard-of", b"{name}=x"),
    "no type": ("", b"{name}=x"),
    "multipart": (
        "multipart/form-data; boundary=b",
        b'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\nx\x00y\r\n--b--\r\n',
    ),
    "broken multipart": ("multipart/form-data; boundary=b", b"--b\r\nContent-Disposition: for"),
    "multipart without a boundary": ("multipart/form-data", b"--b\r\n\r\nx"),
    "a file": (
        "multipart/form-data; boundary=b",
        b'--b\r\nContent-Disposition: form-data; name="{name}"; filename="x"\r\n\r\nx\r\n--b--\r\n',
    ),
    "10,000 fields": (
        "application/x-www-form-urlencoded",
        "&".join(f"f{n}={n}" for n in range(10_000)).encode(),
    ),
    "one field 10,000 times": ("application/x-www-form-urlencoded", b"{name}=1&" * 10_000),
    "odd names of fields": (
        "application/x-www-form-urlencoded",
        "dates-²=1&dates-=2&dates-0-0=3&dates--1=4&over=²&f-=yes&=x&once=%00&page=".encode()
        + b"p" * 500,
    ),
    "very long keys": (
        "application/x-www-form-urlencoded",
        b"version=0&once=" + b"k" * 5000 + b"&page=" + b"p" * 5000,
    ),
}
each_errand = pytest.mark.parametrize("errand", ERRANDS, ids=str)


@each_errand
def test_odd_bodies_are_done_or_refused_and_never_break_anything(
    errand: Errand, browser: Browser, organisation: Organisation, app: Flask
) -> None:
    errand = errand.placed(organisation)
    visitor, broken = errand.visitor(browser), []
    name = next(iter(errand.typed), "x")
    if errand.endpoint in ("accounts.sign_out", "accounts.leave"):
        visitor.as_ = lambda who: visitor  # type: ignore[method-assign]
    for what, (kind, body) in BODIES.items():
        body = body.replace(b"{name}", name.encode())
        for htmx in ("", "elsewhere"):
            try:
                found = outcome(
                    visitor.post(errand.address, body, htmx=htmx, **{"Content-Type": kind})
                )
                assert found.word in ("done", "refused", "400", "401", "404", "413"), found.word
            except Exception as error:
                broken.append(f"{what} ({'htmx' if htmx else 'plain'}): {error!r:.300}")
    assert not broken, f"{errand}:\n" + "\n".join(broken)


def test_more_than_two_megabytes_is_too_large_and_not_kept(
    browser: Browser, organisation: Organisation, app: Flask
) -> None:
    a, facilitator = organisation.a, browser.as_("facilitator1")
    page = facilitator.get(f"/sessions/{a.meetings[7]}/note")
    sent = values(page.form("/note"), {"happened": "x" * MOST_BYTES})
    before = contents(app)
    answer = facilitator.post(f"/sessions/{a.meetings[7]}/note", sent)
    assert answer.location == "/problem/413"
    assert "أكبر" in answer.follow() or answer.follow().status == 413
    fragment = facilitator.post(f"/sessions/{a.meetings[7]}/note", sent, htmx="note-state")
    assert fragment.status == 413 and fragment.root.first(id="note-state")
    assert_unchanged(app, before, "a body of more than 2 MB")


# What is shown to anybody, whatever stands in the address.
PUBLIC = (
    *("static_file", "problem", "accounts.join", "accounts.accept", "workshops.answer"),
    *("accounts.anew", "accounts.set_anew"),
    "workshops.sign_up_outside",  # leads back to the public page, below
)


@pytest.mark.parametrize("odd", ODD_IDS)
def test_an_odd_link_leads_a_stranger_to_no_page_of_the_staff(odd: str, browser: Browser) -> None:
    posted = browser.post(f"/open/{odd}", {"name": "x"})
    shown = posted.follow() if posted.status == 303 else posted
    assert shown.status == 404
    assert "/sign-in" not in shown.text


@pytest.mark.parametrize("odd", ODD_IDS)
def test_an_odd_id_is_answered_like_one_that_is_not_there(
    odd: str, browser: Browser, app: Flask, organisation: Organisation
) -> None:
    coordinator, facilitator = browser.as_("coordinator"), browser.as_("facilitator1")
    broken = []
    for rule in app.url_map.iter_rules():
        names_a_record = re.search(r"<(?!any)", rule.rule)
        if not names_a_record or rule.endpoint in PUBLIC:
            continue
        address = rule.rule.replace("<any(note, reflection):kind>", "note").replace(
            "<as_>", "member" if "members" in rule.rule else "done"
        )
        address = re.sub(r"<any\('?([\w-]+)[^)]*\):\w+>", r"\1", address)
        for name in rule.arguments:
            address = address.replace(f"<{name}>", odd)
        for visitor in (coordinator, facilitator):
            try:
                if "GET" in rule.methods:
                    assert visitor.get(address).status in (403, 404, 405), address
                else:
                    found = outcome(visitor.post(address, {"x": "y"})).word
                    assert found in ("403", "404"), f"{address}: {found}"
            except Exception as error:
                broken.append(f"{rule.rule} {visitor.get('/').status}: {error!r:.200}")
    assert not broken, "\n".join(broken)


@pytest.mark.parametrize("query", ["kept", "said", "of", "page", "after", "at", "ask", "names"])
@pytest.mark.parametrize("value", [*ODD_IDS, "0", "99999999999999999999", "²", "٣", "departed"])
def test_an_odd_query_is_left_aside(
    query: str, value: str, browser: Browser, organisation: Organisation
) -> None:
    coordinator, a = browser.as_("coordinator"), organisation.a
    said = "&said=cancelled" if query == "of" else "&of=x" if query == "said" else ""
    for address in ("/people", f"/groups/{a.uid}", f"/sessions/{a.meetings[7]}/attendance/one"):
        assert coordinator.get(f"{address}?{query}={value}{said}").status == 200
    assert browser.get(f"/sign-in?{query}={value}").status == 200


@pytest.mark.parametrize(
    "then",
    [
        *("//evil.example", "/\\evil.example", "javascript:alert(1)", "https://evil.example"),
        *("/%09/evil.example", "/%0a/evil.example", "/%0d%0aSet-Cookie:a=b", "%20//evil.example"),
        *("/%5cevil.example", "\\\\evil.example", "/%2f/evil.example", "data:text/html,x"),
    ],
)
def test_signing_in_leads_to_a_page_of_ours(
    then: str, browser: Browser, organisation: Organisation
) -> None:
    account = organisation.staff["facilitator1"]
    typed = {"username": account.username, "passphrase": account.passphrase}
    answer = browser.post(f"/sign-in?then={then}", typed)
    target = answer.headers["Location"]
    # What a browser makes of it: tabs and line ends vanish, a backslash is a slash.
    read = "".join(c for c in target if c not in "\t\r\n").replace("\\", "/")
    assert read.startswith("/") and not read.startswith("//"), target
    assert "%0a" not in target.lower() or "Set-Cookie" not in answer.headers.get("a", "")


@pytest.mark.parametrize("cookie", ["z" * 64, "0" * 64, "", "x", "é" * 64, "a" * 5000])
def test_a_form_kept_for_another_browser_is_shown_empty(cookie: str, browser: Browser) -> None:
    kept = browser.post("/sign-in", {"username": "olive", "passphrase": "wrong"}).location
    browser.client.set_cookie("form", cookie)
    page = browser.get(kept)
    assert page.status == 200 and not page.form("/sign-in")["username"]


def test_going_back_after_two_mistakes_still_shows_the_sign_in_page(browser: Browser) -> None:
    first, second = (
        browser.post("/sign-in", {"username": name, "passphrase": "wrong"}).location
        for name in ("olive", "stone")
    )
    assert browser.get(second).form("/sign-in")["username"] == "stone"
    assert browser.get(first).status in (200, 422)


@pytest.mark.parametrize("cookie", ["z" * 64, "0" * 64, "é" * 20, "a" * 7000, "%00"])
def test_an_odd_sign_in_cookie_is_nobody(cookie: str, browser: Browser) -> None:
    browser.client.set_cookie("daftar", cookie)
    assert browser.get("/").location.startswith("/sign-in")


def test_a_record_of_another_group_is_not_there_among_this_ones(
    browser: Browser, organisation: Organisation, app: Flask
) -> None:
    a, b = organisation.a, organisation.b
    today, other = f"/sessions/{a.meetings[7]}", b.members[0]
    tries = {
        "facilitator1": [
            (f"{today}/attendance", {other.stay: "present"}),
            (f"{today}/attendance", {f"f-{other.stay}": "yes"}),
            (f"{today}/attendance/{other.stay}", {"reason": "x"}),
            (f"{today}/attendance/{other.stay}/removal", {}),
            (f"{today}/follow-ups/{other.uid}", {"what": "x"}),
        ],
        "coordinator": [
            (f"/groups/{a.uid}/members/{other.uid}/member", {}),
            (f"/groups/{a.uid}/members/{organisation.candidate_b.uid}/waiting", {}),
            (f"/groups/{a.uid}/team/{b.assignment}/end", {}),
        ],
    }
    visitors = {who: browser.as_(who) for who in tries}
    before = contents(app)
    for who, posts in tries.items():
        for address, typed in posts:
            assert visitors[who].post(address, typed).location == "/problem/404", address
    assert_unchanged(app, before, "another group's ids")


def test_a_coordinator_who_holds_no_roster_is_told_so_by_way_of_a_redirect(
    browser: Browser, organisation: Organisation, app: Flask
) -> None:
    from app.extensions import db
    from app.vault.models import Grant

    with app.app_context():
        gone = db.delete(Grant).where(Grant.user_uid == organisation.staff["coordinator"].uid)
        db.session.execute(gone)
        db.session.commit()
        db.session.remove()
    coordinator = browser.as_("coordinator")
    team = f"/groups/{organisation.planned.uid}/team"
    colleague = organisation.staff["facilitator3"].uid
    # The client's own review refuses a POST that a browser would write to its disk.
    coordinator.post(team, {"user": colleague, "part": "facilitator"})


def test_where_the_program_breaks_htmx_gets_a_fragment_and_a_browser_a_redirect(
    browser: Browser, organisation: Organisation, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**_values: str) -> None:
        raise RuntimeError("a fault of ours")

    coordinator = browser.as_("coordinator")
    broken.policy = "more"  # type: ignore[attr-defined]
    monkeypatch.setitem(app.view_functions, "accounts.prefer", broken)
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    assert coordinator.post("/preferences", {}).location == "/problem/500"
    fragment = coordinator.post("/preferences", {}, htmx="somewhere")
    assert fragment.status == 500
    assert fragment.root.first(id="somewhere") and not fragment.root.first("html")


@pytest.mark.parametrize("path", ["attendance", "note"])
def test_htmx_that_wants_another_region_gets_an_answer_too(
    path: str, browser: Browser, organisation: Organisation
) -> None:
    a, facilitator = organisation.a, browser.as_("facilitator1")
    sent = {a.members[0].stay: "late", "happened": "x", "version": "0", "page": "p"}
    address = f"/sessions/{a.meetings[7]}/{path}"
    assert facilitator.post(address, sent, htmx="elsewhere").status == 200
