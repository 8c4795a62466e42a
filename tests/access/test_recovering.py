"""Recovery by colleagues: a link, two days in which any may refuse, and then nothing open before it is given again."""

from __future__ import annotations

import pytest

from app.accounts import sign_in as signing_in
from app.accounts.recovering import OF_USER
from app.clock import now
from app.extensions import db
from app.notebook import recovering
from tests.access.acting import give, passphrase_of, set_roles
from tests.access.closing import close, nobody, open_again
from tests.access.opening import opened, private_key, raw
from tests.access.recovering import FRESH, RANA, enters, link_for, set_anew, two_days_later
from tests.cli.running import run
from tests.client import Browser
from tests.organisation import Account, Organisation
from tests.web.records import trail_of

OVER = "هذا الرابط لم يعد يعمل"  # nobody's language is known there


@pytest.fixture
def asked(browser: Browser, organisation: Organisation) -> str:
    """The coordinator made a link for the facilitator, who used it."""
    path = link_for(browser.as_("coordinator"))
    set_anew(browser, path)
    return path


def test_the_new_passphrase_opens_after_48_hours_and_not_a_minute_before(
    app, browser, organisation, asked, clock
) -> None:
    two_days_later(app, clock, 47.9)
    assert not enters(browser, FRESH)
    assert enters(browser, browser.staff[RANA].passphrase)
    two_days_later(app, clock, 0.1)
    assert not enters(browser, browser.staff[RANA].passphrase)
    assert enters(browser, FRESH)


def test_then_nothing_is_open_until_colleagues_give_it(
    app, browser, organisation, asked, clock
) -> None:
    account = browser.staff[RANA]
    before = opened(raw(app), account)
    two_days_later(app, clock)
    anew = Account(**{**vars(account), "passphrase": FRESH})
    table = raw(app)
    assert set(opened(table, anew)) == {("own", account.uid)}
    assert not set(opened(table, anew)["own", account.uid]) & before["own", account.uid]
    rana = enters(browser, FRESH)
    assert "تحدّثنا عن البدايات" not in rana.get(f"/notes/{organisation.a.note}")
    giver = browser.as_("facilitator2")
    assert "colleagues wait for you" in giver.get("/")
    give(giver, organisation.a.uid, RANA, passphrase_of(giver))
    assert "تحدّثنا عن البدايات" in rana.get(f"/notes/{organisation.a.note}")
    after = opened(raw(app), anew)
    assert before["notes", organisation.a.uid] <= after["notes", organisation.a.uid]


def test_the_code_is_shown_for_ten_minutes_where_the_link_was_used_and_opens_later(
    app, browser, clock
) -> None:
    path, mine = link_for(browser.as_("coordinator")), nobody(browser)
    mine.get(path).form(path).fill(passphrase=FRESH).press()
    code = mine.get(path).root.all("b", class_="ltr long")[1].words
    for other in (nobody(browser), browser.as_("coordinator")):  # who made the link has it too
        assert code not in other.get(path)
    clock.forward(minutes=11)
    assert code not in mine.get(path)
    two_days_later(app, clock)
    door = nobody(browser).get("/recover").form("/recover")
    username = browser.staff[RANA].username
    recovered = door.fill(username=username, code=code, passphrase="other-" + FRESH).press()
    assert recovered.location.startswith("/shown/")


@pytest.mark.parametrize(
    "who", ["facilitator2", "supervisor", "coordinator", "administrator", "counsellor", RANA]
)
def test_everybody_at_the_place_reads_of_it_and_any_may_refuse(
    app, browser, asked, clock, who: str
) -> None:
    colleague = browser.as_(who)
    page = colleague.get("/")
    assert "unless somebody refuses" in page
    page.form("/anew/end").press()
    assert "unless somebody refuses" not in colleague.get("/")
    two_days_later(app, clock)
    assert not enters(browser, FRESH)
    assert enters(browser, browser.staff[RANA].passphrase)
    assert OVER in nobody(browser).get(asked)


@pytest.mark.parametrize("who", ["facilitator3", "coordinator_b", "counsellor_b"])
def test_who_works_elsewhere_neither_reads_of_it_nor_refuses_nor_begins(
    browser, organisation, asked, who: str
) -> None:
    other, uid = browser.as_(who), browser.staff[RANA].uid
    assert "unless somebody refuses" not in other.get("/")
    assert other.post(f"/colleagues/{uid}/anew/end", {}).location == "/problem/404"
    assert other.get(f"/colleagues/{uid}/anew").status in (403, 404)


def test_a_link_works_once_and_for_72_hours(browser, clock) -> None:
    path = link_for(browser.as_("coordinator"))
    clock.forward(hours=72.1)
    assert OVER in nobody(browser).get(path)
    path = link_for(browser.as_("coordinator"))
    set_anew(browser, path)
    again = nobody(browser).post(path, {"passphrase": "quite-other-words-here-instead"})
    assert "انتهت مهلته" in again.follow() or "was used" in again.follow()


def test_a_second_link_puts_the_first_aside(browser) -> None:
    first, second = (link_for(browser.as_("coordinator")) for _time in range(2))
    assert OVER in nobody(browser).get(first)
    assert nobody(browser).get(second).form(second)


def test_a_wrong_passphrase_makes_no_link(browser, organisation) -> None:
    there = f"/colleagues/{browser.staff[RANA].uid}/anew"
    page = browser.as_("coordinator").get(there).form(there).fill(passphrase="wrong").press()
    assert "not your passphrase" in page.follow()
    assert "recovery" not in browser.as_("facilitator2").get("/")


def test_drafts_are_lost_and_signed_notes_are_not(app, browser, organisation, clock) -> None:
    author = "facilitator2"
    set_anew(browser, link_for(browser.as_("coordinator"), author))
    two_days_later(app, clock)
    again = enters(browser, FRESH, author)
    page = again.get(f"/sessions/{organisation.a.meetings[1]}/note")
    assert page.status == 200
    assert not page.root.first("textarea").words
    form = page.form("/note")
    assert form.fill(happened="من جديد").press("Save").status == 303
    assert "تحدّثنا عن البدايات" in browser.as_(RANA).get(f"/notes/{organisation.a.note}")


def test_while_closed_a_recovery_opens_nothing(app, browser, organisation, asked, clock) -> None:
    account = browser.staff[RANA]
    anew = Account(**{**vars(account), "passphrase": FRESH})
    close(browser.as_("coordinator"), RANA)
    two_days_later(app, clock)
    giver = browser.as_("facilitator2")
    give(giver, organisation.a.uid, RANA, passphrase_of(giver))
    assert opened(raw(app), anew) == {}
    open_again(browser.as_("coordinator"), RANA)
    assert ("notes", organisation.a.uid) in opened(raw(app), anew)


def test_whoever_recovers_lifts_nobody_with_the_new_key(
    app, browser, organisation, asked, clock
) -> None:
    close(browser.as_("coordinator"), "facilitator2")
    two_days_later(app, clock)
    rana = enters(browser, FRESH)
    assert "their access is closed" not in rana.get("/")
    open_again(browser.as_("coordinator"), "facilitator2")
    assert opened(raw(app), browser.staff["facilitator2"])


def test_the_only_coordinator_is_said_to_be_so_and_gets_it_back_with_the_printed_key(
    app, browser, organisation, clock
) -> None:
    account = browser.staff["coordinator"]
    administrator = browser.as_("administrator")
    before = opened(raw(app), account)
    assert "open to this colleague alone" in administrator.get(f"/colleagues/{account.uid}/anew")
    set_anew(browser, link_for(administrator, "coordinator"))
    two_days_later(app, clock)
    anew = Account(**{**vars(account), "passphrase": FRESH})
    table = raw(app)
    private_key(table, anew)
    desk = ("desk", organisation.jerusalem)
    assert not opened(table, anew)[desk] & before[desk]  # what is written from now on
    run(app, "staff", "recover", account.username, "--key", organisation.recovery_key)
    assert before[desk] <= opened(raw(app), anew)[desk]


def test_it_stands_in_the_trail(app, browser, asked, clock) -> None:
    two_days_later(app, clock)
    acts = [row.action for row in trail_of(app) if row.action.startswith("recovery")]
    assert acts == ["recovery-begun", "recovery-asked", "recovery-done"]


def test_whoever_left_meanwhile_gets_nothing(app, browser, asked, clock) -> None:
    uid = browser.staff[RANA].uid
    browser.as_("administrator").get(f"/staff/{uid}").form("/end").press()
    two_days_later(app, clock)
    assert not enters(browser, FRESH)


def test_access_is_given_to_the_key_whose_words_were_compared_alone(
    app, browser, organisation, asked, clock
) -> None:
    """The page was opened before the two days were over, and is sent afterwards."""
    uid = browser.staff["two_roles"].uid
    set_anew(browser, link_for(browser.as_("administrator"), "two_roles"))
    giver, there = browser.as_("facilitator2"), f"/access/{organisation.a.uid}/{uid}"
    form = giver.get(there).form(there).fill(passphrase=passphrase_of(giver))
    two_days_later(app, clock)
    again = browser.as_("facilitator2")
    page = again.post(there, {"passphrase": passphrase_of(again), "words": form["words"]})
    assert "compare the words once more" in page.follow()
    anew = Account(**{**vars(browser.staff["two_roles"]), "passphrase": FRESH})
    assert ("notes", organisation.a.uid) not in opened(raw(app), anew)


def test_a_file_is_given_to_the_supervisor_whose_words_were_compared_alone(
    app, browser, organisation, clock
) -> None:
    uid, there = browser.staff["supervisor"].uid, f"/files/{organisation.aid.file}/team"
    set_anew(browser, link_for(browser.as_("administrator"), "supervisor"))
    form = browser.as_("counsellor").get(there).form(there)
    two_days_later(app, clock)
    again = browser.as_("counsellor")
    again.post(there + "/end")
    typed = {"user": uid, "passphrase": passphrase_of(again)}
    page = again.post(there, {**typed, f"words{uid}": form[f"words{uid}"]})
    assert "compare the words once more" in page.follow()
    words = again.get(there).form(there)[f"words{uid}"]
    assert "said=access-given" in again.post(there, {**typed, f"words{uid}": words}).location


def test_who_comes_back_with_the_printed_code_needs_no_other_key_pair(
    app, browser, asked, clock
) -> None:
    door = nobody(browser).get("/recover").form("/recover")
    account = browser.staff[RANA]
    typed = {"username": account.username, "code": account.recovery_code}
    door.fill(**typed, passphrase="other-" + FRESH).press()
    assert "unless somebody refuses" not in browser.as_("facilitator2").get("/")
    two_days_later(app, clock)
    assert not enters(browser, FRESH)
    assert enters(browser, "other-" + FRESH)


@pytest.mark.parametrize("ends", ["account", "role"])
def test_who_may_not_begin_one_any_more_leaves_none_behind(app, browser, clock, ends: str) -> None:
    path = link_for(browser.as_("coordinator"))
    administrator = browser.as_("administrator")
    if ends == "account":
        administrator.post(f"/staff/{browser.staff['coordinator'].uid}/end")
    else:
        set_roles(administrator, "coordinator", "facilitator")
    assert OVER in nobody(browser).get(path)


def test_a_coordinator_of_another_place_begins_none_where_they_only_facilitate(
    browser, organisation
) -> None:
    both = browser.as_("two_roles")
    assert both.get(f"/colleagues/{browser.staff['coordinator_b'].uid}/anew").status == 200
    for who in (RANA, "coordinator"):
        assert both.get(f"/colleagues/{browser.staff[who].uid}/anew").status == 404, who


def test_a_sign_in_of_before_does_not_put_the_old_key_back(
    app, browser, organisation, asked, clock, monkeypatch
) -> None:
    """The two days end while the key of a new passphrase is derived."""
    rana = browser.as_(RANA)
    page = rana.get("/passphrase")
    stretch = signing_in.stretch_new

    def meanwhile(*typed, **more):
        stretched = stretch(*typed, **more)
        uid = browser.staff[RANA].uid
        with app.app_context():
            recovery = db.session.scalars(OF_USER, {"user_uid": uid}).one()
            recovering._take_effect(recovery.uid, uid, at=now())
            db.session.commit()
        return stretched

    monkeypatch.setattr(signing_in, "stretch_new", meanwhile)
    old = browser.staff[RANA].passphrase
    sent = page.form("/passphrase").fill(passphrase=old, new="other-" + FRESH).press()
    assert sent.location.startswith("/sign-in")
    assert enters(browser, FRESH)
    assert not enters(browser, "other-" + FRESH)
