"""Long lists at a desk: ordered by a column, narrowed by a choice, both in the address; and no name there."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from app.accounts.models import User
from app.extensions import db
from app.web import lists
from tests.client import Browser, Page
from tests.document import Node
from tests.organisation import Organisation

# Who reads which list, and by how many columns it can be ordered.
LISTS = {
    ("coordinator", "/groups"): 2,
    ("coordinator", "/workshops"): 2,
    ("coordinator", "/requests"): 2,
    ("coordinator", "/letters"): 3,
    ("counsellor", "/letters"): 3,
    ("coordinator", "/files"): 3,
    ("counsellor", "/files"): 3,
    ("administrator", "/staff"): 2,
}


def rows(page: Page) -> list[Node]:
    body = page.root.first("tbody")
    return body.all("tr") if body else []


def shown(page: Page) -> list[str]:
    """Where each row leads, or whom it is about where it leads nowhere, in order."""
    firsts = [row.first("td") for row in rows(page)]
    return [a["href"] if (a := first.first("a")) else first.words for first in firsts]


@pytest.mark.parametrize(("who", "address"), LISTS)
def test_a_column_orders_the_list_and_the_other_way_round(
    browser: Browser, who: str, address: str
) -> None:
    me = browser.as_(who)
    page = me.get(address)
    columns = [a["href"] for a in page.root.first("thead").all("a")]
    assert len(columns) == LISTS[who, address]
    assert all(re.fullmatch(rf"{address}\?sort=[a-z]+", column) for column in columns)
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


REFERRED = ("to-send", "sent", "yes", "no", "back")
FILED = ("open", "paused", "closed")


@pytest.mark.parametrize(
    ("who", "address", "name", "words"),
    [
        ("coordinator", "/letters", "state", REFERRED),
        ("counsellor", "/letters", "state", REFERRED),
        ("coordinator", "/letters", "who", ("counsellor", "outside")),
        ("coordinator", "/files", "state", FILED),
        ("counsellor", "/files", "state", FILED),
        ("administrator", "/staff", "state", ("open", "over")),
    ],
)
def test_the_choices_of_a_filter_hold_every_row_once(
    browser: Browser, organisation: Organisation, who: str, address: str, name: str, words: tuple
) -> None:
    me, staff, aid = browser.as_(who), organisation.staff, organisation.aid
    if who == "administrator":
        me.post(f"/staff/{staff['facilitator3'].uid}/end")
    elif address == "/letters" and who == "coordinator":
        browser.as_("counsellor").post(f"/letters/{aid.sent}/answer/no", {"reason": "اكتمل العدد"})
        me.post(f"/letters/{aid.outside}/recall")
    words = [staff[word].uid if word in staff else word for word in words]
    of_each = [shown(me.get(f"{address}?{name}={word}")) for word in words]
    assert sorted(one for rows in of_each for one in rows) == sorted(shown(me.get(address)))
    assert len([rows for rows in of_each if rows]) > 1, of_each
    if address == "/letters" and name == "state" and who == "coordinator":
        assert [f"/letters/{aid.sent}"] == of_each[3] and [f"/letters/{aid.outside}"] == of_each[4]


def test_what_waits_longest_stands_first_among_the_referrals(browser: Browser) -> None:
    me = browser.as_("coordinator")
    waits = [row.all("td")[5].words for row in rows(me.get("/letters?sort=wait"))]
    assert waits[0] and waits == sorted(waits, key=lambda words: not words)
    assert all(row.all("td")[5].words for row in rows(me.get("/letters?state=sent")))
    assert not any(row.all("td")[5].words for row in rows(me.get("/letters?state=yes")))


def test_a_file_in_progress_that_has_no_appointment_is_found(
    browser: Browser, organisation: Organisation
) -> None:
    me, aid = browser.as_("counsellor"), organisation.aid
    file = f"/files/{aid.file}"
    assert file in shown(me.get("/files?state=open"))
    assert file not in shown(me.get("/files?state=unbooked"))
    assert shown(me.get("/files?sort=next"))[0] == file
    me.post(f"/appointments/{aid.booked}/ending/cancelled")
    assert file in shown(me.get("/files?state=unbooked"))
    me.post(f"/files/{aid.file}/state/pause")
    assert file in shown(me.get("/files?state=paused"))
    assert file not in shown(me.get("/files?state=unbooked"))


def test_staff_is_narrowed_by_what_they_do_and_where(
    browser: Browser, organisation: Organisation
) -> None:
    me, staff = browser.as_("administrator"), organisation.staff
    words = {"house": "administrator", "desk": "coordinator", "groups": "facilitator"}
    words |= {"files": "counsellor", "review": "supervisor"}
    for word, role in words.items():
        holders = sorted(f"/staff/{one.uid}" for one in staff.values() if role in one.roles)
        assert sorted(shown(me.get(f"/staff?role={word}"))) == holders
    of_ramallah = shown(me.get(f"/staff?role=desk&place={organisation.ramallah}"))
    assert f"/staff/{staff['two_roles'].uid}" in of_ramallah
    assert f"/staff/{staff['coordinator'].uid}" not in of_ramallah


def test_who_has_no_second_factor_is_found(
    app: Flask, browser: Browser, organisation: Organisation
) -> None:
    me, one = browser.as_("administrator"), organisation.staff["supervisor"]
    assert f"/staff/{one.uid}" in shown(me.get("/staff?state=no-code"))
    with app.app_context():
        db.session.get_one(User, one.uid).second_factor = b"a seed"
        db.session.commit()
    assert f"/staff/{one.uid}" not in shown(me.get("/staff?state=no-code"))
    (row,) = rows(me.get("/staff?role=review"))
    assert row.all("td")[3].words == "set up"


@pytest.mark.parametrize(("who", "address"), [*LISTS, ("coordinator", "/people")])
def test_what_a_list_does_not_know_is_passed_over(browser: Browser, who: str, address: str) -> None:
    me = browser.as_(who)
    odd = me.get(f"{address}?sort=card&place=nowhere&state=%00&urgency=all&who=<script>&role=x")
    assert odd.status == 200 and shown(odd) == shown(me.get(address))
    assert "<script>alert" not in odd.text and "nowhere" not in odd.text


def test_a_filter_that_finds_nothing_says_so_and_not_that_there_is_nothing(
    browser: Browser,
) -> None:
    me = browser.as_("coordinator")
    groups = [me.get(f"/groups?state={word}") for word in ("open", "over")]
    workshops = [me.get(f"/workshops?state={word}") for word in ("coming", "over")]
    requests = [me.get(f"/requests?urgency={word}") for word in ("urgent", "high", "routine")]
    empty = [page for page in [*groups, *workshops, *requests] if not shown(page)]
    assert empty and all("None like this." in page for page in empty)


def test_rows_without_a_value_stand_last() -> None:
    rows = [("a", None), ("b", 2), ("c", 1)]
    by = {"number": lambda row: row[1]}
    assert [r[0] for r in lists.in_order(rows, {"sort": "number"}, by)] == ["c", "b", "a"]
    assert [r[0] for r in lists.in_order(rows, {"sort": "-number"}, by)] == ["b", "c", "a"]
    assert lists.in_order(rows, {}, by) == rows
