"""Statements are built once, at the top of their module. Each guard says what to do when it fails."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator
from functools import cache

from sqlalchemy import BindParameter, Delete, Update
from sqlalchemy.sql.visitors import iterate

from tests.source import Module, dotted, modules

BUILDS = {"select", "aliased", "exists", "update", "delete", "insert"}
# No page waits for the command line or for the demo.
MODULES = [module for module in modules() if module.package not in ("cli", "demo")]


def test_statements_are_built_once() -> None:
    built = [
        f"{module.name}:{call.lineno} {dotted(call.func)}"
        for module in MODULES
        for call, function in _calls(module)
        if function and _builds(module, call) and not _runs_once(module, function)
    ]
    assert not built, (
        "A statement is built at every call: lift it to the top of its module, with bindparam, so "
        f"that it is built once. {sorted(built)}"
    )


def test_what_the_session_holds_follows_a_change_with_parameters() -> None:
    left = [name for name, change in _changes() if _leaves_behind(change)]
    assert not left, (
        "By itself SQLAlchemy compares and fills what the session holds with a parameter that has "
        'no value yet: say synchronize_session="fetch", and type_coerce(bindparam(…), …) for a new '
        f"value, so that it is read anew; or False, where the request reads it no more. {left}"
    )


@cache
def _calls(module: Module) -> list[tuple[ast.Call, str]]:
    """Every call in it, and the outermost function around it; empty where the import itself calls."""
    found: list[tuple[ast.Call, str]] = []
    waiting: list[tuple[ast.AST, str]] = [(module.tree, "")]
    while waiting:
        node, function = waiting.pop()
        if isinstance(node, ast.Call):
            found.append((node, function))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            function = function or getattr(node, "name", "lambda")
        waiting += [(child, function) for child in ast.iter_child_nodes(node)]
    return found


def _builds(module: Module, call: ast.Call) -> bool:
    """Whether SQLAlchemy's own is called, by the name under which it was imported, or as `db.select`."""
    first, *then = dotted(call.func).split(".")
    return (first == "db" and BUILDS.issuperset(then) and bool(then)) or any(
        origin.split(".")[0] == "sqlalchemy"
        and first == (alias.asname or alias.name)
        and [alias.name, *then][-1] in BUILDS
        for origin, alias in _imports(module)
    )


def _runs_once(module: Module, function: str) -> bool:
    """Whether a function is called while modules are imported, or keeps what it made (`@cache`)."""
    if any(
        isinstance(node, ast.FunctionDef) and "cache" in map(ast.unparse, node.decorator_list)
        for node in module.tree.body
        if getattr(node, "name", "") == function
    ):
        return True
    own = module.name.removesuffix(".py").replace("/", ".")
    within = [
        inside
        for other in MODULES
        if other is module
        or any(own in (origin, f"{origin}.{a.name}") for origin, a in _imports(other))
        for call, inside in _calls(other)
        if dotted(call.func).split(".")[-1] == function
    ]
    return bool(within) and not any(within)


@cache
def _imports(module: Module) -> list[tuple[str, ast.alias]]:
    """What is imported, with the name it is given there: (from where, what)."""
    return [
        (alias.name if isinstance(node, ast.Import) else node.module or "", alias)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    ]


def _changes() -> Iterator[tuple[str, Update | Delete]]:
    """Every update and delete of a model that stands at the top of a module, by its name."""
    for module in MODULES:
        if any(name in ("update", "delete") for _from, name, _line in module.imports()):
            name = module.name.removesuffix(".py").replace("/", ".")
            for constant, value in vars(importlib.import_module(name)).items():
                for change in value if isinstance(value, tuple) else (value,):
                    if (
                        isinstance(change, Update | Delete)
                        and "entity" in change.entity_description
                    ):
                        yield f"{module.name} {constant}", change


def _leaves_behind(change: Update | Delete) -> bool:
    """Whether rows that the session holds would not be told of it, or told a parameter without a value."""
    asked = [p for p in iterate(change) if isinstance(p, BindParameter) and p.required]
    new = [id(value) for value in (getattr(change, "_values", None) or {}).values()]
    how = change.get_execution_options().get("synchronize_session", "auto")
    return bool(asked) and how is not False and (how != "fetch" or any(id(p) in new for p in asked))
