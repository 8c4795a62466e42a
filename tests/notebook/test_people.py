"""The list of people: where they stand, what it is narrowed to; and searching everything one may see."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from app.people.models import Consent
from tests.client import Browser, Page
from tests.organisation import Organisation
from tests.test_queries_per_page import listening
from tests.web.records import rows


def listed(page: Page) -> dict[str, str]:
    """Whom the list shows, with the words of their row."""
    body = page.root.first("tbody")
    found = body.all("tr") if body else []
    return {tr.first("a")["href"].rpartition("/")[2]: tr.words for tr in found}


def looked_for(me: Browser, words: str) -> Page:
    page = me.post("/search", {"q": words}).follow()
    assert not words or words not in page.address
    return page


def found(page: Page) -> set[str]:
    return {a["href"] for a in page.root.first("main").all("a", class_="item")}


def test_the_list_says_where_everybody_stands(browser: Browser, organisation: Organisation) -> None:
    a, aid = organisation.a, organisation.aid
    page = browser.as_("coordinator").get("/people")
    shown = listed(page)
    assert "الزيتون" in shown[a.members[0].uid] and "Last seen" in page
    assert "last seen Tue 17 Nov" in shown[a.members[0].uid]
    assert "waits since" in shown[a.waiting[0].uid] and "الزيتون" in shown[a.waiting[0].uid]
    assert "waits since" in shown[aid.person.uid]
    assert "last seen" not in shown[a.waiting[0].uid]


def test_what_one_does_not_reach_is_not_said(browser: Browser, organisation: Organisation) -> None:
    shown = listed(browser.as_("coordinator_b").get("/people"))
    assert not {m.uid for m in organisation.a.members} & set(shown)


@pytest.mark.parametrize("who", ["in-group", "waiting", "unattended", "ask-again", "not-asked"])
def test_the_list_is_narrowed_to_those_who_are_meant(
    app: Flask, browser: Browser, organisation: Organisation, who: str
) -> None:
    a, aid, me = organisation.a, organisation.aid, browser.as_("coordinator")
    everybody, meant = set(listed(me.get("/people"))), set(listed(me.get(f"/people?who={who}")))
    members = {m.uid for m in a.members}
    waiting = {m.uid for m in (*a.waiting, *a.offered)}
    if who == "in-group":
        assert meant == members
    elif who == "waiting":
        assert meant >= waiting | {aid.person.uid} and not meant & {a.left[0].uid}
    elif who == "unattended":
        assert organisation.candidate.uid in meant and not meant & (members | waiting)
    elif who == "ask-again":
        assert not meant
    else:
        query = select(Consent.person_uid).where(Consent.purpose == "reports")
        asked = {row[0] for row in rows(app, query)}
        assert meant and not meant & asked & _asked_to_be_contacted(app)
    assert meant <= everybody


def _asked_to_be_contacted(app: Flask) -> set[str]:
    query = select(Consent.person_uid).where(Consent.purpose == "contact")
    return {row[0] for row in rows(app, query)}


def test_whoever_waits_longest_stands_first(browser: Browser, organisation: Organisation) -> None:
    order = list(listed(browser.as_("coordinator").get("/people?who=waiting")))
    first, second = (m.uid for m in organisation.a.waiting[:2])
    assert order.index(first) < order.index(second)


def test_a_word_that_the_list_does_not_know_is_passed_over(browser: Browser) -> None:
    me = browser.as_("coordinator")
    assert listed(me.get("/people?who=everyone&place=nowhere")) == listed(me.get("/people"))


def test_a_search_stays_within_what_the_list_was_narrowed_to(
    browser: Browser, organisation: Organisation
) -> None:
    me, member = browser.as_("coordinator"), organisation.a.members[0]
    asked = me.get("/people?who=waiting").form("/people?who=waiting")
    page = asked.fill(q=member.name.split()[0]).press().follow()
    assert "who=waiting" in page.address and member.uid not in listed(page)


@pytest.mark.parametrize("who", ["coordinator", "facilitator1", "counsellor", "supervisor"])
def test_whatever_is_found_opens(browser: Browser, organisation: Organisation, who: str) -> None:
    """By each letter: nothing is shown whose page one may not open."""
    me, seen = browser.as_(who), set[str]()
    for letter in "ايمرنسلتM":
        seen |= found(looked_for(me, letter))
    assert seen, "nothing is found"
    assert {address: me.get(address).status for address in seen} == dict.fromkeys(seen, 200)


def test_a_person_a_group_a_workshop_and_a_code_are_found(
    browser: Browser, organisation: Organisation
) -> None:
    me, member = browser.as_("coordinator"), organisation.a.members[0]
    card = me.get(f"/people/{member.uid}").root.first("h1").first("small").words
    assert f"/people/{member.uid}" in found(looked_for(me, member.name))
    assert f"/people/{member.uid}" in found(looked_for(me, card.lower()))
    assert f"/groups/{organisation.a.uid}" in found(looked_for(me, "زيتون"))
    title = me.get(f"/workshops/{organisation.workshop.uid}").root.first("h1").words
    assert f"/workshops/{organisation.workshop.uid}" in found(looked_for(me, title[:6]))
    assert "Nothing is called so" in looked_for(me, "لا أحد بهذا الاسم")


def test_nobody_finds_people_of_others(browser: Browser, organisation: Organisation) -> None:
    member = organisation.a.members[0]
    for who in ("coordinator_b", "facilitator3", "supervisor"):
        assert f"/people/{member.uid}" not in found(looked_for(browser.as_(who), member.name)), who


def test_an_empty_search_shows_nobody(browser: Browser) -> None:
    assert not found(looked_for(browser.as_("coordinator"), ""))


def test_where_people_stand_takes_three_statements_for_many(
    app: Flask, browser: Browser, organisation: Organisation
) -> None:
    me = browser.as_("coordinator")
    me.get("/people")
    numbers = []
    for address in ("/people", "/people?who=in-group", "/people?who=waiting"):
        with listening(app) as asked:
            assert me.get(address).status == 200
        numbers.append(len(asked.statements))
    assert numbers[1] == numbers[2] == numbers[0] + 1
