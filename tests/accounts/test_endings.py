"""When a sign-in ends by itself, and when roles or the colleague are gone."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, insert, select, update

from app.accounts.models import SignIn, User, UserRole
from tests.organisation import NOW
from tests.web.records import number_of, plant, rows

SIGN_IN = "/sign-in?then="


def test_whoever_goes_on_working_stays_signed_in_for_eight_hours(browser, clock) -> None:
    me = browser.as_("facilitator1")
    while clock.moment < NOW + timedelta(hours=8) - timedelta(minutes=15):
        clock.forward(minutes=15)
        assert me.get("/more").status == 200
    clock.at(NOW + timedelta(hours=8))
    assert me.get("/more").status == 200
    clock.forward(seconds=1)
    assert me.get("/more").location == f"{SIGN_IN}/more"


def test_a_refused_post_also_keeps_one_signed_in(browser, clock) -> None:
    me = browser.as_("facilitator1")
    for _time in range(3):
        clock.forward(minutes=15)
        me.post("/groups/new")  # not for facilitators
    assert me.get("/").status == 200


def test_a_sign_in_that_ended_by_itself_leaves_no_row_behind(app, browser, clock) -> None:
    browser.as_("facilitator1")
    clock.forward(hours=8, minutes=1)
    browser.as_("facilitator2")
    kept = rows(app, SignIn.__table__.select().with_only_columns(SignIn.user_uid))
    assert kept == [browser.staff["facilitator2"].uid]


def test_a_sign_in_that_lies_idle_loses_its_key_when_somebody_else_signs_in(
    app, browser, clock
) -> None:
    browser.as_("facilitator1")
    clock.forward(minutes=21)
    browser.as_("facilitator2")
    keys = dict(rows(app, select(SignIn.user_uid, SignIn.wrapped_key)))
    assert keys[browser.staff["facilitator1"].uid] is None
    assert keys[browser.staff["facilitator2"].uid]


def test_what_was_typed_after_the_end_is_shown_again_after_signing_in(
    browser, clock, organisation
) -> None:
    me = browser.as_("facilitator1")
    clock.forward(hours=8, minutes=1)
    door = me.post(f"/notes/{organisation.a.note}/additions", {"text": "لم يُحفظ بعد"})
    assert door.location.startswith(SIGN_IN)
    account = organisation.staff["facilitator1"]
    typed = {"username": account.username, "passphrase": account.passphrase}
    led = door.follow().form("/sign-in").fill(**typed).press()
    assert "?kept=" in led.location


def test_htmx_is_told_that_the_sign_in_is_over(browser, clock) -> None:
    me = browser.as_("facilitator1")
    clock.forward(hours=8, minutes=1)
    assert me.post("/preferences", {"language": "en"}, htmx="note-state").status == 401


def test_a_role_taken_away_is_gone_with_the_next_request(app, browser, organisation) -> None:
    me, uid = browser.as_("coordinator"), organisation.staff["coordinator"].uid
    assert me.get("/people").status == 200
    plant(app, delete(UserRole).where(UserRole.user_uid == uid))
    plant(app, insert(UserRole).values(user_uid=uid, role="supervisor"))
    assert me.get("/people").status == 403
    assert me.get("/").status == 200


def test_without_any_role_nothing_is_left_but_signing_out(app, browser, organisation) -> None:
    me, uid = browser.as_("facilitator1"), organisation.staff["facilitator1"].uid
    plant(app, delete(UserRole).where(UserRole.user_uid == uid))
    for address in ("/", "/groups", f"/groups/{organisation.a.uid}"):
        assert me.get(address).status == 403


def test_whoever_left_the_organisation_cannot_go_on_nor_sign_in_again(
    app, browser, organisation
) -> None:
    me, account = browser.as_("facilitator1"), organisation.staff["facilitator1"]
    plant(app, update(User).where(User.uid == account.uid).values(left_at=NOW))
    assert me.get("/").location == f"{SIGN_IN}/"
    assert me.post(f"/sessions/{organisation.a.meetings[7]}/attendance", {"x": "present"}).location
    tried = {"username": account.username, "passphrase": account.passphrase}
    assert browser.post("/sign-in", tried).follow().status == 422
    assert number_of(app, SignIn) == 1


def test_two_sign_ins_of_one_person_end_apart(browser) -> None:
    phone, laptop = browser.as_("facilitator1"), browser.as_("facilitator1")
    phone.post("/sign-out")
    assert laptop.get("/").status == 200
