"""What the tests of reports share: reading a page of figures, and people who agreed to be counted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select, update

from app.clock import now
from app.extensions import db
from app.groups.models import Membership
from app.people.models import Consent
from app.sessions.models import Attendance
from tests.circles import Crowd, crowd
from tests.client import Page
from tests.organisation import Organisation
from tests.web.english import english

__all__ = ["english"]
QUARTER = "first=2026-10-01&last=2026-12-31"
OVER = datetime(2027, 1, 5, 9, 0, tzinfo=UTC)
"""When the quarter in which everything happens is over."""


def figures(page: Page) -> dict[str, str]:
    """Each figure of a page and its value, and each part's, as one reads them."""
    found: dict[str, str] = {}
    for node in page.root.all("h2", "th"):
        if node.tag == "h2":
            label, _colon, value = node.words.partition(": ")
            found[label] = value
        else:
            row = node.inside("tr")
            assert row is not None
            cells = row.all("th", "td")
            after = cells[cells.index(node) + 1 :]
            found[node.words] = " ".join(cell.words for cell in after if cell.tag == "td")
    return found


def agree(app: Flask, stays: list[str]) -> None:
    """The people of these stays agree to be counted in reports."""
    with app.app_context():
        for uid in db.session.scalars(
            select(Membership.person_uid).where(Membership.uid.in_(stays))
        ):
            given = {"given_on": now().date(), "recorded_by": "nobody"}
            db.session.add(Consent(person_uid=uid, purpose="reports", **given))
        db.session.commit()
        db.session.remove()


@pytest.fixture
def meeting(app: Flask, organisation: Organisation) -> Callable[..., Crowd]:
    """Make a group in Jerusalem of so many people, of whom some agreed to be counted; each came three times."""

    def made(members: int, *, agreed: int) -> Crowd:
        with app.app_context():
            found = crowd(organisation, members=members, marked=True)
            theirs = Attendance.membership_uid.in_(found.stays)
            db.session.execute(update(Attendance).where(theirs).values(mark="present"))
            db.session.commit()
            db.session.remove()
        agree(app, found.stays[:agreed])
        return found

    return made
