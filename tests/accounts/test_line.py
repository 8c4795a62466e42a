"""Whose turn it is: the known before strangers, round by network, nobody who stopped asking."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.accounts import line as line_
from app.accounts.line import ASKS_WITHIN, Line, Place, Stretched, Work
from tests.accounts.line_in_steps import PATIENCE, Turns, stranger, taken, work
from tests.organisation import COST


def test_two_have_a_turn_and_the_third_is_told_to_wait() -> None:
    with taken() as turns:
        assert turns.line.now(work("third")) is None


def test_a_turn_that_ended_is_free_again() -> None:
    with taken() as turns:
        turns.end()
        for _time in range(5):
            while turns.line.now(work("again")) is None:
                threading.Event().wait(0.002)


def test_a_derivation_that_fails_gives_its_turn_back() -> None:
    def fails(work: Work) -> Stretched:
        raise MemoryError

    line = Line(derive=fails)
    for _time in range(5):
        with pytest.raises(MemoryError):
            line.now(work("no memory"))
    line.wait("waiting", stranger("10.0.0.1"), work("waiting"), {})
    while line.waits("waiting"):
        threading.Event().wait(0.002)
    assert line.take("waiting") == {}


def test_whoever_waits_has_their_key_once_their_turn_was() -> None:
    with taken() as turns:
        turns.stand("me", stranger("10.0.0.1"))
        assert turns.line.waits("me")
        assert turns.next() == "me"
        assert turns.line.waits("me")
        turns.end()
        while turns.line.waits("me"):
            threading.Event().wait(0.002)
        assert turns.line.take("me") == {work("me"): Stretched(b"me", b"salt", COST)}
        assert turns.line.take("me") == {}


def test_the_known_go_before_all_strangers() -> None:
    with taken() as turns:
        for number in range(5):
            turns.stand(f"stranger {number}", stranger(f"10.{number}.0.1"))
        turns.stand("known", Place(True, ("device",)))
        assert turns.next() == "known"


def test_turns_go_round_among_the_known_too() -> None:
    with taken() as turns:
        for number in range(3):
            turns.stand(f"stolen {number}", Place(True, ("stolen",)))
        turns.stand("mine", Place(True, ("mine",)))
        assert [turns.next(), turns.next()] == ["stolen 0", "mine"]


def test_the_known_go_in_the_order_they_came() -> None:
    with taken() as turns:
        everybody = [f"person {number}" for number in range(14)]
        for who in everybody:
            turns.stand(who, Place(True, (who,)))
        assert [turns.next() for _each in everybody] == everybody


def test_whoever_stopped_asking_is_passed_over_and_costs_no_derivation() -> None:
    with taken() as turns:
        turns.stand("gone", stranger("10.0.0.1"))
        turns.stand("here", stranger("10.0.0.2"))
        turns.at += ASKS_WITHIN
        turns.line.waits("here")
        turns.at += 0.5
        assert turns.next() == "here"
        assert not turns.line.waits("gone")


def test_a_flood_that_sends_and_never_asks_costs_no_turn_at_all() -> None:
    with taken() as turns:
        for number in range(500):
            turns.send(f"flood {number}", stranger("10.0.0.1"))
        turns.stand("me", stranger("10.0.0.1"))
        assert turns.next() == "me"
        turns.end()
        while turns.line._running:
            threading.Event().wait(0.002)
        assert turns.served.empty()


def test_whoever_asks_when_a_turn_is_free_has_it() -> None:
    turns = Turns()
    turns.stand("me", stranger("10.0.0.1"))
    assert turns.served.get(timeout=PATIENCE) == "me"
    turns.end()
    while turns.line.waits("me"):
        threading.Event().wait(0.002)
    assert turns.line.take("me")


def test_the_line_has_an_end_and_whoever_does_not_fit_is_in_it_when_they_ask_again(
    monkeypatch,
) -> None:
    monkeypatch.setattr(line_, "MOST_WAITING", 50)
    with taken() as turns:
        for number in range(200):
            turns.stand(f"flood {number}", stranger(f"10.0.0.{number}", 5))
        assert len(turns.line._waiting) == 50
        turns.stand("me", stranger("10.1.0.1"))
        assert len(turns.line._waiting) == 50
        assert turns.next() == "me"


def test_a_flood_that_never_asks_takes_the_place_of_nobody_who_does(monkeypatch) -> None:
    monkeypatch.setattr(line_, "MOST_WAITING", 50)
    with taken() as turns:
        turns.stand("me", stranger("10.0.0.1", 5))
        for number in range(200):
            turns.send(f"flood {number}", stranger(f"10.{number}.0.1"))
        assert len(turns.line._waiting) == 50
        assert turns.next() == "me"


def test_a_key_whose_turn_has_come_waits_for_a_line_that_was_lost() -> None:
    with taken() as turns:
        turns.stand("me", stranger("10.0.0.1"))
        assert turns.next() == "me"
        turns.end()
        turns.at += line_.FETCHED_WITHIN - 1
        while turns.line.waits("me"):
            threading.Event().wait(0.002)
        assert turns.line.take("me")


def test_what_those_sent_who_stopped_asking_is_forgotten() -> None:
    with taken() as turns:
        turns.stand("me", stranger("10.0.0.1"))
        turns.at += ASKS_WITHIN + 1
        turns.line.pass_over_the_silent()
        assert not turns.line._waiting


places = st.builds(
    Place,
    st.booleans(),
    st.tuples(st.sampled_from("ab"), st.sampled_from("cd"), st.sampled_from("efgh")),
    st.integers(0, 40),
)


@given(st.lists(places, min_size=1, max_size=12))
def test_everybody_has_exactly_one_turn(waiting: list[Place]) -> None:
    with taken() as turns:
        for number, place in enumerate(waiting):
            turns.stand(str(number), place)
        served = [turns.next() for _each in waiting]
        assert sorted(served, key=int) == [str(number) for number in range(len(waiting))]
        strangers = [each for each in served if not waiting[int(each)].known]
        assert served[len(served) - len(strangers) :] == strangers
