"""Every opened record is written down once, also by a page that shows a refused form again."""

from __future__ import annotations

import pytest

from tests.audit.trails import length, since
from tests.client import Browser
from tests.organisation import NOW
from tests.web.records import trail_of

MEMBER, TONIGHT = "/people/{a.members[0].uid}", "/sessions/{a.meetings[7]}"
STAY, WORKSHOP = "/stays/{a.members[0].stay}", "/workshops/{workshop.uid}"
DESK, TEAM, AID = "coordinator", "facilitator1", "counsellor"
# What is opened: by whom, where, and the word that is written down.
OPENED = {
    "a person": (TEAM, MEMBER, "person-opened"),
    "a person's card": (DESK, MEMBER + "/edit", "person-opened"),
    "a person, to print a copy": (DESK, MEMBER + "/copy", "person-opened"),
    "a person's consents": (DESK, MEMBER + "/choices", "person-opened"),
    "who opened a person": (DESK, MEMBER + "/openings", "activity-opened"),
    "everybody": (DESK, "/people", "people-searched"),
    "whom to enrol": (DESK, "/groups/{a.uid}/members/new", "people-searched"),
    "a roster": (TEAM, "/groups/{a.uid}", "roster-opened"),
    "a group without names": ("supervisor", "/groups/{a.uid}", "group-opened"),
    "a group's activity": (TEAM, "/groups/{a.uid}/activity", "activity-opened"),
    "what comes next": (TEAM, "/groups/{a.uid}/next", "roster-opened"),
    "a session": ("supervisor", TONIGHT, "session-opened"),
    "the list": (TEAM, TONIGHT + "/attendance", "roster-opened"),
    "one by one": (TEAM, TONIGHT + "/attendance/one", "roster-opened"),
    "an absence": (TEAM, TONIGHT + "/attendance/{a.members[0].stay}", "attendance-opened"),
    "a follow-up": (TEAM, TONIGHT + "/follow-ups/{a.members[0].uid}", "follow-up-opened"),
    "one's own note": ("facilitator2", "/sessions/{a.meetings[0]}/note", "note-opened"),
    "a reflection": (TEAM, "/sessions/{a.meetings[0]}/reflection", "note-opened"),
    "a signed note": ("supervisor", "/notes/{a.note}", "note-read"),
    "a sheet": (TEAM, TONIGHT + "/sheet", "sheet"),
    "a sheet with names": (TEAM, TONIGHT + "/sheet?names=yes", "sheet-with-names"),
    "follow-ups that are due": (TEAM, "/", "today-opened"),
    "appointments that come": (AID, "/", "today-opened"),
    "a stay to be ended": (DESK, STAY + "/end", "person-opened"),
    "a place to be offered": (DESK, "/stays/{a.waiting[0].stay}/offer", "person-opened"),
    "a workshop's list": (TEAM, WORKSHOP, "list-opened"),
    "a workshop's sheet": (TEAM, WORKSHOP + "/sheet", "sheet"),
    "the requests": (DESK, "/requests", "requests-opened"),
    "a request": (DESK, "/requests/{aid.request}", "request-read"),
    "a request to be declined": (DESK, "/requests/{aid.request}/answer", "request-read"),
    "the referrals": (AID, "/letters", "referrals-opened"),
    "a referral": (AID, "/letters/{aid.sent}", "referral-opened"),
    "the files": (AID, "/files", "files-opened"),
    "a file": (AID, "/files/{aid.file}", "file-opened"),
    "an appointment": (AID, "/appointments/{aid.booked}", "appointment-opened"),
    "a case note's draft": (AID, "/appointments/{aid.booked}/note", "case-note-opened"),
    "a case note": ("supervisor", "/appointments/notes/{aid.note}", "case-note-read"),
}


def refused_form(me: Browser) -> str:
    """The uid of a form of one's own that was refused and kept."""
    return me.post("/preferences", {"language": "xx"}).location.partition("kept=")[2]


@pytest.mark.parametrize("what", OPENED)
def test_whatever_is_opened_is_written_down_once(app, browser, organisation, what) -> None:
    who, address, action = OPENED[what]
    me = browser.as_(who)
    before = length(app)
    assert me.get(address.format(**vars(organisation))).status == 200
    assert since(app, before) == [(action, "done")]
    row = trail_of(app)[-1]
    assert (row.actor_uid, row.at) == (organisation.staff[who].uid, NOW)


@pytest.mark.parametrize("what", OPENED)
def test_so_is_what_is_opened_beside_a_form_that_was_refused(
    app, browser, organisation, what
) -> None:
    who, address, action = OPENED[what]
    me = browser.as_(who)
    kept, before = refused_form(me), length(app)
    address = address.format(**vars(organisation))
    joined = "&" if "?" in address else "?"
    assert me.get(f"{address}{joined}kept={kept}").status == 422
    assert (action, "done") in since(app, before)


def test_a_printed_copy_is_written_down_also_beside_a_refused_form(
    app, browser, organisation
) -> None:
    me, there = browser.as_("coordinator"), f"/people/{organisation.a.members[0].uid}/copy"
    kept = refused_form(me)
    typed = {"passphrase": organisation.staff["coordinator"].passphrase}
    led, before = me.post(there, typed).location, length(app)
    assert organisation.a.members[0].number in me.get(f"{led}?kept={kept}")
    assert ("record-printed", "done") in since(app, before)


def test_a_note_shown_with_the_refused_review_of_it_is_written_down(
    app, browser, organisation
) -> None:
    me, before = browser.as_("supervisor"), length(app)
    there = f"/appointments/notes/{organisation.aid.awaiting}/review"
    page = me.post(there, {"return": "1"}, htmx="content")
    assert page.status == 422
    assert ("case-note-read", "done") in since(app, before)


def test_what_is_not_reached_counts_as_refused_and_not_as_opened(
    app, browser, organisation
) -> None:
    me, before = browser.as_("facilitator3"), length(app)
    assert me.get(f"/people/{organisation.a.members[0].uid}").status == 404
    assert since(app, before) == [("people.view", "404")]


def test_a_colleagues_note_that_is_folded_above_ones_own_is_written_down_as_read(
    app, browser, organisation
) -> None:
    before = length(app)
    page = browser.as_("facilitator2").get(f"/sessions/{organisation.a.meetings[1]}/note")
    assert "تحدّثنا عن البدايات" in page
    assert ("note-read", organisation.a.note) in [
        (row.action, row.subject_uid) for row in trail_of(app)[before:]
    ]
