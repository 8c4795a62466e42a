"""Closing somebody's access: nothing opens for them, with any key, until a colleague lifts it and sees nothing."""

from __future__ import annotations

import re

from flask import Flask

from app.accounts import rules
from app.accounts.models import User
from app.extensions import db
from app.vault import envelope
from tests.access.acting import assign, give, passphrase_of, set_roles, unassign
from tests.access.closing import close, enter, nobody, open_again
from tests.access.opening import opened, raw
from tests.cli.running import run
from tests.records import attempts

RANA = "facilitator1"
# Addresses that ask for no permission: the door, what is empty, what is for the public.
OPEN_TO_ALL = re.compile(
    r"/(static|healthz|sign-in|turn|locked|away|problem|join|recover|open|code|anew|calendar/<secret>)"
)


def test_with_the_next_request_it_is_as_if_the_sign_in_had_ended(browser, organisation) -> None:
    rana, phone = browser.as_(RANA), f"/sessions/{organisation.a.meetings[6]}"
    assert rana.get(phone).status == 200
    assert close(browser.as_("coordinator"), RANA).status == 303
    assert rana.get(phone).location.startswith("/sign-in")
    tap = {organisation.a.members[0].stay: "present"}
    assert rana.post(f"{phone}/attendance", tap, htmx="tally").status == 401


def test_signing_in_works_and_shows_more_alone(app, browser, organisation) -> None:
    close(browser.as_("coordinator"), RANA)
    rana = nobody(browser)
    assert enter(rana, organisation, RANA).status == 303
    assert rana.get("/").location == "/more"
    more = rana.get("/more")
    assert more.status == 200
    links = {a["href"] for a in more.root.all("a") if a["href"].startswith("/")}
    assert links <= {"/more", "/locked"}
    for rule in sorted({rule.rule for rule in app.url_map.iter_rules() if "GET" in rule.methods}):
        if OPEN_TO_ALL.match(rule) or rule in ("/", "/more"):
            continue
        for attempt in attempts(app, "GET", rule, organisation).get("own", []):
            assert rana.get(attempt.address).status == 404, rule
            assert rana.get(attempt.address, htmx="x").status == 401, rule


def test_whatever_is_sent_meanwhile_changes_nothing(app, browser, organisation) -> None:
    close(browser.as_("coordinator"), RANA)
    rana = nobody(browser)
    enter(rana, organisation, RANA)
    for rule in sorted({rule.rule for rule in app.url_map.iter_rules() if "POST" in rule.methods}):
        if OPEN_TO_ALL.match(rule) or rule in ("/sign-out", "/leave"):
            continue
        for attempt in attempts(app, "POST", rule, organisation).get("own", []):
            page = rana.post(attempt.address, attempt.typed)
            assert page.location == "/problem/404", rule
    assert rana.get("/more").status == 200


def test_nothing_there_tells_that_somebody_closed_it(browser, organisation) -> None:
    close(browser.as_("coordinator"), RANA)
    rana = nobody(browser)
    enter(rana, organisation, RANA)
    for address in ("/more", "/groups", "/problem/404"):
        words = rana.get(address).words.lower()
        assert not re.search(r"clos|checkpoint|paus|colleague|coordinator", words), address


def test_with_database_passphrase_and_code_nothing_opens(app, browser, organisation) -> None:
    account = organisation.staff[RANA]
    before = opened(raw(app), account)
    assert {kind for kind, _of in before} == {"own", "notes", "roster"}
    close(browser.as_("coordinator"), RANA)
    table = raw(app)
    assert opened(table, account) == {}
    with app.app_context():
        user = db.session.get_one(User, account.uid)
        code = rules.key_of_recovery_code(account.recovery_code)
        private = envelope.unseal(
            code, user.private_key_for_recovery, rules.recovery_place(user.uid)
        )
        db.session.remove()
    assert private  # the code opens the same key, which opens nothing
    open_again(browser.as_("coordinator"), RANA)
    assert opened(raw(app), account) == before


def test_whoever_lifts_it_opens_no_more_than_before(app, browser, organisation) -> None:
    lifter = organisation.staff["facilitator2"]
    before = opened(raw(app), lifter)
    close(browser.as_("coordinator"), RANA)
    assert opened(raw(app), lifter) == before
    assert open_again(browser.as_("facilitator2"), RANA).location.startswith("/colleagues")
    assert opened(raw(app), lifter) == before
    rana = nobody(browser)
    enter(rana, organisation, RANA)
    assert "تحدّثنا عن البدايات" in rana.get(f"/notes/{organisation.a.note}")


def test_a_wrong_passphrase_lifts_nothing(app, browser, organisation) -> None:
    close(browser.as_("coordinator"), RANA)
    there = f"/colleagues/{organisation.staff[RANA].uid}/resumption"
    page = browser.as_("facilitator2").get(there)
    refused = page.form(there).fill(passphrase="not this one").press().follow()
    assert "not your passphrase" in refused
    assert opened(raw(app), organisation.staff[RANA]) == {}


def test_one_closes_ones_own_and_cannot_open_it_again(app, browser, organisation) -> None:
    rana = browser.as_(RANA)
    page = rana.get("/pause")
    assert "Coordinator" in page
    assert page.form("/pause").press().location.startswith("/sign-in")
    assert rana.get("/more").location.startswith("/sign-in")
    assert opened(raw(app), organisation.staff[RANA]) == {}
    again = nobody(browser)
    enter(again, organisation, RANA)
    there = f"/colleagues/{organisation.staff[RANA].uid}/resumption"
    assert again.post(there, {"passphrase": passphrase_of(browser.as_(RANA))}).location == (
        "/problem/404"
    )


def test_those_who_may_lift_it_read_so_on_today_and_others_do_not(browser, organisation) -> None:
    close(browser.as_("coordinator"), RANA)
    for who in ("coordinator", "facilitator2", "supervisor", "two_roles"):
        assert "their access is closed" in browser.as_(who).get("/"), who
    for who in ("coordinator_b", "facilitator3", "administrator"):
        assert "their access is closed" not in browser.as_(who).get("/"), who


def test_only_those_who_work_at_the_same_place_close_or_lift(app, browser, organisation) -> None:
    uid = organisation.staff[RANA].uid
    for who in ("facilitator3", "coordinator_b", "counsellor_b"):
        other = browser.as_(who)
        assert other.post(f"/colleagues/{uid}/pause", {}).location == "/problem/404", who
        assert other.get(f"/colleagues/{uid}/resumption").status == 404, who
    for who in ("supervisor", "counsellor", "administrator", "facilitator2"):
        assert f"/colleagues/{uid}/pause" in browser.as_(who).get("/colleagues").text, who
    close(browser.as_("administrator"), RANA)
    there = f"/colleagues/{uid}/resumption"
    administrator = browser.as_("administrator")
    page = administrator.post(there, {"passphrase": passphrase_of(administrator)})
    assert "cannot open this again" in page.follow()
    assert opened(raw(app), organisation.staff[RANA]) == {}


def test_what_is_given_meanwhile_opens_once_it_is_lifted(app, browser, organisation) -> None:
    """A new version of a key, and something new: both go to somebody who is closed, and stay closed."""
    account, coordinator = organisation.staff[RANA], browser.as_("coordinator")
    close(coordinator, RANA)
    unassign(coordinator, organisation.a.uid, "facilitator2")
    assign(coordinator, organisation.planned.uid, RANA)
    assert opened(raw(app), account) == {}
    open_again(coordinator, RANA)
    after = opened(raw(app), account)
    assert len(after["notes", organisation.a.uid]) == 2
    assert ("roster", organisation.planned.uid) in after


def test_access_is_not_given_around_it(app, browser, organisation) -> None:
    """Somebody who waits for the notes is closed: who gives them meanwhile changes nothing."""
    account = organisation.staff["two_roles"]
    close(browser.as_("coordinator"), "two_roles")
    giver = browser.as_(RANA)
    give(giver, organisation.a.uid, "two_roles", passphrase_of(giver))
    assert opened(raw(app), account) == {}
    open_again(browser.as_(RANA), "two_roles")
    assert ("notes", organisation.a.uid) in opened(raw(app), account)


def test_a_lifter_who_is_closed_lifts_nothing(app, browser, organisation) -> None:
    both = (organisation.staff[RANA], organisation.staff["facilitator2"])
    close(browser.as_("coordinator"), RANA)
    close(browser.as_("coordinator"), "facilitator2")
    table = raw(app)
    assert [opened(table, one) for one in both] == [{}, {}]
    lifter = nobody(browser)
    enter(lifter, organisation, "facilitator2")
    there = f"/colleagues/{organisation.staff[RANA].uid}/resumption"
    assert lifter.get(there).status == 404
    open_again(browser.as_("coordinator"), "facilitator2")
    assert open_again(browser.as_("facilitator2"), RANA).location.startswith("/colleagues")
    assert opened(raw(app), organisation.staff[RANA])


def test_the_calendar_stops_and_goes_on_again(browser, organisation) -> None:
    rana = browser.as_(RANA)
    page = rana.get("/calendar").form("/calendar/on").press().follow()
    (address,) = re.findall(r"/calendar/[\w-]+\.ics", page.text)
    assert rana.get(address).status == 200
    close(browser.as_("coordinator"), RANA)
    assert nobody(browser).get(address).status == 404
    open_again(browser.as_("coordinator"), RANA)
    assert nobody(browser).get(address).status == 200


def test_where_nobody_is_left_the_printed_recovery_key_lifts_it(
    app: Flask, browser, organisation
) -> None:
    administrator = browser.as_("administrator")
    page = administrator.get("/pause")
    assert "only the organisation’s printed recovery key" in page
    page.form("/pause").press()
    account = organisation.staff["administrator"]
    assert opened(raw(app), account) == {}
    wrong = run(app, "staff", "reopen", account.username, "--key", "AAAA-BBBB")
    assert wrong.exit_code == 1
    assert opened(raw(app), account) == {}
    right = run(app, "staff", "reopen", account.username, "--key", organisation.recovery_key)
    assert right.exit_code == 0, right.output
    assert opened(raw(app), account)


def test_who_may_lift_it_can_although_they_work_together_no_more(
    app, browser, organisation
) -> None:
    coordinator = browser.as_("coordinator")
    close(coordinator, RANA)
    set_roles(browser.as_("administrator"), RANA, "supervisor")
    browser.as_("administrator").post(f"/staff/{organisation.staff['coordinator'].uid}/end")
    uid = organisation.staff[RANA].uid
    assert uid not in browser.as_("facilitator2").get("/colleagues").text
    assert open_again(browser.as_("facilitator2"), RANA).location.startswith("/colleagues")
    assert ("own", uid) in opened(raw(app), organisation.staff[RANA])


def test_the_printed_code_stays_what_it_was_while_it_could_not_be_shown(
    app, browser, organisation
) -> None:
    """Somebody is made to show that the paper opens nothing: it opens as before once it is lifted."""
    account = organisation.staff[RANA]
    close(browser.as_("coordinator"), RANA)
    for passphrase in ("velvet-gargle-canteen-scarf-quiver", "quiver-scarf-canteen-gargle-velvet"):
        door = nobody(browser).get("/recover").form("/recover")
        typed = {"username": account.username, "code": account.recovery_code}
        page = door.fill(**typed, passphrase=passphrase).press()
        assert page.location == "/"
        assert page.follow().location == "/more"


def test_with_a_phone_found_open_nobody_closes_a_whole_place(app, browser, organisation) -> None:
    found = browser.as_(RANA)
    for who in ("coordinator", "facilitator2"):
        close(found, who)
    asked = close(found, "supervisor")
    assert asked.location.endswith("/pause")
    assert opened(raw(app), organisation.staff["supervisor"])
    form = asked.follow().form("/pause")
    assert "not your passphrase" in form.fill(passphrase="guessed").press().follow()
    assert opened(raw(app), organisation.staff["supervisor"])
    form.fill(passphrase=passphrase_of(found)).press()
    assert opened(raw(app), organisation.staff["supervisor"]) == {}
