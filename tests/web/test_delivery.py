"""Pages travel compressed, except where somebody else may have asked for them and could learn from their length."""

from __future__ import annotations

import pytest

from tests.client import Browser
from tests.organisation import Organisation

OURS, ELSEWHERE = "http://localhost", "https://elsewhere.example"


def is_packed(reader: Browser, address: str, **headers: str) -> bool:
    """Whether the page comes compressed to a phone that sends these headers and no others."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    sent["Accept-Encoding"] = "br, gzip"
    answer = reader.client.get(address, headers=sent)
    assert answer.status_code == 200
    return "Content-Encoding" in answer.headers


def test_a_browser_that_says_who_asks_is_believed(
    browser: Browser, organisation: Organisation
) -> None:
    reader, address = browser.as_("facilitator1"), f"/groups/{organisation.a.uid}"
    assert is_packed(reader, address, Sec_Fetch_Site="same-origin")
    assert is_packed(reader, address, Sec_Fetch_Site="none")
    for site in ("cross-site", "same-site"):
        assert not is_packed(reader, address, Sec_Fetch_Site=site, Referer=f"{OURS}/groups")


def test_an_older_phone_names_the_page_before(browser: Browser, organisation: Organisation) -> None:
    reader, address = browser.as_("facilitator1"), f"/groups/{organisation.a.uid}"
    assert is_packed(reader, address, Referer=f"{OURS}/groups")
    assert is_packed(reader, address, Origin=OURS)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Referer": f"{ELSEWHERE}/"},
        {"Referer": f"{ELSEWHERE}/?{OURS}/groups"},
        {"Referer": "http://localhost.elsewhere.example/"},
        {"Referer": "https://localhost/groups"},
        {"Referer": "[::"},
        {"Origin": "null"},
        {"Origin": ELSEWHERE, "Referer": f"{OURS}/groups"},
    ],
    ids=str,
)
def test_whoever_another_site_may_have_sent_gets_it_as_it_is(
    browser: Browser, organisation: Organisation, headers: dict[str, str]
) -> None:
    reader = browser.as_("facilitator1")
    assert not is_packed(reader, f"/groups/{organisation.a.uid}", **headers)


def test_a_first_visit_without_any_cookie_holds_nothing_of_anybody(browser: Browser) -> None:
    assert is_packed(browser, "/sign-in")
    browser.client.set_cookie("form", "x")
    assert not is_packed(browser, "/sign-in")
