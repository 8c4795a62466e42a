"""Roles, places and leaving: what ends with them, who stays, and what administrators do not see."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.accounts.models import Invitation, User, UserRole
from app.assignments.models import Assignment
from tests.access.acting import coordinate, depart, end_place, set_roles
from tests.accounts.test_joining import invite
from tests.client import Browser
from tests.web.records import number_of, rows


@pytest.fixture
def admin(browser: Browser) -> Browser:
    return browser.as_("administrator")


def open_parts(app, of_kind: str, uid: str) -> int:
    of = (Assignment.of_kind == of_kind, Assignment.user_uid == uid)
    return number_of(app, Assignment, *of, Assignment.ended_at.is_(None))


def test_assignments_of_a_lost_role_end_and_the_others_stay(app, browser, admin) -> None:
    me, uid = browser.as_("two_roles"), browser.staff["two_roles"].uid
    assert set_roles(admin, "two_roles", "coordinator").location.endswith("said=saved")
    assert open_parts(app, "group", uid) == 0
    assert open_parts(app, "place", uid) == 1
    assert me.get("/people").status == 200
    set_roles(admin, "two_roles", "facilitator")
    assert open_parts(app, "place", uid) == 0
    assert me.get("/people").status == 403


def test_a_role_that_comes_back_does_not_bring_its_assignments_back(app, browser, admin) -> None:
    uid = browser.staff["facilitator1"].uid
    set_roles(admin, "facilitator1", "counsellor")
    set_roles(admin, "facilitator1", "facilitator")
    assert open_parts(app, "group", uid) == 0
    assert "الزيتون" not in browser.as_("facilitator1").get("/groups")


def test_without_any_role_nothing_is_saved(app, browser, admin) -> None:
    page = set_roles(admin, "facilitator1").follow()
    assert page.status == 422
    assert "Choose at least one role" in page
    assert open_parts(app, "group", browser.staff["facilitator1"].uid) == 1


def test_the_last_administrator_stays(app, browser, admin) -> None:
    uid = browser.staff["administrator"].uid
    for page in (set_roles(admin, "administrator", "supervisor"), depart(admin, "administrator")):
        assert "last administrator" in page.follow()
    assert admin.get("/staff").status == 200
    set_roles(admin, "supervisor", "administrator", "supervisor")
    assert set_roles(admin, "administrator", "supervisor").location.endswith("said=saved")
    assert admin.get("/staff").status == 403
    roles = rows(app, select(UserRole.role).where(UserRole.user_uid == uid))
    assert roles == ["supervisor"]


def test_an_administrator_who_left_does_not_count_as_one(browser, admin) -> None:
    set_roles(admin, "supervisor", "administrator")
    depart(admin, "supervisor")
    assert "last administrator" in depart(admin, "administrator").follow()


def test_whoever_left_is_listed_as_such_and_is_not_there_any_more(app, browser, admin) -> None:
    me = browser.as_("facilitator1")
    assert depart(admin, "facilitator1").location.endswith("said=account-ended")
    assert "ended" in admin.get("/staff")
    uid = browser.staff["facilitator1"].uid
    assert admin.get(f"/staff/{uid}").status == 404
    assert admin.post(f"/staff/{uid}/end").location == "/problem/404"
    assert me.get("/").location == "/sign-in?then=/"
    assert open_parts(app, "group", uid) == 0


def test_what_somebody_wrote_stays_with_those_who_remain(browser, admin, organisation) -> None:
    depart(admin, "facilitator1")
    assert "تحدّثنا عن البدايات" in browser.as_("facilitator2").get(f"/notes/{organisation.a.note}")


def test_a_place_ends_and_can_be_given_anew(app, browser, admin, organisation) -> None:
    me = browser.as_("coordinator")
    end_place(admin, "coordinator", "Jerusalem")
    assert me.get(f"/groups/{organisation.a.uid}").status == 404
    assert me.get(f"/people/{organisation.candidate.uid}").status == 404
    coordinate(admin, "coordinator", organisation.jerusalem)
    assert me.get(f"/groups/{organisation.a.uid}").status == 200
    assert organisation.a.members[0].name not in me.get(f"/groups/{organisation.a.uid}")


def test_only_a_coordinator_is_given_a_place(app, browser, admin, organisation) -> None:
    uid = browser.staff["facilitator1"].uid
    there = f"/staff/{uid}/places"
    assert "said=" not in admin.post(there, {"site": organisation.jerusalem}).location
    assert open_parts(app, "place", uid) == 0


def test_a_place_is_given_once(app, browser, admin, organisation) -> None:
    there = f"/staff/{browser.staff['coordinator'].uid}/places"
    page = admin.post(there, {"site": organisation.jerusalem}).follow()
    assert "already has that part" in page
    assert open_parts(app, "place", browser.staff["coordinator"].uid) == 1


def test_another_colleagues_place_is_not_ended_under_the_wrong_name(app, browser, admin) -> None:
    (uid,) = rows(
        app,
        select(Assignment.uid).where(Assignment.user_uid == browser.staff["coordinator"].uid),
    )
    wrong = browser.staff["coordinator_b"].uid
    assert admin.post(f"/staff/{wrong}/places/{uid}/end").location == "/problem/404"


@pytest.mark.parametrize("who", ["coordinator", "facilitator1", "supervisor", "counsellor"])
def test_nobody_but_administrators_manages_staff(app, browser, who) -> None:
    me, uid = browser.as_(who), browser.staff["facilitator2"].uid
    for address in ("/staff", "/staff/new", f"/staff/{uid}", "/places", "/places/new", "/audit"):
        assert me.get(address).status == 403
    for address in (f"/staff/{uid}/end", f"/staff/{uid}/roles", "/staff/new", "/places/new"):
        assert me.post(address, {"administrator": "y"}).location == "/problem/403"
    assert number_of(app, User, User.left_at.is_not(None)) == 0


def test_an_administrator_reads_no_content_anywhere(browser, admin, organisation) -> None:
    pages = ["/", "/more", "/staff", "/places", "/audit", "/activity", "/help", "/sign-ins"]
    pages += [f"/staff/{account.uid}" for account in browser.staff.values()]
    seen = " ".join(admin.get(address).text for address in pages)
    for words in organisation.typed:
        assert words not in seen
    o = organisation
    for address in (f"/groups/{o.a.uid}", f"/notes/{o.a.note}", f"/people/{o.a.members[0].uid}"):
        assert admin.get(address).status == 403


def test_the_invitations_of_an_administrator_who_left_work_no_more(app, browser, admin) -> None:
    set_roles(admin, "supervisor", "administrator")
    link = invite(browser.as_("supervisor"), "Accomplice", administrator=True)
    depart(admin, "supervisor")
    assert number_of(app, Invitation, Invitation.ended_at.is_(None)) == 0, link


@pytest.mark.parametrize(
    ("who", "said"),
    [
        ("facilitator1", "one tap each"),
        ("coordinator", "You do not read notes."),
        ("supervisor", "You see no roster."),
        ("administrator", "nobody’s passphrase"),
        ("counsellor", "nobody else reads it"),
    ],
)
def test_help_says_what_ones_roles_are_for(browser, who, said) -> None:
    page = browser.as_(who).get("/help")
    assert said in page
    for_everybody = 1  # the phone
    assert len(page.root.all("h2")) == 1 + for_everybody
    assert len(browser.as_("two_roles").get("/help").root.all("h2")) == 2 + for_everybody
