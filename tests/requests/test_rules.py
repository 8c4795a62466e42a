"""Who waits stands in order, is told how long in words, and is not reached against their wish."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import RuleBroken
from app.people.rules import Card
from app.requests import rules
from app.requests.models import Request
from tests.organisation import NOW


@given(st.lists(st.tuples(st.sampled_from(["urgent", "high", "routine"]), st.integers(0, 500))))
def test_the_queue_is_ordered_by_urgency_and_then_by_waiting(rows: list[tuple[str, int]]) -> None:
    asked = [(urgency, NOW - timedelta(hours=hours)) for urgency, hours in rows]
    ordered = sorted(asked, key=lambda row: rules.waiting_order(*row))
    for first, second in pairwise(ordered):
        ranks = [["urgent", "high", "routine"].index(one[0]) for one in (first, second)]
        assert ranks[0] < ranks[1] or (ranks[0] == ranks[1] and first[1] <= second[1])


@pytest.mark.parametrize(
    ("card", "withdrew", "result", "allowed"),
    [
        (Card(may_leave_message=True), False, "left_message", True),
        (Card(), False, "left_message", False),
        (Card(), False, "no_message", True),
        (Card(do_not_contact=True), False, "reached", False),
        (Card(), True, "reached", False),
    ],
)
def test_nobody_is_reached_against_their_wish(
    card: Card, withdrew: bool, result: str, allowed: bool
) -> None:
    request = Request()
    if allowed:
        rules.attempt(request, card, result, withdrew=withdrew)
    else:
        with pytest.raises(RuleBroken):
            rules.attempt(request, card, result, withdrew=withdrew)


@pytest.mark.parametrize(
    ("waited", "words"),
    [
        (timedelta(minutes=5), ("hour", 0)),
        (timedelta(minutes=70), ("hour", 1)),
        (timedelta(hours=30), ("day", 1)),
        (timedelta(days=13), ("day", 13)),
        (timedelta(days=21), ("week", 3)),
        (timedelta(days=95), ("month", 3)),
    ],
)
def test_a_wait_is_said_in_words(waited: timedelta, words: tuple[str, int]) -> None:
    assert rules.waiting_words(NOW - waited, at=NOW) == words
