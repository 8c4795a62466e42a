"""The end of a group: completed at the share of its sessions, or cancelled."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from app.groups.models import Group, Membership
from app.sessions.models import GroupSession
from tests.client import Browser, Page
from tests.organisation import NOW, Organisation
from tests.web.records import number_of, one, plant, rows


def over(app, organisation: Organisation) -> None:
    """Whatever was still to come did not happen: six sessions were held."""
    to_come = (GroupSession.group_uid == organisation.a.uid, GroupSession.held_at.is_(None))
    plant(app, update(GroupSession).where(*to_come).values(missed_at=NOW, reason="other"))


def press(me: Browser, organisation: Organisation, part: str) -> Page:
    return me.get(f"/groups/{organisation.a.uid}").form(f"/{part}").press()


def test_whoever_came_to_sixty_per_cent_completed_the_cycle(app, browser, organisation) -> None:
    over(app, organisation)
    page = press(browser.as_("coordinator"), organisation, "completion").follow()
    assert "The cycle is completed." in page
    members = organisation.a.members
    ended = {m.name: one(app, Membership, m.stay).ended_as for m in members}
    # Members 1 and 3 came to three and to none of six; the others to five or six.
    assert [name for name, as_ in ended.items() if as_ == "left"] == [
        members[1].name,
        members[3].name,
    ]
    assert all(one(app, Membership, m.stay).ended_on == NOW.date() for m in members)


def test_the_group_says_which_share_it_takes(app, browser, organisation) -> None:
    over(app, organisation)
    plant(app, update(Group).where(Group.uid == organisation.a.uid).values(share_to_complete=50))
    press(browser.as_("coordinator"), organisation, "completion")
    assert one(app, Membership, organisation.a.members[1].stay).ended_as == "completed"
    assert one(app, Membership, organisation.a.members[3].stay).ended_as == "left"


def test_those_who_wait_for_a_cycle_that_ended_wait_no_longer(app, browser, organisation) -> None:
    over(app, organisation)
    press(browser.as_("coordinator"), organisation, "completion")
    for person in (*organisation.a.waiting, *organisation.a.offered):
        assert one(app, Membership, person.stay).ended_as == "withdrawn"


def test_after_the_end_names_stay_and_numbers_do_not(app, browser, organisation) -> None:
    over(app, organisation)
    press(browser.as_("coordinator"), organisation, "completion")
    member, facilitator = organisation.a.members[0], browser.as_("facilitator1")
    assert member.name in facilitator.get(f"/groups/{organisation.a.uid}")
    page = facilitator.get(f"/people/{member.uid}")
    assert member.number not in page


def test_a_cycle_with_sessions_to_come_is_not_completed(app, browser, organisation) -> None:
    page = press(browser.as_("coordinator"), organisation, "completion")
    assert page.status == 303
    shown = page.follow()
    assert shown.status == 422
    assert "still to come" in shown
    assert one(app, Group, organisation.a.uid).completed_at is None
    assert one(app, Membership, organisation.a.members[0].stay).ended_as is None


def test_a_cancelled_group_says_so_and_takes_nobody(app, browser, organisation) -> None:
    me = browser.as_("coordinator")
    page = press(me, organisation, "cancellation").follow()
    assert "The group was cancelled." in page
    assert one(app, Group, organisation.a.uid).state == "cancelled"
    there = f"/groups/{organisation.a.uid}/members/{organisation.candidate.uid}/member"
    assert me.post(there).follow().status == 422
    assert me.post(f"/groups/{organisation.a.uid}/cancellation").follow().status == 422


def test_cancelling_ends_every_stay_as_the_page_says(app, browser, organisation) -> None:
    page = browser.as_("coordinator").get(f"/groups/{organisation.a.uid}")
    assert "Both ways end every stay." in page
    page.form("/cancellation").press()
    of_group = (Membership.group_uid == organisation.a.uid, Membership.ended_as.is_(None))
    assert number_of(app, Membership, *of_group) == 0


def test_after_a_cancellation_numbers_no_longer_show(browser, organisation) -> None:
    press(browser.as_("coordinator"), organisation, "cancellation")
    member = organisation.a.members[0]
    assert member.number not in browser.as_("facilitator1").get(f"/people/{member.uid}")


def test_the_sessions_of_a_cancelled_group_do_not_wait_on_today(browser, organisation) -> None:
    press(browser.as_("coordinator"), organisation, "cancellation")
    page = browser.as_("facilitator1").get("/")
    assert "No session is planned in your groups." in page
    assert "Sessions without a note" not in page


@pytest.mark.parametrize("part", ["completion", "cancellation"])
@pytest.mark.parametrize("who", ["facilitator1", "supervisor", "administrator"])
def test_only_coordinators_end_a_group(app, browser, organisation, who, part) -> None:
    over(app, organisation)
    page = browser.as_(who).post(f"/groups/{organisation.a.uid}/{part}").follow()
    assert page.status == 403
    assert one(app, Group, organisation.a.uid).is_open
    open_ = select(Membership.uid).where(Membership.ended_as.is_(None))
    assert len(rows(app, open_)) > 10


@pytest.mark.parametrize("part", ["completion", "cancellation"])
def test_a_strip_takes_the_end_back_and_all_is_as_before(app, browser, organisation, part) -> None:
    if part == "completion":
        over(app, organisation)
    me, a = browser.as_("coordinator"), organisation.a
    strip = press(me, organisation, part).follow()
    page = strip.form("/reopening", button="Undo").press("Undo").follow()
    assert "Undone." in page
    group = one(app, Group, a.uid)
    assert group.is_open and group.state == "active"
    states = {
        kind: {one(app, Membership, m.stay).state(NOW) for m in getattr(a, kind)}
        for kind in ("members", "waiting", "offered", "left")
    }
    assert states == {
        "members": {"active"},
        "waiting": {"waiting"},
        "offered": {"offered"},
        "left": {"left"},
    }
    member, left = a.members[0], a.left[0]
    facilitator = browser.as_("facilitator1")
    assert member.number in facilitator.get(f"/people/{member.uid}")
    assert left.number not in facilitator.get(f"/people/{left.uid}")


def test_where_nothing_ended_there_is_nothing_to_take_back(app, browser, organisation) -> None:
    page = browser.as_("coordinator").post(f"/groups/{organisation.a.uid}/reopening").follow()
    assert page.status == 422 and "nothing to undo" in page
