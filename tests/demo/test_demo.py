"""The demo: filled once, and every state that the program knows is in it somewhere."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from app.audit.verifying import verify
from app.cases.models import ENDINGS, Appointment, Case
from app.clock import now
from app.continuation.models import CHOICES, NextStep
from app.follow_ups.models import FollowUp
from app.groups.models import Group, Membership
from app.importing.models import Import
from app.notes.models import APPOINTMENT, MEETING, Note, NoteRemark
from app.people.models import Person
from app.requests.models import Referral, Request
from app.sessions.models import Attendance, GroupSession
from tests.cli.running import run
from tests.client import Browser
from tests.organisation import Account
from tests.web.records import number_of, rows, speak_english


def accounts(output: str) -> dict[str, Account]:
    """The accounts as they were printed."""
    lines = [line.split(maxsplit=2) for line in output.splitlines() if line.startswith("  ")]
    return {
        name: Account(name, "", name, passphrase, "", tuple(roles.split(", ")))
        for name, passphrase, roles in lines
    }


def test_a_freshly_filled_demo_shows_every_state_and_opens_for_everybody(app: Flask) -> None:
    done = run(app, "demo")
    assert done.exit_code == 0, done.output
    staff = accounts(done.output)
    assert {role for account in staff.values() for role in account.roles} == {
        *("administrator", "coordinator", "facilitator", "counsellor", "supervisor")
    }
    moment = now()
    assert {group.state for group in rows(app, select(Group))} >= {
        *("planned", "enrolling", "active", "completed")
    }
    assert {group.kind for group in rows(app, select(Group))} == {"support", "discussion"}
    assert {stay.state(moment) for stay in rows(app, select(Membership))} == {
        *("waiting", "offered", "active", "left", "completed", "withdrawn")
    }
    assert {meeting.state for meeting in rows(app, select(GroupSession))} == {
        *("scheduled", "held", "missed", "cancelled")
    }
    marks = set(rows(app, select(Attendance.mark)))
    assert marks == {"present", "late", "excused", "absent"}
    notes = rows(app, select(Note).where(Note.of_kind == MEETING))
    assert {note.state for note in notes} >= {"draft", "signed"}
    assert {note.kind for note in notes} == {"note", "reflection"}
    assert any(note.error_at for note in notes)
    assert set(rows(app, select(FollowUp.ended_as))) == {None, "done", "dropped"}

    brought = rows(app, select(Import.done_at))
    assert None in brought and any(brought), "One was brought in, one awaits that."

    people = number_of(app, Person)
    again = run(app, "demo")
    assert accounts(again.output) == staff
    assert number_of(app, Person) == people
    with app.app_context():
        assert verify().broken_at is None

    speak_english(app)
    for name in set(staff) - {"stone-arch"}:
        me = Browser(app, staff).as_(name)
        bar = me.get("/").root.first("nav").all("a")
        assert {me.get(link["href"]).status for link in bar} == {200}
    waiting = Browser(app, staff).as_("amber-gate").get("/people")
    assert "Waiting for access" in waiting and "Jerusalem" in waiting
    assert "1 colleague waits for you" in Browser(app, staff).as_("silver-well").get("/")
    assert "You coordinate no place yet." in Browser(app, staff).as_("copper-leaf").get("/")
    facilitator = Browser(app, staff).as_("olive-lamp").get("/")
    assert "Session today" in facilitator
    assert "Take attendance" in facilitator
    away = Browser(app, staff).as_("stone-arch").get("/")
    assert away.location == "/more" and "Open access again" in Browser(app, staff).as_(
        "almond-road"
    ).get("/colleagues")
    assert 0 in rows(app, select(Person.version)), "Somebody is erased: their marks hang on nobody."


def test_the_demo_shows_every_state_of_individual_support(app: Flask) -> None:
    staff = accounts(run(app, "demo").output)
    assert {one.state for one in rows(app, select(Request))} == {
        *("open", "placed", "declined", "closed")
    }
    referrals = rows(app, select(Referral))
    assert {one.state for one in referrals} == {
        *("proposed", "agreed", "sent", "accepted", "declined", "done", "revoked")
    }
    assert {one.state for one in referrals if one.is_outside} >= {"sent", "accepted"}
    assert {one.state for one in rows(app, select(Case))} == {"open", "paused", "closed"}
    appointments = set(rows(app, select(Appointment.ended_as)))
    assert appointments == {None, *ENDINGS}
    notes = rows(app, select(Note).where(Note.of_kind == APPOINTMENT))
    assert {one.state for one in notes} >= {"draft", "awaiting", "signed"}
    assert any(one.error_at for one in notes)
    assert set(rows(app, select(NoteRemark.kind))) == {"addition", "comment"}
    steps = rows(app, select(NextStep))
    assert {one.choice for one in steps} == {*CHOICES}
    assert any(one.stay_uid for one in steps) and any(one.request_uid for one in steps)
    assert any(one.referral_uid for one in steps)

    speak_english(app)
    desk = Browser(app, staff).as_("silver-well")
    twice = desk.get("/people").form("/people").fill(q="طير").press().follow()
    codes = [code.words for code in twice.root.first("main").all("small") if "ltr" in code["class"]]
    assert len(codes) == 2 and codes[0] != codes[1], "Nobody shares a code with somebody else."
    back = Browser(app, staff).as_("sage-window").get("/")
    assert "with a comment" in back


@pytest.mark.parametrize("demo", [False])
def test_the_demo_never_mixes_with_real_people(app: Flask, demo: bool) -> None:
    settings = app.config["DAFTAR"]
    app.config["DAFTAR"] = type(settings)(**{**vars(settings), "demo": demo})
    try:
        done = run(app, "demo")
    finally:
        app.config["DAFTAR"] = settings
    assert done.exit_code == 1
    assert number_of(app, Person) == 0
