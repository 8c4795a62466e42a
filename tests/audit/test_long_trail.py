"""A trail that is long: every row is on one page, whoever turns them, and a page asks as often as for a short one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from app.audit import head as heads
from app.audit import queries
from app.audit.rules import Entry
from app.extensions import db
from tests.client import Browser
from tests.database import POSTGRES
from tests.organisation import NOW, Organisation
from tests.test_queries_per_page import asked_for, listening

LENGTH = 2300
WHERE = {
    "acts": ("administrator", "/audit"),
    "a group's": ("facilitator1", "/groups/{a.uid}/activity"),
    "a person's": ("coordinator", "/people/{a.members[0].uid}/openings"),
    "one's own": ("facilitator1", "/activity"),
}


def lengthen(app: Flask, organisation: Organisation, number: int) -> None:
    """As many rows that stand on each of the pages, with others between them."""
    me, member = organisation.staff["facilitator1"].uid, organisation.a.members[0].uid
    of_group = (organisation.a.uid, organisation.a.meetings[0], organisation.a.note)
    entries = []
    for each in range(number):
        at = NOW - timedelta(seconds=number - each)
        subject = of_group[each % 3]
        entries.append(Entry(at, me, "member-joined", "group", subject, "", member, "done"))
        entries.append(Entry(at, "other", "people-searched", "list", "", "", "", "done"))
        entries.append(Entry(at, "other", "attendance-marked", "session", "x", "", "", "done"))
    with app.app_context():
        heads.append(entries)
        db.session.commit()


def turned(me: Browser, address: str) -> list[list[str]]:
    """What the pages say, one after the other, as long as there is a next one."""
    pages = []
    while address:
        page = me.get(address)
        assert page.status == 200
        pages.append([item.words for item in page.root.all("li")])
        following = [link for link in page.root.all("a") if link.words == "Next"]
        address = following[0]["href"] if following else ""
    return pages


@pytest.mark.parametrize("name", WHERE)
def test_every_row_is_on_one_page_and_the_newest_first(
    app: Flask, browser: Browser, organisation: Organisation, name: str
) -> None:
    lengthen(app, organisation, LENGTH)
    who, address = WHERE[name]
    pages = turned(browser.as_(who), address.format_map(vars(organisation)))
    assert len(pages) > LENGTH // 50
    assert {len(page) for page in pages[:-1]} == {50}
    said = [line for page in pages for line in page if "enrolled someone" in line]
    # The page's own row, written as one turns, moves the others on by one: none is left out.
    assert LENGTH <= len(said) <= LENGTH + len(pages)


def test_pages_are_numbered_on_and_lead_back(
    app: Flask, browser: Browser, organisation: Organisation
) -> None:
    lengthen(app, organisation, LENGTH)
    me = browser.as_("administrator")
    twentieth = me.get("/audit?page=20")
    assert "Page 20 of 21" in twentieth
    (following,) = [link["href"] for link in twentieth.root.all("a") if link.words == "Next"]
    page = me.get(following)
    assert "Page 21 of 41" in page
    (back,) = [link["href"] for link in page.root.all("a") if link.words == "Previous"]
    assert me.get(back).root.all("li")[0].words == twentieth.root.all("li")[0].words


@pytest.mark.parametrize("asked", ["", "0", "x", "9.x", "99999999999", "1.2.3.4", "-1", "²", "٣"])
def test_an_address_that_nobody_was_given_shows_a_page(
    browser: Browser, organisation: Organisation, asked: str
) -> None:
    me = browser.as_("administrator")
    for query in (f"page={asked}", f"before={asked}", f"page={asked}&before={asked}"):
        assert me.get(f"/audit?{query}").status == 200


@pytest.mark.parametrize("name", WHERE)
def test_a_page_asks_as_often_for_a_long_trail_as_for_a_short_one(
    app: Flask, browser: Browser, organisation: Organisation, name: str
) -> None:
    who, address = WHERE[name]
    address = address.format_map(vars(organisation))
    few = asked_for(app, browser, who, address)
    lengthen(app, organisation, LENGTH)
    many = asked_for(app, browser, who, address)
    # Where only the last rows are checked, what stands before them is asked for: once for each chain.
    most = 2 if name == "acts" else 0
    assert 0 <= len(many.statements) - len(few.statements) <= most


Ask = Callable[[], object]


@pytest.mark.skipif(POSTGRES, reason="SQLite alone explains itself like this.")
@pytest.mark.parametrize(
    "ask",
    [
        lambda: queries.of_subjects(["a", "b"], ["c"]),
        lambda: queries.of_person("a"),
        lambda: queries.of_actor("a"),
    ],
    ids=["a group's", "a person's", "one's own"],
)
def test_no_page_looks_through_all_of_it(app: Flask, organisation: Organisation, ask: Ask) -> None:
    with app.test_request_context("/"), listening(app) as asked:
        ask()
    with app.app_context():
        for statement, parameters in asked.statements:
            if statement.startswith("SELECT"):
                plan = db.session.connection().exec_driver_sql(
                    f"EXPLAIN QUERY PLAN {statement}", parameters
                )
                steps = [str(step[3]) for step in plan]
                assert not [step for step in steps if step.startswith("SCAN audit")], steps
        db.session.rollback()
