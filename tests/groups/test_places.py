"""Places in a group, the waiting line, and the life of a stay, through any sequence of acts."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from app.errors import RuleBroken
from app.extensions import new_uid
from app.groups import rules
from app.groups.models import ACTIVE, WAITING, Group, Membership
from tests.organisation import NOW
from tests.web import invented  # noqa: F401 - hypothesis in no hurry

PEOPLE = [f"person{n}" for n in range(5)]
people = st.sampled_from(PEOPLE)
which = st.integers(0, 30)


def group(capacity: int = 2) -> Group:
    return Group(uid=new_uid(), capacity=capacity, planned_at=NOW, planned_sessions=15)


def waiting(person: str = "person0", **at: float) -> Membership:
    moment = NOW + timedelta(**at)
    return Membership(uid=new_uid(), group_uid="g", person_uid=person, waiting_at=moment)


def member(person: str) -> Membership:
    stay = waiting(person)
    stay.joined_on = NOW.date()
    return stay


class Places(RuleBasedStateMachine):
    """Whoever does whatever, in whatever order: nobody gets a place that is not there."""

    def __init__(self) -> None:
        super().__init__()
        self.at, self.stays = NOW, []

    @initialize(capacity=st.integers(1, 3))
    def begin(self, capacity: int) -> None:
        self.group = group(capacity)

    def pick(self, number: int) -> Membership | None:
        return self.stays[number % len(self.stays)] if self.stays else None

    @rule(person=people)
    def wait(self, person: str) -> None:
        with suppress(RuleBroken):
            stay = rules.new_stay(self.group, self.stays, person_uid=person, at=self.at)
            stay.uid = new_uid()
            self.stays.append(stay)

    @rule(number=which)
    def join(self, number: int) -> None:
        stay = self.pick(number)
        if stay:
            with suppress(RuleBroken):
                rules.join(stay, self.group, self.stays, on=self.at.date(), at=self.at)
                assert stay.state(self.at) == ACTIVE

    @rule(number=which, hours=st.integers(-1, 48))
    def offer(self, number: int, hours: int) -> None:
        stay, until = self.pick(number), self.at + timedelta(hours=hours)
        if stay:
            with suppress(RuleBroken):
                rules.offer(stay, self.group, self.stays, until=until, at=self.at)
                assert stay.takes_place(self.at)

    @rule(number=which)
    def leave(self, number: int) -> None:
        stay = self.pick(number)
        if stay:
            with suppress(RuleBroken):
                rules.leave(stay, on=self.at.date(), today=self.at.date())
                assert not stay.takes_place(self.at)

    @rule(number=which)
    def undo(self, number: int) -> None:
        stay = self.pick(number)
        if stay:
            others = [other for other in self.stays if other is not stay]
            with suppress(RuleBroken):
                rules.undo_leave(stay, others, self.group, at=self.at)

    @rule(hours=st.integers(1, 50))
    def time_passes(self, hours: int) -> None:
        self.at += timedelta(hours=hours)

    @invariant()
    def nobody_has_a_place_that_is_not_there(self) -> None:
        if hasattr(self, "group"):
            assert 0 <= rules.places_left(self.group, self.stays, at=self.at) <= self.group.capacity

    @invariant()
    def nobody_has_two_open_stays(self) -> None:
        open_ = [stay.person_uid for stay in self.stays if stay.ended_as is None]
        assert len(open_) == len(set(open_))

    @invariant()
    def the_line_holds_exactly_those_who_wait_the_longest_first(self) -> None:
        line = rules.waiting_line(self.stays, at=self.at)
        assert {s.uid for s in line} == {
            s.uid for s in self.stays if s.state(self.at) == WAITING and s.ended_as is None
        }
        assert [s.waiting_at for s in line] == sorted(s.waiting_at for s in line)


TestPlaces = Places.TestCase
TestPlaces.settings = settings(max_examples=80, stateful_step_count=30)


def test_an_offer_takes_its_place_until_its_second_and_none_from_then_on() -> None:
    ours, stay = group(1), waiting()
    until = NOW + timedelta(hours=1)
    rules.offer(stay, ours, [stay], until=until, at=NOW)
    second = timedelta(seconds=1)
    assert rules.places_left(ours, [stay], at=until - second) == 0
    assert rules.places_left(ours, [stay], at=until) == 1
    assert stay.state(until) == WAITING


def test_whoever_was_offered_a_place_and_let_it_run_out_keeps_their_turn() -> None:
    early, late = waiting("person0"), waiting("person1", minutes=5)
    rules.offer(early, group(1), [early, late], until=NOW + timedelta(hours=1), at=NOW)
    after = NOW + timedelta(hours=2)
    assert rules.waiting_line([late, early], at=after) == [early, late]


def test_the_last_place_goes_to_one_of_two() -> None:
    ours, first, second = group(1), waiting("person0"), waiting("person1")
    rules.join(first, ours, [first, second], on=NOW.date(), at=NOW)
    with pytest.raises(RuleBroken, match="Every place is taken"):
        rules.join(second, ours, [first, second], on=NOW.date(), at=NOW)


def test_a_place_offered_to_somebody_is_not_given_to_another() -> None:
    ours, first, second = group(1), waiting("person0"), waiting("person1")
    rules.offer(first, ours, [first, second], until=NOW + timedelta(days=1), at=NOW)
    with pytest.raises(RuleBroken):
        rules.join(second, ours, [first, second], on=NOW.date(), at=NOW)
    rules.join(first, ours, [first, second], on=NOW.date(), at=NOW)


def test_a_departure_is_not_undone_once_the_place_is_taken() -> None:
    ours, gone, new = group(1), member("person0"), waiting("person1")
    rules.leave(gone, on=NOW.date(), today=NOW.date())
    rules.join(new, ours, [gone, new], on=NOW.date(), at=NOW)
    with pytest.raises(RuleBroken, match="taken meanwhile"):
        rules.undo_leave(gone, [new], ours, at=NOW)


def test_a_departure_is_not_undone_once_the_person_came_back() -> None:
    ours, gone, back = group(2), member("person0"), member("person0")
    rules.leave(gone, on=NOW.date(), today=NOW.date())
    with pytest.raises(RuleBroken, match="returned meanwhile"):
        rules.undo_leave(gone, [back], ours, at=NOW)


def test_nobody_joins_or_waits_for_a_group_that_has_ended() -> None:
    ours, stay = group(), waiting()
    rules.cancel(ours, at=NOW)
    with pytest.raises(RuleBroken):
        rules.new_stay(ours, [], person_uid="person1", at=NOW)
    with pytest.raises(RuleBroken):
        rules.join(stay, ours, [stay], on=NOW.date(), at=NOW)
    with pytest.raises(RuleBroken):
        rules.cancel(ours, at=NOW)


def test_nobody_leaves_before_they_joined() -> None:
    stay = member("person0")
    with pytest.raises(RuleBroken, match="before the first"):
        rules.leave(stay, on=NOW.date() - timedelta(days=1), today=NOW.date())
    assert stay.ended_as is None


def test_a_last_day_is_written_down_once_it_has_come() -> None:
    stay = member("person0")
    with pytest.raises(RuleBroken, match="in the future"):
        rules.leave(stay, on=NOW.date() + timedelta(days=1), today=NOW.date())
    assert stay.ended_as is None
