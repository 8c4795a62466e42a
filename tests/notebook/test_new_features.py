"""A feature that is added says its own part: what it forgets is asked for by name."""

from __future__ import annotations

import ast
import re
from importlib import import_module
from types import ModuleType

from sqlalchemy import inspect
from sqlalchemy.dialects import postgresql

from app.extensions import Model
from app.notebook import endings, history, today
from app.people.models import Person
from tests.source import APP, ROOT, TEMPLATES, modules

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
    listed = {*today.CONTRIBUTE, *TELL, *endings.CONTACT, *endings.CONSENT, *endings.OWN}
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


def test_what_a_colleague_has_a_part_in_is_locked_from_above() -> None:
    """The group, the workshop, the referral, its file; rows of one kind always in the same order."""
    tables = [query.get_final_froms()[0].name for query in endings.LOCKED_FIRST]
    assert tables == ["groups", "workshops", "referrals", "cases"]
    for query in endings.LOCKED_FIRST:
        text = str(query.compile(dialect=postgresql.dialect()))
        assert "ORDER BY" in text and text.endswith("FOR UPDATE")


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
        stands = "request|follow.up|next.step|What comes next|/next"
        assert re.search(stands, words), name
