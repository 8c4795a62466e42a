"""An idle sign-in locks: nothing can be read, an open note may be saved, the passphrase opens it again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app.accounts.models import SignIn
from tests.accounts.authenticator import set_up, with_code
from tests.cli.running import run
from tests.client import Browser, Page
from tests.notes.writing import open_note
from tests.web.records import number_of, plant, rows, trail_of

PHONE = "Mozilla/5.0 (Linux; Android 13) Chrome/126.0 Mobile Safari/537.36"
PAGES = [
    *("/", "/groups", "/more", "/activity", "/access", "/sign-ins", "/passphrase", "/help"),
    *("/second-factor", "/groups/{a.uid}", "/groups/{a.uid}/activity", "/notes/{a.note}"),
    *("/people/{a.members[0].uid}", "/sessions/{a.meetings[7]}", "/sessions/{a.meetings[7]}/note"),
    *("/sessions/{a.meetings[7]}/attendance", "/sessions/{a.meetings[0]}/reflection"),
    *("/sessions/{a.meetings[7]}/sheet", "/shown/zzzzzzzzzz"),
]


def keys(app) -> list[bytes | None]:
    return rows(app, select(SignIn.wrapped_key))


def unlock(me: Browser, passphrase: str) -> Page:
    return me.get("/locked").form("/locked").fill(passphrase=passphrase).press()


@pytest.fixture
def locked(browser, clock) -> Browser:
    """facilitator1's browser, after twenty minutes and a second without a request."""
    me = browser.as_("facilitator1")
    clock.forward(minutes=20, seconds=1)
    return me


def test_after_twenty_idle_minutes_it_locks_and_the_key_is_deleted(app, browser, clock) -> None:
    me = browser.as_("facilitator1")
    clock.forward(minutes=20)
    assert me.get("/").status == 200
    clock.forward(minutes=20, seconds=1)
    assert keys(app) != [None]
    assert me.get("/groups").location == "/locked?then=/groups"
    assert keys(app) == [None]


def test_a_phone_locks_after_ten(app, browser, organisation, clock) -> None:
    account, phone = organisation.staff["facilitator1"], Browser(app, organisation.staff)
    typed = {"username": account.username, "passphrase": account.passphrase}
    phone.post("/sign-in", typed, User_Agent=PHONE)
    laptop = browser.as_("facilitator1")
    clock.forward(minutes=10)
    assert phone.get("/").status == 200
    clock.forward(minutes=10, seconds=1)
    assert phone.get("/").location == "/locked?then=/"
    assert laptop.get("/").status == 303  # twenty minutes and a second
    assert browser.as_("facilitator1").get("/sign-ins").words.count("locked") == 2


@pytest.mark.parametrize(
    ("said", "agent", "minutes"), [("yes", "", "10"), ("no", PHONE, "20"), ("", PHONE, "10")]
)
def test_what_the_page_says_of_touch_comes_before_the_name_of_the_browser(
    browser, organisation, said, agent, minutes
) -> None:
    account = organisation.staff["facilitator1"]
    form = browser.get("/sign-in").form("/sign-in")
    assert form["touch"] == "", "Only our script fills it in."
    typed = {"username": account.username, "passphrase": account.passphrase, "touch": said}
    browser.post("/sign-in", typed, User_Agent=agent)
    html = browser.get("/", User_Agent=agent).root.first("html")
    assert html["data-idle"] == minutes


def test_the_code_keeps_what_the_page_said_of_touch(app, browser, organisation, clock) -> None:
    codes = set_up(browser.as_("facilitator1"))
    account = organisation.staff["facilitator1"]
    typed = {"username": account.username, "passphrase": account.passphrase, "touch": "yes"}
    tablet = Browser(app, organisation.staff)
    assert tablet.post("/sign-in", typed).location.startswith("/sign-in/code")
    clock.forward(minutes=1)
    assert with_code(tablet, codes.code()).location == "/"
    html = tablet.get("/").root.first("html")
    assert html["data-idle"] == "10"


@pytest.mark.parametrize("address", PAGES)
def test_while_locked_every_page_asks_for_the_passphrase(locked, organisation, address) -> None:
    there = address.format(**vars(organisation))
    page = locked.get(there)
    assert page.location == f"/locked?then={there}"
    assert locked.get(there, htmx="roster").status == 401


def test_the_passphrase_alone_opens_it_again_where_one_was(app, locked, organisation) -> None:
    door = locked.get(f"/groups/{organisation.a.uid}").follow()
    passphrase = organisation.staff["facilitator1"].passphrase
    page = door.form("/locked").fill(passphrase=passphrase).press()
    assert page.location == f"/groups/{organisation.a.uid}"
    assert organisation.a.members[0].name in page.follow()
    assert trail_of(app)[-2].action == "unlock"
    assert number_of(app, SignIn) == 1


@pytest.mark.parametrize("who", ["facilitator2", "administrator", "coordinator"])
def test_a_colleagues_passphrase_opens_nothing(app, locked, organisation, who) -> None:
    page = unlock(locked, organisation.staff[who].passphrase).follow()
    assert page.status == 422
    assert "This is not your passphrase." in page
    assert keys(app) == [None]
    assert locked.get("/").location == "/locked?then=/"


def test_whoever_mistyped_often_unlocks_with_the_right_one(locked, organisation) -> None:
    for number in range(20):
        assert unlock(locked, f"guess {number}").follow().status == 422
    assert unlock(locked, organisation.staff["facilitator1"].passphrase).location == "/"


def test_eight_hours_end_it_even_where_it_was_unlocked_in_between(
    locked, organisation, clock
) -> None:
    unlock(locked, organisation.staff["facilitator1"].passphrase)
    clock.forward(hours=7, minutes=40)
    assert locked.get("/").location == "/sign-in?then=/"
    assert locked.get("/locked").location == "/"


def test_whoever_forgot_what_opens_it_can_go_on_from_there(browser, clock) -> None:
    me = browser.as_("facilitator1")
    clock.forward(minutes=21)
    page = me.get("/groups").follow()
    (forgotten,) = [a["href"] for a in page.root.all("a") if a["href"].startswith("/recover")]
    assert me.get(forgotten).status == 200
    assert page.form("/sign-out").press().location == "/sign-in"


def test_whoever_is_not_locked_is_not_asked(browser) -> None:
    assert browser.as_("facilitator1").get("/locked").location == "/"
    assert browser.get("/locked").location == "/"


@pytest.mark.parametrize("htmx", ["note-state", ""])
def test_an_open_note_is_saved_while_locked_and_nothing_is_shown(
    app, browser, organisation, clock, htmx
) -> None:
    me = browser.as_("facilitator1")
    form = open_note(me, organisation).fill(happened="كُتب في الطريق")
    clock.forward(minutes=30)
    page = me.post(form.node["action"], dict(form.values), htmx=htmx)
    assert (page.status, page.location[:9]) == ((200, "") if htmx else (303, "/sessions"))
    for member in organisation.a.members:
        assert member.name.split()[0] not in page.text
    assert me.get(form.page.address).location.startswith("/locked")
    unlock(me, organisation.staff["facilitator1"].passphrase)
    assert open_note(me, organisation)["happened"].strip() == "كُتب في الطريق"


def test_a_conflict_while_locked_does_not_show_the_other_text(browser, organisation, clock) -> None:
    one, other = browser.as_("facilitator1"), browser.as_("facilitator1")
    mine, theirs = open_note(one, organisation), open_note(other, organisation)
    mine.fill(happened="على الحاسوب").press("Save")
    clock.forward(minutes=30)
    theirs.fill(happened="على الهاتف")
    page = other.post(theirs.node["action"], dict(theirs.values), htmx="note-state")
    assert page.status == 401
    assert "على الحاسوب" not in page.text


def test_a_form_typed_while_locked_is_shown_again_after_unlocking(
    app, browser, organisation, clock
) -> None:
    me, there = browser.as_("facilitator1"), f"/notes/{organisation.a.note}"
    clock.forward(minutes=30)
    sent = {"text": "إضافة في وقت متأخّر"}
    door = me.post(f"{there}/additions", sent, Referer=f"http://localhost{there}")
    assert door.location.startswith(f"/locked?then={there}")
    passphrase = organisation.staff["facilitator1"].passphrase
    shown = door.follow().form("/locked").fill(passphrase=passphrase).press().follow()
    assert shown.form("/additions")["text"].strip() == "إضافة في وقت متأخّر"
    assert "send it again" in shown
    assert shown.form("/additions").press("Add").location.endswith("said=added")


def test_what_was_typed_while_locked_is_nobody_elses(browser, organisation, clock) -> None:
    me, there = browser.as_("facilitator1"), f"/notes/{organisation.a.note}"
    clock.forward(minutes=30)
    door = me.post(f"{there}/additions", {"text": "سرّ"}, Referer=f"http://localhost{there}")
    kept = door.location.partition("kept=")[2] or door.location.partition("kept%3D")[2]
    page = browser.as_("facilitator2").get(f"{there}?kept={kept}")
    assert page.status == 200
    assert "سرّ" not in page.text


def test_a_passphrase_typed_into_an_ended_page_is_not_kept(app, browser, clock) -> None:
    me = browser.as_("facilitator1")
    clock.forward(minutes=30)
    sent = {"passphrase": "facilitator1 olive river stone lamp", "new": "another one", "code": "1"}
    door = me.post("/passphrase", sent, Referer="http://localhost/passphrase")
    passphrase = browser.staff["facilitator1"].passphrase
    shown = door.follow().form("/locked").fill(passphrase=passphrase).press().follow()
    assert "another one" not in shown.text and passphrase not in shown.text


def test_leaving_quickly_ends_a_locked_sign_in(app, locked) -> None:
    assert locked.post("/leave").location == "/away"
    assert number_of(app, SignIn) == 0


def test_what_a_clock_that_was_a_day_ahead_left_open_is_closed(app, browser, clock) -> None:
    """One that began then is over; one that was only used then asks for the passphrase again."""
    used, right = browser.as_("facilitator1"), clock.moment
    clock.at(right + timedelta(minutes=15))
    used.get("/more")
    began = browser.as_("facilitator2")
    clock.at(right - timedelta(days=1) + timedelta(minutes=20))
    plant(
        app,
        update(SignIn)
        .where(SignIn.user_uid == browser.staff["facilitator1"].uid)
        .values(began_at=clock.moment),
    )
    assert began.get("/more").location.startswith("/sign-in")
    assert used.get("/more").location.startswith("/locked")
    assert run(app, "sweep").exit_code == 0
    assert keys(app) == [None]
    assert unlock(used, browser.staff["facilitator1"].passphrase).location
    assert used.get("/more").status == 200
