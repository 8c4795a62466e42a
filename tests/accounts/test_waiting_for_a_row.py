"""Whoever waited for a row looks at it again: a passphrase or a code that was used up meanwhile."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from sqlalchemy import update

from app.accounts import passphrases, rules
from app.accounts.line import Work, derived
from app.accounts.models import SignIn, User
from app.clock import now
from app.extensions import db
from tests.accounts.authenticator import set_up
from tests.accounts.held import while_held
from tests.accounts.test_joining import OWN
from tests.client import Browser
from tests.organisation import COST, sign_in_keys
from tests.web.records import number_of


def test_the_old_passphrase_does_not_sign_in_once_a_new_one_was_set(
    app, browser, organisation
) -> None:
    account = organisation.staff["facilitator1"]
    with app.app_context():
        fresh = User(uid=account.uid)
        new = derived(Work(passphrases.folded(OWN), COST))
        rules.reseal_private_key(fresh, sign_in_keys(account).private_key, new)
        values = {n: getattr(fresh, n) for n in ("salt", "private_key")}
        db.session.remove()
    typed = {"username": account.username, "passphrase": account.passphrase}
    (page,) = while_held(
        app,
        User,
        account.uid,
        partial(browser.post, "/sign-in", typed),
        meanwhile=(update(User).where(User.uid == account.uid).values(values),),
    )
    assert "kept=" in page.location
    assert number_of(app, SignIn, SignIn.user_uid == account.uid) == 0


def test_of_two_who_send_one_code_again_at_once_exactly_one_gets_further(
    app, browser, organisation
) -> None:
    me, account = browser.as_("coordinator"), organisation.staff["coordinator"]
    code = set_up(me).code(now() + timedelta(seconds=30))
    copy = Browser(app, browser.staff)
    copy.client.set_cookie("daftar", me.client.get_cookie("daftar").value)
    there = f"/people/{organisation.a.members[0].uid}/copy"
    calls = [partial(each.post, there, {"passphrase": code}) for each in (me, copy)]
    pages = while_held(app, User, account.uid, *calls)
    led = [page.location for page in pages]
    assert sum("kept=" not in where for where in led) == 1, led
