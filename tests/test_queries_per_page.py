"""A page asks the database as often for fifty people as for five, and never reads every mark."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from app.clock import now
from app.extensions import db
from app.groups import queries as groups
from app.groups.models import Group
from tests.access.acting import coordinate
from tests.circles import Crowd, crowd
from tests.client import Browser
from tests.database import POSTGRES
from tests.organisation import Organisation, viewer

# The statements of every request, whoever asks for what.
SIGNING_IN = re.compile(r"\bsign_ins\b")
AUDIT = re.compile(r"\baudit(_head)?\b")
BEGIN = re.compile(r"^(BEGIN|COMMIT|ROLLBACK)")
# What somebody's assignments open, and whether there are any.
ENTITLED = re.compile(r"\bentitled\b|^SELECT \(?EXISTS")
PAGES = {
    "Today": ("facilitator1", "/"),
    "the groups": ("facilitator1", "/groups"),
    "the group": ("facilitator1", "/groups/{group}"),
    "the group, for a coordinator": ("coordinator", "/groups/{group}"),
    "the roll": ("facilitator1", "/sessions/{meeting}/attendance"),
    "one by one": ("facilitator1", "/sessions/{meeting}/attendance/one"),
    "the meeting": ("facilitator1", "/sessions/{meeting}"),
    "a note": ("facilitator1", "/sessions/{meeting}/note"),
    "the sheet": ("facilitator1", "/sessions/{meeting}/sheet"),
    "the people": ("coordinator", "/people"),
    "candidates": ("coordinator", "/groups/{group}/members/new"),
}


@dataclass
class Asked:
    """The statements that reached the database, with their parameters."""

    statements: list[tuple[str, Any]] = field(default_factory=list)

    def without(self, *left_out: re.Pattern[str]) -> list[str]:
        """The statements that none of these describes."""
        return [s for s, _p in self.statements if not any(p.search(s) for p in left_out)]


@contextmanager
def listening(app: Flask) -> Iterator[Asked]:
    """Hear every statement of the application's engine."""
    asked = Asked()

    def hear(_c: Any, _cursor: Any, statement: str, parameters: Any, *_more: Any) -> None:
        asked.statements.append((statement, parameters))

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", hear)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", hear)


@pytest.fixture
def few_and_many(app: Flask, organisation: Organisation) -> tuple[Crowd, Crowd]:
    """A group of five and a group of fifty, every mark made, a follow-up for each member."""
    with app.app_context():
        made = (
            crowd(organisation, members=5, marked=True),
            crowd(organisation, members=50, marked=True),
        )
        db.session.remove()
    return made


def asked_for(app: Flask, browser: Browser, who: str, address: str) -> Asked:
    """What a page asks, the second time it is opened: by then everything is warm."""
    visitor = browser.as_(who)
    visitor.get(address)
    with listening(app) as asked:
        assert visitor.get(address).status == 200
    return asked


@pytest.mark.parametrize("page", [page for page in PAGES if "{" in PAGES[page][1]])
def test_a_page_asks_as_often_for_fifty_as_for_five(
    page: str, few_and_many: tuple[Crowd, Crowd], app: Flask, browser: Browser
) -> None:
    who, address = PAGES[page]
    few, many = (
        asked_for(app, browser, who, address.format(group=c.uid, meeting=c.meetings[0]))
        for c in few_and_many
    )
    assert len(few.statements) == len(many.statements), (
        f"{page}: {len(few.statements)} statements for 5 people, {len(many.statements)} for 50: "
        f"read for all rows at once, in queries.py, what is read for each. "
        f"{set(many.without()) - set(few.without())}"
    )


@pytest.mark.parametrize("page", ["Today", "the groups", "the people"])
def test_a_page_over_everything_asks_as_often_when_there_is_more(
    page: str, app: Flask, browser: Browser, organisation: Organisation
) -> None:
    who, address = PAGES[page]
    numbers = []
    for members in (5, 50):
        with app.app_context():
            crowd(organisation, members=members, marked=True)
            db.session.remove()
        numbers.append(len(asked_for(app, browser, who, address).statements))
    assert numbers[0] == numbers[1], (
        f"{page}: {numbers} statements for few and for many: read for all rows at once, in "
        "queries.py, what is read for each."
    )


@pytest.mark.parametrize("page", PAGES)
def test_a_page_takes_eight_statements_and_today_one_for_each_section(
    page: str, few_and_many: tuple[Crowd, Crowd], app: Flask, browser: Browser
) -> None:
    who, address = PAGES[page]
    many = few_and_many[1]
    asked = asked_for(app, browser, who, address.format(group=many.uid, meeting=many.meetings[0]))
    own = asked.without(AUDIT, BEGIN)
    # Today's: the viewer's two, ten sections of a facilitator's, and what they lack.
    most = 13 if page == "Today" else 8
    assert len(own) <= most, (
        f"{page} takes {len(own)} statements, {most} at most: join what is read one after another.\n"
        + "\n".join(s[:160] for s in own)
    )


@pytest.mark.parametrize("page", PAGES)
def test_whoever_lacks_no_key_is_asked_after_none_but_on_today(
    page: str, few_and_many: tuple[Crowd, Crowd], app: Flask, browser: Browser
) -> None:
    who, address = PAGES[page]
    many = few_and_many[1]
    asked = asked_for(app, browser, who, address.format(group=many.uid, meeting=many.meetings[0]))
    found = [s for s, _p in asked.statements if ENTITLED.search(s)]
    assert len(found) == (2 if page == "Today" else 0), (
        "Only Today asks who waits for me, and for what I wait; elsewhere the keys that lack are "
        f"known from what was opened: do not ask again. {found}"
    )


@pytest.mark.parametrize("address", ["/groups/{group}", "/sessions/{meeting}/attendance"])
def test_whoever_lacks_a_key_is_told_so_with_one_statement_for_five_as_for_fifty(
    address: str,
    few_and_many: tuple[Crowd, Crowd],
    app: Flask,
    browser: Browser,
    organisation: Organisation,
) -> None:
    coordinate(browser.as_("administrator"), "coordinator_b", organisation.jerusalem)
    few, many = (
        asked_for(app, browser, "coordinator_b", address.format(group=c.uid, meeting=c.meetings[0]))
        for c in few_and_many
    )
    assert len(few.statements) == len(many.statements), (
        "Read for all rows at once, in queries.py, what is read for each. "
        f"{set(many.without()) - set(few.without())}"
    )
    assert len([s for s, _p in many.statements if ENTITLED.search(s)]) == 1, (
        "What somebody waits for is asked once a page: keep the answer for the request."
    )


def test_a_roster_takes_four_statements_at_most(
    few_and_many: tuple[Crowd, Crowd], app: Flask, organisation: Organisation
) -> None:
    with app.app_context():
        me = viewer(organisation.staff["facilitator1"])
        group = db.session.get_one(Group, few_and_many[1].uid)
        with listening(app) as asked:
            found = groups.roster(me, group, at=now())
        db.session.remove()
    assert len(found) == 50 and all(member.card for member in found)
    assert len(asked.statements) <= 4, (
        f"A roster takes four statements: join instead of asking again. {asked.without()}"
    )


def test_a_tap_takes_four_statements_beside_the_sign_in_and_the_audit(
    few_and_many: tuple[Crowd, Crowd], app: Flask, browser: Browser
) -> None:
    many = few_and_many[1]
    facilitator = browser.as_("facilitator1")
    address, tap = f"/sessions/{many.meetings[0]}/attendance", {many.stays[0]: "late"}
    facilitator.post(address, tap, htmx="tally")
    with listening(app) as asked:
        assert facilitator.post(address, tap, htmx="tally").status == 200
    own = asked.without(SIGNING_IN, AUDIT, BEGIN)
    assert len(own) <= 4, (
        f"A tap takes four statements, not {len(own)}: leave out of it what its answer does not show.\n"
        + "\n".join(s[:160] for s in own)
    )


@pytest.mark.skipif(POSTGRES, reason="SQLite says how it reads; PostgreSQL chooses by size")
def test_no_page_and_no_tap_reads_every_mark(
    few_and_many: tuple[Crowd, Crowd], app: Flask, browser: Browser
) -> None:
    many = few_and_many[1]
    with listening(app) as asked:
        for who, address in PAGES.values():
            visitor = browser.as_(who)
            visitor.get(address.format(group=many.uid, meeting=many.meetings[0]))
        tap = {many.stays[0]: "late"}
        browser.as_("facilitator1").post(f"/sessions/{many.meetings[0]}/attendance", tap)
    assert any("attendance" in statement for statement, _p in asked.statements)
    scans = [f"{how}: {what}" for what, how in plans(app, asked) if "SCAN attendance" in how]
    assert not scans, (
        "Every mark is read: ask by session_uid or membership_uid, or add an index by a migration. "
        f"{scans}"
    )


def test_the_plans_show_a_full_scan_where_there_is_one(app: Flask) -> None:
    if POSTGRES:
        pytest.skip("SQLite says how it reads")
    asked = Asked([("SELECT mark FROM attendance WHERE marked_by = ?", ("x",))])
    assert any("SCAN attendance" in how for _what, how in plans(app, asked))


def plans(app: Flask, asked: Asked) -> list[tuple[str, str]]:
    """How SQLite reads each statement: (statement, step)."""
    steps = []
    with app.app_context():
        connection = db.engine.raw_connection()
        for statement, parameters in dict(asked.statements).items():
            if not BEGIN.match(statement):
                rows = connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters or ())
                steps += [(statement, str(row[3])) for row in rows]
        connection.close()
    return steps
