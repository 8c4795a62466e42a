"""On the day: who came, who walked in, the sheet on paper."""

from __future__ import annotations

import pytest

from tests.workshops.acting import state_of, stay

both_ways = pytest.mark.parametrize("htmx", [False, True], ids=["plain", "htmx"])


@both_ways
def test_on_the_day_each_tap_saves_by_itself_and_can_be_taken_back(
    app, browser, organisation, clock, htmx
) -> None:
    me, uid = browser.as_("facilitator1"), stay(organisation, "confirmed")
    roll = me.get(f"/workshops/{organisation.workshop.uid}/attendance")
    for value, state in (("attended", "attended"), ("no-show", "no-show")):
        answer = roll.form("/attendance").press(name=uid, value=value, htmx=htmx)
        answer = answer if htmx else answer.follow()
        assert "Marked 1 of" in answer
        assert state_of(app, uid, clock.moment) == state
    me.post(f"/workshops/{organisation.workshop.uid}/attendance", {uid: "none"})
    assert state_of(app, uid, clock.moment) == "confirmed"


def test_before_the_day_nobody_is_marked(app, browser, organisation, clock) -> None:
    me, uid = browser.as_("facilitator3"), organisation.workshop_b.on_list["confirmed"].stay
    address = f"/workshops/{organisation.workshop_b.uid}/attendance"
    page = me.post(address, {uid: "attended"}).follow()
    assert page.status == 422 and "has not come yet" in page
    assert state_of(app, uid, clock.moment) == "confirmed"


def test_a_walk_in_takes_the_seat_of_who_did_not_come(browser, organisation) -> None:
    me = browser.as_("facilitator1")
    address = f"/workshops/{organisation.workshop.uid}"
    full = me.get(f"{address}/sign-ups/person").form("/person")
    refused = full.fill(name="عابرة", **{"walk-in": True}).press().follow()
    assert refused.status == 422 and "Mark who did not come" in refused
    me.post(f"{address}/attendance", {stay(organisation, "confirmed"): "no-show"})
    again = refused.form("/person").fill(**{"walk-in": True}).press().follow()
    assert "عابرة" in again


def test_after_it_was_held_marks_and_walk_ins_are_still_written_down_and_it_can_be_taken_back(
    app, browser, organisation, clock
) -> None:
    me, address = browser.as_("facilitator1"), f"/workshops/{organisation.workshop.uid}"
    page = me.get(address).form("/state/holding").press().follow()
    assert "Undo" in page
    roll = me.get(page.link("Who came"))
    uid = stay(organisation, "confirmed")
    roll.form("/attendance").press(name=uid, value="no-show")
    assert state_of(app, uid, clock.moment) == "no-show"
    late = me.get(f"{address}/sign-ups/person").form("/person").fill(name="عابرة").press().follow()
    assert late.status == 200 and "عابرة" in late
    member = organisation.a.members[0]
    refused = me.post(f"{address}/sign-ups/{member.uid}/sign-up").follow()
    assert refused.status == 422, "Nobody signs up for what is over."
    page = me.get(address).form("/state/undo").press().follow()
    assert "sign-up open" in page


def test_what_was_held_can_be_taken_back_from_the_page_later_too(browser, organisation) -> None:
    me, address = browser.as_("facilitator1"), f"/workshops/{organisation.workshop.uid}"
    me.get(address).form("/state/holding").press()
    assert "took place" in me.get(address)
    me.get(address).form("/state/undo", button="It was not held").press()
    assert "took place" not in me.get(address)
