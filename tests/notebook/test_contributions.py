"""Features say their own part: to whom, of whom, in which order; nothing is asked for whoever it is not for."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from app.cases import history as cases
from app.clock import day, now
from app.continuation.models import NextStep
from app.extensions import db, new_uid
from app.follow_ups.models import FollowUp
from app.notebook import access, first_hour, history, today
from app.people.rules import Card
from app.policy import ROLES
from app.upkeep import today as upkeep
from app.web.sections import Section
from tests.client import Browser
from tests.organisation import Organisation, viewer
from tests.test_queries_per_page import listening

OF_PEOPLE = [*history.EVENTS, *history.ON_PAGE, *history.COPY]
TELL = [*OF_PEOPLE, *history.FACTS]
OF_FEATURES = [tell for tell in today.CONTRIBUTE if tell is not access.sections]
OF_THE_HOUSE = (upkeep.sections, first_hour.sections)  # which are the administrators'
OF_PARTS = [tell for tell in OF_FEATURES if tell not in OF_THE_HOUSE]


@pytest.fixture
def to_be_asked(app: Flask, organisation: Organisation) -> None:
    """A member of group A who is to be asked again today."""
    member = organisation.a.members[1]
    with app.app_context():
        step = NextStep(membership_uid=member.stay, group_uid=organisation.a.uid)
        step.person_uid, step.choice, step.recorded_at = member.uid, "unsure", now()
        step.recorded_by, step.ask_again_on = organisation.staff["facilitator1"].uid, day(now())
        step.uid = new_uid()
        db.session.add(step)
        db.session.commit()
        db.session.remove()


# What of Today each role is asked for, with or without rows.
OF_ROLE = {
    "administrator": {"upkeep.overdue", "notebook.steps"},
    "coordinator": {
        *("groups.offers", "workshops.offers", "workshops.coming"),
        *("sessions.following", "sessions.unreviewed", "follow_ups.due", "sessions.coming"),
        *("sessions.missed", "requests.first"),
        *("requests.requests", "requests.to_contact", "requests.to_move_on", "continuation.ask"),
    },
    "facilitator": {
        *("workshops.offers", "workshops.coming"),
        *("sessions.following", "sessions.unsigned", "follow_ups.due", "sessions.coming"),
        "sessions.missed",
        "continuation.ask",
    },
    "counsellor": {
        *("requests.referrals", "cases.stopped", "cases.appointments", "cases.without_note"),
    },
    "supervisor": {
        *("sessions.following", "sessions.awaiting", "sessions.coming", "cases.awaiting"),
    },
}


@pytest.mark.parametrize("role", OF_ROLE)
def test_of_today_a_role_is_told_what_it_is_there_for(
    role: str, app: Flask, organisation: Organisation
) -> None:
    with app.test_request_context():
        me = replace(viewer(organisation.staff["coordinator"]), roles=frozenset({role}))
        said = [section for tell in OF_FEATURES for section in tell(me, now())]
    told = {f"{one.template.partition('/')[0]}.{one.macro}" for one in said}
    assert told == OF_ROLE[role], "Say in OF_ROLE, above, which role is told what."


@pytest.mark.parametrize("told", [*OF_FEATURES, *TELL], ids=lambda f: f.__module__)
def test_what_a_viewer_is_not_there_for_is_not_asked(
    told, app: Flask, organisation: Organisation
) -> None:
    of = () if told in OF_FEATURES else (organisation.a.members[0].uid,)
    with app.test_request_context(), listening(app) as asked:
        me = viewer(organisation.staff["coordinator"])
        other = "coordinator" if told in OF_THE_HOUSE else "administrator"
        nobody = replace(me, roles=frozenset({other}))
        asked.statements.clear()
        assert [s for s in told(nobody, *of, now()) if not isinstance(s, Section) or s.rows] == []
    assert not asked.statements


@pytest.mark.parametrize("told", [*OF_PARTS, *OF_PEOPLE], ids=lambda f: f.__module__)
def test_who_has_every_role_and_no_part_is_told_nothing(
    told, app: Flask, organisation: Organisation, to_be_asked: None
) -> None:
    """Whatever keys they hold, and what was theirs once.

    What somebody agreed to is the page's to keep: it asks for the desk alone.
    """
    nobody = organisation.staff["administrator"].uid
    people = [*organisation.a.members, *organisation.a.left, *organisation.aid.people]
    with app.test_request_context():
        me = viewer(organisation.staff["coordinator"])
        stranger = replace(me, uid=nobody, roles=frozenset(ROLES))
        db.session.execute(update(FollowUp).values(owner_uid=nobody))
        asked = [()] if told in OF_PARTS else [(person.uid,) for person in people]
        said = [one for of in asked for one in told(stranger, *of, now())]
    said = [one for one in said if not isinstance(one, Section) or one.rows]
    assert [one for one in said if getattr(one, "drawn_by", "") != "consent_state"] == []


def test_the_calendar_has_the_hours_of_ones_own_alone(
    app: Flask, organisation: Organisation
) -> None:
    span = {"since": now() - timedelta(days=400), "until": now() + timedelta(days=400)}
    with app.app_context():
        for hours in today.HOURS:
            asked = {"me": "stranger00", "parts": " ".join(ROLES)} | span
            assert not db.session.execute(hours, asked).all()


def test_the_desk_copies_no_file_and_is_led_to_the_list(
    app: Flask, organisation: Organisation
) -> None:
    with app.test_request_context():
        me = viewer(organisation.staff["coordinator"])
        people = [person.uid for person in organisation.aid.people]
        copied = [s for uid in people for s in cases.copy(me, uid, now()) if s.macro == "files"]
        files = [event for uid in people for event in cases.events(me, uid, now())]
    assert not any(section.rows for section in copied)
    assert {event.address for event in files} == {"/files"}


def test_a_section_that_shows_people_says_so(
    app: Flask, organisation: Organisation, to_be_asked: None
) -> None:
    shown = {}
    for who in organisation.staff.values():
        with app.test_request_context():
            for tell in OF_FEATURES:
                for section in tell(viewer(who), now()):
                    if isinstance(section.rows, list) and section.rows:
                        said = shown.setdefault((section.template, section.macro), set())
                        said.add((any(map(holds_a_card, section.rows)), section.names_people))
    assert sum({(True, True)} == said for said in shown.values()) >= 5
    assert {shows for said in shown.values() for shows in said} <= {(True, True), (False, False)}


def holds_a_card(row: object) -> bool:
    fields = row if isinstance(row, tuple) else [getattr(row, "card", None)]
    return any(isinstance(one, Card) for one in fields)


def test_what_has_been_is_told_the_latest_first(app: Flask, organisation: Organisation) -> None:
    with app.test_request_context():
        me = viewer(organisation.staff["coordinator"])
        days = [e.at for e in history.events(me, organisation.aid.person.uid, at=now())]
    assert len(days) > 2 and days == sorted(days, reverse=True)


def test_offers_of_groups_and_workshops_stand_under_one_heading(
    browser: Browser, organisation: Organisation
) -> None:
    page = browser.as_("coordinator").get("/")
    headings = [h2.words for h2 in page.root.all("h2")]
    assert headings.count("Offers running out") == 1
    offers = next(
        u for u in page.root.all("ul") if f"/groups/{organisation.a.uid}#" in str(u.all("a"))
    )
    assert len(offers.all("li")) == 2


def test_the_most_urgent_stands_first_whoever_says_it(browser: Browser) -> None:
    """The next session, who waits, what is not written, what runs out, what comes after."""
    page = browser.as_("two_roles").get("/")
    headings = [h2.words for h2 in page.root.first("main").all("h2")]
    assert headings[0] == "Waiting for access"
    assert "Session 7 of 15" in headings[1]
    assert headings[2:] == [
        "First in the queue",
        "Referrals that need you",
        "Missed two in a row",
        "Sessions without a note",
        "Offers running out",
        "Workshops",
        "Coming sessions",
    ]
