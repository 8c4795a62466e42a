"""What a visit costs: round trips, on a line where each one is felt."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Phones
from tests.browser.serving import Server
from tests.organisation import Organisation

pytestmark = pytest.mark.browser
BODIES = """() => performance.getEntries().filter((e) => "encodedBodySize" in e)
  .reduce((sum, e) => sum + e.encodedBodySize, 0)"""


def everything_came(page: Page) -> None:
    """Wait until nothing is under way."""
    page.wait_for_load_state("networkidle")


def test_the_first_visit_is_four_requests_and_light(phones: Phones, server: Server) -> None:
    server.asked.clear()
    phone = phones(path="/sign-in")
    everything_came(phone.page)
    assert len(server.asked) <= 4, server.asked
    assert phone.page.evaluate(BODIES) <= 23 * 1024


def test_after_signing_in_a_page_is_one_request(
    phones: Phones, server: Server, organisation: Organisation
) -> None:
    phone = phones(path="/sign-in")
    everything_came(phone.page)
    server.asked.clear()
    phone.type_sign_in(organisation.staff["facilitator1"])
    everything_came(phone.page)
    assert server.asked == ["POST /sign-in", "GET /"]
    for words, path in (
        ("المجموعات", "/groups"),
        ("المزيد", "/more"),
        ("اليوم", "/"),
    ):
        server.asked.clear()
        phone.link(words, "nav").click()
        phone.at(path)
        everything_came(phone.page)
        assert server.asked == [f"GET {path}"]


def test_a_mark_is_one_request(phones: Phones, server: Server, organisation: Organisation) -> None:
    path = f"/sessions/{organisation.a.meetings[7]}/attendance"
    phone = phones("facilitator1", path=path)
    everything_came(phone.page)
    server.asked.clear()
    button = phone.marks(organisation.a.members[0].stay).locator("[value=late]")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    everything_came(phone.page)
    assert server.asked == [f"POST {path}"]


def test_a_search_asks_once_after_the_typing(
    phones: Phones, server: Server, organisation: Organisation
) -> None:
    phone = phones("coordinator", path="/people")
    everything_came(phone.page)
    server.asked.clear()
    phone.page.locator("main [name=q]").fill(organisation.candidate.name)
    phone.says("شخص واحد", "#found")
    assert server.asked == ["POST /people"]
