"""What is in another's way: the same room of the same place, or a colleague who is needed at both."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.web.hours import Hour, clashes
from tests.organisation import NOW

ONE = Hour("one", "g", "meeting", "", NOW, 120, "here", "Asia/Jerusalem", room="Hall")


def other(**how: object) -> Hour:
    return replace(ONE, **{"uid": "other", "of_uid": "w"} | how)


def why(hour: Hour, team: dict[str, dict[str, str]] | None = None) -> set[str]:
    return set(clashes([ONE, hour], team or {}).get("one", {}))


def test_two_things_in_one_room_at_once() -> None:
    assert why(other(starts_at=NOW + timedelta(minutes=119))) == {"room"}


def test_one_that_begins_as_another_ends_is_in_nobodys_way() -> None:
    assert why(other(starts_at=NOW + timedelta(minutes=120))) == set()


def test_rooms_of_one_name_in_two_places_are_two_rooms() -> None:
    assert why(other(site_uid="there")) == set()


def test_where_no_room_was_said_none_is_shared() -> None:
    assert set(clashes([replace(ONE, room=""), other(room="")], {})) == set()


def test_what_does_not_take_place_needs_no_room() -> None:
    assert why(other(state="cancelled")) == why(other(state="missed")) == set()
    assert why(other(state="draft")) == {"room"}


def test_a_colleague_cannot_be_at_two_places_at_once() -> None:
    team = {"g": {"s": "Sami", "r": "Rana"}, "w": {"s": "Sami"}}
    assert why(other(site_uid="there"), team) == {"s"}
    assert why(other(site_uid="there", with_=("r",)), {"g": {"r": "Rana"}}) == {"r"}


hours = st.builds(
    lambda uid, starts, minutes, room, state: Hour(
        uid,
        "",
        "meeting",
        "",
        NOW + timedelta(minutes=starts),
        minutes,
        "here",
        "UTC",
        room=room,
        state=state,
    ),
    st.uuids().map(str),
    st.integers(0, 300),
    st.integers(1, 90),
    st.sampled_from(["", "Hall", "Kitchen"]),
    st.sampled_from(["", "", "missed"]),
)


@given(st.lists(hours, max_size=12))
def test_each_pair_that_overlaps_is_told_at_both_and_no_other(found: list[Hour]) -> None:
    told = clashes(found, {})
    for one in found:
        overlapping = {
            two.uid
            for two in found
            if two.uid != one.uid
            and one.room
            and one.room == two.room
            and one.takes_place
            and two.takes_place
            and one.starts_at < two.ends_at
            and two.starts_at < one.ends_at
        }
        assert {two.uid for two in told.get(one.uid, {}).get("room", [])} == overlapping
