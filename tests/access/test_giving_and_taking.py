"""Giving at the very moment a role is taken away: who lost the role is given nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import delete, insert

from app.accounts.models import User, UserRole
from tests.access.opening import opened, raw
from tests.accounts.held import while_held
from tests.client import Browser, Page
from tests.organisation import Organisation
from tests.web.records import plant

Give = Callable[[], Page]


def to_a_group(browser: Browser, organisation: Organisation) -> Give:
    me, typed = browser.as_("coordinator"), {"passphrase": browser.staff["coordinator"].passphrase}
    there = f"/groups/{organisation.a.uid}/team/{browser.staff['facilitator3'].uid}"
    return lambda: me.post(there, typed)


def to_a_workshop(browser: Browser, organisation: Organisation) -> Give:
    me, typed = browser.as_("coordinator"), {"passphrase": browser.staff["coordinator"].passphrase}
    there = f"/workshops/{organisation.workshop.uid}/team/{browser.staff['facilitator3'].uid}"
    return lambda: me.post(there, typed)


def to_a_place(browser: Browser, organisation: Organisation) -> Give:
    me = browser.as_("administrator")
    there = f"/staff/{browser.staff['coordinator_b'].uid}/places"
    return lambda: me.post(there, {"site": organisation.jerusalem})


def a_referral(browser: Browser, organisation: Organisation) -> Give:
    me = browser.as_("coordinator")
    return lambda: me.post(f"/letters/{organisation.aid.proposed}/sending")


def a_file(browser: Browser, organisation: Organisation) -> Give:
    plant(
        browser.app,
        insert(UserRole).values(user_uid=browser.staff["facilitator3"].uid, role="supervisor"),
    )
    me, staff = browser.as_("counsellor"), browser.staff
    typed = {"user": staff["facilitator3"].uid, "passphrase": staff["counsellor"].passphrase}
    return lambda: me.post(f"/files/{organisation.aid.file}/team", typed)


@pytest.mark.parametrize(
    ("gives", "who", "role"),
    [
        (to_a_group, "facilitator3", "facilitator"),
        (to_a_workshop, "facilitator3", "facilitator"),
        (to_a_place, "coordinator_b", "coordinator"),
        (a_referral, "counsellor", "counsellor"),
        (a_file, "facilitator3", "supervisor"),
    ],
)
def test_who_lost_the_role_meanwhile_is_given_nothing(
    app, browser, organisation, gives, who, role
) -> None:
    give, account = gives(browser, organisation), organisation.staff[who]
    held = set(opened(raw(app), account))
    lost = delete(UserRole).where(UserRole.user_uid == account.uid, UserRole.role == role)
    (page,) = while_held(app, User, account.uid, give, meanwhile=(lost,))
    assert "kept=" in page.location or page.location == "/problem/404", page.location
    assert set(opened(raw(app), account)) == held


@pytest.mark.parametrize("gives", [to_a_group, to_a_workshop, to_a_place, a_referral, a_file])
def test_who_keeps_the_role_is_given_it(browser, organisation, gives) -> None:
    page = gives(browser, organisation)()
    assert "said=" in page.location, page.location


def test_notes_are_not_given_to_whoever_was_unassigned_meanwhile(
    app, browser, organisation
) -> None:
    giver, account = browser.as_("facilitator1"), organisation.staff["two_roles"]
    there = f"/access/{organisation.a.uid}/{account.uid}"
    typed = {"passphrase": organisation.staff["facilitator1"].passphrase}
    desk = browser.as_("coordinator")
    team = desk.get(f"/groups/{organisation.a.uid}/team")
    items = [li for li in team.root.all("li") if "Two roles" in li.words]
    (ending,) = [f["action"] for li in items for f in li.all("form")]
    while_held(app, User, account.uid, lambda: desk.post(ending), lambda: giver.post(there, typed))
    assert ("notes", organisation.a.uid) not in opened(raw(app), account)
