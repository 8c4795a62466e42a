"""The house stays as docs/ARCHITECTURE.md draws it. Each guard says what to do when it fails."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from flask import Flask

from tests.source import (
    APP,
    ROOT,
    STATIC,
    TEMPLATES,
    TESTS,
    dotted,
    modules,
    templates,
    without_comments,
)

# From the ground up: a floor may import those below it and its neighbours, never one above.
PICTURE = re.findall(r"^│ ([a-z0-9_ ]+)│$", (ROOT / "docs/ARCHITECTURE.md").read_text(), re.M)
FLOORS = (*(set(row.split()) for row in reversed(PICTURE)), {"__init__"})
FLOOR_OF = {package: floor for floor, packages in enumerate(FLOORS) for package in packages}
# Looked at, and kept: (who, what is imported from above) and why.
UPWARD = {
    ("app/web/delivery.py", "app.policy.public"): "the static files are a route like any other",
    ("app/web/problems.py", "app.policy.public"): "the problem page is a route like any other",
}
MOST_LINES = 300
NEVER_NAMED = {"utils", "util", "helpers", "helper", "common", "services", "managers", "misc"}
IMPURE = {
    "flask": "a request",
    "flask_login": "a request",
    "app.clock": "the clock",
    "app.accounts.viewer": "a viewer",
    "app.web.transaction": "a transaction",
    "app.web.answers": "a request",
}
READS_CLOCK = ("datetime.now", "datetime.utcnow", "date.today", "time.time")
# A page of one feature that shows another's form.
FORMS_SHARED = {
    ("app/notebook/views.py", "app.accounts.forms"),
    ("app/groups/member_views.py", "app.people.forms"),
}
# What asks a database; a view leaves that to `queries` and to the modules that act.
ASKS = {"db", "select", "insert", "update", "delete", "func", "text", "aliased", "joinedload"}
VIEWS = [module for module in modules() if re.fullmatch(r"(\w+_)?views\.py", module.path.name)]
RULES = modules("**/rules.py")


def test_views_never_query() -> None:
    asked = [
        f"{view.name}:{line} imports {module}.{name}"
        for view in VIEWS
        for module, name, line in view.imports()
        if module.startswith("sqlalchemy") or (module == "app.extensions" and name in ASKS)
    ]
    asked += [
        f"{view.name}:{line} uses {name}"
        for view in VIEWS
        for name, line in view.names()
        if name.startswith("db.session")
    ]
    assert not asked, (
        "A view neither queries nor commits: put the read into queries.py, the change into a "
        f"function of the domain, and call that. {asked}"
    )


def test_a_view_that_checks_says_where_it_leads_back(app: Flask) -> None:
    takes = {
        rule.endpoint: rule.arguments
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ())
    }
    wrong = []
    for view in VIEWS:
        for act in (node for node in ast.walk(view.tree) if isinstance(node, ast.FunctionDef)):
            decorators = [ast.unparse(one) for one in act.decorator_list]
            back = [re.fullmatch(r"back_to\('([\w.]+)'\)", one) for one in decorators]
            checks = any(dotted(node).endswith((".check", ".checked")) for node in ast.walk(act))
            given = {argument.arg for argument in act.args.args}
            last = back[-1] if back else None
            leads = last and last[1] in takes and takes[last[1]] <= given
            if (checks or any(back)) and not (leads and back.count(None) == len(back) - 1):
                wrong.append(f"{view.name}:{act.lineno}")
    assert not wrong, (
        "A form is checked below @back_to(…): the decorator next to the view, a page that is got, "
        f"with what the view was asked for. {wrong}"
    )


def test_rules_are_pure() -> None:
    impure = [
        f"{rules.name}:{line} imports {module}.{name} ({IMPURE.get(module, 'the database')})"
        for rules in RULES
        for module, name, line in rules.imports()
        if module in IMPURE or (module == "app.extensions" and name == "db")
    ]
    assert not impure, (
        "A rule is told everything it needs: pass the moment, the day, the rows in as arguments "
        f"from the view. {impure}"
    )


def test_nobody_reads_the_clock_but_the_clock() -> None:
    reads = [
        f"{module.name}:{node.lineno} calls {name}"
        for module in modules()
        for name, node in module.calls()
        if name.endswith(READS_CLOCK) and module.name != "app/clock.py"
    ]
    assert not reads, f"Only app/clock.py reads the clock: use now() and today(zone). {reads}"


def test_the_map_names_every_package() -> None:
    drawn = set(re.findall(r"^  (\w+)/ +\w", (ROOT / "docs/ARCHITECTURE.md").read_text(), re.M))
    there = {path.parent.name for path in APP.glob("*/__init__.py")}
    assert drawn == there, (
        "The tree of app/ in docs/ARCHITECTURE.md says of each package what it holds. "
        f"{drawn ^ there}"
    )


def test_imports_go_down_the_map() -> None:
    strange = {module.name for module in modules() if module.package not in FLOOR_OF}
    assert not strange, (
        "Not on the map: give its package a floor in the picture of docs/ARCHITECTURE.md. "
        f"{strange}"
    )
    upward = [
        f"{module.name}:{line} imports {imported}.{name}"
        for module in modules()
        for imported, name, line in module.imports()
        if (package := _package_of(imported, name)) is not None
        and FLOOR_OF[package] > FLOOR_OF[module.package]
        and (module.name, f"{imported}.{name}") not in UPWARD
    ]
    assert not upward, (
        "The upper floors use the lower ones, never the reverse: let the upper one call, or "
        f"register with, the lower one. {upward}"
    )


def test_features_know_no_views_and_forms_of_other_features() -> None:
    reached = [
        f"{module.name}:{line} imports {imported}.{name}"
        for module in modules()
        for imported, name, line in module.imports()
        if re.search(r"\b(\w+_)?(views|forms)\b", f"{imported}.{name}")
        and _package_of(imported, name) not in (module.package, "web", None)
        and module.package != "__init__"
        and (module.name, imported) not in FORMS_SHARED
    ]
    assert not reached, (
        "Across features only models, queries, rules and what acts are used, never another "
        f"feature's views or forms. {reached}"
    )


def test_only_the_macros_write_htmx_requests() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {attribute}"
        for path in templates()
        if path != TEMPLATES / "_macros.html"
        for attribute in re.findall(r"(?<![\w-])hx-[\w:-]+", without_comments(path.read_text()))
    ]
    assert not found, (
        "Only templates/_macros.html writes hx-…, beside the href or action that works without "
        f"JavaScript: use or add a macro. {found}"
    )


def test_the_macros_request_what_the_link_or_form_requests() -> None:
    text = without_comments((TEMPLATES / "_macros.html").read_text())
    for tag in re.findall(r"<\w+[^>]*\shx-(?:get|post)=[^>]*>", text):
        asked = re.search(r'hx-(?:get|post)="([^"]*)"', tag)
        plain = re.search(r'(?:href|action)="([^"]*)"', tag)
        assert asked and plain and asked[1] == plain[1], (
            f"What htmx requests must be what the link or form requests without it: {tag}"
        )


@pytest.mark.parametrize(
    ("template", "region"), sorted({asked for view in VIEWS for asked in view.regions()})
)
def test_a_region_has_the_id_of_its_file(template: str, region: str) -> None:
    path = TEMPLATES / Path(template).parent / f"_{region}.html"
    assert path.exists(), (
        f"A view offers the region {region}: move that part of the page to {path.name} and include "
        "it there."
    )
    text = without_comments(path.read_text())
    tag = re.search(r"<[a-z][^>]*>", text)
    assert tag and re.search(rf'\sid="{region}"', tag[0]), (
        f'The root of {path.relative_to(ROOT)} must have id="{region}", not {tag and tag[0]}: '
        "htmx looks for it."
    )


def test_views_do_not_ask_who_is_asking() -> None:
    asked = [
        f"{v.name}:{line}" for v in VIEWS for name, line in v.names() if name.endswith("is_htmx")
    ]
    assert not asked, (
        f"Let page, changed and refused answer: they serve htmx and browsers alike. {asked}"
    )


def test_no_file_grows_past_what_one_can_read() -> None:
    files = [*APP.rglob("*.py"), *TEMPLATES.rglob("*.html"), *TESTS.rglob("*.py")]
    files += [STATIC / "line.js", STATIC / "site.js"]
    long = {
        str(path.relative_to(ROOT)): lines
        for path in files
        if "versions" not in path.parts
        and (lines := len(path.read_text().splitlines())) > MOST_LINES
    }
    assert not long, f"More than {MOST_LINES} lines: split these by noun. {long}"


def test_no_drawer_for_odds_and_ends() -> None:
    paths = [*APP.rglob("*"), *TESTS.rglob("*"), *TEMPLATES.rglob("*")]
    odd = [str(p.relative_to(ROOT)) for p in paths if p.stem.strip("_").lower() in NEVER_NAMED]
    assert not odd, (
        f"Name a module by what it is about, and move what is about something else. {odd}"
    )


def test_session_alone_means_too_many_things() -> None:
    bare = [
        f"{module.name}:{line}"
        for module in modules()
        for name, line in module.given_names()
        if name.lower() == "session"
    ]
    assert not bare, (
        "A session is a database's, a browser's or a group's: call ours meeting, sign-in or "
        f"GroupSession. {bare}"
    )


def test_every_module_says_what_lives_in_it() -> None:
    silent = [module.name for module in modules() if not ast.get_docstring(module.tree)]
    assert not silent, f"Begin each module with a docstring that says what lives in it. {silent}"


def test_every_view_says_what_the_person_sees() -> None:
    silent = [
        f"{view.name}: {node.name}"
        for view in VIEWS
        for node in view.tree.body
        if isinstance(node, ast.FunctionDef)
        and any(dotted(getattr(d, "func", d)).startswith("bp.") for d in node.decorator_list)
        and not ast.get_docstring(node)
    ]
    assert not silent, f"Give each view a docstring that says what the person sees. {silent}"


def _package_of(imported: str, name: str) -> str | None:
    """The package of app/ that an import reaches, or None for a library."""
    parts = imported.split(".")
    if parts[0] != "app":
        return None
    return parts[1] if len(parts) > 1 else name
