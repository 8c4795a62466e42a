"""At the same moment: ending a sign-in and using it, one link or one code used twice, a slow passphrase."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from flask import Flask, request
from sqlalchemy import select, update

from app.accounts import passphrases, queries, rules, viewer
from app.accounts.line import Work, derived
from app.accounts.models import SignIn, User
from app.accounts.sign_in import new_sign_in
from app.assignments.models import Assignment
from app.clock import now
from app.extensions import db
from app.groups import roster
from app.groups.models import Group
from app.groups.queries import REACHABLE, scope
from app.notebook import staffing
from app.vault import vaults
from tests.accounts.authenticator import half_signed_in, set_up
from tests.accounts.test_joining import OWN, invite
from tests.client import Browser, Page
from tests.organisation import COST, Organisation, sign_in_keys
from tests.organisation import viewer as as_viewer
from tests.web.records import number_of, one, plant, rows

# Of each ending; an ended assignment leaves one more version of two keys behind, so fewer of these.
ROUNDS = {"sign_in": 320, "assignment": 110, "account_of": 70}


class Race:
    """One round after another: a sign-in is read in a loop while it, its group or its user ends."""

    def __init__(self, app: Flask, organisation: Organisation) -> None:
        self.app, self.organisation = app, organisation
        self.account = organisation.staff["facilitator1"]
        with app.app_context():
            self.private = sign_in_keys(self.account).private_key
            db.session.remove()

    def begin(self) -> bytes:
        """A fresh sign-in of facilitator1, who facilitates group A."""
        with self.app.app_context():
            user = db.session.get_one(User, self.account.uid)
            user.left_at = None
            cookie = new_sign_in(user, self.private, on_touch=False, is_half=False, at=now())
            group = db.session.get_one(Group, self.organisation.a.uid)
            mine = select(Assignment).where(
                Assignment.of_uid == group.uid,
                Assignment.user_uid == user.uid,
                Assignment.ended_at.is_(None),
            )
            if db.session.scalar(mine) is None:
                coordinator = as_viewer(self.organisation.staff["coordinator"])
                roster.assign(coordinator, group, user, part="facilitator", at=now())
            db.session.commit()
            db.session.remove()
        return cookie

    def reaches(self, cookie: bytes) -> bool:
        """What a request does first: read the sign-in, then look for the group with its roster."""
        header = {"Cookie": f"daftar={cookie.hex()}"}
        with self.app.test_request_context("/groups", headers=header):
            found = viewer.load(request)
            if found is None:
                return False
            me = viewer.Viewer(found.uid, found.roles, found.keys)
            query = select(Group.uid).where(Group.uid == self.organisation.a.uid, REACHABLE)
            reached = db.session.scalar(query, scope(me)) is not None
            db.session.remove()
            return reached

    def run(self, end: Callable[[bytes], None], pool: ThreadPoolExecutor) -> tuple[int, int]:
        """How often it was reached in one round, and how often after the end had been answered."""
        cookie, started, ended = self.begin(), threading.Event(), threading.Event()

        def use() -> tuple[int, int]:
            before = after = 0
            while True:
                was_ended = ended.is_set()
                if self.reaches(cookie):
                    after += was_ended
                    before += not was_ended
                started.set()
                if was_ended:
                    return before, after

        using = pool.submit(use)
        started.wait(20)
        with self.app.app_context():
            end(cookie)
            db.session.commit()
            db.session.remove()
        ended.set()
        return using.result(30)

    def sign_in(self, cookie: bytes) -> None:
        queries.end_sign_in(rules.digest_of(cookie))

    def assignment(self, _cookie: bytes) -> None:
        group = db.session.get_one(Group, self.organisation.a.uid)
        part = db.session.scalars(
            select(Assignment).where(
                Assignment.of_uid == group.uid,
                Assignment.user_uid == self.account.uid,
                Assignment.ended_at.is_(None),
            )
        ).one()
        roster.unassign(group, part, at=now())

    def account_of(self, _cookie: bytes) -> None:
        staffing.depart(db.session.get_one(User, self.account.uid), at=now())


@pytest.mark.slow
@pytest.mark.parametrize("ending", ROUNDS)
def test_after_the_end_was_answered_nothing_is_reached(app, organisation, ending) -> None:
    race = Race(app, organisation)
    with ThreadPoolExecutor(1) as pool:
        counts = [race.run(getattr(race, ending), pool) for _round in range(ROUNDS[ending])]
    assert sum(before for before, _after in counts) >= ROUNDS[ending]
    assert sum(after for _before, after in counts) == 0


def together(*calls: Callable[[], Page]) -> list[Page]:
    """Ask at the same moment."""
    barrier = threading.Barrier(len(calls))

    def call(asked: Callable[[], Page]) -> Page:
        barrier.wait(20)
        return asked()

    with ThreadPoolExecutor(len(calls)) as pool:
        return [future.result(30) for future in [pool.submit(call, asked) for asked in calls]]


def test_of_two_who_use_one_link_at_once_exactly_one_joins(app, browser) -> None:
    admin = browser.as_("administrator")
    for _time in range(6):
        link, before = invite(admin), number_of(app, User)
        guests = [Browser(app, {}) for _number in range(2)]
        sent = {"passphrase": OWN}
        pages = together(*(partial(guest.post, link, sent) for guest in guests))
        led = [page.location for page in pages]
        assert number_of(app, User) == before + 1
        assert sum(where.startswith("/shown/") for where in led) == 1, led


def test_of_two_who_send_one_code_at_once_exactly_one_is_signed_in(app, browser, clock) -> None:
    phone = set_up(browser.as_("facilitator1"))
    for _time in range(6):
        clock.forward(seconds=60)
        half = half_signed_in(browser, "facilitator1")
        copy = Browser(app, browser.staff)
        copy.client.set_cookie("daftar", half.client.get_cookie("daftar").value)
        code = {"code": phone.code()}
        pages = together(*(partial(each.post, "/sign-in/code", code) for each in (half, copy)))
        assert sum(page.location == "/" for page in pages) == 1
        whole = number_of(app, SignIn, SignIn.is_half.is_(False), SignIn.began_at == clock.moment)
        assert whole == 1


def new_passphrase(app: Flask, organisation: Organisation) -> None:
    """facilitator1 changes their passphrase on another device, which ends the other sign-ins."""
    account = organisation.staff["facilitator1"]
    with app.app_context():
        fresh = User(uid=account.uid)
        new = derived(Work(passphrases.folded(OWN), COST))
        rules.reseal_private_key(fresh, sign_in_keys(account).private_key, new)
        values = {n: getattr(fresh, n) for n in ("salt", "private_key")}
        db.session.remove()
    plant(
        app,
        update(User).where(User.uid == account.uid).values(values),
        SignIn.__table__.delete().where(SignIn.user_uid == account.uid),
    )


def test_a_sign_in_that_was_on_its_way_ends_with_the_old_passphrase(
    app, browser, organisation, while_deriving
) -> None:
    account = organisation.staff["facilitator1"]
    typed = {"username": account.username, "passphrase": account.passphrase}
    while_deriving(
        lambda: browser.post("/sign-in", typed), lambda: new_passphrase(app, organisation)
    )
    assert number_of(app, SignIn, SignIn.user_uid == account.uid) == 0


def test_unlocking_a_sign_in_that_was_just_ended_leads_to_the_door(
    app, browser, organisation, clock, while_deriving
) -> None:
    me, account = browser.as_("facilitator1"), organisation.staff["facilitator1"]
    clock.forward(minutes=21)
    page = while_deriving(
        lambda: me.post("/locked", {"passphrase": account.passphrase}),
        lambda: plant(app, SignIn.__table__.delete()),
    )
    assert page.location.startswith("/sign-in")


def test_who_is_given_the_notes_while_somebody_leaves_has_the_newest_key(
    app, browser, organisation, while_deriving
) -> None:
    giver, staff = browser.as_("facilitator1"), organisation.staff
    there = f"/access/{organisation.a.uid}/{staff['two_roles'].uid}"

    def somebody_leaves() -> None:
        with app.app_context():
            staffing.depart(db.session.get_one(User, staff["facilitator2"].uid), at=now())
            db.session.commit()
            db.session.remove()

    sent = {"passphrase": staff["facilitator1"].passphrase}
    while_deriving(lambda: giver.post(there, sent), somebody_leaves)
    with app.app_context():
        holders = vaults.holders(vaults.find("notes", organisation.a.uid))
        db.session.remove()
    assert staff["two_roles"].uid in holders


def test_whoever_left_while_their_passphrase_was_tried_is_not_signed_in(
    app, browser, organisation, while_deriving
) -> None:
    account = organisation.staff["facilitator1"]
    typed = {"username": account.username, "passphrase": account.passphrase}
    gone = update(User).where(User.uid == account.uid).values(left_at=now())
    while_deriving(lambda: browser.post("/sign-in", typed), lambda: plant(app, gone))
    assert browser.get("/").location == "/sign-in?then=/"
    assert one(app, User, account.uid).left_at
    assert rows(app, select(User.uid).where(User.left_at.is_not(None))) == [account.uid]
