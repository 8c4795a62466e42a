"""Whoever has a role and no access yet is told what lacks, who gives it, and the words to compare."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from app.people.models import Person
from app.requests.models import Request
from tests.access.acting import assign, coordinate, end_place, give, set_roles, unassign
from tests.access.told import HEADING, every_page, new_coordinator, told, words_of
from tests.cli.running import run
from tests.client import Browser
from tests.organisation import Organisation
from tests.web.records import number_of, rows

# What an empty list says to those who see everything there is.
EMPTY = ("Nobody waits", "Nobody found", "0 people", "No group yet", "You have no group yet")
EMPTY += ("No referral yet", "No file yet", "No workshop yet", "No session is planned")
OF_THE_DESK = {
    "Today": "/",
    "the people": "/people",
    "adding a person": "/people/new",
    "the requests": "/requests",
    "a request": "/requests/{aid.request}",
    "taking a request": "/requests/new",
    "the referrals": "/letters",
    "a referral": "/letters/{aid.proposed}",
    "the files": "/files",
    "a group": "/groups/{a.uid}",
    "its team": "/groups/{a.uid}/team",
    "whom to enrol": "/groups/{a.uid}/members/new",
    "somebody new in a group": "/groups/{a.uid}/people/new",
    "what comes next": "/groups/{a.uid}/next",
    "a meeting": "/sessions/{a.meetings[7]}",
    "the roll": "/sessions/{a.meetings[7]}/attendance",
    "one by one": "/sessions/{a.meetings[7]}/attendance/one",
    "the sheet": "/sessions/{a.meetings[7]}/sheet?names=yes",
    "a workshop": "/workshops/{workshop.uid}",
    "whom to sign up": "/workshops/{workshop.uid}/sign-ups/new",
    "somebody new at a workshop": "/workshops/{workshop.uid}/sign-ups/person",
    "who came to a workshop": "/workshops/{workshop.uid}/attendance",
    "exporting its list": "/workshops/{workshop.uid}/export",
    "its facilitators": "/workshops/{workshop.uid}/team",
}


@pytest.fixture
def new(browser: Browser, organisation: Organisation) -> Browser:
    """A coordinator of Jerusalem to whom nobody has given its desk."""
    return new_coordinator(browser, organisation, organisation.jerusalem)


@pytest.mark.parametrize("page", OF_THE_DESK)
def test_a_coordinator_without_the_desk_is_told_what_lacks_who_gives_it_and_the_words(
    page: str, new: Browser, organisation: Organisation
) -> None:
    shown = new.get(OF_THE_DESK[page].format(**vars(organisation)))
    assert shown.status == 200
    said = told(shown)
    assert "People and requests · Jerusalem" in said
    assert "Who gives you access: Coordinator " in said
    assert words_of(new) in said
    assert not [sentence for sentence in EMPTY if sentence in shown]


def test_nothing_a_coordinator_without_the_desk_follows_ends_in_a_404(
    new: Browser, organisation: Organisation
) -> None:
    pages = every_page(new)
    assert len(pages) > 40
    assert [address for address, page in pages.items() if page.status == 404] == []
    nameless = [p for p in pages.values() if "Someone" in p.root.first("main").words]
    assert nameless
    assert [page.address for page in nameless if not told(page)] == []


def test_no_page_offers_them_to_do_what_they_could_not_read_afterwards(
    new: Browser, organisation: Organisation
) -> None:
    acts = {form["action"] for p in every_page(new).values() for form in p.root.all("form")}
    kinds = ("/people/", "/requests/", "/letters/", "/members/", "/stays/", "/sign-ups/")
    assert acts
    assert [action for action in acts if any(kind in action for kind in kinds)] == []


def test_with_one_desk_and_not_another_both_truths_are_shown(
    browser: Browser, organisation: Organisation
) -> None:
    coordinate(browser.as_("administrator"), "coordinator_b", organisation.jerusalem)
    me, theirs = browser.as_("coordinator_b"), organisation.candidate
    people = me.get("/people")
    assert organisation.candidate_b.name in people and theirs.name not in people
    assert "Jerusalem" in told(people) and "Ramallah" not in told(people)
    nobody = me.get("/people").form("/people").fill(q="zzz").press().follow()
    assert "Nobody found" in nobody and "Jerusalem" in told(nobody)
    requests = me.get("/requests")
    assert organisation.aid_b.person.name in requests and "Someone" in requests
    assert "Jerusalem" in told(requests)
    adding = me.get("/people/new")
    assert [r["value"] for r in adding.root.all("input", name="site")] == [organisation.ramallah]
    assert "Jerusalem" in told(adding)
    for address in (f"/groups/{organisation.b.uid}", f"/people/{organisation.candidate_b.uid}"):
        assert told(me.get(address)) == "", "Nothing lacks here."


def test_they_learn_no_name_and_of_no_place_that_is_not_theirs(
    new: Browser, organisation: Organisation
) -> None:
    o = organisation
    hidden = [m.name for m in (*o.a.members, *o.a.waiting, o.candidate, o.candidate_b)]
    said = [told(page) for page in every_page(new).values()]
    assert any(said)
    for word in (*hidden, "Ramallah", "Coordinator b", "Two roles"):
        assert not [one for one in said if word in one], word


def test_adding_a_person_by_hand_is_refused_with_what_was_typed_kept(
    app: Flask, new: Browser, organisation: Organisation
) -> None:
    before = number_of(app, Person)
    page = new.post("/people/new", {"name": "بداية", "site": organisation.jerusalem}).follow()
    assert page.status == 422
    assert "Wait until a colleague has given you access to this place." in page
    assert page.form("/people/new")["name"] == "بداية"
    assert words_of(new) in told(page)
    assert number_of(app, Person) == before


@pytest.mark.parametrize(
    ("address", "typed"),
    [
        ("/requests/new", {"name": "بداية", "site": "{jerusalem}", "owner": ""}),
        ("/groups/{a.uid}/people/new", {"name": "بداية", "as": "waiting"}),
        ("/workshops/{workshop.uid}/sign-ups/person", {"name": "بداية"}),
        ("/groups/{a.uid}/team", {"user": "{user}", "part": "facilitator"}),
        ("/workshops/{workshop.uid}/team", {"user": "{user}"}),
    ],
)
def test_what_cannot_work_without_the_key_ends_in_a_clear_message(
    app: Flask, new: Browser, organisation: Organisation, address: str, typed: dict[str, str]
) -> None:
    ids = vars(organisation) | {"user": organisation.staff["facilitator3"].uid}
    before = number_of(app, Person), number_of(app, Request)
    sent = {name: value.format(**ids) for name, value in typed.items()}
    page = new.post(address.format(**ids), sent).follow()
    assert page.status == 422
    assert "Wait until a colleague has given you access" in page
    assert "Jerusalem" in told(page)
    if "name" in sent:
        assert page.root.first("input", name="name")["value"] == "بداية"
    assert (number_of(app, Person), number_of(app, Request)) == before


def test_a_request_that_they_cannot_read_is_neither_moved_nor_closed(
    app: Flask, new: Browser, organisation: Organisation
) -> None:
    there = f"/requests/{organisation.aid.request}"
    for act in ("", "/closing", "/placement", "/answer"):
        assert (
            new.post(there + act, {"urgency": "urgent", "reason": "x"}).location == "/problem/404"
        )
    assert not rows(app, select(Request.ended_at).where(Request.uid == organisation.aid.request))[0]


def test_once_it_is_given_nothing_more_is_said(
    browser: Browser, new: Browser, organisation: Organisation
) -> None:
    giver = browser.as_("coordinator")
    passphrase = organisation.staff["coordinator"].passphrase
    give(giver, organisation.jerusalem, "counsellor_b", passphrase)
    assert not [page.address for page in every_page(new).values() if told(page)]
    page = new.get("/people/new").form("/people/new").fill(name="بداية").press().follow()
    assert "The person was added." in page and "بداية" in page


@pytest.mark.parametrize(
    "search", ["/people", "/groups/{a.uid}/members/new", "/workshops/{workshop.uid}/sign-ups/new"]
)
def test_a_region_that_is_sent_alone_does_not_say_that_nobody_was_found(
    new: Browser, organisation: Organisation, search: str
) -> None:
    region = new.post(search.format(**vars(organisation)), {"q": "س"}, htmx="found")
    assert region.status == 200
    assert not [sentence for sentence in EMPTY if sentence in region]


@pytest.mark.parametrize(
    "address",
    [
        *("/", "/people", "/people/new", "/requests", "/requests/answered", "/requests/new"),
        *("/letters", "/files", "/groups", "/groups/new", "/workshops", "/workshops/new"),
    ],
)
def test_a_coordinator_of_no_place_is_told_so_wherever_that_leaves_nothing(
    browser: Browser, organisation: Organisation, address: str
) -> None:
    me = new_coordinator(browser, organisation)
    page = me.get(address)
    said = told(page)
    assert "You coordinate no place yet." in said
    assert "Who assigns: Administrator" in said
    assert words_of(me) in said
    assert not [sentence for sentence in EMPTY if sentence in page]


@pytest.mark.parametrize("role", ["facilitator", "supervisor"])
@pytest.mark.parametrize("address", ["/", "/groups"])
def test_who_has_no_group_is_told_that_coordinators_assign_them_and_nobodys_name(
    browser: Browser, organisation: Organisation, role: str, address: str
) -> None:
    set_roles(browser.as_("administrator"), "counsellor_b", role)
    me = browser.as_("counsellor_b")
    said = told(me.get(address))
    assert said.startswith(f"{HEADING} You have no group yet. A coordinator assigns them.")
    assert words_of(me) in said
    assert "Coordinator b" not in said and "Two roles" not in said


def test_whoever_has_everything_or_needs_nothing_is_told_nothing(
    browser: Browser, organisation: Organisation
) -> None:
    for who in ("administrator", "coordinator", "coordinator_b", "facilitator1", "counsellor"):
        assert told(browser.as_(who).get("/")) == "", who
    set_roles(browser.as_("administrator"), "facilitator3", "counsellor")
    assert told(browser.as_("facilitator3").get("/")) == "", (
        "A counsellor without files lacks nothing."
    )


def test_a_facilitator_without_the_notes_is_told_on_today_and_where_they_stay_closed(
    browser: Browser, organisation: Organisation
) -> None:
    me, a = browser.as_("two_roles"), organisation.a
    for address in ("/", f"/notes/{a.note}", f"/sessions/{a.meetings[1]}/note"):
        said = told(me.get(address))
        assert "Session notes · الزيتون" in said, address
        assert "Who gives you access: Facilitator1, Facilitator2, Supervisor " in said
        assert words_of(me) in said
    assert told(me.get(f"/groups/{a.uid}")) == "", "The members are open to them."
    give(browser.as_("supervisor"), a.uid, "two_roles", organisation.staff["supervisor"].passphrase)
    assert told(me.get("/")) == "" == told(me.get(f"/notes/{a.note}"))


def test_a_supervisor_who_was_assigned_is_told_who_gives_the_notes(
    browser: Browser, organisation: Organisation
) -> None:
    set_roles(browser.as_("administrator"), "counsellor_b", "supervisor")
    assign(browser.as_("coordinator"), organisation.a.uid, "counsellor_b", "supervisor")
    me = browser.as_("counsellor_b")
    for address in ("/", f"/notes/{organisation.a.note}"):
        assert "Session notes · الزيتون" in told(me.get(address))
        assert "Facilitator1" in told(me.get(address))


def test_a_key_that_nobody_holds_any_more_comes_back_through_the_administrators(
    app: Flask, browser: Browser, new: Browser, organisation: Organisation
) -> None:
    end_place(browser.as_("administrator"), "coordinator", "Jerusalem")
    for address in ("/", "/people"):
        said = told(new.get(address))
        assert "People and requests · Jerusalem" in said
        assert "No colleague holds it any more." in said and "staff recover" in said
        assert "Who gives you access" not in said
    run(app, "staff", "recover", "counsellor-b", "--key", organisation.recovery_key)
    assert told(new.get("/")) == "" == told(new.get("/people"))


def test_who_came_after_the_last_one_is_told_that_what_was_before_is_closed_to_them(
    browser: Browser, organisation: Organisation
) -> None:
    for who in ("facilitator1", "facilitator2", "two_roles", "supervisor"):
        unassign(browser.as_("coordinator"), organisation.a.uid, who)
    assign(browser.as_("coordinator"), organisation.a.uid, "facilitator3")
    me = browser.as_("facilitator3")
    for address in ("/", f"/notes/{organisation.a.note}"):
        said = told(me.get(address))
        assert "Session notes · الزيتون (what is from before you were assigned)" in said
        assert "staff recover" in said
