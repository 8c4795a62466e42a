"""The frame of every page: five words on a phone, at a desk every place with what waits there; Today's two columns."""

from __future__ import annotations

import random
import re
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import delete, func, select

from app.clock import day, now
from app.extensions import db
from app.groups.models import Membership
from app.requests.models import Request
from app.sessions import rules, today
from app.sessions.models import MARKS, Attendance, GroupSession
from tests.client import Browser, Page
from tests.organisation import Organisation, viewer


def column(page: Page) -> dict[str, int]:
    """Each place of the side column, with how many things are said to wait there."""
    links = page.root.first("nav").all("a")
    parts = [re.fullmatch(r"(.*?)(?: ?([0-9]+))?", link.words) for link in links]
    return {part[1]: int(part[2] or 0) for part in parts}


@pytest.mark.parametrize(
    ("who", "in_bar", "beside"),
    [
        (
            "coordinator",
            "Today Groups People Workshops More",
            ["Week", "Requests", "Referrals", "Files", "Reports", "Bring in spreadsheets"],
        ),
        (
            "administrator",
            "Today More",
            [
                "Reports",
                "Staff",
                "Places of the organisation",
                "Access log",
                "How long things are kept",
            ],
        ),
        ("supervisor", "Today Groups More", ["Week", "Files"]),
        ("facilitator1", "Today Groups Workshops More", ["Week"]),
        ("counsellor", "Today Files More", ["Week", "Referrals"]),
    ],
)
def test_a_phone_has_five_words_and_a_desk_every_place(
    browser: Browser, who: str, in_bar: str, beside: list[str]
) -> None:
    me = browser.as_(who)
    page = me.get("/")
    links = page.root.first("nav").all("a")
    pictured = {link["href"] for link in links if link.first("svg")}
    named = dict(zip((link["href"] for link in links), column(page), strict=True))
    assert [named[to] for to in named if to in pictured] == in_bar.split()
    assert [named[to] for to in named if to not in pictured] == beside
    assert {me.get(to).status for to in named} == {200}


@pytest.mark.parametrize(
    ("who", "beneath"),
    [
        ("coordinator", ["Reports", "Bring in spreadsheets", "More"]),
        (
            "administrator",
            [
                *("Reports", "Staff", "Places of the organisation", "Access log"),
                *("How long things are kept", "More"),
            ],
        ),
        ("counsellor", []),
        ("facilitator1", []),
    ],
)
def test_reports_stand_under_the_organisation(
    browser: Browser, who: str, beneath: list[str]
) -> None:
    stands = [node.words for node in browser.as_(who).get("/").root.first("nav").all("a", "p")]
    heading = stands.index("The organisation") if beneath else len(stands)
    assert stands[heading + 1 :] == beneath
    assert "The organisation" not in stands[:heading]


@pytest.mark.parametrize("address", ["/", "/requests", "/letters", "/people", "/files", "/more"])
def test_one_place_is_said_to_be_the_present_one(browser: Browser, address: str) -> None:
    links = browser.as_("coordinator").get(address).root.first("nav").all("a")
    assert [a["href"] for a in links if a.get("aria-current") == "page"] == [address]


def test_the_column_says_how_many_wait_where(
    app: Flask, browser: Browser, organisation: Organisation
) -> None:
    me, other = browser.as_("coordinator"), browser.as_("coordinator_b")
    before, of_other = column(me.get("/")), column(other.get("/"))
    with app.app_context():
        number = db.session.scalar(
            select(func.count(Request.uid)).where(
                Request.site_uid == organisation.jerusalem, Request.ended_at.is_(None)
            )
        )
        db.session.remove()
    assert before["Requests"] == number > 0
    me.get(f"/requests/{organisation.aid.request}")
    me.post(f"/requests/{organisation.aid.request}/closing")
    assert column(me.get("/"))["Requests"] == number - 1
    assert column(other.get("/")) == of_other


def test_a_counsellor_is_told_of_what_was_sent_to_them(browser: Browser) -> None:
    page = browser.as_("counsellor").get("/")
    rows = page.root.first("div", class_="answer").all("a", class_="item")
    sent = [a for a in rows if a["href"].startswith("/letters/")]
    assert column(page)["Referrals"] == len(sent) > 0


def test_today_says_what_to_answer_beside_what_comes(browser: Browser) -> None:
    columns = browser.as_("two_roles").get("/").root.first("div", class_="cols")
    following, to_answer, later = [part for part in columns.all("div") if part.parent is columns]
    assert "Session 7 of 15" in following.words
    assert "Referrals that need you" in to_answer.words
    assert "Coming sessions" in later.words and "Coming sessions" not in to_answer.words


def test_the_first_of_the_queue_stands_on_today(browser: Browser) -> None:
    me = browser.as_("coordinator")
    in_queue = [a["href"] for a in me.get("/requests").root.first("main").all("a", class_="item")]
    on_today = [a["href"] for a in me.get("/").root.first("main").all("a", class_="item")]
    assert [to for to in on_today if to in in_queue][:3] == in_queue[:3]


def marked(organisation: Organisation, marks: dict[str, list[str | None]]) -> None:
    """These marks, of each stay, at the past meetings of group A; no others."""
    past = db.session.scalars(
        select(GroupSession)
        .where(GroupSession.group_uid == organisation.a.uid, GroupSession.starts_at < now())
        .order_by(GroupSession.on)
    ).all()
    db.session.execute(delete(Attendance))
    for stay, given in marks.items():
        for meeting, mark in zip(reversed(past), reversed(given), strict=False):
            if mark:
                made = Attendance(session_uid=meeting.uid, membership_uid=stay, mark=mark)
                made.marked_by, made.marked_at = organisation.staff["facilitator1"].uid, now()
                db.session.add(made)
    db.session.commit()


def said_to_have_missed(organisation: Organisation, who: str = "facilitator1") -> set[str]:
    """Whom Today names as absent two times in a row."""
    me = viewer(organisation.staff[who])
    asked = today.sections(replace(me, roles=frozenset(organisation.staff[who].roles)), now())
    return {m.person_uid for s in asked if s.macro == "missed" for m in s.rows}


def test_who_missed_two_in_a_row_is_found_as_the_rule_says(
    app: Flask, organisation: Organisation
) -> None:
    dice, found = random.Random(15), set()
    members = organisation.a.members
    for _ in range(40):
        marks = {
            member.stay: dice.choices([*MARKS, "absent", None], k=dice.randint(0, 5))
            for member in members
        }
        with app.test_request_context():
            marked(organisation, marks)
            missed = {m.uid for m in members if rules.missed_two_in_a_row(marks[m.stay])}
            assert said_to_have_missed(organisation) == missed
            assert said_to_have_missed(organisation, "coordinator") == missed
            assert said_to_have_missed(organisation, "facilitator3") == set()
            db.session.remove()
        found |= missed
    assert found


def test_nobody_is_asked_about_who_left_or_whose_group_paused(
    app: Flask, clock, organisation: Organisation
) -> None:
    member = organisation.a.members[0]
    with app.test_request_context():
        marked(organisation, {member.stay: ["absent", "absent"]})
        assert said_to_have_missed(organisation) == {member.uid}
        stay = db.session.get_one(Membership, member.stay)
        stay.ended_as, stay.ended_on = "left", day(now())
        db.session.flush()
        assert said_to_have_missed(organisation) == set()
        db.session.rollback()
        clock.forward(days=40)
        assert said_to_have_missed(organisation) == set()
        db.session.remove()
