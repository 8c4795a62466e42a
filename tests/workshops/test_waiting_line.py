"""Whatever happens to a list, no seat is given twice, the line keeps its order, and nobody is lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from app.errors import RuleBroken
from app.people.models import Site
from app.workshops import attendance_rules, life_rules, rules
from app.workshops.models import SignUp, Workshop
from tests.organisation import NOW

HERE = Site(uid="here", name="", name_en="", zone="Asia/Jerusalem", phone_region="PS")
OUT = ("declined", "cancelled")


def workshop(seats: int, *, fills_itself: bool = True, needs_approval: bool = False) -> Workshop:
    """A workshop that is open, three days from now."""
    return Workshop(
        uid="workshop",
        site=HERE,
        seats=seats,
        starts_at=NOW + timedelta(days=3),
        closes_at=NOW + timedelta(days=2),
        opened_at=NOW,
        link_on_at=NOW,
        last_in_line=0,
        fills_itself=fills_itself,
        needs_approval=needs_approval,
    )


class Life(RuleBasedStateMachine):
    """One workshop, and everything that staff, the people and the clock do to its list."""

    @initialize(seats=st.integers(1, 4), fills=st.booleans(), asks=st.booleans())
    def begin(self, seats: int, fills: bool, asks: bool) -> None:
        self.at, self.people = NOW, 0
        self.workshop = workshop(seats, fills_itself=fills, needs_approval=asks)
        self.sign_ups: list[SignUp] = []
        self.out: set[str] = set()  # who declined or left, and did not ask again
        self.known: set[str] = set()

    def do(self, act: object) -> None:
        """One act as the program does it: settle, act, settle; a refusal changes nothing."""
        self.settle()
        before = [vars(s).copy() for s in self.sign_ups]
        try:
            act()  # type: ignore[operator]
        except RuleBroken:
            assert [vars(s) for s in self.sign_ups] == before
        self.settle()

    def settle(self) -> None:
        line = rules.waiting_line(self.sign_ups, at=self.at)
        moved = rules.promote(self.workshop, self.sign_ups, at=self.at)
        assert moved == line[: len(moved)], "Who waited longest moves up first."
        assert not {s.person_uid for s in moved} & self.out

    def anyone(self, number: int) -> SignUp:
        return self.sign_ups[number % len(self.sign_ups)]

    @rule(source=st.sampled_from(["staff", "public"]))
    def sign_up(self, source: str) -> None:
        def act() -> None:
            self.people += 1
            full = rules.is_full(self.workshop, self.sign_ups, at=self.at)
            new = rules.sign_up(
                self.workshop,
                self.sign_ups,
                person_uid=f"p{self.people}",
                source=source,
                at=self.at,
            )
            new.uid = f"s{self.people}"
            assert not (full and new.state(self.at) == "confirmed"), "Nobody overtakes the line."
            self.sign_ups.append(new)
            self.known.add(new.person_uid)

        self.do(act)

    @precondition(lambda self: self.sign_ups)
    @rule(
        number=st.integers(0, 30),
        verb=st.sampled_from(["approve", "accept", "take_offer", "decline", "cancel"]),
    )
    def act(self, number: int, verb: str) -> None:
        one = self.anyone(number)

        def act() -> None:
            w, s, at = self.workshop, self.sign_ups, self.at
            if verb in ("approve", "accept"):
                getattr(rules, verb)(one, w, s, at=at)
            elif verb == "take_offer":
                rules.take_offer(one, w, at=at)
            else:
                getattr(rules, verb)(one, at=at)
                self.out.add(one.person_uid)

        self.do(act)

    @precondition(lambda self: self.sign_ups)
    @rule(number=st.integers(0, 30), hours=st.integers(1, 40))
    def offer(self, number: int, hours: int) -> None:
        one, until = self.anyone(number), self.at + timedelta(hours=hours)

        def act() -> None:
            rules.offer(one, self.workshop, self.sign_ups, until=until, at=self.at)
            assert one.person_uid not in self.out, "Who declined is not offered a seat again."

        self.do(act)

    @precondition(lambda self: self.sign_ups)
    @rule(number=st.integers(0, 30), verb=st.sampled_from(["undo", "ask_again"]))
    def come_back(self, number: int, verb: str) -> None:
        one = self.anyone(number)

        def act() -> None:
            getattr(rules, verb)(one, self.workshop, self.sign_ups, at=self.at)
            self.out.discard(one.person_uid)

        self.do(act)

    @rule(seats=st.integers(1, 6))
    def resize(self, seats: int) -> None:
        self.do(lambda: life_rules.resize(self.workshop, self.sign_ups, seats=seats, at=self.at))

    @rule(hours=st.integers(1, 30))
    def time_passes(self, hours: int) -> None:
        self.at += timedelta(hours=hours)

    @precondition(lambda self: self.sign_ups)
    @rule(number=st.integers(0, 30), came_as=st.sampled_from(["attended", "no-show", None]))
    def mark(self, number: int, came_as: str | None) -> None:
        one, day = self.anyone(number), self.at.date()
        self.do(
            lambda: attendance_rules.mark(
                one, self.workshop, self.sign_ups, came_as=came_as, today=day, at=self.at
            )
        )

    @rule()
    def walk_in(self) -> None:
        def act() -> None:
            self.people += 1
            new = attendance_rules.walk_in(
                self.workshop,
                self.sign_ups,
                person_uid=f"p{self.people}",
                today=self.at.date(),
                at=self.at,
            )
            new.uid = f"s{self.people}"
            self.sign_ups.append(new)
            self.known.add(new.person_uid)

        self.do(act)

    @precondition(lambda self: len(self.sign_ups) > 1)
    @rule(number=st.integers(0, 30), other=st.integers(0, 30))
    def merge(self, number: int, other: int) -> None:
        kept, gone = self.anyone(number), self.anyone(other)
        if kept is gone or kept.ended_as or gone.ended_as:
            return
        self.settle()
        worth = {s.state(self.at) for s in (kept, gone)}
        stays, ends = rules.same_person(kept, gone, at=self.at)
        assert {stays, ends} == {kept, gone}
        if "confirmed" in worth and "attended" not in worth:
            assert stays.state(self.at) == "confirmed", "Of two sign-ups the seat is kept."
        ends.ended_as, ends.ended_at, ends.came_as = "cancelled", self.at, None
        self.known.discard(ends.person_uid)
        self.known.add(stays.person_uid)
        ends.person_uid = stays.person_uid
        self.out.discard(stays.person_uid)
        self.settle()

    @invariant()
    def no_seat_is_taken_twice(self) -> None:
        if hasattr(self, "sign_ups"):
            taken = sum(s.takes_seat(self.at) for s in self.sign_ups)
            assert taken <= self.workshop.seats
            assert rules.seats_left(self.workshop, self.sign_ups, at=self.at) >= 0

    @invariant()
    def nobody_is_lost(self) -> None:
        if hasattr(self, "sign_ups"):
            assert {s.person_uid for s in self.sign_ups} >= self.known
            assert all(s.state(self.at) for s in self.sign_ups)
            lines = [s.line for s in rules.waiting_line(self.sign_ups, at=self.at)]
            assert len(lines) == len(set(lines)), "Two people at one place of the line."


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=120, stateful_step_count=40, deadline=None)


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
