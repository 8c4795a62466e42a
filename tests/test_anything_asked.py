"""Whatever is asked, in whatever way, by whomever: no error of ours, and nothing for nobody."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from sqlalchemy import text
from werkzeug.routing import Rule
from werkzeug.routing.exceptions import BuildError

from app.extensions import Model, db
from app.web.forms import Form
from tests.client import Browser
from tests.organisation import Organisation

# A patient machine may be asked for twenty thousand.
ASKED = int(os.environ.get("DAFTAR_TEST_ASKED", "250"))
METHODS = ("GET", "POST", "POST", "POST", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE")
WORDS = (
    *(
        "",
        "0",
        "-1",
        "٣",
        "99999999999999999999",
        "2026-13-45",
        "2026-12-02",
        "18:00",
        "25:99",
        "on",
    ),
    *(
        "present",
        "late",
        "yes",
        "نور",
        "x" * 3000,
        "\x00",
        "\ud800",
        "'\"<script>",
        "%s",
        "{{7*7}}",
    ),
    *("../../etc/passwd", "http://elsewhere.example/", "0599 111 222", "=1+1", "\u202e", "🙂"),
)
FROM = (*["same-origin"] * 8, "cross-site", "none", "")
CONTENT = (
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/json",
    "",
)


def fields(of: type[Form] = Form) -> Iterator[str]:
    """How fields are called, of every form there is."""
    for form in of.__subclasses__():
        yield from (name for name, value in vars(form).items() if hasattr(value, "field_class"))
        yield from fields(form)


class Asking:
    """Makes requests, and gives each member of staff a new sign-in where theirs ended."""

    def __init__(self, app: Flask, organisation: Organisation) -> None:
        self.app, self.organisation = app, organisation
        self.rules = sorted(app.url_map.iter_rules(), key=str)
        self.names = sorted(
            {*fields(), "once", "version", "page", "whose", "kept", "said", "of", "q"}
        )
        with app.app_context():
            found = {
                str(value)
                for table in Model.metadata.tables.values()
                for column in table.c
                if column.name.endswith("uid") or column.name in ("link", "digest")
                for (value,) in db.session.execute(text(f"SELECT {column.name} FROM {table.name}"))
                if value
            }
            db.session.remove()
        self.uids = sorted(found)
        self.browsers: dict[str, Browser] = {}

    def browser(self, who: str) -> Browser:
        """A browser in which they are signed in."""
        known = self.browsers.get(who)
        if known is None or (who and known.client.get("/more").status_code != 200):
            known = Browser(self.app, self.organisation.staff)
            try:
                self.browsers[who] = known.as_(who) if who else known
            except AssertionError:  # their account was ended, or their passphrase changed
                self.browsers[who] = known
        return self.browsers[who]

    def address(self, rule: Rule, values: Any) -> str | None:
        """An address of that kind; None where a value cannot stand in it."""
        adapter = self.app.url_map.bind("localhost")
        try:
            return str(
                adapter.build(rule.endpoint, {name: values(name) for name in rule.arguments})
            )
        except (BuildError, ValueError):
            return None


@pytest.mark.slow
@pytest.mark.timeout(120 + ASKED // 10)
def test_nothing_that_is_asked_is_an_error_of_ours(app: Flask, organisation: Organisation) -> None:
    asking = Asking(app, organisation)
    said: dict[int, int] = {}
    values = some.sampled_from(asking.uids) | some.sampled_from(WORDS) | some.text(max_size=40)
    who = some.sampled_from(("", *organisation.staff))

    @settings(
        max_examples=ASKED, deadline=None, database=None, suppress_health_check=[*HealthCheck]
    )
    @given(some.data(), who, some.sampled_from(asking.rules), some.sampled_from(METHODS))
    def ask(data: some.DataObject, who: str, rule: Rule, method: str) -> None:
        words = {name: data.draw(values) for name in rule.arguments}
        address = asking.address(rule, words.get)
        if address is None:
            return
        typed = data.draw(some.dictionaries(some.sampled_from(asking.names), values, max_size=6))
        query = data.draw(some.dictionaries(some.sampled_from(asking.names), values, max_size=2))
        headers = {"Sec-Fetch-Site": data.draw(some.sampled_from(FROM))}
        if data.draw(some.booleans()):
            headers |= {"HX-Request": "true", "HX-Target": data.draw(some.sampled_from(WORDS[:4]))}
        how: dict[str, Any] = {
            "method": method,
            "headers": headers,
            "query_string": _sendable(query),
        }
        if method not in ("GET", "HEAD"):
            how["data"] = _sendable(typed)
            how["content_type"] = data.draw(some.sampled_from(CONTENT)) or None
            if how["content_type"] != CONTENT[0]:
                how["data"] = b"--x\r\nnothing" if data.draw(some.booleans()) else b"{"
        answer = asking.browser(who).client.open(address, **how)
        said[answer.status_code] = said.get(answer.status_code, 0) + 1
        assert answer.status_code < 500, f"{method} {address}"
        assert b"Traceback" not in answer.data
        if not who and answer.status_code == 200 and method != "OPTIONS":
            view = app.view_functions[rule.endpoint]
            assert view.policy.startswith("public"), f"{address} answers nobody in particular"

    ask()
    print(dict(sorted(said.items())))
    assert {200, 303, 404} <= set(said)


def _sendable(values: dict[str, str]) -> dict[str, str]:
    return {name: value.encode("utf-8", "replace").decode() for name, value in values.items()}
