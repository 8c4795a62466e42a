"""Numbers of meetings, marks and what they come to, who was expected, moves and make-ups."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import RuleBroken
from app.extensions import new_uid
from app.groups.models import Group, Membership
from app.sessions import meeting_rules, rules
from app.sessions.models import MARKS, GroupSession
from tests.organisation import NOW
from tests.web import invented  # noqa: F401 - hypothesis in no hurry

ZONE = "Asia/Jerusalem"
TODAY = NOW.date()
marks = st.lists(st.sampled_from([*MARKS, None]), max_size=40)


def group(**values: object) -> Group:
    return Group(uid="g", planned_sessions=15, share_to_complete=60, **values)


def meeting(on: date, state: str = "scheduled") -> GroupSession:
    made = GroupSession(uid=new_uid(), group_uid="g", on=on, at=time(18), starts_at=NOW)
    moment = {"held": "held_at", "missed": "missed_at", "cancelled": "cancelled_at"}.get(state)
    if moment:
        setattr(made, moment, NOW)
    return made


def stay(joined: date | None, ended: date | None = None) -> Membership:
    return Membership(uid=new_uid(), group_uid="g", joined_on=joined, ended_on=ended)


STATES = st.sampled_from(["scheduled", "held", "missed", "cancelled"])
cycles = st.lists(
    st.tuples(st.integers(0, 400), STATES), max_size=30, unique_by=lambda m: m[0]
).map(lambda plan: [meeting(TODAY + timedelta(days=n), state) for n, state in plan])


@given(cycles)
def test_those_held_or_to_come_are_numbered_without_gaps_and_the_others_not(cycle) -> None:
    numbers = rules.numbers(cycle)
    counting = [m for m in rules.in_order(cycle) if m.state in ("scheduled", "held")]
    assert [numbers[m.uid] for m in counting] == list(range(1, len(counting) + 1))
    assert set(numbers) == {m.uid for m in counting}


@given(marks)
def test_a_rate_lies_between_nothing_and_everything_or_is_undefined(of_stay) -> None:
    percent = rules.rate(of_stay).percent
    counted = [mark for mark in of_stay if mark in ("present", "late", "absent")]
    assert (percent is None) == (not counted)
    assert percent is None or 0 <= percent <= 100


@given(marks)
def test_late_counts_as_present_and_apologies_and_gaps_are_left_out(of_stay) -> None:
    rate = rules.rate(of_stay)
    assert rate.present == of_stay.count("present") + of_stay.count("late")
    assert rate.absent == of_stay.count("absent")
    assert rate.missing == of_stay.count(None)
    alike = ["present" if mark == "late" else mark for mark in of_stay if mark != "excused"]
    assert rules.rate(alike).percent == rate.percent


@pytest.mark.parametrize(
    ("of_stay", "percent"),
    [
        (["present", "absent"], 50),
        (["late", "late", "absent"], 67),
        (["excused", None], None),
        (["present"] * 199 + ["absent"], 100),
        (["absent"], 0),
    ],
)
def test_the_rate_is_rounded_half_up(of_stay, percent) -> None:
    assert rules.rate(of_stay).percent == percent


@given(marks)
def test_two_in_a_row_are_seen_through_apologies_and_gaps(of_stay) -> None:
    through = [mark for mark in of_stay if mark not in (None, "excused")]
    assert rules.missed_two_in_a_row(of_stay) == (through[-2:] == ["absent", "absent"])
    assert not rules.missed_two_in_a_row([*of_stay, "late"])
    assert rules.missed_two_in_a_row([*of_stay, "absent", "excused", None, "absent"])


@given(marks, st.integers(1, 100))
def test_a_stay_is_completed_at_the_groups_share_of_the_meetings_held(of_stay, share) -> None:
    ours = group()
    ours.share_to_complete = share
    came = sum(mark in ("present", "late") for mark in of_stay)
    enough = bool(of_stay) and came / len(of_stay) >= share / 100 - 1e-9
    assert rules.completes(ours, of_stay) == enough


def test_nine_of_fifteen_complete_a_cycle_and_eight_do_not() -> None:
    assert rules.completes(group(), ["present"] * 9 + ["absent"] * 6)
    assert not rules.completes(group(), ["present"] * 8 + [None] * 7)
    assert not rules.completes(group(), [])


def test_a_late_joiner_was_never_absent_before() -> None:
    fourth, before = meeting(TODAY, "held"), meeting(TODAY - timedelta(days=7), "held")
    newcomer = stay(TODAY)
    assert newcomer.covers(fourth.on)
    assert not newcomer.covers(before.on)
    with pytest.raises(RuleBroken, match="not in the group on that day"):
        rules.mark(before, newcomer, "absent", today=TODAY, at=NOW)


def test_whoever_left_was_expected_until_their_last_day_and_not_after() -> None:
    gone = stay(TODAY - timedelta(days=30), TODAY - timedelta(days=7))
    assert gone.covers(TODAY - timedelta(days=7))
    assert not gone.covers(TODAY - timedelta(days=6))
    assert not stay(None).covers(TODAY)


def test_nobody_is_marked_for_a_day_to_come_or_a_meeting_that_was_not() -> None:
    ours = stay(TODAY - timedelta(days=30))
    with pytest.raises(RuleBroken, match="still to come"):
        rules.mark(meeting(TODAY + timedelta(days=1)), ours, "present", today=TODAY, at=NOW)
    for state in ("missed", "cancelled"):
        with pytest.raises(RuleBroken, match="did not happen"):
            rules.mark(meeting(TODAY, state), ours, "present", today=TODAY, at=NOW)
    with pytest.raises(RuleBroken):
        rules.mark(meeting(TODAY), ours, "asleep", today=TODAY, at=NOW)


def test_with_its_first_mark_a_meeting_is_held() -> None:
    tonight = meeting(TODAY)
    rules.mark(tonight, stay(TODAY), "late", today=TODAY, at=NOW)
    assert tonight.state == "held"


@given(cycles)
def test_a_made_up_meeting_keeps_the_number_of_the_cycle(cycle) -> None:
    missed = meeting(TODAY - timedelta(days=1))
    cycle = [*cycle, missed]
    number = len(rules.numbers(cycle))
    meeting_rules.miss(missed, group=group(), reason="closure", today=TODAY, at=NOW)
    assert len(rules.numbers(cycle)) == number - 1
    last = max(m.on for m in cycle) + timedelta(days=7)
    appended = meeting_rules.make_up(missed, cycle, on=last, group=group(), zone=ZONE)
    appended.uid = new_uid()
    assert rules.numbers([*cycle, appended])[appended.uid] == number


def test_a_meeting_is_made_up_once_and_only_if_it_did_not_happen() -> None:
    tonight = meeting(TODAY)
    with pytest.raises(RuleBroken, match="did not happen"):
        meeting_rules.make_up(tonight, [tonight], on=TODAY + timedelta(7), group=group(), zone=ZONE)
    meeting_rules.miss(tonight, group=group(), reason="illness", today=TODAY, at=NOW)
    tonight.made_up_by = new_uid()
    with pytest.raises(RuleBroken, match="already made up"):
        meeting_rules.make_up(tonight, [tonight], on=TODAY + timedelta(7), group=group(), zone=ZONE)
    with pytest.raises(RuleBroken, match="already added"):
        meeting_rules.undo_miss(tonight, [tonight], group=group())


def test_what_is_cancelled_ahead_differs_from_what_did_not_happen() -> None:
    past, future = meeting(TODAY), meeting(TODAY + timedelta(days=1))
    for each in (past, future):
        meeting_rules.miss(each, group=group(), reason="too_few", today=TODAY, at=NOW)
    assert (past.state, future.state) == ("missed", "cancelled")
    meeting_rules.undo_miss(future, [future], group=group())
    assert (future.state, future.reason) == ("scheduled", None)


def test_a_meeting_moves_to_a_free_day_and_takes_its_moment_along() -> None:
    one, other = meeting(TODAY), meeting(TODAY + timedelta(days=7))
    there = {"at": time(19), "zone": ZONE}
    with pytest.raises(RuleBroken, match="already a session on that day"):
        meeting_rules.move(one, [one, other], on=other.on, marked=False, **there)
    with pytest.raises(RuleBroken, match="the day stays"):
        meeting_rules.move(one, [one, other], on=TODAY + timedelta(days=1), marked=True, **there)
    meeting_rules.move(one, [one, other], on=TODAY + timedelta(days=1), marked=False, **there)
    assert one.on == TODAY + timedelta(days=1)
    assert one.starts_at.hour == 17  # 19:00 in Jerusalem, in winter


def test_two_new_meetings_find_no_room_on_one_day() -> None:
    first = meeting_rules.new_meeting(group(), [], on=TODAY, at=time(18), zone=ZONE)
    with pytest.raises(RuleBroken, match="already a session on that day"):
        meeting_rules.new_meeting(group(), [first], on=TODAY, at=time(20), zone=ZONE)


def test_a_missed_meeting_leaves_its_day_free() -> None:
    missed = meeting(TODAY, "missed")
    made = meeting_rules.new_meeting(group(), [missed], on=TODAY, at=time(18), zone=ZONE)
    assert made.on == TODAY
    with pytest.raises(RuleBroken, match="did not happen"):
        meeting_rules.move(missed, [missed], on=TODAY, at=time(18), zone=ZONE, marked=False)


def test_a_day_on_which_another_meeting_counts_is_not_taken_back() -> None:
    missed, instead = meeting(TODAY, "missed"), meeting(TODAY)
    with pytest.raises(RuleBroken, match="already a session on that day"):
        meeting_rules.undo_miss(missed, [missed, instead], group=group())
    with pytest.raises(RuleBroken, match="already a session on that day"):
        meeting_rules.hold(missed, [missed, instead], group=group(), today=TODAY, at=NOW)
    assert missed.state == "missed"


def test_a_group_that_has_ended_records_no_more_about_its_meetings() -> None:
    ended, one = group(), meeting(TODAY)
    ended.completed_at = NOW
    with pytest.raises(RuleBroken, match="has ended"):
        meeting_rules.hold(one, [one], group=ended, today=TODAY, at=NOW)
    with pytest.raises(RuleBroken, match="has ended"):
        meeting_rules.miss(one, group=ended, reason="illness", today=TODAY, at=NOW)
    with pytest.raises(RuleBroken, match="has ended"):
        meeting_rules.undo_miss(one, [one], group=ended)
