"""A coordinator with a spreadsheet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select

from app.extensions import Model, db
from tests.client import Browser, Page
from tests.document import Node
from tests.web.english import english

__all__ = ["english"]

ANEW = {("shares", "boxed"), ("shares", "sealed_key"), ("shares", "key_uid")}
# What writes itself down, whatever is done; and what is remembered of a browser and its posts.
BESIDE = (
    "audit",
    "audit_head",
    "audit_marks",
    "sign_ins",
    "devices",
    "tries",
    "done",
    "kept_forms",
)


@pytest.fixture
def me(browser: Browser) -> Browser:
    """Jerusalem's coordinator."""
    return browser.as_("coordinator")


@pytest.fixture
def choose(me: Browser) -> Callable[..., Page]:
    """Choose a file as somebody does; the page that shows its rows, or the form with what is wrong."""

    def chosen(data: bytes, kind: str = "people", into: str = "", name: str = "a.csv") -> Page:
        form = me.get(f"/imports/new/{kind}").form(f"/imports/new/{kind}")
        if into:
            form.fill(into=into)
        return form.attach(file=(data, name)).press().follow()

    return chosen


@pytest.fixture
def holds(app) -> Callable[[], dict[str, list[tuple]]]:
    """Everything that the database holds, but what writes itself down."""

    def everything() -> dict[str, list[tuple]]:
        with app.app_context():
            found = {
                table.name: sorted(map(repr, db.session.execute(select(*_told(table))).all()))
                for table in Model.metadata.sorted_tables
                if table.name not in BESIDE
            }
            db.session.remove()
            return found

    return everything


def _told(table: Any) -> list[Any]:
    """Its columns; of a share not how it is sealed: whoever opens it may write it anew."""
    return [c for c in table.columns if (table.name, c.name) not in ANEW]


@pytest.fixture
def number_of(app) -> Callable[[type[Model]], int]:
    """How many rows a table has."""

    def counted(model: type[Model]) -> int:
        with app.app_context():
            number = db.session.scalar(select(func.count()).select_from(model))
            db.session.remove()
            return number

    return counted


def rows_of(page: Page) -> dict[str, Node]:
    """The rows that a page shows, by their number in the file."""
    table = page.root.first("table")
    found = table.all("tr")[1:] if table else []
    return {row.all("td")[0].words.split()[-1]: row for row in found}


def fates(page: Page) -> dict[str, str]:
    """What becomes of each row."""
    found = {}
    for number, row in rows_of(page).items():
        tags = [one for one in row.all("span") if "tag" in one.get("class").split()]
        found[number] = tags[0].words
    return found


def confirm(page: Page) -> Page:
    """Bring in what is shown; the page that says what came of it, or why not."""
    return page.form(page.address.partition("?")[0] + "/confirmation").press().follow()


def take_back(page: Page) -> Page:
    """Take an import back."""
    return page.form("/undo").press().follow()
