"""What comes next for the members of a group, and what is proposed from it."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.extensions import db
from app.groups.models import Group, Membership
from app.sessions.models import GroupSession
from tests.client import Browser, Page
from tests.organisation import NOW, Organisation
from tests.web.records import rows


@pytest.fixture
def nearly_over(app, organisation) -> Organisation:
    """Group A with three sessions to go."""
    with app.app_context():
        for uid in organisation.a.meetings[6:13]:
            db.session.get_one(GroupSession, uid).held_at = NOW
        db.session.get_one(Group, organisation.planned.uid).enrolling_at = NOW
        db.session.commit()
        db.session.remove()
    return organisation


def answer(browser: Browser, organisation: Organisation, member: int, **typed: object) -> Page:
    me = browser.as_("facilitator1")
    address = f"/stays/{organisation.a.members[member].stay}/next"
    return me.get(address).form("/next").fill(**typed).press().follow()


def test_from_three_sessions_before_the_end_the_group_shows_how_many_answered(
    browser, organisation
) -> None:
    assert "What comes next" not in browser.as_("facilitator1").get(f"/groups/{organisation.a.uid}")


def test_near_the_end_it_counts(browser, nearly_over) -> None:
    me = browser.as_("facilitator1")
    assert "0 of 12 answered" in me.get(f"/groups/{nearly_over.a.uid}")
    answer(browser, nearly_over, 0, choice="stop")
    assert "1 of 12 answered" in me.get(f"/groups/{nearly_over.a.uid}")


def test_counselling_proposes_a_referral_only_with_consent(browser, nearly_over) -> None:
    name = nearly_over.a.members[1].name
    answer(browser, nearly_over, 1, choice="counselling", remark="تودّ حديثًا هادئًا")
    assert name not in browser.as_("coordinator").get("/letters")
    page = answer(browser, nearly_over, 1, choice="counselling", agreed=True)
    assert "a referral is proposed" in page
    desk = browser.as_("coordinator")
    rows = [a for a in desk.get("/letters").root.all("a") if name in a.words]
    assert len(rows) == 1
    assert "تودّ حديثًا هادئًا" in desk.get(rows[0]["href"])
    answer(browser, nearly_over, 1, choice="counselling", agreed=True)
    rows = [a for a in desk.get("/letters").root.all("a") if name in a.words]
    assert len(rows) == 1, "What was proposed once is not proposed again."


def test_another_group_keeps_a_place_on_its_waiting_list(browser, nearly_over) -> None:
    page = answer(
        browser, nearly_over, 2, choice="group", agreed=True, group=nearly_over.planned.uid
    )
    assert "on a waiting list" in page
    waiting = browser.as_("coordinator").get(f"/groups/{nearly_over.planned.uid}")
    assert nearly_over.a.members[2].name in waiting


def test_who_is_not_sure_is_asked_again_on_a_day(browser, nearly_over) -> None:
    answer(browser, nearly_over, 3, choice="unsure", ask_again_on="2026-11-28")
    assert "To be asked again" in browser.as_("facilitator1").get("/")


def test_completing_asks_for_those_who_are_missing_and_can_be_done_anyway(
    browser, nearly_over
) -> None:
    page = browser.as_("coordinator").get(f"/groups/{nearly_over.a.uid}")
    assert "12 members have not said what comes next." in page
    assert "Complete it anyway" in page


def test_another_groups_member_is_not_there(browser, organisation) -> None:
    stay = organisation.a.members[0].stay
    assert browser.as_("facilitator3").get(f"/stays/{stay}/next").status == 404
    assert browser.as_("supervisor").get(f"/stays/{stay}/next").status == 403


def test_a_referral_that_is_taken_back_before_it_was_sent_is_revoked(browser, nearly_over) -> None:
    answer(browser, nearly_over, 1, choice="counselling", agreed=True)
    desk, name = browser.as_("coordinator"), nearly_over.a.members[1].name
    (row,) = [a for a in desk.get("/letters").root.all("a") if name in a.words]
    page = answer(browser, nearly_over, 1, choice="counselling", agreed=False)
    assert "a referral is proposed" not in page
    assert "revoked" in desk.get(row["href"])
    answer(browser, nearly_over, 1, choice="counselling", agreed=True)
    assert len([a for a in desk.get("/letters").root.all("a") if name in a.words]) == 2


def test_a_place_on_a_waiting_list_goes_with_the_answer_it_came_from(browser, nearly_over) -> None:
    there, name = nearly_over.planned.uid, nearly_over.a.members[2].name
    answer(browser, nearly_over, 2, choice="group", agreed=True, group=there)
    answer(browser, nearly_over, 2, choice="stop", agreed=False)
    waiting = browser.as_("coordinator").get(f"/groups/{there}").root.first("main").words
    assert name not in waiting.split("earlier stay")[0]
    page = answer(browser, nearly_over, 2, choice="group", agreed=True, group=there)
    assert "on a waiting list" in page


def test_another_group_needs_a_group_once_they_agree(browser, nearly_over) -> None:
    page = answer(browser, nearly_over, 3, choice="group", agreed=True)
    assert page.status == 422 and "Choose the group" in page
    assert answer(browser, nearly_over, 3, choice="group", agreed=False).status == 200


def test_who_waits_there_already_is_said_to_wait_there(app, browser, nearly_over) -> None:
    there, member = nearly_over.planned.uid, nearly_over.a.members[4]
    browser.as_("coordinator").post(f"/groups/{there}/members/{member.uid}/waiting")
    page = answer(browser, nearly_over, 4, choice="group", agreed=True, group=there)
    assert page.status == 422 and "already in the group or waiting for it" in page
    assert len(rows(app, select(Membership).where(Membership.group_uid == there))) == 1


def test_a_group_of_another_place_is_asked_for_at_its_desk(browser, nearly_over) -> None:
    member, there = nearly_over.a.members[5], nearly_over.b.uid
    page = answer(
        browser, nearly_over, 5, choice="group", agreed=True, group=there, remark="مساءً فقط"
    )
    assert "asked for at another place" in page
    desk = browser.as_("coordinator_b")
    (row,) = [a for a in desk.get("/requests").root.all("a") if member.name in a.words]
    request = desk.get(row["href"])
    assert "البحر" in request and "مساءً فقط" in request
    placed = request.form("/placement").fill(group=there).press().follow()
    assert "They are on the waiting list" in placed
    assert member.name in desk.get(f"/groups/{there}")


def test_a_request_to_another_place_is_closed_when_it_is_taken_back(browser, nearly_over) -> None:
    answer(browser, nearly_over, 5, choice="group", agreed=True, group=nearly_over.b.uid)
    answer(browser, nearly_over, 5, choice="unsure", agreed=False)
    queue = browser.as_("coordinator_b").get("/requests").root.first("main").words
    assert nearly_over.a.members[5].name not in queue.split("Answered")[0]


def test_today_names_who_is_to_be_asked_again(browser, nearly_over) -> None:
    answer(browser, nearly_over, 3, choice="unsure", ask_again_on="2026-11-28")
    assert nearly_over.a.members[3].name in browser.as_("facilitator1").get("/")
    page = answer(browser, nearly_over, 3, choice="unsure", ask_again_on="2020-01-01")
    assert page.status == 422 and "This day is past" in page


def test_who_left_the_group_is_not_asked_again(browser, nearly_over) -> None:
    answer(browser, nearly_over, 3, choice="unsure", ask_again_on="2026-11-28")
    stay = nearly_over.a.members[3].stay
    browser.as_("coordinator").post(f"/stays/{stay}/end", {"on": "2026-11-23"})
    assert "To be asked again" not in browser.as_("facilitator1").get("/")


def test_who_was_there_too_rarely_completed_it_because_a_facilitator_says_so(
    app, browser, nearly_over
) -> None:
    rarely, counted = nearly_over.a.members[3], nearly_over.a.members[4]
    me = browser.as_("facilitator1")
    me.get(f"/stays/{rarely.stay}/next").form("/completion/yes").press()
    assert "counts as completed" in me.get(f"/groups/{nearly_over.a.uid}/next")
    _end(app, browser, nearly_over)
    ended = {s.uid: s.ended_as for s in rows(app, select(Membership))}
    assert ended[rarely.stay] == "completed"
    assert ended[counted.stay] == "left", "Nobody said that this one counts."


def test_after_the_end_everybody_who_was_in_it_is_still_asked_and_may_still_be_counted(
    app, browser, nearly_over
) -> None:
    _end(app, browser, nearly_over)
    me, below = browser.as_("facilitator1"), nearly_over.a.members[3]
    page = me.get(f"/groups/{nearly_over.a.uid}/next")
    assert "Answered: 0 of 12" in page and below.name in page
    me.get(f"/stays/{below.stay}/next").form("/completion/yes").press()
    (stay,) = rows(app, select(Membership).where(Membership.uid == below.stay))
    assert stay.ended_as == "completed"
    me.get(f"/stays/{below.stay}/next").form("/completion/no").press()
    (stay,) = rows(app, select(Membership).where(Membership.uid == below.stay))
    assert stay.ended_as == "left"


def _end(app, browser: Browser, organisation: Organisation) -> None:
    with app.app_context():
        for uid in organisation.a.meetings:
            meeting = db.session.get_one(GroupSession, uid)
            if meeting.state == "scheduled":
                meeting.cancelled_at = NOW
        db.session.commit()
        db.session.remove()
    page = browser.as_("coordinator").get(f"/groups/{organisation.a.uid}")
    assert "The cycle is completed." in page.form("/completion").press().follow()
