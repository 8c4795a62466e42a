"""What comes next for the members of a group, and what is proposed from it."""

from __future__ import annotations

import pytest

from app.extensions import db
from app.groups.models import Group
from app.sessions.models import GroupSession
from tests.client import Browser, Page
from tests.organisation import NOW, Organisation


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
    assert name not in browser.as_("coordinator").get("/referrals")
    page = answer(browser, nearly_over, 1, choice="counselling", agreed=True)
    assert "a referral is proposed" in page
    desk = browser.as_("coordinator")
    rows = [a for a in desk.get("/referrals").root.all("a") if name in a.words]
    assert len(rows) == 1
    assert "تودّ حديثًا هادئًا" in desk.get(rows[0]["href"])
    answer(browser, nearly_over, 1, choice="counselling", agreed=True)
    rows = [a for a in desk.get("/referrals").root.all("a") if name in a.words]
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
