"""Who finds the door busy waits without a thread: nothing is typed again, and nothing is left lying about."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.accounts import turns
from app.accounts.models import SignIn, TurnKey
from app.cli.sweeping import sweep
from tests.accounts.authenticator import set_up
from tests.accounts.held_turns import HeldLine, go_on, taken
from tests.accounts.test_joining import OWN, invite
from tests.client import Browser, Page
from tests.organisation import NOW
from tests.web.records import number_of, rows, trail_of

WAITING = "Others are signing in at this moment."


@pytest.fixture
def busy(monkeypatch) -> Iterator[HeldLine]:
    """Others have both turns."""
    with taken(monkeypatch) as line:
        yield line


@pytest.fixture
def waiting(browser, organisation, busy) -> Page:
    """facilitator1 sent their passphrase, and waits."""
    return browser.post("/sign-in?language=en&then=/groups", typed(organisation))


def typed(organisation, who: str = "facilitator1", **more: str) -> dict[str, str]:
    account = organisation.staff[who]
    return {"username": account.username, "passphrase": account.passphrase} | more


def test_the_page_says_so_and_asks_again_by_itself(waiting) -> None:
    assert waiting.location == "/turn?language=en"
    page = waiting.follow()
    assert page.status == 200 and WAITING in page and "Nothing has to be written again." in page
    (without_script,) = page.root.all("noscript")
    (refresh,) = without_script.all("meta", **{"http-equiv": "refresh"})
    assert refresh["content"] == "1"
    assert page.root.first("body").has("data-asks-again")


def test_asking_whether_it_is_ones_turn_does_nothing_yet(app, waiting, busy) -> None:
    client = waiting.browser.client
    assert client.head("/turn").status_code == 200
    busy.let_go()
    while client.head("/turn").status_code != 303:
        threading.Event().wait(0.01)
    assert number_of(app, SignIn) == 0
    assert waiting.follow().location == "/groups"


def test_when_its_turn_has_come_the_sign_in_is_done_as_it_was_sent(waiting, busy) -> None:
    assert waiting.follow().status == 200
    busy.let_go()
    answer = go_on(waiting.browser, waiting)
    assert answer.location == "/groups"
    assert waiting.browser.get("/groups").status == 200
    assert waiting.browser.client.get_cookie("turn") is None
    assert waiting.browser.get("/turn").location == "/"


def test_a_wrong_passphrase_is_told_after_its_turn(browser, organisation, busy) -> None:
    page = browser.post("/sign-in?language=en", typed(organisation, passphrase="something else"))
    busy.let_go()
    shown = go_on(browser, page).follow()
    assert shown.status == 422 and "do not belong together" in shown
    assert shown.form("/sign-in")["username"] == "facilitator1"


def test_fourteen_who_sign_in_together_all_get_in_without_typing_again(
    app, organisation, busy
) -> None:
    people = [
        (Browser(app, organisation.staff), who)
        for _time in range(2)
        for who in list(organisation.staff)[:7]
    ]
    pages = [me.post("/sign-in", typed(organisation, who)) for me, who in people]
    assert {page.location for page in pages} == {"/turn"}
    busy.let_go()
    for page in pages:
        assert go_on(page.browser, page).location == "/"
    assert number_of(app, SignIn) == 14


def test_no_thread_is_held_by_who_waits(app, organisation, busy) -> None:
    before = set(threading.enumerate())
    for _time in range(40):
        page = Browser(app, organisation.staff).post("/sign-in", typed(organisation))
        assert page.location == "/turn"
        assert page.follow().status == 200
    assert set(threading.enumerate()) <= before


def test_unlocking_waits_too_and_goes_before_strangers(
    app, browser, organisation, clock, monkeypatch
) -> None:
    me = browser.as_("facilitator1")
    clock.forward(minutes=21)
    with taken(monkeypatch) as line:
        for number in range(5):
            Browser(app, {}).post("/sign-in", {"username": f"nobody-{number}", "passphrase": "x"})
        page = me.post("/locked", {"passphrase": organisation.staff["facilitator1"].passphrase})
        first = min(line._waiting, key=line._rank)
        assert line._waiting[first].place.known
        assert sum(each.place.known for each in line._waiting.values()) == 1
        line.let_go()
        assert go_on(me, page).location == "/"
    assert me.get("/groups").status == 200


def test_saying_again_who_one_is_waits_too(browser, organisation, monkeypatch) -> None:
    me = browser.as_("coordinator")
    there = f"/people/{organisation.a.members[0].uid}/copy"
    with taken(monkeypatch) as line:
        page = me.post(there, {"passphrase": organisation.staff["coordinator"].passphrase})
        line.let_go()
        answer = go_on(me, page)
    assert answer.location.startswith(f"{there}/")
    assert answer.follow().status == 200


def test_a_new_passphrase_takes_two_turns_and_is_set_once(
    app, browser, organisation, monkeypatch
) -> None:
    me = browser.as_("facilitator1")
    sent = {"passphrase": organisation.staff["facilitator1"].passphrase, "new": OWN}
    with taken(monkeypatch) as line:
        page = me.post("/passphrase", sent)
        line.let_go()
        assert go_on(me, page).location.startswith("/more")
    changed = [row for row in trail_of(app) if row.action == "passphrase-changed"]
    assert len(changed) == 1
    again = Browser(app, organisation.staff)
    assert again.post("/sign-in", typed(organisation, passphrase=OWN)).location == "/"


def test_joining_and_recovering_wait_too(browser, organisation, monkeypatch) -> None:
    link = invite(browser.as_("administrator"))
    account = organisation.staff["facilitator2"]
    sent = {"username": account.username, "code": account.recovery_code, "passphrase": OWN}
    for path, form in ((link, {"passphrase": OWN}), ("/recover", sent)):
        with taken(monkeypatch) as line:
            me = Browser(browser.app, {})
            page = me.post(path, form)
            line.let_go()
            assert go_on(me, page).location.startswith("/shown/")


def test_with_htmx_the_whole_page_waits(browser, organisation, busy) -> None:
    page = browser.post("/sign-in", typed(organisation), htmx="main")
    assert (page.status, page.location) == (200, "/turn")


def test_what_waits_is_sealed_and_opens_only_for_six_minutes(
    app, waiting, organisation, clock, busy
) -> None:
    cookie = waiting.browser.client.get_cookie("turn")
    assert cookie.http_only and cookie.same_site == "Strict" and cookie.max_age is None
    sealed = base64.urlsafe_b64decode(cookie.value)
    for word in ("facilitator1", organisation.staff["facilitator1"].passphrase):
        assert word.encode() not in sealed and word not in cookie.value
    (key,) = rows(app, select(TurnKey.key))
    assert key not in sealed
    clock.forward(minutes=6, seconds=1)
    with app.app_context():
        sweep(at=clock.moment)
    assert rows(app, select(TurnKey.key)) == []
    busy.let_go()
    assert waiting.follow().location == "/"
    assert waiting.browser.get("/").location == "/sign-in?then=/"


@pytest.mark.parametrize("leaving", ["/leave", "/sign-out"])
def test_whoever_leaves_while_they_wait_is_not_signed_in_later(app, waiting, busy, leaving) -> None:
    assert waiting.follow().form("/leave")
    waiting.browser.post(leaving)
    busy.let_go()
    assert waiting.browser.client.get_cookie("turn") is None
    assert waiting.browser.get("/turn").location == "/"
    assert waiting.browser.get("/").location == "/sign-in?then=/"
    assert number_of(app, SignIn) == 0


def test_whoever_signs_in_there_ends_what_somebody_else_sent_before(
    app, waiting, organisation, monkeypatch
) -> None:
    monkeypatch.setattr(turns, "LINE", turns.Line())
    assert waiting.browser.post("/sign-in", typed(organisation, "coordinator")).location == "/"
    assert waiting.browser.client.get_cookie("turn") is None
    waiting.browser.post("/sign-out")
    waiting.browser.get("/turn")
    assert waiting.browser.get("/").location == "/sign-in?then=/"


def test_what_waited_is_done_once_wherever_it_leads(app, browser, organisation, busy) -> None:
    page = browser.post("/sign-in?then=/turn", typed(organisation))
    busy.let_go()
    assert go_on(browser, page).location == "/turn"
    for _time in range(3):
        assert browser.get("/turn").location == "/"
    assert number_of(app, SignIn) == 1


def test_a_cookie_that_is_none_of_ours_waits_for_nothing(app, waiting, busy) -> None:
    stranger = Browser(app, {})
    for value in ("x", "é", "AAAA", waiting.browser.client.get_cookie("turn").value[:-4] + "AAAA"):
        stranger.client.set_cookie("turn", value)
        assert stranger.get("/turn").location == "/"


def test_after_a_restart_what_waits_is_tried_anew(waiting, monkeypatch, busy) -> None:
    monkeypatch.setattr(turns, "LINE", turns.Line())
    answer = waiting.follow()
    assert answer.location == "/groups"
    assert waiting.browser.get("/groups").status == 200


def test_the_same_ticket_asked_twice_at_once_signs_in_and_breaks_nothing(
    app, waiting, busy
) -> None:
    copy = Browser(app, {})
    copy.client.set_cookie("turn", waiting.browser.client.get_cookie("turn").value)
    busy.let_go()
    with ThreadPoolExecutor(2) as pool:
        led = [
            each.result().location
            for each in [pool.submit(go_on, who, waiting) for who in (waiting.browser, copy)]
        ]
    assert led == ["/groups", "/groups"]


def test_a_form_too_large_for_a_cookie_is_refused_in_words(browser, busy) -> None:
    page = browser.post("/sign-in", {"username": "x", "passphrase": "y", "more": "z" * 5000})
    assert page.location == "/problem/413"


def test_nothing_was_done_while_it_waits(app, waiting) -> None:
    assert number_of(app, SignIn) == 0
    assert [row.action for row in trail_of(app) if row.action == "sign-in"] == []
    assert waiting.follow().status == 200


def test_the_longest_passphrases_fit(app, browser, organisation, monkeypatch) -> None:
    me = browser.as_("facilitator1")
    long = " ".join(["ذاكرة", "بحيرة", "قنطرة", "زيتونة", "مفتاح"] * 6)[:200]
    with taken(monkeypatch) as line:
        page = me.post("/passphrase", {"passphrase": long, "new": long})
        assert len(me.client.get_cookie("turn").value) < 4000
        line.let_go()
        assert "This is not your passphrase." in go_on(me, page).follow()


def test_a_code_is_asked_for_after_the_turn(browser, organisation, clock, monkeypatch) -> None:
    phone = set_up(browser.as_("facilitator1"))
    clock.forward(seconds=60)
    with taken(monkeypatch) as line:
        page = browser.post("/sign-in", typed(organisation))
        line.let_go()
        assert go_on(browser, page).location == "/sign-in/code"
    assert browser.post("/sign-in/code", {"code": phone.code()}).location == "/"


def test_the_key_of_turns_is_one_for_all_who_wait_in_three_minutes(
    app, organisation, busy, clock
) -> None:
    for _time in range(3):
        Browser(app, organisation.staff).post("/sign-in", typed(organisation))
    assert number_of(app, TurnKey) == 1
    clock.forward(minutes=3)
    Browser(app, organisation.staff).post("/sign-in", typed(organisation))
    assert number_of(app, TurnKey) == 2
    assert all(NOW - since <= timedelta(minutes=3) for since in rows(app, select(TurnKey.since)))


def test_what_is_sealed_says_what_was_sent_and_no_more(app, waiting) -> None:
    sealed = base64.urlsafe_b64decode(waiting.browser.client.get_cookie("turn").value)
    (key,) = rows(app, select(TurnKey.key))
    post = json.loads(turns.envelope.unseal(key, sealed, turns.AT))
    assert set(post) == {"ticket", "path", "query", "referrer", "typed"}
    assert post["path"] == "/sign-in" and [name for name, _v in post["typed"]] == [
        "username",
        "passphrase",
    ]
