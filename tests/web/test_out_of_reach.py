"""A database that is full or away says so in words of its own, and nothing is half done."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, text

from app.extensions import db
from tests.client import Browser
from tests.database import POSTGRES, Database
from tests.organisation import Organisation

SAYS = "The notebook takes nothing down at the moment"
SAYS_TO_ANYBODY = "الدفتر لا يستقبل شيئًا الآن"  # who asks cannot be read, nor their language


@contextmanager
def full(app: Flask, database: Database) -> Iterator[None]:
    """No page can be added to the file any more, as on a full disk."""

    def no_more(connection: Any, *_rest: Any) -> None:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count={pages}")

    with app.app_context():
        engine = db.engine
        engine.dispose()
        # What lies free inside the file would still be written to.
        with engine.begin() as connection:
            connection.execute(text("DELETE FROM done"))
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.connection.driver_connection.execute("VACUUM")
        event.listen(engine, "connect", no_more)
        engine.dispose()
    try:
        yield
    finally:
        with app.app_context():
            event.remove(engine, "connect", no_more)
            engine.dispose()


@contextmanager
def away(app: Flask, database: Any) -> Iterator[None]:
    """The database answers nobody."""
    with app.app_context():
        db.engine.dispose()
    if POSTGRES:
        database.server.run(f"ALTER DATABASE {database.name} WITH ALLOW_CONNECTIONS false")
    else:
        shutil.move(database.file, f"{database.file}.elsewhere")
        database.file.mkdir()
    try:
        yield
    finally:
        if POSTGRES:
            database.server.run(f"ALTER DATABASE {database.name} WITH ALLOW_CONNECTIONS true")
        else:
            database.file.rmdir()
            shutil.move(f"{database.file}.elsewhere", database.file)
        with app.app_context():
            db.engine.dispose()


@pytest.fixture(autouse=True)
def not_raised(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)


def test_while_the_database_is_away_every_page_says_so(
    app: Flask, browser: Browser, organisation: Organisation, database: Database
) -> None:
    me = browser.as_("facilitator1")
    roll = f"/sessions/{organisation.a.meetings[7]}/attendance"
    with away(app, database):
        for address in ("/", roll, "/sign-in", f"/open/{organisation.workshop.link}"):
            page = me.get(address)
            assert page.status == 507 and SAYS_TO_ANYBODY in page and SAYS in page, address
        page = me.post(roll, {organisation.a.members[0].stay: "late"}, htmx="tally")
        assert page.status == 507 and SAYS_TO_ANYBODY in page and page.headers["X-Own"]
        page = me.post("/preferences", {"language": "en"})
        assert page.location == "/problem/507"
        assert SAYS_TO_ANYBODY in me.get("/problem/507")
        assert me.get("/healthz").status == 503
    assert "Marked 0 of 12" in me.get(roll)


@pytest.mark.skipif(POSTGRES, reason="a full disk is SQLite's own here; PostgreSQL says the same")
def test_on_a_full_disk_nothing_is_half_done_and_it_is_said(
    app: Flask, browser: Browser, organisation: Organisation, database: Database
) -> None:
    me = browser.as_("facilitator1")
    note = f"/sessions/{organisation.a.meetings[7]}/note"
    text_ = {"happened": "كتبنا كثيرًا " * 2_000, "version": "0", "page": "abc"}
    with full(app, database):
        page = me.post(note, text_, htmx="note-state")
        assert page.status == 507 and SAYS in page
        assert me.post(note, text_).location == "/problem/507"
    assert me.post(note, text_, htmx="note-state").status == 200
    assert "كتبنا كثيرًا" in me.get(note)


@pytest.mark.skipif(POSTGRES, reason="a folder that cannot be written is SQLite's own")
def test_where_nothing_can_be_written_pages_are_still_refused_in_words_and_it_heals_by_itself(
    app: Flask, browser: Browser, organisation: Organisation
) -> None:
    me = browser.as_("facilitator1")
    roll, stay = (
        f"/sessions/{organisation.a.meetings[7]}/attendance",
        organisation.a.members[0].stay,
    )

    def read_only(connection: Any, *_rest: Any) -> None:
        connection.execute("PRAGMA query_only=ON")

    with app.app_context():
        engine = db.engine
        engine.dispose()
        event.listen(engine, "connect", read_only)
    try:
        page = me.post(roll, {stay: "late"}, htmx="tally")
        assert page.status == 507 and SAYS in page
        assert me.get("/healthz").status == 503
    finally:
        event.remove(engine, "connect", read_only)
        engine.dispose()
    assert me.post(roll, {stay: "late"}, htmx="tally").status == 200
    assert me.get("/healthz").status == 200
