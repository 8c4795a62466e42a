"""Whatever happens to a list, no seat is given twice, the line keeps its order, and nobody is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from app.errors import RuleBroken
from app.workshops import attendance_rules, life_rules, rules
from app.workshops.models import SignUp
from tests.organisation import NOW
from tests.workshops.line_model import Model, workshop

OUT = ("declined", "cancelled")


class Life(RuleBasedStateMachine):
    """One workshop, and everything that staff, the people and the clock do to its list."""

    @initialize(
        seats=st.integers(1, 3), fills=st.booleans(), asks=st.booleans(), come=st.integers(0, 6)
    )
    def begin(self, seats: int, fills: bool, asks: bool, come: int) -> None:
        self.at, self.people = NOW, 0
        self.workshop = workshop(seats, fills_itself=fills, needs_approval=asks)
        self.model = Model(seats, fills, self.workshop.starts_at)
        self.sign_ups: list[SignUp] = []
        for _one in range(come):
            self.sign_up("staff")

    def do(self, act: Callable[[], object], expected: Callable[[], object]) -> None:
        """One act as the program does it: settle, act, settle; a refusal changes nothing."""
        self.settle()
        before = [vars(s).copy() for s in self.sign_ups]
        try:
            act()
        except RuleBroken:
            assert [vars(s) for s in self.sign_ups] == before
        else:
            expected()
        self.settle()

    def settle(self) -> None:
        rules.promote(self.workshop, self.sign_ups, at=self.at)
        self.model.settle(self.at)
        self.list_is_as_it_must_be()

    def list_is_as_it_must_be(self) -> None:
        states = {s.uid: s.state(self.at) for s in self.sign_ups}
        line = [s.uid for s in rules.waiting_line(self.sign_ups, at=self.at)]
        assert line == self.model.line, "Somebody overtook, or fell behind."
        assert {u for u, s in states.items() if s in ("confirmed", "attended")} == self.model.seated
        live = {uid for uid, until in self.model.held.items() if until > self.at}
        assert {uid for uid, state in states.items() if state == "offered"} == live
        assert {u for u, s in states.items() if s == "expired"} == set(self.model.held) - live
        assert {uid for uid, state in states.items() if state == "requested"} == self.model.asked
        assert {uid for uid, state in states.items() if state in OUT} == set(self.model.left)
        if self.workshop.fills_itself and self.at < self.workshop.starts_at:
            assert not line or self.model.free(self.at) < 1, "A seat is free while somebody waits."

    def anyone(self, number: int, *among: Iterable[str]) -> SignUp:
        """Mostly one of those to whom it can happen, now and then one to whom it cannot."""
        uids = {uid for some in among for uid in some}
        likely = [s for s in self.sign_ups if s.uid in uids and number % 5] or self.sign_ups
        return likely[number % len(likely)]

    def add(self, new: SignUp) -> None:
        new.uid = f"s{self.people}"
        self.sign_ups.append(new)

    @rule(source=st.sampled_from(["staff", "public"]))
    def sign_up(self, source: str) -> None:
        self.people += 1
        asks = source == "public" and self.workshop.needs_approval
        self.do(
            lambda: self.add(
                rules.sign_up(
                    self.workshop,
                    self.sign_ups,
                    person_uid=f"p{self.people}",
                    source=source,
                    at=self.at,
                )
            ),
            lambda: self.model.join(f"s{self.people}", ask=asks, at=self.at),
        )

    @precondition(lambda self: self.sign_ups)
    @rule(
        number=st.integers(0, 30),
        verb=st.sampled_from(["approve", "accept", "take_offer", "decline", "cancel", "cancel"]),
    )
    def act(self, number: int, verb: str) -> None:
        likely = {"approve": self.model.asked, "cancel": self.model.seated}
        one = self.anyone(number, likely.get(verb, {*self.model.held, *self.model.waiting}))
        w, s, at = self.workshop, self.sign_ups, self.at
        act = {
            "approve": lambda: rules.approve(one, w, s, at=at),
            "accept": lambda: rules.accept(one, w, s, at=at),
            "take_offer": lambda: rules.take_offer(one, w, at=at),
            "decline": lambda: rules.decline(one, at=at),
            "cancel": lambda: rules.cancel(one, at=at),
        }[verb]
        expected = {
            "approve": lambda: self.model.join(one.uid, ask=False, at=at),
            "accept": lambda: self.model.seat(one.uid),
            "take_offer": lambda: self.model.seat(one.uid),
        }.get(verb, lambda: self.model.leave(one.uid))
        self.do(act, expected)

    @precondition(lambda self: self.sign_ups)
    @rule(number=st.integers(0, 30), hours=st.integers(1, 40))
    def offer(self, number: int, hours: int) -> None:
        one = self.anyone(number, self.model.waiting, self.model.held)
        until = self.at + timedelta(hours=hours)

        def expected() -> None:
            assert one.uid not in self.model.left, "Who declined is not offered a seat again."
            self.model.hold(one.uid, until)

        self.do(
            lambda: rules.offer(one, self.workshop, self.sign_ups, until=until, at=self.at),
            expected,
        )

    @precondition(lambda self: self.sign_ups)
    @rule(number=st.integers(0, 30))
    def undo(self, number: int) -> None:
        one = self.anyone(number, self.model.left)
        self.do(
            lambda: rules.undo(one, self.workshop, self.sign_ups, at=self.at),
            lambda: self.model.come_back(one.uid, self.at),
        )

    @precondition(lambda self: self.sign_ups)
    @rule(number=st.integers(0, 30))
    def ask_again(self, number: int) -> None:
        one = self.anyone(number, self.model.left, self.model.held)
        asks = one.source == "public" and self.workshop.needs_approval
        self.do(
            lambda: rules.ask_again(one, self.workshop, self.sign_ups, at=self.at),
            lambda: self.model.join(one.uid, ask=asks, at=self.at),
        )

    @rule(seats=st.integers(1, 6))
    def resize(self, seats: int) -> None:
        self.do(
            lambda: life_rules.resize(self.workshop, self.sign_ups, seats=seats, at=self.at),
            lambda: setattr(self.model, "seats", seats),
        )

    @rule(hours=st.integers(1, 12))
    def time_passes(self, hours: int) -> None:
        self.at += timedelta(hours=hours)

    @precondition(lambda self: self.sign_ups)
    @rule(number=st.integers(0, 30), came_as=st.sampled_from(["attended", "no-show", None]))
    def mark(self, number: int, came_as: str | None) -> None:
        one, day = self.anyone(number), self.at.date()
        self.do(
            lambda: attendance_rules.mark(
                one,
                self.workshop,
                self.sign_ups,
                came_as=came_as,
                by="u",
                today=day,
                at=self.at,
            ),
            lambda: (self.model.miss if came_as == "no-show" else self.model.seat)(one.uid),
        )

    @rule()
    def walk_in(self) -> None:
        self.people += 1
        self.do(
            lambda: self.add(
                attendance_rules.walk_in(
                    self.workshop,
                    self.sign_ups,
                    person_uid=f"p{self.people}",
                    today=self.at.date(),
                    at=self.at,
                )
            ),
            lambda: self.model.seat(f"s{self.people}"),
        )

    @precondition(lambda self: len(self.sign_ups) > 1)
    @rule(number=st.integers(0, 30), other=st.integers(0, 30))
    def merge(self, number: int, other: int) -> None:
        kept, gone = self.anyone(number), self.anyone(other)
        if kept is gone or kept.ended_as or gone.ended_as:
            return
        self.settle()
        had_seat = {kept.uid, gone.uid} & self.model.seated
        stays, ends = rules.same_person(kept, gone, at=self.at)
        assert {stays, ends} == {kept, gone}
        assert not had_seat or stays.uid in had_seat, "Of two sign-ups the seat is kept."
        ends.ended_as, ends.ended_at, ends.came_as = "cancelled", self.at, None
        ends.person_uid = stays.person_uid
        self.model.leave(ends.uid)
        self.settle()

    @invariant()
    def no_seat_is_taken_twice(self) -> None:
        if hasattr(self, "sign_ups"):
            taken = sum(s.takes_seat(self.at) for s in self.sign_ups)
            assert taken <= self.workshop.seats
            assert rules.seats_left(self.workshop, self.sign_ups, at=self.at) >= 0


TestLife = pytest.mark.slow(Life.TestCase)
TestLife.settings = settings(max_examples=400, stateful_step_count=40, deadline=None)
