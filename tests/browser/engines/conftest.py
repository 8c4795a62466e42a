"""The fixtures of the journeys that every phone must manage: windows of Firefox and of WebKit."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from flask import Flask

from tests.browser.engines import firefox, webkit
from tests.browser.engines.window import Window
from tests.browser.serving import Server
from tests.organisation import Organisation
from tests.tools import leave_out

Windows = Callable[..., Window]


def needs(*programs: str) -> None:
    """Leave the test out for want of a program, except where everything must run."""
    missing = [program for program in programs if shutil.which(program) is None]
    if missing:
        leave_out(f"{', '.join(missing)} is not installed.")


@pytest.fixture(scope="session")
def display() -> Iterator[str]:
    """The screen on which WebKit draws."""
    needs(*webkit.NEEDS)
    with webkit.screen() as name:
        yield name


@pytest.fixture(params=["firefox", "webkit"])
def windows(
    request: pytest.FixtureRequest,
    app: Flask,
    server: Server,
    organisation: Organisation,
    tmp_path: Path,
) -> Iterator[Windows]:
    """`windows("facilitator1")` gives a phone-sized window in which that colleague is signed in.

    Each is a browser of its own, started anew; `windows()` gives one in which nobody is.
    """
    homes = (tmp_path / str(number) for number in itertools.count())
    with ExitStack() as opened:

        def window(who: str = "") -> Window:
            home = next(homes)
            if request.param == "firefox":
                needs(*firefox.NEEDS)
                running = firefox.Firefox.started(home)
                opened.callback(running.kill)
                driver = running.driver
            else:
                driver = webkit.started(home, request.getfixturevalue("display"))
                opened.callback(driver.quit)
            shown = Window(driver, server.address)
            return shown.sign_in(organisation.staff[who]) if who else shown

        yield window
