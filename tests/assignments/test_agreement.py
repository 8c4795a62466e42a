"""Grants and assignments tell the same story over the whole database, whatever was done.

A thousand acts in fifty histories; DAFTAR_TEST_HISTORIES=1000 tries more.
"""

from __future__ import annotations

import os
import random
import re

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.accounts import joining
from app.accounts.models import User
from app.assignments import assigning
from app.assignments.rules import OPENS
from app.extensions import db
from tests.assignments.acts import ACTS, Acts
from tests.assignments.agreement import (
    assert_they_agree,
    assignments_without_grant,
    closed_for_nothing,
    grants_without_assignment,
    open_to_the_closed,
    opened_by_nobody,
    parts_without_role,
)
from tests.cli.running import run
from tests.organisation import Organisation
from tests.source import ROOT

HISTORIES, LENGTH = int(os.environ.get("DAFTAR_TEST_HISTORIES", "50")), 20


def test_at_first_nobody_opens_what_they_are_not_assigned_to_and_one_waits(
    app: Flask, organisation: Organisation
) -> None:
    assert_they_agree(app)
    with app.app_context():
        waits = {("two-roles", "notes", organisation.a.uid)}
        assert assignments_without_grant() == waits
        db.session.remove()


def test_in_the_demo_three_wait_whom_its_pages_show(app: Flask) -> None:
    run(app, "demo")
    assert_they_agree(app)
    with app.app_context():
        waiting = {(who, kind) for who, kind, _of in assignments_without_grant()}
        db.session.remove()
    assert waiting == {
        *(("amber-gate", "desk"), ("amber-gate", "roster")),
        ("paper-boat", "notes"),
    }


@pytest.mark.slow
def test_after_a_thousand_random_acts(app: Flask, organisation: Organisation) -> None:
    done: dict[str, int] = dict.fromkeys(ACTS, 0)

    @settings(
        max_examples=HISTORIES,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(
        st.lists(
            st.sampled_from(ACTS),
            min_size=LENGTH,
            max_size=LENGTH,
        ),
        st.integers(0, 2**32),
    )
    def lived(acts: list[str], seed: int) -> None:
        with app.app_context():
            try:
                history = Acts(organisation, random.Random(seed))
                for act in acts:
                    done[act] += history.do(act)
                    assert not grants_without_assignment(), f"after {act}"
                    assert not parts_without_role(), f"after {act}"
                    assert not open_to_the_closed(), f"after {act}"
                    assert not closed_for_nothing(), f"after {act}"
                    assert not opened_by_nobody(), f"after {act}"
                _everybody_is_given_what_is_theirs(organisation)
            finally:
                db.session.rollback()
                db.session.remove()

    lived()
    assert all(done.values()), f"Never done: {[act for act, times in done.items() if not times]}"


def _everybody_is_given_what_is_theirs(organisation: Organisation) -> None:
    """Once the recovery key gave everybody what their parts open, nothing lacks, and nothing is too much."""
    recovery = joining.recovery_keyring(organisation.recovery_key)
    for user in db.session.scalars(select(User).where(User.left_at.is_(None))).all():
        assigning.give_back(recovery, user)
    assert not assignments_without_grant()
    assert not grants_without_assignment()


def test_the_document_shows_the_same_table() -> None:
    document = (ROOT / "docs/SECURITY.md").read_text()
    rows = re.findall(r"^\| (\w+) \| (\w+) \| (.+) \|$", document, re.MULTILINE)
    told = {(of, part): re.findall(r"`(\w+)`", opens) for of, part, opens in rows if "`" in opens}
    assert told == {of: list(kinds) for of, kinds in OPENS.items()}
