"""Single stories of the waiting line: who gets a freed seat, an offer's end, undo, what is over."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.errors import RuleBroken
from app.workshops import life_rules, rules
from app.workshops.models import SignUp, Workshop
from tests.organisation import NOW
from tests.workshops.line_model import workshop


def on_list(of: Workshop, number: int) -> list[SignUp]:
    """So many people, one after another."""
    listed: list[SignUp] = []
    for one in range(number):
        sign_up = rules.sign_up(of, listed, person_uid=f"p{one}", source="staff", at=NOW)
        sign_up.uid = f"s{one}"
        listed.append(sign_up)
    return listed


def test_a_cancelled_seat_goes_to_whoever_waited_longest() -> None:
    of = workshop(1)
    listed = on_list(of, 3)
    rules.cancel(listed[0], at=NOW)
    assert rules.promote(of, listed, at=NOW) == [listed[1]]
    assert [s.state(NOW) for s in listed] == ["cancelled", "confirmed", "waiting"]


def test_a_seat_offered_by_hand_blocks_it_until_its_moment_and_not_a_second_longer() -> None:
    of = workshop(1, fills_itself=False)
    listed = on_list(of, 3)
    rules.cancel(listed[0], at=NOW)
    until = NOW + timedelta(hours=2)
    rules.offer(listed[1], of, listed, until=until, at=NOW)
    with pytest.raises(RuleBroken):
        rules.offer(listed[2], of, listed, until=until, at=NOW)
    rules.offer(listed[2], of, listed, until=until + timedelta(hours=1), at=until)
    assert listed[1].state(until) == "expired"
    with pytest.raises(RuleBroken, match="run out"):
        rules.take_offer(listed[1], of, at=until)


def test_undo_gives_a_seat_back_only_while_nobody_else_has_it() -> None:
    of = workshop(1)
    listed = on_list(of, 2)
    rules.cancel(listed[0], at=NOW)
    rules.promote(of, listed, at=NOW)
    assert rules.undo(listed[0], of, listed, at=NOW) is False
    assert rules.waiting_line(listed, at=NOW) == [listed[0]]
    rules.cancel(listed[1], at=NOW)
    rules.promote(of, listed, at=NOW)
    assert listed[0].state(NOW) == "confirmed"


def test_who_answers_too_late_waits_at_the_end_when_they_ask_again() -> None:
    of = workshop(1, fills_itself=False)
    listed = on_list(of, 3)
    rules.cancel(listed[0], at=NOW)
    rules.offer(listed[1], of, listed, until=NOW + timedelta(hours=1), at=NOW)
    later = NOW + timedelta(hours=2)
    rules.ask_again(listed[1], of, listed, at=later)
    assert rules.waiting_line(listed, at=later) == [listed[2], listed[1]]


@pytest.mark.parametrize("change", ["held_at", "cancelled_at"])
def test_what_is_over_moves_nobody_up_and_takes_nobody_in(change: str) -> None:
    of = workshop(1)
    listed = on_list(of, 2)
    rules.cancel(listed[0], at=NOW)
    setattr(of, change, NOW)
    assert rules.promote(of, listed, at=NOW) == []
    with pytest.raises(RuleBroken):
        rules.sign_up(of, listed, person_uid="late", source="staff", at=NOW)


def test_a_series_keeps_its_weekday() -> None:
    days = life_rules.days_of_series(NOW.date(), weeks=3)
    assert [(day - NOW.date()).days for day in days] == [7, 14, 21]


def test_who_returns_to_undo_first_does_not_stand_at_anothers_place() -> None:
    of = workshop(1)
    listed = on_list(of, 4)
    rules.cancel(listed[1], at=NOW)
    rules.cancel(listed[0], at=NOW)
    rules.promote(of, listed, at=NOW)
    for late in (listed[0], listed[1]):
        rules.undo(late, of, listed, at=NOW)
    line = rules.waiting_line(listed, at=NOW)
    assert line == [listed[0], listed[1], listed[3]]
    assert len({one.line for one in line}) == 3
