"""The fixtures of the browser journeys: a real server, a real Chromium, phones on which people sign in."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Error, Playwright, expect, sync_playwright

from tests.browser.line import Line, line_to
from tests.browser.phone import ARGUMENTS, SMALL, Phone
from tests.browser.seized import Seized, taken_out
from tests.browser.serving import Server, served
from tests.organisation import Organisation
from tests.tools import leave_out

PATIENCE = 30_000  # milliseconds until a page that does not come fails the test; a busy machine is slow, not wrong
EACH_WAY, WIDTH = 0.4, 280_000  # seconds, bits a second
Phones = Callable[..., Phone]


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Where Chromium is; without one the journeys are left out, except where everything must run."""
    path = shutil.which("chromium")
    if path is None:
        leave_out("Chromium is not installed (chromium, fonts-noto-core).")
    return path


@pytest.fixture(scope="session")
def playwright(chromium_path: str) -> Iterator[Playwright]:
    """What drives the browser."""
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def chromium(playwright: Playwright, chromium_path: str) -> Iterator[Chromium]:
    """One Chromium for all tests; each phone is a context of its own."""
    browser = playwright.chromium.launch(executable_path=chromium_path, args=ARGUMENTS)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def server(application: Flask) -> Iterator[Server]:
    """The notebook, served."""
    with served(application) as running:
        yield running


@pytest.fixture
def line(server: Server) -> Iterator[Line]:
    """A line as on a bus: 400 ms each way, 280 kbit a second."""
    with line_to(server.address, delay=EACH_WAY, bits_a_second=WIDTH) as line:
        yield line


@pytest.fixture
def short_line(server: Server) -> Iterator[Line]:
    """A line that is fast until it is cut."""
    with line_to(server.address) as line:
        yield line


@pytest.fixture
def phones(
    app: Flask, server: Server, chromium: Chromium, organisation: Organisation
) -> Iterator[Phones]:
    """`phones("facilitator1")` gives a phone on which that colleague is signed in, on Today.

    `through` is the line to the notebook, where one is wanted.

    At the end of a test no page may have met an error or been stopped by the policy.
    """
    opened: list[Phone] = []

    def phone(
        who: str = "",
        *,
        javascript: bool = True,
        path: str = "/",
        through: Line | None = None,
        **options: Any,
    ) -> Phone:
        context = chromium.new_context(
            **{"viewport": SMALL, "java_script_enabled": javascript, "locale": "ar"} | options
        )
        context.set_default_timeout(PATIENCE)
        address = through.address if through else server.address
        opened.append(Phone.opened(context, address))
        if who:
            opened[-1].sign_in(organisation.staff[who])
        return opened[-1].open(path)

    yield phone
    for each in opened:
        each.put_down()
    server.traffic.none()
    complaints = [words for each in opened for words in each.complaints]
    assert not complaints, f"A page met an error: {complaints}"


@pytest.fixture(params=[True, False], ids=["js", "no-js"])
def seized(
    request: pytest.FixtureRequest,
    app: Flask,
    server: Server,
    playwright: Playwright,
    chromium_path: str,
    organisation: Organisation,
) -> Iterator[Seized]:
    """A new phone, which a test uses and then searches."""
    # Not below `tmp_path`: its name is too long for the browser's socket.
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        phone = taken_out(
            playwright, chromium_path, server.address, Path(folder), javascript=request.param
        )
        yield phone
        with suppress(Error):  # a test has closed it, or killed it
            phone.phone.context.close()
