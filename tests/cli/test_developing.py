"""What helps whoever develops: what each request cost, and which tests stand beside a change."""

from __future__ import annotations

import re

from werkzeug.test import Client

from app import create_app
from app.cli import commands
from app.cli.developing import Telling
from tests.changed import ALWAYS, beside
from tests.cli.running import run


def test_each_request_says_its_view_and_its_statements(app, browser, capsys) -> None:
    browser.as_("coordinator")
    asked = Client(Telling(app, app.wsgi_app))
    assert asked.get("/sign-in").status_code == 200
    assert asked.get("/nowhere").status_code == 404
    page, nothing = capsys.readouterr().out.splitlines()
    assert re.fullmatch(
        r"200 +[0-9.]+ ms +[1-9]\d* statements  GET  /sign-in  app/accounts/views.py:\d+", page
    )
    assert re.fullmatch(r"404 +[0-9.]+ ms +\d+ statements  GET  /nowhere  ", nothing)


def test_it_is_never_started_with_real_people(tmp_path) -> None:
    real = create_app({"DAFTAR_ADDRESS": "https://notebook.example"}, tmp_path)
    commands.init_app(real)
    done = run(real, "dev")
    assert done.exit_code == 1 and "Set DAFTAR_DEMO=1" in done.output


def test_the_tests_beside_a_change_are_its_packages() -> None:
    assert beside({"app/groups/views.py", "templates/cases/show.html", "README.md"}) == {
        *ALWAYS,
        "tests/groups",
        "tests/cases",
    }
    assert beside({"tests/cli/running.py", "tests/test_sealed.py", "tests/gone/test_it.py"}) == {
        *ALWAYS,
        "tests/cli",
        "tests/test_sealed.py",
    }
