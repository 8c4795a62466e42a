"""Each class of things is kept to the day: nothing goes a day early, and on the day it is gone."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from app.audit.models import AuditRow
from app.cases.models import Appointment, Case
from app.clock import now
from app.continuation.models import NextStep
from app.extensions import db, new_uid
from app.follow_ups.models import FollowUp
from app.groups.models import Group, Membership
from app.notebook import keeping, letting_go
from app.notes.models import Note
from app.people.models import Person, Total
from app.requests.models import DECLINED, Referral, Request
from app.sessions.models import Attendance, GroupSession
from app.vault.models import Share, Vault
from app.web.keeping import ago
from app.workshops.models import SignUp, Workshop
from tests.conftest import Clock
from tests.organisation import NOW, Organisation
from tests.source import ROOT

A_MINUTE = timedelta(minutes=1)


def count(model: object, *where: object) -> int:
    return db.session.scalar(select(func.count()).select_from(model).where(*where)) or 0


def let_go(app: Flask) -> dict[str, int]:
    with app.app_context():
        gone = letting_go.let_go(at=now())
        assert not gone.failed
        db.session.remove()
    return gone.numbers


def month(at: datetime, number: int) -> datetime:
    """So many months later."""
    return ago(at, -number, "months")


@pytest.fixture
def over(app: Flask, organisation: Organisation) -> Organisation:
    """Everything of the organisation ended now: groups, workshops, requests, files."""
    with app.app_context():
        db.session.execute(update(Group).values(completed_at=NOW))
        db.session.execute(update(Workshop).values(starts_at=NOW, held_at=NOW))
        db.session.execute(
            update(Request)
            .where(Request.uid == organisation.aid.request)
            .values(ended_at=NOW, ended_as=DECLINED)
        )
        db.session.execute(update(Case).values(closed_at=NOW, closed_as="finished"))
        db.session.execute(update(FollowUp).values(ended_at=NOW, ended_as="done"))
        db.session.commit()
        db.session.remove()
    return organisation


# Name of the class, and from the end on: how many days or months it is kept.
TERMS = {
    "requests": (7, "days"),
    "sign-ups": (30, "days"),
    "names": (3, "months"),
    "notes": (12, "months"),
    "marks": (12, "months"),
    "follow-ups": (12, "months"),
    "letters": (12, "months"),
    "files": (24, "months"),
}


@pytest.mark.parametrize("name", TERMS)
def test_nothing_goes_a_minute_early_and_on_the_day_it_is_gone(
    name: str, app: Flask, over: Organisation, clock: Clock
) -> None:
    number, unit = TERMS[name]
    ends = NOW + timedelta(days=number) if unit == "days" else month(NOW, number)
    clock.at(ends - A_MINUTE)
    assert let_go(app)[name] == 0
    with app.app_context():
        (before,) = [one for one in letting_go.standing(at=now()) if one.kept.name == name]
        assert before.due == 0 and before.soon > 0, "It is said beforehand."
    clock.at(ends)
    assert let_go(app)[name] == before.soon
    assert let_go(app)[name] == 0


def test_what_remains_of_a_group(app: Flask, over: Organisation, clock: Clock) -> None:
    a = over.a
    with app.app_context():
        marks = count(Attendance)
        of_first = count(Attendance, Attendance.membership_uid == a.members[0].stay)
        roster = db.session.scalar(
            select(Vault.uid).where(Vault.kind == "roster", Vault.of_uid == a.uid)
        )
        stays, unsigned = count(Membership), count(Note, Note.signed_at.is_(None))
        assert marks and unsigned and count(Share, Share.vault_uid == roster)
        db.session.remove()
    clock.at(month(NOW, 3))
    let_go(app)
    with app.app_context():
        assert not count(Share, Share.vault_uid == roster)
        assert count(Attendance) == marks and count(Note, Note.signed_at.is_(None)) == unsigned
        db.session.remove()
    clock.at(month(NOW, 12))
    let_go(app)
    with app.app_context():
        assert not count(Attendance)
        assert not count(Note, Note.of_kind == "meeting")
        assert count(Membership) == stays and not count(Membership, Membership.reason.is_not(None))
        totals = select(func.sum(Total.number)).where(Total.of_uid == a.members[0].stay)
        assert db.session.scalar(totals) == of_first
        of_meetings = select(func.sum(Total.number)).where(
            Total.of_uid.in_(select(GroupSession.uid))
        )
        assert db.session.scalar(of_meetings) == marks
        db.session.remove()


def test_of_a_declined_request_state_urgency_and_dates_stay(
    app: Flask, over: Organisation, clock: Clock
) -> None:
    uid, of = over.aid.request, over.aid.person.uid
    with app.app_context():
        before = db.session.get_one(Request, uid)
        kept = (before.urgency, before.wants, before.opened_at, before.ended_at, before.ended_as)
        assert before.person_uid == of and before.remark
        db.session.remove()
    with app.app_context():  # what comes next for a member led to it
        stay = db.session.get_one(Membership, over.a.members[0].stay)
        step = NextStep(uid=new_uid(), membership_uid=stay.uid, group_uid=over.a.uid)
        step.person_uid, step.request_uid, step.choice = stay.person_uid, uid, "group"
        step.recorded_by, step.recorded_at = over.staff["facilitator1"].uid, NOW
        db.session.add(step)
        db.session.commit()
        db.session.remove()
    clock.at(NOW + timedelta(days=7))
    let_go(app)
    with app.app_context():
        assert db.session.scalars(select(NextStep.request_uid)).all() == [None]
        after = db.session.get_one(Request, uid)
        assert (
            after.urgency,
            after.wants,
            after.opened_at,
            after.ended_at,
            after.ended_as,
        ) == kept
        assert after.person_uid != of and after.remark is None and after.end_reason is None
        assert db.session.get_one(Person, after.person_uid).card == b""
        db.session.remove()


def test_who_is_known_by_a_sign_up_alone_goes_with_the_last_one(
    app: Flask, over: Organisation, clock: Clock
) -> None:
    workshop = over.workshop
    public, other = workshop.on_list["public"], over.a.members[0]
    with app.app_context():
        db.session.execute(
            update(Workshop)
            .where(Workshop.uid == over.workshop_b.uid)
            .values(starts_at=NOW + timedelta(days=7))
        )
        # somebody with a stay who was added for a sign-up stays
        db.session.execute(update(Person).where(Person.uid == other.uid).values(came_by="sign-up"))
        db.session.commit()
        assert db.session.get_one(Person, public.uid).came_by == "sign-up"
        db.session.remove()
    clock.at(NOW + timedelta(days=30))
    let_go(app)
    with app.app_context():
        assert db.session.get(Person, public.uid) is None
        assert not count(Share, Share.person_uid == public.uid)
        assert db.session.get(Person, other.uid) is not None
        assert count(SignUp, SignUp.workshop_uid == over.workshop_b.uid)
        assert not count(SignUp, SignUp.workshop_uid == workshop.uid)
        totals = select(func.sum(Total.number)).where(Total.of_uid == workshop.uid)
        assert db.session.scalar(totals) == len(workshop.on_list)
        db.session.remove()


def test_a_file_goes_whole_with_its_key(app: Flask, over: Organisation, clock: Clock) -> None:
    aid = over.aid
    clock.at(month(NOW, 24) - A_MINUTE)
    let_go(app)
    with app.app_context():
        assert count(Case, Case.uid == aid.file) and count(Note, Note.in_uid == aid.file_referral)
        db.session.remove()
    clock.at(month(NOW, 24))
    let_go(app)
    with app.app_context():
        assert not count(Case, Case.uid == aid.file)
        assert not count(Note, Note.in_uid == aid.file_referral)
        assert not count(Appointment, Appointment.case_uid == aid.file)
        assert not count(Referral, Referral.uid == aid.file_referral)
        assert not count(Vault, Vault.of_uid == aid.file_referral)
        db.session.remove()


def test_a_person_with_nothing_open_goes_after_two_years_and_not_before(
    app: Flask, organisation: Organisation, clock: Clock
) -> None:
    uid, member = organisation.candidate.uid, organisation.a.members[0].uid
    with app.app_context():
        changed = db.session.get_one(Person, uid).changed_at
        db.session.remove()
    clock.at(month(changed, 24) - A_MINUTE)
    let_go(app)
    with app.app_context():
        assert db.session.get(Person, uid) is not None
        db.session.remove()
    clock.at(month(changed, 24) + A_MINUTE)
    let_go(app)
    with app.app_context():
        assert db.session.get(Person, uid) is None
        assert db.session.get(Person, member) is not None, "A stay of theirs goes on."
        db.session.remove()


def test_three_years_later_nobody_is_left_of_whom_nothing_is_open(
    app: Flask, over: Organisation, clock: Clock
) -> None:
    """Every night of three years, once a month: it never fails, and in the end only open things are."""
    with app.app_context():
        db.session.execute(
            update(Membership)
            .where(Membership.ended_as.is_(None))
            .values(ended_as="left", ended_on=NOW.date())
        )
        db.session.commit()
        db.session.remove()
    for number in range(1, 37):
        clock.at(month(NOW, number))
        let_go(app)
    with app.app_context():
        assert not count(Attendance) and not count(Note, Note.of_kind == "meeting")
        assert not count(SignUp)
        for person in over.a.members:
            assert db.session.get(Person, person.uid) is None
        assert count(Membership) >= len(over.a.members), "Stays remain, of nobody."
        db.session.remove()


def test_the_trail_has_a_row_for_each_class_that_went(
    app: Flask, over: Organisation, clock: Clock
) -> None:
    clock.at(month(NOW, 12))
    gone = {name for name, number in let_go(app).items() if number}
    with app.app_context():
        rows = db.session.scalars(select(AuditRow).where(AuditRow.action == "let-go")).all()
        assert {row.kind for row in rows} == gone and len(rows) == len(gone) > 4
        assert {(row.subject_uid, row.person_uid, row.actor_uid) for row in rows} == {("", "", "")}
        db.session.remove()


def test_every_table_is_in_a_class_or_says_why_not() -> None:
    kept = {table for one in keeping.CLASSES for table in one.tables}
    said = kept | set(keeping.LASTING)
    tables = set(db.metadata.tables)
    assert tables - said == set(), (
        "Say in app/notebook/keeping.py why its rows stay, or when they go."
    )
    assert said - tables == set()
    assert not kept & set(keeping.LASTING) - {"assignments", "vaults"}


def test_the_table_says_what_the_program_does() -> None:
    """docs/SECURITY.md, line by line."""
    chapter = (ROOT / "docs/SECURITY.md").read_text().partition("## Letting go\n")[2]
    said = re.findall(r"^\| `([\w-]+)` \| (\d+) (days|months) \|", chapter, re.MULTILINE)
    assert said == [(one.name, str(one.number), one.unit) for one in keeping.CLASSES]
