"""What is written down: every opened record, every act, every refusal; and nothing that was typed."""

from __future__ import annotations

import pytest
from flask import Flask, Response, g
from sqlalchemy import insert, select

from app.audit import trail
from app.audit.models import AuditHead, AuditRow
from app.audit.verifying import verify
from app.people.models import Person
from app.sessions.models import Attendance
from tests.audit.trails import length, since
from tests.client import Browser
from tests.notes.writing import open_note, sign
from tests.organisation import NOW, Organisation
from tests.web.records import number_of, plant, rows, trail_of


def acts(organisation: Organisation) -> dict[str, tuple[str, str, dict[str, str]]]:
    """What is done: by whom, the post, and what is sent."""
    a = organisation.a
    member, tonight = a.members[0], f"/sessions/{a.meetings[7]}"
    group, candidate = f"/groups/{a.uid}", organisation.candidate.uid
    first = organisation.staff["facilitator3"].uid
    return {
        "person-added": (
            "coordinator",
            "/people/new",
            {"name": "ن", "site": organisation.jerusalem},
        ),
        "person-changed": (
            "coordinator",
            f"/people/{member.uid}/edit",
            {"name": "ن", "version": "1"},
        ),
        "member-joined": ("coordinator", f"{group}/members/{candidate}/member", {}),
        "member-waiting": ("coordinator", f"{group}/members/{candidate}/waiting", {}),
        "member-left": ("coordinator", f"/stays/{member.stay}/end", {"on": "2026-11-24"}),
        "departure-undone": ("coordinator", f"/stays/{a.left[0].stay}/end/undo", {}),
        "place-offered": (
            "coordinator",
            f"/stays/{a.waiting[0].stay}/offer",
            {"until": "2026-12-01"},
        ),
        "assigned": (
            *("coordinator", f"{group}/team/{first}"),
            {"passphrase": organisation.staff["coordinator"].passphrase},
        ),
        "unassigned": ("coordinator", f"{group}/team/{a.assignment}/end", {}),
        "group-created": (
            *("coordinator", "/groups/new"),
            {
                "name": "x",
                "site": organisation.jerusalem,
                "planned_sessions": "15",
                "capacity": "9",
            },
        ),
        "group-changed": (
            *("coordinator", f"{group}/edit"),
            {"name": "x", "capacity": "15", "share_to_complete": "1"},
        ),
        "group-cancelled": ("coordinator", f"{group}/cancellation", {}),
        "dates-planned": (
            "facilitator1",
            f"{group}/dates/new",
            {"on": "2027-05-05", "at": "18:00"},
        ),
        "session-held": ("facilitator1", f"{tonight}/holding", {}),
        "session-missed": ("facilitator1", f"{tonight}/cancellation", {"reason": "other"}),
        "session-moved": ("facilitator1", f"{tonight}/move", {"on": "2026-11-25", "at": "18:00"}),
        "attendance-marked": ("facilitator1", f"{tonight}/attendance", {member.stay: "late"}),
        "follow-up-ended": ("facilitator1", f"/follow-ups/{a.follow_up}/done", {}),
        "note-added-to": ("facilitator1", f"/notes/{a.note}/additions", {"text": "زيادة"}),
        "note-in-error": ("facilitator1", f"/notes/{a.note}/error", {}),
        "sign-out": ("facilitator1", "/sign-out", {}),
    }


ACTS = [
    *("person-added", "person-changed", "member-joined", "member-waiting", "member-left"),
    *("departure-undone", "place-offered", "assigned", "unassigned", "group-created"),
    *("group-changed", "group-cancelled", "dates-planned", "session-held", "session-missed"),
    *("session-moved", "attendance-marked", "follow-up-ended", "note-added-to", "note-in-error"),
    "sign-out",
]


@pytest.mark.parametrize("action", ACTS)
def test_whatever_is_done_is_written_down(app, browser, organisation, action) -> None:
    who, address, typed = acts(organisation)[action]
    me = browser.as_(who)
    before = length(app)
    page = me.post(address, typed)
    assert "kept=" not in page.location and "/problem" not in page.location
    written = [row for row in trail_of(app) if row.seq > before]
    assert [row.action for row in written].count(action) == 1
    assert {row.actor_uid for row in written} == {organisation.staff[who].uid}


@pytest.mark.parametrize("about", ["person-changed", "member-left", "attendance-marked"])
def test_an_act_about_a_person_names_them_by_their_opaque_id(
    app, browser, organisation, about
) -> None:
    who, address, typed = acts(organisation)[about]
    browser.as_(who).post(address, typed)
    assert trail_of(app)[-1].person_uid == organisation.a.members[0].uid


def test_the_reason_of_an_absence_is_written_down_with_its_person(
    app, browser, organisation
) -> None:
    member = organisation.a.members[3]
    there = f"/sessions/{organisation.a.meetings[0]}/attendance/{member.stay}"
    browser.as_("facilitator1").post(there, {"reason": "مرض"})
    last = trail_of(app)[-1]
    assert (last.action, last.person_uid) == ("absence-explained", member.uid)


def test_nothing_that_was_typed_and_no_name_stands_in_the_trail(app, browser, organisation) -> None:
    me = browser.as_("facilitator1")
    sign(open_note(me, organisation).fill(happened="كلام لا يُكتب في السجلّ"))
    browser.as_("coordinator").post("/people", {"q": "مجد الحائر"})
    written = [
        str(value)
        for row in trail_of(app)
        for value in (
            row.action,
            row.kind,
            row.subject_uid,
            row.vault_uid,
            row.person_uid,
            row.result,
        )
    ]
    for value in written:
        assert value.isascii()
        assert len(value) <= 40
    names = {account.username for account in organisation.staff.values()} - {
        "facilitator",
        "supervisor",
    }
    for words in (*organisation.typed, *names - {"coordinator", "administrator", "counsellor"}):
        assert words not in written


@pytest.mark.parametrize(
    ("who", "address", "result"),
    [
        ("supervisor", "/people", "403"),
        ("facilitator3", "/groups/{a}", "404"),
        ("facilitator1", "/people/zzzzzzzzzz", "404"),
        ("administrator", "/notes/{note}", "403"),
    ],
)
def test_what_was_refused_is_written_down(app, browser, organisation, who, address, result) -> None:
    there = address.format(a=organisation.a.uid, note=organisation.a.note)
    me = browser.as_(who)
    before = length(app)
    assert me.get(there).status == int(result)
    (row,) = [row for row in trail_of(app) if row.seq > before]
    assert (row.kind, row.result) == ("refusal", result)
    assert row.actor_uid == organisation.staff[who].uid


def test_a_refused_form_is_written_down_and_what_it_wanted_is_not(app, browser) -> None:
    me, before = browser.as_("coordinator"), number_of(app, Person)
    at = length(app)
    me.post("/people/new", {"name": ""})
    assert since(app, at) == [("people.add", "refused")]
    assert number_of(app, Person) == before


@pytest.fixture
def no_room(app: Flask, organisation: Organisation) -> None:
    """The next row's number is taken already: it cannot be written."""
    (head,) = rows(app, select(AuditHead.seq))
    values = {"action": "x", "kind": "x", "subject_uid": "", "vault_uid": "", "person_uid": ""}
    plant(
        app,
        insert(AuditRow).values(
            seq=head + 2,
            at=NOW,
            actor_uid="",
            result="x",
            mac=b"",
            hash=b"",
            is_opening=False,
            **values,
        ),
    )


@pytest.fixture
def answers_errors(app: Flask) -> object:
    """As in production: an error is answered, not raised."""
    app.config["PROPAGATE_EXCEPTIONS"] = False
    yield
    app.config["PROPAGATE_EXCEPTIONS"] = True


def test_a_page_whose_row_cannot_be_written_is_not_shown(
    browser: Browser, organisation, no_room, answers_errors
) -> None:
    me, member = browser.as_("facilitator1"), organisation.a.members[0]
    page = me.get(f"/people/{member.uid}")
    assert page.status == 500
    assert member.name not in page.text and member.number not in page.text
    assert "Nothing was changed." in page


def test_an_act_whose_row_cannot_be_written_is_not_done(
    app, browser: Browser, organisation, no_room, answers_errors
) -> None:
    me, a = browser.as_("facilitator1"), organisation.a
    page = me.post(f"/sessions/{a.meetings[7]}/attendance", {a.members[0].stay: "present"})
    assert page.location == "/problem/500"
    assert number_of(app, Attendance, Attendance.session_uid == a.meetings[7]) == 0


def test_the_trail_fits_after_a_busy_evening(app, browser, organisation) -> None:
    for action in ("person-added", "attendance-marked", "note-added-to", "member-left"):
        who, address, typed = acts(organisation)[action]
        browser.as_(who).post(address, typed)
    with app.app_context():
        assert verify().broken_at is None


def test_what_nobody_in_particular_is_refused_twice_at_once_is_one_row(app: Flask) -> None:
    with app.test_request_context("/sign-in", method="POST"):
        for _time in range(2):
            trail.record_refusal("sign-in", "", "refused")
        app.process_response(Response(status=401))
    with app.test_request_context("/sign-in", method="POST"):
        g.actor_uid = "k7q2zvbn5x"
        for _time in range(2):
            trail.record_refusal("sign-in", "", "refused")
        app.process_response(Response(status=401))
    refused = [row.actor_uid for row in trail_of(app) if row.kind == "refusal"]
    assert refused == ["", "k7q2zvbn5x", "k7q2zvbn5x"]
