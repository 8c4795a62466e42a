"""The program's own files as the guards read them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
APP, TEMPLATES, TESTS, STATIC = (ROOT / name for name in ("app", "templates", "tests", "static"))


@dataclass(frozen=True)
class Module:
    """A Python file of app/."""

    path: Path

    @property
    def name(self) -> str:
        """Its path from the root, as a guard names it."""
        return str(self.path.relative_to(ROOT))

    @property
    def package(self) -> str:
        """The part of the house it belongs to: the folder below app/, or its own name there."""
        return self.path.relative_to(APP).parts[0].removesuffix(".py")

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.path.read_text())

    def imports(self) -> Iterator[tuple[str, str, int]]:
        """What is imported, anywhere in it: (module, name, line); the name is empty for `import x`."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from ((alias.name, "", node.lineno) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{self.name}:{node.lineno}: imports begin with app."
                yield from ((node.module or "", alias.name, node.lineno) for alias in node.names)

    def calls(self) -> Iterator[tuple[str, ast.Call]]:
        """Every call in it, by its dotted name."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call):
                yield dotted(node.func), node

    def names(self) -> Iterator[tuple[str, int]]:
        """Every dotted name that is used in it, at its longest: `db.session.get`."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Attribute | ast.Name):
                yield dotted(node), node.lineno

    def given_names(self) -> Iterator[tuple[str, int]]:
        """Every name that it gives to something of its own: (name, line)."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                yield node.id, node.lineno
            elif isinstance(node, ast.arg):
                yield node.arg, node.lineno
            elif isinstance(node, ast.ClassDef | ast.FunctionDef):
                yield node.name, node.lineno
            elif isinstance(node, ast.alias):
                yield node.asname or node.name, node.lineno

    def regions(self) -> Iterator[tuple[str, str]]:
        """The regions that its views offer: (template, region)."""
        for name, call in self.calls():
            for keyword in call.keywords:
                if name == "page" and keyword.arg == "region":
                    yield ast.literal_eval(call.args[0]), ast.literal_eval(keyword.value)


def modules(pattern: str = "**/*.py") -> list[Module]:
    """The modules of app/ that fit a pattern, without the migrations that Alembic wrote."""
    found = sorted(APP.glob(pattern))
    return [Module(path) for path in found if "migrations" not in path.parts]


def templates(pattern: str = "**/*.html") -> list[Path]:
    """The templates that fit a pattern."""
    return sorted(TEMPLATES.glob(pattern))


def dotted(node: ast.AST) -> str:
    """`db.session.get` for the node that says so; empty for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return f"{before}.{node.attr}" if before else ""
    return ""


def without_comments(template: str) -> str:
    """A template's text without {# … #}."""
    return re.sub(r"\{#.*?#\}", "", template, flags=re.DOTALL)
