"""The addresses in our pages are Flask's, however they are put together."""

from __future__ import annotations

import flask
import pytest
from flask import Flask
from werkzeug.routing import BuildError

VALUES = ("k7q2zvbn5x", "follow-up", "ع", "a/b", "a b", "", "?x=1", "../x", None, 7)


@pytest.mark.parametrize("value", VALUES)
def test_every_address_is_flasks_own(value: object, app: Flask) -> None:
    ours = next(iter(app.extensions["environments"].values())).globals["url_for"]
    asked = 0
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            values = dict.fromkeys(sorted(rule.arguments), value)
            for more in ({}, {"said": "saved"}, {"_anchor": "p1"}, {"said": None}):
                try:
                    wanted = flask.url_for(rule.endpoint, **values, **more)
                except (BuildError, ValueError):
                    continue
                assert ours(rule.endpoint, **values, **more) == wanted
                asked += 1
    assert asked > 100
