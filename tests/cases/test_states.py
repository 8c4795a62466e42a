"""The life of a referral and of a file: no step is skipped, and a withdrawn consent stops what rests on it."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from app.cases import rules
from app.cases.models import Appointment, Case
from app.errors import RuleBroken
from app.people.models import Consent, Site
from app.requests import rules as request_rules
from app.requests.models import Referral
from tests.organisation import NOW

ZONE = "Asia/Jerusalem"
HERE = Site(uid="here", name="", name_en="", zone=ZONE, phone_region="PS")
AFTER = {
    "proposed": {"agreed", "sent", "revoked"},
    "agreed": {"proposed", "sent", "revoked"},
    "sent": {"accepted", "declined", "revoked"},
    "accepted": {"done", "revoked"},
    "done": set(),
    "declined": set(),
    "revoked": set(),
}


class ReferralLife(RuleBasedStateMachine):
    """A referral, its person's consent, and everybody who may act on it in any order."""

    @initialize(outside=st.booleans())
    def begin(self, outside: bool) -> None:
        self.referral = Referral(
            uid="referral",
            receiver_uid=None if outside else "r1",
            outside_name=b"x" * outside or None,
        )
        self.consent: Consent | None = None
        self.before, self.file_closed = "proposed", False

    def attempt(self, act: object) -> None:
        state = self.referral.state
        try:
            act()  # type: ignore[operator]
        except RuleBroken:
            assert self.referral.state == state, "A refusal changes nothing."

    @rule(receiver=st.sampled_from(["r1", "r2", None]))
    def ask(self, receiver: str | None) -> None:
        """The person is asked about a receiver, perhaps not the one it would go to."""
        consent = Consent(
            uid=f"c{receiver}", purpose="referral", receiver_uid=receiver or "referral"
        )

        def act() -> None:
            request_rules.agree(self.referral, consent)
            self.consent = consent

        self.attempt(act)

    @rule(receiver=st.sampled_from(["r1", "r2"]))
    def redirect(self, receiver: str) -> None:
        self.attempt(lambda: request_rules.redirect(self.referral, receiver_uid=receiver))

    @rule()
    def send(self) -> None:
        def act() -> None:
            known = self.consent if self.referral.consent_uid else None
            request_rules.send(self.referral, known, at=NOW)
            assert known is not None and known.withdrawn_on is None
            assert known.receiver_uid == request_rules.receiver_of(self.referral)

        self.attempt(act)

    @rule(verb=st.sampled_from(["accept", "decline", "finish"]))
    def move(self, verb: str) -> None:
        self.attempt(lambda: getattr(request_rules, verb)(self.referral, at=NOW))

    @rule(holds_notes=st.booleans())
    def revoke(self, holds_notes: bool) -> None:
        def act() -> None:
            request_rules.revoke(self.referral, holds_notes=holds_notes, at=NOW)
            assert not holds_notes, "What was written is not destroyed."

        self.attempt(act)

    @rule(holds_notes=st.booleans())
    def withdraw(self, holds_notes: bool) -> None:
        if self.consent is None:
            return
        self.consent.withdrawn_on = NOW.date()
        if self.referral.consent_uid == self.consent.uid:
            written = holds_notes and self.referral.accepted_at is not None
            stops = rules.stops_with_consent(self.referral, holds_notes=written)
            if stops == "revoked":
                request_rules.revoke(self.referral, holds_notes=False, at=NOW)
            self.file_closed = stops == "withdrawn"

    @invariant()
    def no_step_is_skipped(self) -> None:
        if not hasattr(self, "referral"):
            return
        state = self.referral.state
        assert state == self.before or state in AFTER[self.before], (self.before, state)
        self.before = state

    @invariant()
    def nobody_holds_somebody_who_took_their_consent_back(self) -> None:
        if hasattr(self, "referral") and self.consent and self.consent.withdrawn_on:
            rests = self.referral.consent_uid == self.consent.uid
            going_on = self.referral.state in ("agreed", "sent", "accepted", "done")
            assert not (rests and going_on) or self.file_closed


class FileLife(RuleBasedStateMachine):
    """A file and its appointments."""

    @initialize()
    def begin(self) -> None:
        self.at = NOW
        self.case = Case(uid="case", site=HERE)
        self.consent = Consent(uid="consent", purpose="referral", receiver_uid="r1")
        self.referral = Referral(uid="referral", consent_uid="consent", accepted_at=NOW)
        self.booked: list[Appointment] = []

    def attempt(self, act: object) -> None:
        with suppress(RuleBroken):
            act()  # type: ignore[operator]

    @rule(hours=st.integers(-5, 200), minutes=st.integers(10, 120), anyway=st.booleans())
    def book(self, hours: int, minutes: int, anyway: bool) -> None:
        one = Appointment(
            starts_at=self.at + timedelta(hours=hours), minutes=minutes, fee=5000, fee_state="due"
        )

        def act() -> None:
            rules.book(self.case, self.booked, one, anyway=anyway, at=self.at)
            assert self.case.state == "open" and one.starts_at > self.at
            assert anyway or not rules.collides(one, self.booked)
            self.booked.append(one)

        self.attempt(act)

    @rule(hours=st.integers(1, 300))
    def time_passes(self, hours: int) -> None:
        self.at += timedelta(hours=hours)

    @rule(
        number=st.integers(0, 9),
        as_=st.sampled_from(["attended", "no-show", "cancelled", "cancelled-by-us", None]),
    )
    def end(self, number: int, as_: str | None) -> None:
        if self.booked and self.case.state != "closed":  # then nobody reaches them
            one = self.booked[number % len(self.booked)]
            self.attempt(lambda: rules.end_appointment(one, as_, at=self.at))
            if one.state in ("cancelled", "cancelled-by-us"):
                assert one.fee_state == "waived", "Nobody owes for what was cancelled in time."

    @rule(verb=st.sampled_from(["pause", "resume", "close", "reopen"]))
    def turn(self, verb: str) -> None:
        def act() -> None:
            if verb == "pause":
                rules.pause(self.case, at=self.at)
            elif verb == "close":
                rules.close(self.case, "finished", self.booked, at=self.at)
                assert not [a for a in self.booked if a.state == "booked" and a.starts_at > self.at]
            elif verb == "resume":
                rules.resume(self.case)
            else:
                rules.reopen(self.case, self.referral, self.consent)
                assert self.consent.withdrawn_on is None

        self.attempt(act)

    @rule()
    def withdraw(self) -> None:
        self.consent.withdrawn_on = self.at.date()
        if self.case.state != "closed":
            rules.stop(self.case, "withdrawn", self.booked, at=self.at)

    @invariant()
    def nothing_goes_on_without_consent(self) -> None:
        if hasattr(self, "case") and self.consent.withdrawn_on:
            assert self.case.state == "closed"
            assert not [a for a in self.booked if a.state == "booked" and a.starts_at > self.at]

    @invariant()
    def nothing_that_is_to_come_is_recorded(self) -> None:
        for one in getattr(self, "booked", []):
            if one.state in ("attended", "no-show"):
                assert one.starts_at <= self.at


TestReferral = ReferralLife.TestCase
TestReferral.settings = settings(max_examples=150, stateful_step_count=25, deadline=None)
TestFile = FileLife.TestCase
TestFile.settings = settings(max_examples=100, stateful_step_count=25, deadline=None)


@pytest.mark.parametrize(
    ("zone", "day"), [("Asia/Jerusalem", date(2027, 3, 26)), ("Asia/Hebron", date(2027, 3, 27))]
)
def test_an_hour_that_the_clock_change_skips_is_refused(zone: str, day: date) -> None:
    with pytest.raises(RuleBroken, match="clock change"):
        rules.begins_at(day, time(2, 30), zone)
    assert rules.begins_at(day, time(12), zone) == datetime.combine(day, time(9), UTC)
