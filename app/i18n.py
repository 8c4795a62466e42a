"""Language, direction, dates, digits and plural forms.

Source strings are English; translations/ar/LC_MESSAGES/messages.po is the one
catalogue and is read at the start, so that no compiled file can be stale.
Each language has a template environment of its own, in which gettext is bound
once: flask_babel's per-label lookup costs sixty times as much.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

from babel import Locale, dates
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, current_app, g, has_request_context, request
from flask.templating import Environment as FlaskEnvironment
from flask_babel import get_babel
from flask_login import current_user
from jinja2 import Environment, StrictUndefined, nodes
from jinja2.runtime import Context, Macro
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

from app.clock import today
from app.extensions import babel

LANGUAGES = ("ar", "en")
LOCALES = {"ar": Locale.parse("ar_PS"), "en": Locale.parse("en_GB")}
DIRECTIONS = {"ar": "rtl", "en": "ltr"}
# Babel's weekday data for Palestine is wrong: the week begins on Sunday.
WEEK = (6, 0, 1, 2, 3, 4, 5)  # as date.weekday() numbers
ARABIC = re.compile("[\u0621-\u064a]")
EASTERN_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
DAY = {"ar": "EEEE، d MMMM", "en": "EEEE d MMMM"}
DAY_AND_YEAR = {"ar": "EEEE، d MMMM y", "en": "EEEE d MMMM y"}
SHORT_DAY = {"ar": "EEE d MMM", "en": "EEE d MMM"}
SHORT_DAY_AND_YEAR = {"ar": "EEE d MMM y", "en": "EEE d MMM y"}


def init_app(app: Flask) -> None:
    """Read the catalogue, make one template environment per language."""
    babel.init_app(app, default_locale="ar", locale_selector=lambda: LOCALES[language()])
    catalogues = {"ar": _read_catalogue(Path(app.root_path)), "en": NullTranslations()}
    with app.app_context():
        domain = get_babel().instance.domain_instance
        for code, catalogue in catalogues.items():
            domain.cache[str(LOCALES[code]), domain.domain[0]] = catalogue
        get_babel().domain_instance = domain
    app.extensions["environments"] = {
        code: _environment(app, code, catalogue) for code, catalogue in catalogues.items()
    }


def language() -> str:
    """The language of this request: the user's, else the one asked for, else Arabic.

    A page for the public goes by what was asked for, whoever looks at it.
    """
    if not has_request_context():
        return "ar"
    if "language" not in g:
        asked = request.args.get("language")
        own = None if is_for_the_public() else getattr(current_user, "language", None)
        g.language = own or (asked if asked in LANGUAGES else "ar")
    chosen: str = g.language
    return chosen


def is_for_the_public() -> bool:
    """Whether this request asks for one of the pages that the public sees."""
    view = current_app.view_functions.get(request.endpoint or "")
    return getattr(view, "host", "") == "public"


def environment() -> Environment:
    """The template environment of this request's language."""
    env: Environment = current_app.extensions["environments"][language()]
    return env


def digits(text: str) -> str:
    """The text in the digits the person prefers (Latin unless they chose Arabic-Indic)."""
    if not has_request_context():
        return text
    if "eastern" not in g:
        g.eastern = bool(current_user) and getattr(current_user, "digits", "") == "arab"
    return text.translate(EASTERN_DIGITS) if g.eastern else text


def day(value: date) -> str:
    """الثلاثاء، 24 تشرين الثاني; with the year where it is not about this time of the year."""
    patterns = DAY if abs((value - today("UTC")).days) < 200 else DAY_AND_YEAR
    return _date(value, patterns)


def full_day(value: date) -> str:
    """الثلاثاء، 24 تشرين الثاني 2026."""
    return _date(value, DAY_AND_YEAR)


def short_day(value: date) -> str:
    """الثلاثاء 24 تشرين الثاني, for lists; with the year where it is not about this time of the year."""
    patterns = SHORT_DAY if abs((value - today("UTC")).days) < 200 else SHORT_DAY_AND_YEAR
    return _date(value, patterns)


def month(value: date) -> str:
    """تشرين الثاني 2026."""
    return _date(value, {"ar": "MMMM y", "en": "MMMM y"})


def weekday(number: int) -> str:
    """The name of a weekday by its date.weekday() number (Monday is 0)."""
    names = LOCALES[language()].days["format"]["wide"]
    return str(names[number])


def hour(value: time) -> str:
    """18:30, in the person's digits."""
    return digits(f"{value:%H:%M}")


def moment(value: datetime, zone: str) -> str:
    """A moment at a place: its hour today, else its day and hour."""
    local = value.astimezone(ZoneInfo(zone))
    shown = hour(local.time())
    return shown if local.date() == today(zone) else f"{short_day(local.date())} {shown}"


def dated(value: datetime, zone: str) -> str:
    """The day of a moment at a place, with its year: for paper."""
    return full_day(value.astimezone(ZoneInfo(zone)).date())


def _date(value: date, patterns: dict[str, str]) -> str:
    code = language()
    return digits(_formatted(value, patterns[code], code))


@lru_cache(4096)
def _formatted(value: date, pattern: str, code: str) -> str:
    """Babel takes its time for a date, and a group's page has thirty."""
    return str(dates.format_date(value, pattern, locale=LOCALES[code]))


def _read_catalogue(root: Path) -> Translations:
    path = root / "translations" / "ar" / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as source:
        catalogue = read_po(source, locale="ar")
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled)


class _Labels(NodeTransformer):
    """Puts the translation itself where a template names a label without placeholders."""

    def __init__(self, catalogue: NullTranslations) -> None:
        self.catalogue = catalogue

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802 - Jinja's name
        self.generic_visit(node)
        called, arguments = node.node, node.args
        if isinstance(called, nodes.Name) and called.name == "_" and not node.kwargs:
            (label,) = arguments
            if isinstance(label, nodes.Const):
                text = self.catalogue.ugettext(label.value) % {}
                return nodes.TemplateData(text, lineno=node.lineno)
        return node


class _Context(Context):
    """Jinja asks of whatever a template calls whether it wants to be told the context: a macro never does."""

    def call(self, called: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        if type(called) is Macro:
            for told in ("_loop_vars", "_block_vars"):
                kwargs.pop(told, None)
            return called(*args, **kwargs)
        return super().call(called, *args, **kwargs)


class _Environment(FlaskEnvironment):
    """Flask's environment, in which labels are translated when a template is compiled."""

    context_class = _Context
    catalogue: NullTranslations

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        return cast(nodes.Template, _Labels(self.catalogue).visit(tree))


def _environment(app: Flask, code: str, catalogue: NullTranslations) -> Environment:
    app.jinja_environment = _Environment
    env = cast(_Environment, app.create_jinja_environment())
    env.catalogue = catalogue
    env.trim_blocks = env.lstrip_blocks = True
    if app.config["DAFTAR"].strict_templates:
        env.undefined = StrictUndefined
    env.add_extension("jinja2.ext.i18n")
    env.policies["ext.i18n.trimmed"] = True
    env.install_gettext_callables(  # type: ignore[attr-defined]
        catalogue.ugettext, catalogue.ungettext, newstyle=True
    )
    env.globals |= {
        "lang": code,
        "dir": DIRECTIONS[code],
        "asset": app.extensions["static_files"].address,
    }
    env.filters |= {
        "day": day,
        "full_day": full_day,
        "short_day": short_day,
        "month": month,
        "weekday": weekday,
        "hour": hour,
        "moment": moment,
        "dated": dated,
        "digits": lambda value: digits(str(value)),
        "paragraphs": paragraphs,
    }
    return env


def paragraphs(text: str) -> Markup:
    """Typed text with its line ends; a paragraph with an Arabic letter runs from right to left.

    `dir="auto"` goes by the first letter, and a paragraph may begin with somebody's code.
    """
    parts = [part for part in text.split("\n") if part.strip()]
    return Markup("").join(
        Markup('<p dir="{}">{}</p>').format("rtl" if ARABIC.search(part) else "ltr", part)
        for part in parts
    )
