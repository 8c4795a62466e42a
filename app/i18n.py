"""The language of a request, the catalogue, and the environment its templates are filled in.

Source strings are English; translations/ar/LC_MESSAGES/messages.po is the one
catalogue and is read at the start, so that no compiled file can be stale.
Each language and kind of digits has a template environment of its own, in which
gettext and the ways to write a date are bound once: looked up for each label
they cost sixty times as much.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import contextmanager
from io import BytesIO
from itertools import product
from pathlib import Path
from typing import Any, cast

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, current_app, g, has_request_context, request
from flask.templating import Environment as FlaskEnvironment
from flask_babel import Domain, get_babel
from flask_login import current_user
from jinja2 import Environment, StrictUndefined, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.runtime import Context, Macro
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, escape

from app.extensions import babel
from app.wording import LOCALES, Wording

LANGUAGES = ("ar", "en")
# Filters of the templates, each a method of Wording.
WRITTEN = (
    *("day", "full_day", "short_day", "month", "weekday"),
    *("hour", "moment", "day_of", "dated", "digits"),
)
DIRECTIONS = {"ar": "rtl", "en": "ltr"}
ARABIC = re.compile("[\u0621-\u064a]")


def init_app(app: Flask) -> None:
    """Read the catalogue, make the template environments."""
    babel.init_app(app, default_locale="ar", locale_selector=lambda: LOCALES[language()])
    catalogues = {"ar": _read_catalogue(Path(app.root_path)), "en": NullTranslations()}
    with app.app_context():
        get_babel().instance.domain_instance = _Domain(catalogues)
    app.extensions["environments"] = {
        wording: _environment(app, wording, catalogues[wording.language])
        for wording in (Wording(*chosen) for chosen in product(LANGUAGES, (False, True)))
    }


class _Domain(Domain):
    """Flask-Babel's, with our one catalogue: it would spell the locale's name to look one up, for every label."""

    def __init__(self, catalogues: dict[str, NullTranslations]) -> None:
        super().__init__()
        self.catalogues = catalogues

    def get_translations(self) -> NullTranslations:
        return self.catalogues[language()]


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


@contextmanager
def speaking(chosen: str) -> Iterator[None]:
    """In this request, words and digits of another language for a while: for a file in both."""
    before = language(), wording()
    g.language, g.wording = chosen, Wording(chosen, before[1].eastern)
    try:
        yield
    finally:
        g.language, g.wording = before


def is_for_the_public() -> bool:
    """Whether this request asks for one of the pages that the public sees."""
    view = current_app.view_functions.get(request.endpoint or "")
    return getattr(view, "host", "") == "public"


def wording() -> Wording:
    """How this request writes dates and numbers: in its language, and in the digits the person prefers."""
    if not has_request_context():
        return Wording("ar")
    if "wording" not in g:
        g.wording = Wording(language(), getattr(current_user, "digits", "") == "arab")
    chosen: Wording = g.wording
    return chosen


def environment() -> Environment:
    """The template environment of this request's language and digits."""
    env: Environment = current_app.extensions["environments"][wording()]
    return env


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
            if kwargs:
                kwargs.pop("_loop_vars", None)
                kwargs.pop("_block_vars", None)
            return called(*args, **kwargs)
        return super().call(called, *args, **kwargs)


class _CodeGenerator(CodeGenerator):
    """Writes what is shown through `_Environment.escaped`, as Jinja writes it through `escape`."""

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape or finalize.src is not None:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("environment.escaped(")


class _Environment(FlaskEnvironment):
    """Flask's environment, in which labels are translated when a template is compiled."""

    code_generator_class, context_class = _CodeGenerator, _Context
    catalogue: NullTranslations

    @staticmethod
    def escaped(value: Any) -> str:
        """Escaped as ever; but most of what a page shows is a word, an id or a macro's answer."""
        kind = type(value)
        if kind is not Markup and not (kind is str and value.isalnum()):
            value = escape(value)
        shown: str = value
        return shown

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Ours are the environment's: a layer above them for each template would be asked each time."""
        return super().make_globals(d) if d else self.globals

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        return cast(nodes.Template, _Labels(self.catalogue).visit(tree))


def _environment(app: Flask, wording: Wording, catalogue: NullTranslations) -> Environment:
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
        "lang": wording.language,
        "dir": DIRECTIONS[wording.language],
        "asset": app.extensions["static_files"].address,
    }
    env.filters |= {name: getattr(wording, name) for name in WRITTEN}
    env.filters["paragraphs"] = paragraphs
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
