"""What a tap costs on the line, counted on the way to the proxy: the answer, its headers, HTTP/2 and TLS."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.accounts.authenticator import set_up
from tests.organisation import Organisation
from tests.served.conftest import Phones, Served
from tests.served.phone import Phone
from tests.served.relay import Relay
from tests.served.test_door import sign_in

# What Chromium on a phone says of itself with each request.
CHROMIUM = {
    "User_Agent": "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/140.0.0.0 Mobile Safari/537.36",
    "Accept": "text/html",
    "Accept_Language": "ar,en-US;q=0.9,en;q=0.8",
    "Accept_Encoding": "gzip, deflate, br, zstd",
    "Sec_Ch_Ua": '"Chromium";v="140", "Not=A?Brand";v="24"',
    "Sec_Ch_Ua_Mobile": "?1",
    "Sec_Ch_Ua_Platform": '"Android"',
    "Sec_Fetch_Mode": "cors",
    "Sec_Fetch_Dest": "empty",
    "Priority": "u=1, i",
}
UP, DOWN = 200, 1_000  # bytes of the second tap and every one after it


@pytest.fixture
def relay(served: Served) -> Iterator[Relay]:
    """What counts on the way to the proxy."""
    counting = Relay(served.proxy.port)
    yield counting
    counting.close()


@pytest.fixture
def phone(phones: Phones, relay: Relay) -> Phone:
    """A phone behind it on which facilitator1 is signed in."""
    phone = phones(port=relay.port)
    assert sign_in(phone) == "/"
    set_up(phone)
    return phone


def test_a_tap_is_light_on_the_line(phone: Phone, relay: Relay, organisation: Organisation) -> None:
    path = f"/sessions/{organisation.a.meetings[7]}/attendance"
    first, second, *_more = organisation.a.members
    tapped = phone.post(path, {first.stay: "present"}, htmx="tally", **CHROMIUM)
    assert tapped.status == 200
    relay.begin()
    tapped = phone.post(path, {second.stay: "present"}, htmx="tally", **CHROMIUM)
    print(
        f"a tap: {relay.sent} bytes sent, {relay.received} received, {len(tapped.sent)} of them body"
    )
    assert tapped.status == 200
    assert relay.sent <= UP
    assert relay.received <= DOWN
