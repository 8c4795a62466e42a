"""Each night by itself: in pieces, once, written down; and what an administrator sees and changes."""

from __future__ import annotations

import random
import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from app.audit.models import AuditRow
from app.audit.verifying import verify
from app.cli import letting_go as nightly
from app.cli.sweeping import sweep_in_turn
from app.clock import now
from app.extensions import db
from app.groups.models import Group, Membership
from app.notebook import letting_go
from app.people.models import Person, Total
from app.sessions.models import Attendance
from app.upkeep import chores
from app.upkeep.models import LET_GO, Chore
from app.upkeep.rules import is_due_tonight
from app.web import transaction
from app.web.keeping import ago
from app.web.models import Term
from app.workshops.models import Workshop
from tests.assignments.agreement import assert_they_agree
from tests.cli.running import run
from tests.client import Browser
from tests.conftest import Clock
from tests.keeping.nights import let_go
from tests.organisation import NOW, Organisation
from tests.upkeep.conftest import house
from tests.upkeep.keeping import House
from tests.upkeep.test_killed import KILLS, killed, where
from tests.web.records import number_of, one, plant, rows

__all__ = ["house"]
NIGHT = datetime(2026, 11, 25, 0, 30, tzinfo=UTC)  # half past two in Jerusalem
A_YEAR_ON = ago(NOW, -12, "months")


@pytest.mark.slow
@pytest.mark.timeout(60 + 8 * KILLS)
def test_killed_in_the_middle_it_goes_on_and_nothing_else_is_lost(
    house: House, organisation: Organisation
) -> None:
    app, dice = house.app, random.Random(20261129)
    plant(app, update(Group).values(completed_at=NOW))
    marks, stays = number_of(app, Attendance), number_of(app, Membership)
    open_before = number_of(app, Person)
    here = where(app)
    for _kill in range(KILLS):
        killed(let_go, *here, A_YEAR_ON, after=dice.random() * 0.4)
        with app.app_context():
            left = db.session.scalar(select(func.count()).select_from(Attendance)) or 0
            counted = db.session.scalar(
                select(func.sum(Total.number)).where(Total.of_uid.in_(select(Membership.uid)))
            )
            assert left + (counted or 0) == marks, "A mark is there or it is counted."
            assert verify().broken_at is None
            db.session.remove()
            db.engine.dispose()
        assert number_of(app, Membership) == stays
        assert_they_agree(app)
    with app.app_context():
        done = nightly.let_go(at=A_YEAR_ON)
        assert not done.failed
        assert not any(s.due for s in letting_go.standing(at=A_YEAR_ON))
        db.session.remove()
    assert not number_of(app, Attendance) and number_of(app, Person) <= open_before
    assert one(app, Chore, LET_GO).good_at == A_YEAR_ON


def test_once_a_night_one_of_all_that_ask(app: Flask, clock: Clock) -> None:
    done = []
    for minutes in range(0, 60 * 48, 20):
        clock.at(NIGHT + timedelta(minutes=minutes))
        for _process in range(2):
            with app.app_context():
                sweep_in_turn(timedelta(minutes=1), at=now())
                db.session.remove()
        done.append(one(app, Chore, LET_GO).good_at)
    next_ones = [NIGHT.replace(day=day, hour=23, minute=10) for day in (25, 26)]
    assert sorted(set(done)) == [NIGHT, *next_ones]


def test_when_it_is_due() -> None:
    def due(hours_ago: float | None, hour: int) -> bool:
        good = None if hours_ago is None else NOW - timedelta(hours=hours_ago)
        return is_due_tonight(good, hour=hour, at=NOW)

    assert due(None, 14) and due(24, 2) and due(37, 14)
    assert not due(24, 14) and not due(1, 2) and not due(36, 12)
    assert due(-20, 12), "A clock was wrong."


def test_where_it_failed_doctor_says_so(app: Flask, organisation: Organisation) -> None:
    with app.app_context():
        chores.went_well(LET_GO, at=now() - timedelta(hours=20))
        chores.failed(LET_GO, at=now())
        transaction.commit()
        db.session.remove()
    assert "it failed at" in run(app, "doctor").output
    assert run(app, "let-go").exit_code == 0
    said = run(app, "doctor").output
    assert "it failed at" not in said and "Last let go" in said


def test_a_dry_run_says_and_does_nothing(
    app: Flask, organisation: Organisation, clock: Clock
) -> None:
    plant(app, update(Group).values(completed_at=NOW))
    marks = number_of(app, Attendance)
    clock.at(A_YEAR_ON)
    said = run(app, "let-go", "--dry-run").output
    assert "marks (12 months)" in said and f" {marks} would go" in said
    assert number_of(app, Attendance) == marks
    done = run(app, "let-go")
    assert done.exit_code == 0 and f"{marks} gone" in done.output
    assert not number_of(app, Attendance)


def test_an_administrator_sees_numbers_and_sets_a_term_within_its_limits(
    app: Flask, browser: Browser, organisation: Organisation, clock: Clock
) -> None:
    admin = browser.as_("administrator")
    page = admin.get(admin.get("/more").link("How long things are kept"))
    assert "12 months after the end of the group" in page
    for typed in organisation.typed:
        assert len(typed) < 4 or typed not in page.words
    for wrong in ("0", "37", "", "x"):
        answer = admin.get("/terms/marks").form("/terms/marks").fill(number=wrong).press().follow()
        assert answer.status == 422, wrong
    assert not number_of(app, Term)
    assert (
        "said=saved"
        in admin.get("/terms/marks").form("/terms/marks").fill(number="٢").press().location
    )
    assert one(app, Term, "marks").number == 2
    acts = rows(app, select(AuditRow).where(AuditRow.action == "term-changed"))
    assert [(row.kind, row.subject_uid) for row in acts] == [("marks", "")]
    plant(app, update(Group).values(completed_at=NOW))
    clock.at(ago(NOW, -2, "months"))
    with app.app_context():
        assert letting_go.let_go(at=now()).numbers["marks"] > 0
        db.session.remove()
    admin = browser.as_("administrator")
    admin.get("/terms/marks").form("/terms/marks").fill(number="12").press()
    assert not number_of(app, Term), "Only what differs is stored."


@pytest.mark.parametrize("who", ["coordinator", "facilitator1", "supervisor", "counsellor"])
def test_nobody_else_sees_or_sets_terms(who: str, browser: Browser) -> None:
    other = browser.as_(who)
    assert other.get("/terms").status == other.get("/terms/notes").status == 403
    assert browser.as_("administrator").get("/terms/nothing").status == 404


def test_what_was_let_go_shows_in_numbers_and_stays_as_it_is(
    app: Flask, browser: Browser, organisation: Organisation, clock: Clock
) -> None:
    a = organisation.a
    plant(app, update(Group).values(completed_at=NOW))
    before = browser.as_("coordinator").get(f"/groups/{a.uid}")
    clock.at(A_YEAR_ON)
    with app.app_context():
        letting_go.let_go(at=now())
        db.session.remove()
    coordinator = browser.as_("coordinator")
    page = coordinator.get(f"/groups/{a.uid}")
    assert page.status == 200 and "%" in page.words and "%" in before.words
    meeting = coordinator.get(f"/sessions/{a.meetings[0]}")
    assert "Present: " in meeting and "Take attendance" not in meeting
    roll = f"/sessions/{a.meetings[0]}/attendance"
    coordinator.post(roll, {a.members[0].stay: "absent"})
    assert not number_of(app, Attendance)
    coordinator.post(f"/groups/{a.uid}/reopening", {})
    assert one(app, Group, a.uid).completed_at is not None


def test_of_a_list_that_was_let_go_the_numbers_show(
    app: Flask, browser: Browser, organisation: Organisation, clock: Clock
) -> None:
    uid = organisation.workshop.uid
    plant(app, update(Workshop).where(Workshop.uid == uid).values(held_at=NOW))
    clock.at(NOW + timedelta(days=31))
    with app.app_context():
        letting_go.let_go(at=now())
        db.session.remove()
    page = browser.as_("coordinator").get(f"/workshops/{uid}")
    assert page.status == 200 and re.search(r"has a seat \d", page.words)
    for one_of in organisation.workshop.on_list.values():
        assert one_of.name not in page.words
