"""Of strangers nobody is kept from their turn by any number of others: by network, by address, by age."""

from __future__ import annotations

from tests.accounts.line_in_steps import stranger, taken


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


def test_two_hundred_networks_before_and_one_more_with_every_turn_are_a_turn_and_a_half_each() -> (
    None
):
    with taken() as turns:
        for number in range(200):
            turns.stand(f"network {number}", stranger(f"10.{number}.0.1"))
        turns.stand("me", stranger("192.0.2.1"))
        served = []
        while "me" not in served:
            turns.stand(f"new {len(served)}", stranger(f"{11 + len(served)}.0.0.1"))
            served.append(turns.next())
        assert len(served) <= 200 * 1.5 + 2


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
