"""Whose turn it is: the known before strangers, round by network, nobody who stopped asking."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from queue import Queue

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.accounts import line as line_
from app.accounts.line import ASKS_WITHIN, AT_ONCE, Line, Place, Stretched, Work
from tests.organisation import COST

PATIENCE = 20


class Turns:
    """A line in a time of its own, whose turns are over when the test says so; who had which."""

    def __init__(self) -> None:
        self.at = 100.0
        self.served: Queue[str] = Queue()
        self._over = threading.Semaphore(0)
        self.line = Line(clock=lambda: self.at, derive=self._derive)

    def _derive(self, work: Work) -> Stretched:
        self.served.put(work.passphrase)
        assert self._over.acquire(timeout=PATIENCE)
        return Stretched(work.passphrase.encode(), b"salt", work.cost)

    def take(self) -> None:
        """Somebody has each turn."""
        for number in range(AT_ONCE):
            threading.Thread(target=self.line.now, args=(work(f"first {number}"),)).start()
            self.served.get(timeout=PATIENCE)

    def stand(self, who: str, place: Place) -> None:
        """Somebody stands in line, and asks for the first time."""
        self.send(who, place)
        self.line.waits(who)

    def send(self, who: str, place: Place) -> None:
        """Somebody sends their passphrase; their browser has not asked yet."""
        self.at += 0.001
        self.line.wait(who, place, work(who), {})

    def next(self) -> str:
        """A turn is over: who has it next."""
        self._over.release()
        return self.served.get(timeout=PATIENCE)

    def end(self) -> None:
        """Let everybody go."""
        for _each in range(1000):
            self._over.release()


def work(who: str) -> Work:
    return Work(who, COST, b"salt")


@contextmanager
def taken() -> Iterator[Turns]:
    """Turns that are all taken."""
    turns = Turns()
    turns.take()
    try:
        yield turns
    finally:
        turns.end()


def stranger(address: str, failed: int = 0) -> Place:
    """Somebody from a.b.c.d, whose network is a.b.c and whose wide one a.b."""
    parts = address.split(".")
    return Place(False, (".".join(parts[:2]), ".".join(parts[:3]), address), failed)


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


def test_every_second_turn_goes_to_a_network_without_wrong_tries() -> None:
    with taken() as turns:
        for number in range(3):
            turns.stand(f"many {number}", stranger(f"10.1.0.{number}", 300))
            turns.stand(f"one {number}", stranger(f"10.2.0.{number}", 1))
        turns.stand("none", stranger("10.3.0.1"))
        turns.stand("none too", stranger("10.4.0.1"))
        assert [turns.next() for _each in range(3)][::2] == ["none", "none too"]


def test_whose_network_failed_more_than_two_hundred_others_has_a_turn_soon() -> None:
    with taken() as turns:
        for number in range(200):
            turns.stand(f"network {number}", stranger(f"10.1.{number}.9", 1))
        turns.stand("me", stranger("10.1.7.77", 2))
        assert "me" in [turns.next() for _each in range(5)]


def test_among_equals_turns_go_round_the_networks_and_the_addresses_in_them() -> None:
    with taken() as turns:
        for number in range(3):
            turns.stand(f"flood {number}", stranger("10.1.0.1"))
        turns.stand("neighbour", stranger("10.1.0.2"))
        turns.stand("next door", stranger("10.1.1.1"))
        turns.stand("elsewhere", stranger("10.2.0.1"))
        served = [turns.next() for _each in range(6)]
    assert served[0] == "flood 0"
    assert set(served[1:4]) == {"elsewhere", "next door", "neighbour"}
    assert set(served[4:]) == {"flood 1", "flood 2"}


def test_from_one_address_who_waits_longest_and_who_came_last_take_turns() -> None:
    with taken() as turns:
        for number in range(6):
            turns.stand(f"person {number}", stranger("10.0.0.1"))
        served = [turns.next() for _each in range(6)]
    assert served == [f"person {number}" for number in (0, 1, 2, 5, 3, 4)]


def test_two_hundred_networks_that_were_there_before_are_one_turns_delay() -> None:
    with taken() as turns:
        for number in range(200):
            turns.stand(f"network {number}", stranger(f"10.{number}.0.1"))
        turns.stand("me", stranger("192.0.2.1"))
        assert "me" in [turns.next() for _each in range(4)]


def test_who_lives_beside_a_stranger_of_two_hundred_has_a_turn_soon() -> None:
    with taken() as turns:
        for time in range(3):
            for number in range(200):
                turns.stand(f"network {number} {time}", stranger(f"10.1.{number}.9", 4))
        for _each in range(250):
            turns.next()
        turns.stand("me", stranger("10.1.7.77", 4))
        assert "me" in [turns.next() for _each in range(4)]


def test_two_hundred_networks_before_and_one_more_with_every_turn_are_hardly_a_turn_each() -> None:
    with taken() as turns:
        for number in range(200):
            turns.stand(f"network {number}", stranger(f"10.{number}.0.1"))
        turns.stand("me", stranger("192.0.2.1"))
        served = []
        while "me" not in served:
            turns.stand(f"new {len(served)}", stranger(f"{11 + len(served)}.0.0.1"))
            served.append(turns.next())
        assert len(served) <= 200 * 1.2 + 2


def test_a_wrong_try_of_ones_own_puts_nobody_behind_fresh_corners_of_one_wide_network() -> None:
    with taken() as turns:
        turns.stand("they", stranger("10.1.0.1"))
        turns.next()
        for number in range(200):
            turns.stand(f"corner {number}", stranger(f"10.1.{number}.9"))
        turns.stand("me", stranger("192.0.2.1", failed=1))
        served = []
        while "me" not in served:
            turns.stand(f"new {len(served)}", stranger(f"10.1.{200 + len(served)}.9"))
            served.append(turns.next())
        assert len(served) <= 4


def test_networks_that_never_stop_coming_keep_nobody_from_their_turn() -> None:
    with taken() as turns:
        turns.stand("me", stranger("192.0.2.1"))
        served = []
        for number in range(20):
            for more in range(5):
                turns.stand(f"network {number}.{more}", stranger(f"{number + 20}.{more}.0.1"))
            served.append(turns.next())
            if "me" in served:
                break
        assert served[-1] == "me" and len(served) <= 4


def test_who_came_when_their_network_had_failed_less_is_no_better_for_it() -> None:
    with taken() as turns:
        for number in range(20):
            turns.stand(f"flood {number}", stranger("10.1.0.9", number // 5))
        assert turns.next() == "flood 0"
        turns.stand("me", stranger("10.1.0.77", 9))
        assert turns.next() == "me"


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
