"""What our web layer adds to each request: a bare Flask view, /healthz, the sign-in page."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from flask import Flask

from bench.browser import Asker
from bench.organisation import founded
from bench.table import Result
from bench.timing import medians

ROUNDS = 300


def measure() -> Iterator[Result]:
    """Each ÷ a view of plain Flask that returns "ok"."""
    bare = Flask("bare")
    bare.add_url_rule("/healthz", "ok", lambda: "ok")
    with founded() as organisation:
        ours = organisation.app.wsgi_app
        health, sign_in = Asker("GET", "/healthz"), Asker("GET", "/sign-in")
        static = Asker("GET", organisation.app.extensions["static_files"].address("site.css"))
        taken = medians(
            {
                "bare": partial(health.page, bare.wsgi_app),
                "/healthz": partial(health.page, ours),
                "a static file": partial(static.page, ours),
                "sign-in page": partial(sign_in.page, ours),
            },
            rounds=ROUNDS,
        )
    for name in ("/healthz", "a static file", "sign-in page"):
        note = f"{taken[name] * 1000:.2f} : {taken['bare'] * 1000:.2f} ms"
        yield Result("requests", f"{name} ÷ bare Flask", taken[name] / taken["bare"], note=note)
