"""Long lists at a desk: ordered by a column, narrowed by a choice, both in the address; and no name there."""

from __future__ import annotations

import re

import pytest

from app.web import lists
from tests.client import Browser, Page
from tests.organisation import Organisation


def shown(page: Page) -> list[str]:
    """The first words of each row, in order."""
    body = page.root.first("tbody")
    return [tr.first("a")["href"] for tr in body.all("tr")] if body else []


@pytest.mark.parametrize("address", ["/groups", "/workshops", "/requests"])
def test_a_column_orders_the_list_and_the_other_way_round(browser: Browser, address: str) -> None:
    me = browser.as_("coordinator")
    page = me.get(address)
    columns = [a["href"] for a in page.root.first("thead").all("a")]
    assert len(columns) == 2 and all(re.fullmatch(rf"{address}\?sort=[a-z]+", c) for c in columns)
    for column in columns:
        there = me.get(column)
        head = next(th for th in there.root.all("th") if th.has("aria-sort"))
        assert head["aria-sort"] == "ascending"
        back = me.get(head.first("a")["href"])
        assert next(th for th in back.root.all("th") if th.has("aria-sort"))["aria-sort"] == (
            "descending"
        )
        assert sorted(shown(there)) == sorted(shown(back)) == sorted(shown(page))


def test_groups_stand_by_name_and_those_that_are_over_apart(
    browser: Browser, organisation: Organisation
) -> None:
    me, a, planned = browser.as_("coordinator"), organisation.a, organisation.planned
    forward, backward = shown(me.get("/groups?sort=name")), shown(me.get("/groups?sort=-name"))
    assert forward == backward[::-1] and len(forward) > 1
    assert shown(me.get("/groups?state=open"))
    browser.as_("coordinator").post(f"/groups/{planned.uid}/cancellation")
    over = shown(me.get("/groups?state=over"))
    assert f"/groups/{planned.uid}" in over and f"/groups/{a.uid}" not in over


def test_what_has_no_date_stands_last_both_ways(
    browser: Browser, organisation: Organisation
) -> None:
    me, planned = browser.as_("coordinator"), f"/groups/{organisation.planned.uid}"
    for order in ("next", "-next"):
        assert shown(me.get(f"/groups?sort={order}"))[-1] == planned


def test_requests_are_narrowed_by_urgency_and_to_ones_own(
    browser: Browser, organisation: Organisation
) -> None:
    me = browser.as_("coordinator")
    everything = shown(me.get("/requests"))
    of_each = [shown(me.get(f"/requests?urgency={word}")) for word in ("urgent", "high", "routine")]
    assert sorted(one for rows in of_each for one in rows) == sorted(everything) and everything
    assert set(shown(me.get("/requests?who=mine"))) <= set(everything)


@pytest.mark.parametrize("address", ["/groups", "/workshops", "/requests", "/people"])
def test_what_a_list_does_not_know_is_passed_over(browser: Browser, address: str) -> None:
    me = browser.as_("coordinator")
    odd = me.get(f"{address}?sort=card&place=nowhere&state=%00&urgency=all&who=<script>")
    assert odd.status == 200 and shown(odd) == shown(me.get(address))
    assert "<script>alert" not in odd.text and "nowhere" not in odd.text


def test_rows_without_a_value_stand_last() -> None:
    rows = [("a", None), ("b", 2), ("c", 1)]
    by = {"number": lambda row: row[1]}
    assert [r[0] for r in lists.in_order(rows, {"sort": "number"}, by)] == ["c", "b", "a"]
    assert [r[0] for r in lists.in_order(rows, {"sort": "-number"}, by)] == ["b", "c", "a"]
    assert lists.in_order(rows, {}, by) == rows
