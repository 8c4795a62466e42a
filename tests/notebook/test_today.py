"""Today, for each role: what comes next, what is not yet written, what is due, which offers run out."""

from __future__ import annotations

import pytest

from tests.notes.writing import open_note, sign


def test_a_facilitator_sees_tonights_session_and_takes_attendance(browser, organisation) -> None:
    page = browser.as_("facilitator1").get("/")
    assert page.root.first("h1").words == "Tuesday 24 November"
    for words in ("Session today", "الزيتون", "Session 7 of 15", "18:00", "Jerusalem"):
        assert words in page
    assert page.link("Take attendance") == f"/sessions/{organisation.a.meetings[7]}/attendance"


def test_the_sessions_without_a_note_are_listed_until_they_are_signed(
    browser, organisation
) -> None:
    me, a = browser.as_("facilitator1"), organisation.a
    page = me.get("/")
    assert f"/sessions/{a.meetings[6]}/note" in page.text
    assert f"/sessions/{a.meetings[0]}/note" not in page.text  # signed
    assert f"/sessions/{a.meetings[2]}/note" not in page.text  # did not happen
    sign(open_note(me, organisation, 6).fill(happened="كُتب"))
    assert f"/sessions/{a.meetings[6]}/note" not in me.get("/").text


def test_a_draft_is_listed_as_one(browser, organisation) -> None:
    page = browser.as_("facilitator2").get("/")
    item = next(
        a for a in page.root.all("a") if a["href"] == f"/sessions/{organisation.a.meetings[1]}/note"
    )
    assert "Draft" in item.words


def test_a_follow_up_stands_there_with_its_person(browser, organisation) -> None:
    page = browser.as_("facilitator1").get("/")
    assert organisation.a.members[1].name in page
    assert "سؤال عن الغياب" in page


def test_a_coordinator_sees_which_offers_run_out(browser, organisation) -> None:
    page = browser.as_("coordinator").get("/")
    assert "Offers running out" in page
    assert f"/groups/{organisation.a.uid}#waiting" in page.text
    seat = f"/sign-ups/{organisation.workshop.on_list['offered'].stay}"
    assert seat in page.text
    facilitates = browser.as_("facilitator1").get("/")
    assert seat in facilitates.text and "#waiting" not in facilitates.text
    assert "Offers running out" not in browser.as_("coordinator_b").get("/")


def test_an_offer_that_ran_out_is_no_longer_running_out(browser, clock) -> None:
    clock.forward(days=1)
    assert "Offers running out" not in browser.as_("coordinator").get("/")


def test_a_supervisor_sees_the_sessions_and_no_person(browser, organisation) -> None:
    page = browser.as_("supervisor").get("/")
    assert "الزيتون" in page
    assert "Take attendance" not in page
    assert "Sessions without a note" not in page
    assert not any(member.name in page for member in organisation.a.members)


@pytest.mark.parametrize("who", ["administrator", "counsellor"])
def test_who_has_no_group_is_led_on(browser, who) -> None:
    page = browser.as_(who).get("/")
    assert page.status == 200
    onward = {"administrator": "/staff", "counsellor": "/files"}[who]
    assert onward in [a["href"] for a in page.root.first("main").all("a")]


def test_whoever_has_two_roles_sees_both_kinds_of_groups(browser) -> None:
    page = browser.as_("two_roles").get("/")
    assert "الزيتون" in page and "البحر" in page


def test_each_sees_their_own_groups_alone(browser) -> None:
    third, first = browser.as_("facilitator3").get("/"), browser.as_("facilitator1").get("/")
    assert "البحر" in third and "الزيتون" not in third
    assert "الزيتون" in first and "البحر" not in first


def test_the_day_is_the_day_at_the_place_even_after_midnight(browser, clock) -> None:
    clock.forward(hours=10, minutes=30)  # half past midnight in Jerusalem, still the 24th in UTC
    assert browser.as_("facilitator1").get("/").root.first("h1").words == "Wednesday 25 November"
