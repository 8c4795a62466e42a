"""Our style as the guards read it: what of the language it uses, and what an older phone makes of it."""

from __future__ import annotations

import re

from tests.source import ROOT, STATIC

RULE = re.compile(r"([^{}]*)\{([^{}]*)\}")
BLOCK = r"\{((?:[^{}]*\{[^{}]*\})*)\}"
_ALL, _SOME = re.split(r"^## .*\n", (ROOT / "docs/browsers.md").read_text(), flags=re.MULTILINE)[
    1:3
]
UNDERSTOOD = set(re.findall(r"`([^`]+)`", _ALL))
"""What all browsers understand that the notebook works on."""
YOUNGER = set(re.findall(r"^\| `([^`]+)`", _SOME, re.MULTILINE))
"""What some of them do not."""


def style() -> str:
    """Both stylesheets, without what they say to their readers."""
    written = "".join((STATIC / name).read_text() for name in ("site.css", "desk.css"))
    return re.sub(r"/\*.*?\*/", "", written, flags=re.DOTALL)


def features(css: str) -> set[str]:
    """What a stylesheet uses: properties, pseudo-classes and -elements, functions, rules with @."""
    used = set(re.findall(r"@supports selector\(|@[a-z]+", css))
    for selectors, declarations in RULE.findall(css):
        used |= set(re.findall(r"::?[a-z-]+\(?", selectors.rpartition("@page")[0] or selectors))
        used |= {feature(one, declarations) for one in declarations.split(";")}
        used |= set(re.findall(r"[a-z-]+\(", declarations))
    return used - {""}


def feature(declaration: str, beside: str) -> str:
    """What a declaration uses: its property, or the very value where that is younger."""
    name, _, value = declaration.strip().partition(":")
    if name.startswith("--"):
        return ""
    if name == "gap" and "display:grid" not in beside:
        return "gap of a line"
    return f"{name}:{value}" if f"{name}:{value}" in YOUNGER else name


def as_older_phones_read_it(css: str) -> str:
    """The style without what they do not understand, and with what is there for them alone."""
    css = re.sub(r"@supports selector\(:has\(a\)\)" + BLOCK, "", css)
    css = re.sub(r"@supports not \(inset:0\)" + BLOCK, r"\1", css)

    def read(rule: re.Match[str]) -> str:
        selectors, declarations = rule[1], rule[2]
        if any(name in selectors for name in YOUNGER if name.startswith(":")):
            return ""
        kept = [one for one in declarations.split(";") if feature(one, declarations) not in YOUNGER]
        return f"{selectors}{{{';'.join(kept)}}}"

    return RULE.sub(read, css)
