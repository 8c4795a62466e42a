"""Key derivations take 128 MiB each: two at a time, one waits, the rest are asked to come back."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from queue import Queue

import pytest

from app.accounts import gate, joining, rules
from app.clock import now
from app.extensions import db
from tests.client import Browser
from tests.organisation import Account

PATIENCE = 20


@contextmanager
def crowd(number: int) -> Iterator[tuple[Queue[str], threading.Event]]:
    """So many threads that ask for a turn and keep it until they may go; what became of each."""
    became: Queue[str] = Queue()
    may_go = threading.Event()

    def derive() -> None:
        try:
            with gate.one_of_few():
                became.put("inside")
                may_go.wait(PATIENCE)
        except gate.Crowded:
            became.put("crowded")

    threads = [threading.Thread(target=derive) for _number in range(number)]
    for thread in threads:
        thread.start()
    try:
        yield became, may_go
    finally:
        may_go.set()
        for thread in threads:
            thread.join(PATIENCE)


def test_two_derive_one_waits_and_the_fourth_is_asked_to_come_back() -> None:
    with crowd(4) as (became, may_go):
        first = sorted(became.get(timeout=PATIENCE) for _number in range(3))
        assert first == ["crowded", "inside", "inside"]
        assert became.empty()
        with pytest.raises(gate.Crowded), gate.one_of_few():
            pass
        may_go.set()
        assert became.get(timeout=PATIENCE) == "inside"


def test_afterwards_there_is_room_again() -> None:
    for _time in range(3):
        with crowd(4) as (became, _may_go):
            for _number in range(3):
                became.get(timeout=PATIENCE)
    with gate.one_of_few(), gate.one_of_few():
        pass


def test_an_error_gives_the_turn_back() -> None:
    for _time in range(5):
        with pytest.raises(ValueError, match="no key"), gate.one_of_few():
            raise ValueError("no key")
    with gate.one_of_few(), gate.one_of_few():
        pass


def test_in_a_crowd_signing_in_is_answered_with_a_moments_patience(browser, organisation) -> None:
    account = organisation.staff["facilitator1"]
    typed = {"username": account.username, "passphrase": account.passphrase}
    with crowd(4) as (became, _may_go):
        for _number in range(3):
            became.get(timeout=PATIENCE)
        page = browser.post("/sign-in?language=en", typed)
        assert page.location == "/problem/503"
        shown = page.follow()
        assert (shown.status, shown.headers["Retry-After"]) == (503, "5")
        assert browser.get("/sign-in").status == 200
    assert browser.post("/sign-in", typed).location == "/"


def test_the_real_parameters_open_an_account(app, organisation) -> None:
    passphrase, code = "olive river stone lamp door", rules.new_recovery_code()
    with app.app_context():
        user = joining.add_user(
            username="paper-boat",
            working_name="Sami",
            roles=("facilitator",),
            language="en",
            passphrase=passphrase,
            recovery_code=code,
            cost=rules.Cost(131_072, 4, 2),
            at=now(),
        )
        db.session.commit()
        stands = (user.memory, user.iterations, user.lanes)
        account = Account("sami", user.uid, "paper-boat", passphrase, code, ("facilitator",))
    assert stands == (131_072, 4, 2)
    me = Browser(app, {"sami": account}).as_("sami")
    assert "Sami" in me.get("/more")
