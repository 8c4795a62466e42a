"""Features say their own part: none is forgotten, none asks for what its viewer is not there for."""

from __future__ import annotations

import re
from dataclasses import replace
from importlib import import_module
from types import ModuleType

import pytest
from flask import Flask
from sqlalchemy import inspect

from app.clock import now
from app.extensions import Model
from app.notebook import endings, history, today
from app.people.models import Person
from app.web.sections import Section
from tests.client import Browser
from tests.organisation import Organisation, viewer
from tests.source import APP, ROOT
from tests.test_queries_per_page import listening

TELL = [*history.EVENTS, *history.ON_PAGE, *history.FACTS, *history.COPY]
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
    listed = {*today.CONTRIBUTE, *TELL, *endings.CONTACT}
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


@pytest.mark.parametrize("told", [*today.CONTRIBUTE[1:], *TELL], ids=lambda f: f.__module__)
def test_what_a_viewer_is_not_there_for_is_not_asked(
    told, app: Flask, organisation: Organisation
) -> None:
    of = () if told in today.CONTRIBUTE else (organisation.a.members[0].uid,)
    with app.test_request_context(), listening(app) as asked:
        me = viewer(organisation.staff["coordinator"])
        nobody = replace(me, roles=frozenset({"administrator"}))
        asked.statements.clear()
        assert [s for s in told(nobody, *of, now()) if not isinstance(s, Section) or s.rows] == []
    assert not asked.statements


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
        stands = "support" if "endings" in name else "continuation|next.steps|What comes next|/next"
        assert re.search(stands, words), name
