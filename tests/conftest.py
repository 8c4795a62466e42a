"""The fixtures: an application on a fresh copy of its database, an organisation, a browser, a clock."""

from __future__ import annotations

import copy
import gc
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask_migrate import upgrade

from app import create_app
from app.cli import commands
from app.clock import standing_at
from app.extensions import db
from tests import founding
from tests.client import Browser
from tests.database import POSTGRES, Database, open_database
from tests.organisation import NOW, SETTINGS, Organisation
from tests.postgres import programs
from tests.tools import everything_must_run, left_out

NO_POSTGRES = (
    "Not run on PostgreSQL, which is not installed: it needs the package postgresql "
    "and requirements-postgres.txt."
)


def pytest_configure(config: pytest.Config) -> None:
    """Without a PostgreSQL to run on, say so instead of testing SQLite twice."""
    gc.set_threshold(20_000, 20, 50)  # looking for garbage took a twentieth of the time
    if POSTGRES and programs() is None:
        pytest.exit(NO_POSTGRES, returncode=int(everything_must_run()))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What was left out, and for want of what."""
    lines = left_out(terminalreporter.stats.get("skipped", []))
    if programs() is None:
        lines.append(NO_POSTGRES)
    for line in lines:
        terminalreporter.write_line(line)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The longest first, so that no worker is left alone with one at the end.

    On PostgreSQL only what takes the database: the rest would be the same test again.
    """
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)
    if POSTGRES:
        without = [item for item in items if "database" not in _fixtures(item)]
        items[:] = [item for item in items if "database" in _fixtures(item)]
        config.hook.pytest_deselected(items=without)


def _fixtures(item: pytest.Item) -> list[str]:
    return item.fixturenames if isinstance(item, pytest.Function) else []


@pytest.fixture(scope="session")
def database() -> Iterator[Database]:
    """The one database of this process."""
    opened = open_database()
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def application(database: Database, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The one application of this process; its settings never change. Tests take `app`."""
    environ = SETTINGS | {"DAFTAR_DATABASE": database.address}
    application = create_app(environ, tmp_path_factory.mktemp("instance"))
    application.config |= {"TESTING": True, "PROPAGATE_EXCEPTIONS": True}
    commands.init_app(application)
    return application


@pytest.fixture(scope="session")
def founded(application: Flask, database: Database) -> Organisation:
    """Fill the database once and keep it, empty and filled."""
    with application.app_context():
        upgrade()
        db.engine.dispose()
        database.keep("migrated")
        organisation = founding.build()
        db.session.remove()
        db.engine.dispose()
    database.keep("organisation")
    return organisation


@pytest.fixture
def app(
    request: pytest.FixtureRequest,
    application: Flask,
    database: Database,
    founded: Organisation,
) -> Flask:
    """The application on its own copy of the database: migrated, and filled where a test wants it.

    Never hold an app context around a client's calls: `g` and the session
    would be shared between its requests, and one viewer's keys with the next.
    """
    wanted = "organisation" if "organisation" in request.fixturenames else "migrated"
    if database.is_replaced:
        with application.app_context():
            db.engine.dispose()
    database.put_back(wanted)
    return application


@pytest.fixture
def organisation(app: Flask, founded: Organisation) -> Organisation:
    """The invented organisation, as plain values."""
    return copy.deepcopy(founded)


@pytest.fixture
def browser(app: Flask, organisation: Organisation) -> Browser:
    """A browser in which nobody is signed in; `browser.as_("facilitator1")` gives another."""
    return Browser(app, organisation.staff)


class Clock:
    """The clock of a test: it stands still until it is moved."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self.at(NOW)

    def at(self, moment: datetime) -> None:
        """Let it be this moment."""
        self.moment = moment
        self._stack.enter_context(standing_at(moment))

    def forward(self, **by: float) -> None:
        """Let time pass: `clock.forward(minutes=21)`."""
        self.at(self.moment + timedelta(**by))


@pytest.fixture(autouse=True)
def clock() -> Iterator[Clock]:
    """Every test happens at NOW unless it moves the clock."""
    with ExitStack() as stack:
        yield Clock(stack)
