"""What every page costs: ours that shows nothing ÷ a bare Flask view that makes one query.

Ours is signed in, allowed, translated, audited and has everything that stands
around a page; the bare view answers with a name.
"""

from __future__ import annotations

from functools import partial
from time import process_time

from flask import Flask, Response
from flask_sqlalchemy import SQLAlchemy
from jinja2 import ChoiceLoader, DictLoader

from app.accounts.models import User
from app.audit import trail
from app.policy import allow
from app.web.answers import page
from bench import statements
from bench.browser import Asker
from bench.organisation import FACILITATOR, Organisation
from bench.table import Result
from bench.timing import medians

ROUNDS = 200
GOAL = "<= 5"
AUDITED, UNAUDITED = "/nothing", "/nothing-recorded"
TEMPLATE = '{% extends "_page.html" %}{% block title %}{{ _("Today") }}{% endblock %}'


def add_pages(app: Flask) -> None:
    """Give the application two pages that show nothing; before its first request."""
    own = DictLoader({"nothing.html": TEMPLATE})
    for environment in app.extensions["environments"].values():
        environment.loader = ChoiceLoader([own, environment.loader])

    @app.get(AUDITED)
    @allow("today")
    def nothing() -> Response:
        trail.saw("today-opened", "list", "")
        return page("nothing.html")

    @app.get(UNAUDITED)
    @allow("today")
    def nothing_recorded() -> Response:
        return page("nothing.html")


def compare(organisation: Organisation) -> Result:
    """The audited page that shows nothing ÷ the bare view, on the same database."""
    asker = Asker("GET", AUDITED, cookie=organisation.sign_in(FACILITATOR))
    silent = Asker("GET", UNAUDITED, cookie=organisation.sign_in(FACILITATOR))
    bare = _bare(organisation)
    ours = organisation.app.wsgi_app
    taken = medians(
        {
            "ours": partial(asker.page, ours),
            "silent": partial(silent.page, ours),
            "bare": partial(asker.page, bare.wsgi_app),
        },
        rounds=ROUNDS,
        clock=process_time,
    )
    audit = 100 * (1 - taken["silent"] / taken["ours"])
    note = (
        f"{taken['ours'] * 1000:.2f} : {taken['bare'] * 1000:.2f} ms; "
        f"of which audit {audit:.0f} %; {statements.count(organisation.app, asker)}"
    )
    return Result(
        "pages", "nothing ÷ Flask, one query", taken["ours"] / taken["bare"], GOAL, note=note
    )


def _bare(organisation: Organisation) -> Flask:
    """Flask and Flask-SQLAlchemy as their first page of documentation has them."""
    app = Flask("bare")
    app.config["SQLALCHEMY_DATABASE_URI"] = f"sqlite:///{organisation.database}"
    db = SQLAlchemy(app)

    @app.get(AUDITED)
    def name() -> str:
        named = db.select(User.working_name).where(User.username == FACILITATOR)
        return str(db.session.scalar(named))

    return app
