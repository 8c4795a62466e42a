"""Addresses of our own pages, as templates write them by the dozen.

Flask puts each together anew, in twenty times the steps; nearly all of ours are
a rule's own words with opaque ids in between.
"""

from __future__ import annotations

import re
from typing import Any

import flask
from flask import Flask

PLACE, is_id = re.compile(r"<(\w+)>"), re.compile("[a-z0-9-]+").fullmatch


def init_app(app: Flask) -> None:
    """Let templates write `url_for`: the same answer as Flask's, on a host that is ours from its root."""
    patterns: dict[tuple[str, ...], str] = {}

    def url_for(endpoint: str, **values: Any) -> str:
        if not patterns:  # the routes are all there when the first page is made
            patterns.update(_patterns(app))
        pattern = patterns.get((endpoint, *values), "")
        for value in values.values():
            if not pattern or type(value) is not str or not is_id(value):
                # What may have to be quoted, or left out, is Flask's to put in.
                return flask.url_for(endpoint, **values)
        return pattern.format(**values) if pattern else flask.url_for(endpoint)

    for environment in app.extensions["environments"].values():
        environment.globals["url_for"] = url_for


def _patterns(app: Flask) -> dict[tuple[str, ...], str]:
    """Endpoint and names of values, as a call gives them -> the address with {name} in it."""
    found: dict[tuple[str, ...], str] = {}
    for rule in app.url_map.iter_rules():
        names, pattern = PLACE.findall(rule.rule), PLACE.sub(r"{\1}", rule.rule)
        if "<" not in pattern and not rule.defaults:
            found[rule.endpoint, *names] = pattern
    return found
