"""Taps on a workshop's list that go out together, from two phones, and everybody else at once."""

from __future__ import annotations

import pytest

from tests.client import Page
from tests.organisation import Organisation
from tests.workshops.acting import state_of


def roll(organisation: Organisation) -> str:
    return f"/workshops/{organisation.workshop.uid}/attendance"


@pytest.fixture
def seated(browser, organisation) -> list[str]:
    """The sign-ups of those with a seat."""
    me = browser.as_("facilitator1")
    page = me.get(roll(organisation))
    return list(dict.fromkeys(b["name"] for b in page.root.all("button") if b.get("aria-pressed")))


def shown(page: Page) -> dict[str, str]:
    """The rows that an answer brings, and what is pressed on each."""
    buttons = [b for b in page.root.all("button") if b.get("aria-pressed")]
    return {b["name"]: "" for b in buttons} | {
        b["name"]: b.words for b in buttons if b["aria-pressed"] == "true"
    }


def test_taps_of_one_request_are_all_done_and_the_last_one_on_a_row_wins(
    app, browser, organisation, clock, seated
) -> None:
    me = browser.as_("facilitator1")
    taps = {seated[0]: ["attended", "no-show"]}
    page = me.post(roll(organisation), taps, htmx="tally")
    assert shown(page) == {seated[0]: "Did not come"}
    assert state_of(app, seated[0], clock.moment) == "no-show"


def test_an_answer_brings_what_the_other_phone_marked(browser, organisation, seated) -> None:
    first, second = browser.as_("facilitator1"), browser.as_("coordinator")
    second.post(roll(organisation), {seated[0]: "attended"}, htmx="tally")
    told = " ".join(f"{uid}-" for uid in seated)
    page = first.post(roll(organisation), {"rest": "attended", "shown": told}, htmx="tally")
    assert shown(page) == dict.fromkeys(seated, "Came")


def test_whoever_replaces_a_colleagues_mark_is_told_and_can_put_it_back(
    app, browser, organisation, clock, seated
) -> None:
    first, second = browser.as_("facilitator1"), browser.as_("coordinator")
    second.post(roll(organisation), {seated[0]: "attended"})
    page = first.post(roll(organisation), {seated[0]: "no-show"}, htmx="tally")
    assert "A colleague had marked: Came" in page
    first.post(roll(organisation), {seated[0]: "attended"})
    assert state_of(app, seated[0], clock.moment) == "attended"
    page = second.post(roll(organisation), {seated[0]: "no-show"}).follow()
    assert "A colleague had marked: Came" in page


def test_everyone_else_came_with_one_tap_and_back_with_one(
    app, browser, organisation, clock, seated
) -> None:
    me = browser.as_("facilitator1")
    page = me.get(roll(organisation)).form("/attendance").press(name="rest", value="attended")
    page = page.follow()
    assert f"Marked {len(seated)} of {len(seated)}" in page
    undo = page.root.first("button", name="undo")
    browser.as_("coordinator").post(roll(organisation), {"undo": undo["value"]})
    assert state_of(app, seated[0], clock.moment) == "attended", "Not theirs to take back."
    me.post(roll(organisation), {seated[1]: "no-show"})
    me.post(roll(organisation), {"undo": undo["value"]})
    assert state_of(app, seated[0], clock.moment) == "confirmed"
    assert state_of(app, seated[1], clock.moment) == "no-show", "Corrected since."


def test_somebody_who_is_not_on_this_list_is_not_marked(browser, organisation, seated) -> None:
    me, other = browser.as_("facilitator1"), organisation.workshop_b.on_list["confirmed"].stay
    assert me.post(roll(organisation), {other: "attended"}, htmx="tally").status == 404
    assert me.post(roll(organisation), {seated[0]: "late"}, htmx="tally").status == 400
