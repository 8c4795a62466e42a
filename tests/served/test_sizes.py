"""Bodies that are too large, or that never come: answered in our own words, on no disk, holding nobody up."""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest

from tests.served.conftest import Served
from tests.served.proxy import OWN

MARK = "كلمة لا تبقى"


def test_a_body_too_large_is_refused_in_our_own_words_and_stays_nowhere(phones, served) -> None:
    phone = phones()
    large = f"username=x&passphrase={MARK * 150_000}".encode()
    assert len(large) > 2 * 1024 * 1024
    port = served.proxy.port
    line = http.client.HTTPSConnection("127.0.0.1", port, context=_names_nobody(served))
    kind = {"Content-Type": "application/x-www-form-urlencoded", "Host": f"{OWN}:{port}"}
    line.request("POST", "/sign-in", large, kind)
    answer = line.getresponse()
    assert answer.status == 303
    assert answer.headers["Location"] == f"https://{OWN}:{port}/problem/413"
    assert MARK.encode() not in answer.read()
    line.close()
    page = phone.get("/problem/413")
    assert page.status == 413 and "nginx" not in page.text
    assert served.proxy.files() == []


def test_a_body_as_large_as_may_be_goes_through_and_leaves_no_file(phones, served) -> None:
    phone = phones()
    typed = {"username": "x", "passphrase": MARK * 9_000}
    page = phone.post("/sign-in", typed).follow()
    assert page.status == 422
    assert served.proxy.files() == []


@contextmanager
def half_sent(served: Served, number: int, address: str) -> Iterator[list[socket.socket]]:
    """Clients that promise a body and send half of it."""
    with ExitStack() as stack:
        lines = []
        for _each in range(number):
            raw = socket.create_connection(
                ("127.0.0.1", served.proxy.port), source_address=(address, 0)
            )
            line = stack.enter_context(served.proxy.trust.wrap_socket(raw, server_hostname=OWN))
            head = (
                f"POST /sign-in HTTP/1.1\r\nHost: {OWN}:{served.proxy.port}\r\n"
                "Sec-Fetch-Site: same-origin\r\nContent-Length: 1000\r\n"
                "Content-Type: application/x-www-form-urlencoded\r\n\r\nusername=slow&passphr"
            )
            line.sendall(head.encode())
            lines.append(line)
        yield lines


@pytest.mark.parametrize("number", [4, 40])
def test_slow_clients_hold_no_thread_and_nobody_up(phones, served, number) -> None:
    with half_sent(served, number, "127.0.5.1"):
        for _time in range(3):
            phone = phones()
            account = phone.staff["facilitator1"]
            typed = {"username": account.username, "passphrase": account.passphrase}
            assert phone.post("/sign-in", typed).location in ("/", "/sign-in/code")
            assert phone.get("/sign-in").status in (200, 303)


def test_a_client_that_sends_byte_by_byte_is_answered_in_the_end(served) -> None:
    body = b"username=slow&passphrase=guess"
    raw = socket.create_connection(("127.0.0.1", served.proxy.port))
    with served.proxy.trust.wrap_socket(raw, server_hostname=OWN) as line:
        line.sendall(
            f"POST /sign-in HTTP/1.1\r\nHost: {OWN}:{served.proxy.port}\r\n"
            f"Sec-Fetch-Site: same-origin\r\nContent-Length: {len(body)}\r\nConnection: close\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n\r\n".encode()
        )
        for byte in body:
            line.sendall(bytes([byte]))
        answer = _all(line)
    assert answer.startswith(b"HTTP/1.1 303")


def _names_nobody(served: Served) -> ssl.SSLContext:
    """For a client that calls the proxy by its number."""
    context = ssl.create_default_context(cafile=str(served.folder / "notebook.pem"))
    context.check_hostname = False
    return context


def _all(line: ssl.SSLSocket) -> bytes:
    parts = []
    while part := line.recv(65_536):
        parts.append(part)
    return b"".join(parts)
