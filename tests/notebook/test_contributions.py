"""Features say their own part: none is forgotten, none asks for what its viewer is not there for."""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from datetime import timedelta
from importlib import import_module
from types import ModuleType

import pytest
from flask import Flask
from sqlalchemy import inspect, update
from sqlalchemy.dialects import postgresql

from app.clock import day, now
from app.continuation.models import NextStep
from app.extensions import Model, db, new_uid
from app.notebook import access, endings, history, today
from app.people.models import Person
from app.people.rules import Card
from app.policy import ROLES
from app.sessions.models import FollowUp
from app.support import history as support
from app.web.sections import Section
from tests.client import Browser
from tests.organisation import Organisation, viewer
from tests.source import APP, ROOT, TEMPLATES, modules
from tests.test_queries_per_page import listening

TELL = [*history.EVENTS, *history.ON_PAGE, *history.FACTS, *history.COPY]
OF_FEATURES = [tell for tell in today.CONTRIBUTE if tell is not access.sections]
# Rows about a person that stand on their page anyway: their card and their consents.
SAID_BY_THE_PAGE = {"people"}
# Where contributions are gathered, and where the form of an ending stands.
NO_FEATURES = {"notebook", "assignments"}


def contributions(name: str) -> list[ModuleType]:
    """The modules of that name in the features."""
    return [
        import_module(f"app.{path.parent.name}.{name}")
        for path in sorted(APP.glob(f"*/{name}.py"))
        if path.parent.name not in NO_FEATURES
    ]


def test_a_feature_with_rows_about_people_tells_their_history() -> None:
    people = Person.__table__
    about = {
        mapper.class_.__module__.split(".")[1]
        for mapper in Model.registry.mappers
        for column in inspect(mapper.class_).columns
        if any(key.column.table is people for key in column.foreign_keys)
    }
    assert {"groups", "workshops"} <= about, "The test reads no foreign keys any more."
    silent = about - SAID_BY_THE_PAGE - {told.__module__.split(".")[1] for told in TELL}
    assert not silent, (
        "Rows about people of which their page says nothing: write history.py there, and list it "
        f"in app/notebook/history.py. {silent}"
    )


def test_whatever_a_feature_says_somebody_lists() -> None:
    listed = {*today.CONTRIBUTE, *today.FIRST, *TELL, *endings.CONTACT}
    unlisted = [
        f"{module.__name__}.{name}"
        for kind in ("today", "history", "endings")
        for module in contributions(kind)
        for name, said in vars(module).items()
        if getattr(said, "__module__", "") == module.__name__
        and callable(said)
        and not isinstance(said, type)
        and not name.startswith("_")
        and said not in listed
        and said not in {ending.end for ending in endings.PARTS}
    ]
    assert not unlisted, f"Nobody asks for it: list it in app/notebook/. {unlisted}"
    hours = {id(m.HOURS) for m in contributions("today") if hasattr(m, "HOURS")}
    assert hours == {id(statement) for statement in today.HOURS}
    parts = {m.PART for m in contributions("endings") if hasattr(m, "PART")}
    assert parts == set(endings.PARTS)


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
    "administrator": set(),
    "coordinator": {
        *("groups.offers", "workshops.offers", "workshops.coming"),
        *("sessions.following", "sessions.unreviewed", "sessions.follow_ups", "sessions.coming"),
        *("support.requests", "support.to_contact", "support.to_move_on", "continuation.ask"),
    },
    "facilitator": {
        *("workshops.offers", "workshops.coming"),
        *("sessions.following", "sessions.unsigned", "sessions.follow_ups", "sessions.coming"),
        "continuation.ask",
    },
    "counsellor": {
        *("support.referrals", "support.stopped", "support.appointments", "support.without_note"),
    },
    "supervisor": {
        *("sessions.following", "sessions.awaiting", "sessions.coming", "support.awaiting"),
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
    assert told == OF_ROLE[role]


@pytest.mark.parametrize("told", [*OF_FEATURES, *TELL], ids=lambda f: f.__module__)
def test_what_a_viewer_is_not_there_for_is_not_asked(
    told, app: Flask, organisation: Organisation
) -> None:
    of = () if told in OF_FEATURES else (organisation.a.members[0].uid,)
    with app.test_request_context(), listening(app) as asked:
        me = viewer(organisation.staff["coordinator"])
        nobody = replace(me, roles=frozenset({"administrator"}))
        asked.statements.clear()
        assert [s for s in told(nobody, *of, now()) if not isinstance(s, Section) or s.rows] == []
    assert not asked.statements


@pytest.mark.parametrize("told", [*OF_FEATURES, *TELL], ids=lambda f: f.__module__)
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
        asked = [()] if told in OF_FEATURES else [(person.uid,) for person in people]
        said = [one for of in asked for one in told(stranger, *of, now())]
    said = [one for one in said if not (isinstance(one, Section) and not one.rows)]
    assert [one for one in said if getattr(one, "drawn_by", "") != "consent_state"] == [] or (
        told in history.FACTS
    )


def test_the_calendar_has_the_hours_of_ones_own_alone(
    app: Flask, organisation: Organisation
) -> None:
    span = {"since": now() - timedelta(days=400), "until": now() + timedelta(days=400)}
    with app.app_context():
        for hours in today.HOURS:
            asked = {"me": "stranger00", "parts": ROLES} | span
            assert not db.session.execute(hours, asked).all()


def test_the_desk_copies_no_file_and_is_led_to_the_list(
    app: Flask, organisation: Organisation
) -> None:
    with app.test_request_context():
        me = viewer(organisation.staff["coordinator"])
        for person in organisation.aid.people:
            copied = {s.macro: s.rows for s in support.copy(me, person.uid, now())}
            assert copied["files"] == []
            for event in support.events_of_files(me, person.uid, now()):
                assert event.address == "/files"


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
    assert not {
        section: said for section, said in shown.items() if said - {(True,) * 2, (False,) * 2}
    }


def holds_a_card(row: object) -> bool:
    fields = row if isinstance(row, tuple) else [getattr(row, "card", None)]
    return any(isinstance(one, Card) for one in fields)


def test_what_has_been_is_told_the_latest_first(app: Flask, organisation: Organisation) -> None:
    with app.test_request_context():
        me = viewer(organisation.staff["coordinator"])
        days = [e.at for e in history.events(me, organisation.aid.person.uid, at=now())]
    assert len(days) > 2 and days == sorted(days, reverse=True)


def test_what_a_colleague_has_a_part_in_is_locked_from_above() -> None:
    """The group, the workshop, the referral, its file; rows of one kind always in the same order."""
    tables = [query.get_final_froms()[0].name for query in endings.LOCKED_FIRST]
    assert tables == ["groups", "workshops", "referrals", "cases"]
    for query in endings.LOCKED_FIRST:
        text = str(query.compile(dialect=postgresql.dialect()))
        assert "ORDER BY" in text and text.endswith("FOR UPDATE")


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
        "Referrals that need you",
        "Sessions without a note",
        "Offers running out",
        "Workshops",
        "Coming sessions",
    ]


def test_how_a_state_is_said_stands_among_the_macros() -> None:
    said = {
        node.value
        for module in modules("*/history.py")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Constant) and str(node.value).endswith("_state")
    }
    assert len(said) > 5
    macros = set(re.findall(r"macro (\w+)\(", (TEMPLATES / "_macros.html").read_text()))
    assert not said - macros, "An event is drawn by a macro of templates/_macros.html."


def test_whatever_is_written_down_has_words_in_the_access_log() -> None:
    words = set(re.findall(r"'([\w-]+)': _\(", (TEMPLATES / "notebook/_acts.html").read_text()))
    written = {
        call.args[0].value: f"{module.name}:{call.lineno}"
        for module in modules()
        for name, call in module.calls()
        if name in ("trail.record", "trail.saw") and isinstance(call.args[0], ast.Constant)
    }
    assert len(written) > 50
    silent = {where: act for act, where in written.items() if act not in words}
    assert not silent, f"Say it in templates/notebook/_acts.html. {silent}"


FILE = re.compile(r"`((?:app|templates|tests|docs)/[\w./-]*)`")
HOW_TO = (ROOT / "docs/ARCHITECTURE.md").read_text().partition("## Add a feature")[2]


def test_the_files_of_an_invented_feature_are_files_that_features_have() -> None:
    own = [name for name in FILE.findall(HOW_TO) if "/loans" in name]
    assert len(own) >= 10
    for name in own:
        assert list(ROOT.glob(name.replace("/loans/", "/*/"))), f"No feature has a {name}."


def test_a_feature_that_stands_is_named_in_each_file_that_a_new_one_touches() -> None:
    touched = [name for name in FILE.findall(HOW_TO) if "/loans" not in name]
    assert len(touched) >= 10
    for name in touched:
        files = list((ROOT / name).glob("*.py")) if name.endswith("/") else [ROOT / name]
        words = "".join(file.read_text() for file in files)
        stands = "support" if "endings" in name else "continuation|next.step|What comes next|/next"
        assert re.search(stands, words), name
