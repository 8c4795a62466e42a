"""Passphrases and recovery codes as people type them; when a sign-in ends; when one must wait."""

from __future__ import annotations

from datetime import timedelta
from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.accounts import passphrases, rules
from app.accounts.line import Work, derived
from app.vault import envelope
from tests.organisation import COST, NOW
from tests.web import invented

spans = st.timedeltas(timedelta(), timedelta(days=2))


@given(spans, st.booleans())
def test_a_sign_in_ends_after_eight_hours_and_a_half_one_after_five_minutes(age, half) -> None:
    ended = rules.has_ended(NOW - age, is_half=half, at=NOW)
    assert ended == (age > timedelta(minutes=5) if half else age > timedelta(hours=8))


@given(spans, spans, st.booleans())
def test_a_sign_in_that_ended_does_not_begin_again(age, later, half) -> None:
    if rules.has_ended(NOW - age, is_half=half, at=NOW):
        assert rules.has_ended(NOW - age, is_half=half, at=NOW + later)


@given(spans, st.integers(1, 60))
def test_a_phone_locks_after_ten_idle_minutes_and_never_later_than_others(unused, minutes) -> None:
    idle, seen_at = timedelta(minutes=minutes), NOW - unused
    locked = {
        touch: rules.has_locked(seen_at, on_touch=touch, idle=idle, at=NOW)
        for touch in (False, True)
    }
    assert locked[False] == (unused > idle)
    assert locked[True] == (unused > min(idle, timedelta(minutes=10)))


counters = st.lists(st.tuples(spans, st.integers(0, 20)), max_size=4)


@given(counters)
def test_a_code_waits_exactly_where_a_counter_is_full_and_fresh(counts) -> None:
    tries = [(NOW - age, failed) for age, failed in counts]
    full = any(failed >= rules.CODES_ALLOWED and age < rules.CODES_WINDOW for age, failed in counts)
    wait = rules.must_wait(tries, at=NOW)
    assert bool(wait) == full
    assert timedelta() <= wait <= rules.CODES_WINDOW
    assert not rules.must_wait(tries, at=NOW + wait) or not full


@given(invented.anything)
def test_any_address_belongs_to_a_network_and_none_raises(address: str) -> None:
    assert rules.network_of(address)


@given(st.ip_addresses().filter(lambda ip: ip.version == 4 or not ip.ipv4_mapped))
def test_neighbours_share_a_network_and_strangers_do_not(address) -> None:
    networks = [ip_network(each) for each in rules.networks_of(str(address))]
    assert all(address in network for network in networks)
    assert [network.prefixlen for network in networks] == (
        [16, 24] if address.version == 4 else [32, 56]
    )
    far = ip_address(int(address) ^ (1 << (address.max_prefixlen - 1)))
    assert rules.network_of(str(far)) != rules.network_of(str(address))


def test_an_address_of_the_old_kind_written_as_a_new_one_is_the_same() -> None:
    assert rules.networks_of("::ffff:203.0.113.9") == rules.networks_of("203.0.113.9")


def test_an_address_that_is_none_is_unknown() -> None:
    assert rules.network_of("") == rules.network_of("a phone") == "unknown"


CODES = [rules.new_recovery_code() for _ in range(40)]


@pytest.mark.parametrize(
    "typed",
    [
        str,
        str.lower,
        lambda code: code.replace("-", " "),
        lambda code: code.replace("-", ""),
        lambda code: f"  {code.lower()}\n",
        lambda code: code.replace("O", "0"),
        lambda code: code.replace("I", "1"),
        lambda code: code.replace("B", "8"),
        lambda code: code.replace("-", " – "),
    ],
    ids=["as-printed", "lower", "spaces", "none", "ends", "zero", "one", "eight", "dashes"],
)
def test_a_recovery_code_opens_however_it_was_typed(typed) -> None:
    for code in CODES:
        assert rules.key_of_recovery_code(typed(code)) == rules.key_of_recovery_code(code)


def test_a_recovery_code_has_128_bits_and_no_two_are_alike() -> None:
    assert len(set(CODES)) == len(CODES)
    assert {len(code.replace("-", "")) for code in CODES} == {26}
    assert len({rules.key_of_recovery_code(code) for code in CODES}) == len(CODES)


def test_the_printed_code_and_the_passphrase_open_the_same_key() -> None:
    code = rules.new_recovery_code()
    user = rules.new_user(
        username="olive-lamp",
        working_name="Rana",
        language="ar",
        passphrase=derived(Work(passphrases.folded("olive river stone lamp door"), COST)),
        recovery_code=code,
        joined_at=NOW,
    )
    stretched = envelope.stretched(
        passphrases.folded(" Olive river stone lamp DOOR"),
        user.salt,
        memory=COST.memory,
        iterations=COST.iterations,
        lanes=COST.lanes,
    )
    by_passphrase = envelope.unseal(stretched, user.private_key, rules.private_key_place(user.uid))
    by_code = envelope.unseal(
        rules.key_of_recovery_code(code.lower().replace("-", " ")),
        user.private_key_for_recovery,
        rules.recovery_place(user.uid),
    )
    assert by_passphrase == by_code


def test_the_digest_of_a_cookie_opens_nothing() -> None:
    cookie = bytes(range(32))
    assert rules.digest_of(cookie) != rules.wrapping_key_of(cookie).hex()[:32]
    assert cookie.hex()[:32] != rules.digest_of(cookie)
