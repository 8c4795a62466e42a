"""What ends when a consent is withdrawn, a referral revoked, or a counsellor gone; and what stays."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from app.assignments.models import Assignment
from app.cases.models import Appointment, Case
from app.requests.models import Referral
from app.vault.models import Grant
from tests.access.opening import opened, opened_pieces, raw
from tests.client import Browser, Page
from tests.organisation import Organisation
from tests.web.records import one, plant, rows

TEXT = "بداية هادئة في الإرشاد"


def withdraw(browser: Browser, organisation: Organisation) -> Page:
    """The person whose file is kept takes their consent to it back."""
    aid = organisation.aid
    consent = one(browser.app, Referral, aid.file_referral).consent_uid
    page = browser.as_("coordinator").get(f"/people/{aid.served.uid}/choices")
    return page.form(f"/{consent}/end").press().follow()


def accept(browser: Browser, organisation: Organisation) -> str:
    """The counsellor takes what was sent to them; the address of the file."""
    page = browser.as_("counsellor").get(f"/letters/{organisation.aid.sent}")
    return page.form("/answer/yes").press().location.partition("?")[0]


def book(browser: Browser, file: str) -> str:
    """An hour tomorrow; the address of the appointment."""
    me = browser.as_("counsellor")
    me.get(f"{file}/appointments/new").form("/new").fill(on="2026-11-25", at="18:00").press()
    return next(a["href"] for a in me.get(file).root.all("a") if "/appointments/" in a["href"][:14])


def answer_request(browser: Browser, organisation: Organisation) -> str:
    """Refer the person of the open request from its page, and send it; the referral's address."""
    desk, aid = browser.as_("coordinator"), organisation.aid
    page = desk.get(desk.get(f"/requests/{aid.request}").link("Refer to a counsellor"))
    form = page.form("/letters/new").fill(receiver=organisation.staff["counsellor"].uid)
    page = form.press().follow()
    page = page.form("/agreement").press().follow()
    page.form("/sending").press()
    return page.address.partition("?")[0]


def waits(browser: Browser, organisation: Organisation) -> bool:
    return organisation.aid.person.name in browser.as_("coordinator").get("/requests")


def test_a_withdrawn_consent_closes_the_file_and_cancels_what_was_to_come(
    browser, organisation
) -> None:
    aid, counsellor = organisation.aid, browser.as_("counsellor")
    assert "What rested on it has stopped." in withdraw(browser, organisation)
    assert counsellor.get(f"/people/{aid.served.uid}").status == 404
    page = counsellor.get(f"/files/{aid.file}")
    assert "The consent was withdrawn" in page and aid.served.name not in page
    assert one(browser.app, Appointment, aid.booked).ended_as == "cancelled"
    today = counsellor.get("/")
    assert "The consent was withdrawn; the file is closed." in today
    assert "does not take place: Wed 25 Nov 14:00" in today
    assert aid.served.name not in today


def test_with_the_raw_database_the_counsellor_opens_nothing_of_a_file_whose_consent_is_withdrawn(
    app, browser, organisation
) -> None:
    withdraw(browser, organisation)
    table, vault = raw(app), ("case", organisation.aid.file_referral)
    where = f"case_notes.text {organisation.aid.note}"
    counsellor = opened(table, organisation.staff["counsellor"])
    assert vault not in counsellor and where not in opened_pieces(table, counsellor)
    supervisor = opened(table, organisation.staff["supervisor"])
    assert where in opened_pieces(table, supervisor), "What was written is not destroyed."


def test_no_file_opens_again_without_the_consent_it_rests_on(app, browser, organisation) -> None:
    withdraw(browser, organisation)
    address = f"/files/{organisation.aid.file}"
    by_desk = browser.as_("coordinator").post(f"{address}/reopening").follow()
    assert by_desk.status == 422 and "withdrew their consent" in by_desk
    by_supervisor = browser.as_("supervisor").post(f"{address}/review-reopening").follow()
    assert by_supervisor.status == 422 and "withdrew their consent" in by_supervisor
    vault = ("case", organisation.aid.file_referral)
    assert vault not in opened(raw(app), organisation.staff["counsellor"])


def test_no_file_opens_again_for_somebody_who_is_no_counsellor_any_more(
    app, browser, organisation
) -> None:
    roles = {"facilitator": "y"}
    uid = organisation.staff["counsellor"].uid
    browser.as_("administrator").post(f"/staff/{uid}/roles", roles)
    page = browser.as_("coordinator").post(f"/files/{organisation.aid.closed}/reopening").follow()
    assert page.status == 422 and "no longer on the staff" in page
    assert not [
        kind for kind, _of in opened(raw(app), organisation.staff["counsellor"]) if kind == "case"
    ]


def test_a_counsellor_who_leaves_hands_their_files_to_the_desk(browser, organisation) -> None:
    aid = organisation.aid
    uid = organisation.staff["counsellor"].uid
    browser.as_("administrator").post(f"/staff/{uid}/end")
    case = one(browser.app, Case, aid.file)
    assert (case.state, case.closed_as) == ("closed", "left")
    desk = browser.as_("coordinator")
    today = desk.get("/")
    assert "Referrals that need you" in today and aid.served.name in today
    assert "The counsellor left" in desk.get("/files")
    assert TEXT in browser.as_("supervisor").get(f"/appointments/notes/{aid.note}")
    page = desk.get(today.link(aid.served.name))
    assert "proposed" in page and "Nobody yet" in page


def test_a_request_stays_in_the_queue_until_its_referral_is_accepted(browser, organisation) -> None:
    there = answer_request(browser, organisation)
    assert waits(browser, organisation) and "a referral is sent" in browser.as_("coordinator").get(
        "/requests"
    )
    browser.as_("counsellor").get(there).form("/answer/yes").press()
    assert not waits(browser, organisation)


def test_a_declined_referral_leaves_its_request_open_and_stands_on_today(
    browser, organisation
) -> None:
    there = answer_request(browser, organisation)
    browser.as_("counsellor").get(there).form("/answer/no").press()
    assert waits(browser, organisation)
    desk = browser.as_("coordinator")
    assert there in desk.get("/").text
    desk.post(f"/requests/{organisation.aid.request}/closing")
    assert there not in desk.get("/").text, "The desk has answered otherwise."


def test_a_revoked_referral_opens_the_request_again_that_its_acceptance_had_answered(
    browser, organisation
) -> None:
    there = answer_request(browser, organisation)
    browser.as_("counsellor").get(there).form("/answer/yes").press()
    browser.as_("coordinator").get(there).form("/recall").press()
    assert waits(browser, organisation)


def test_a_revoked_file_takes_its_appointment_with_it_and_says_so(browser, organisation) -> None:
    there = book(browser, accept(browser, organisation))
    browser.as_("coordinator").get(f"/letters/{organisation.aid.sent}").form("/recall").press()
    counsellor = browser.as_("counsellor")
    assert "does not take place: Wed 25 Nov 18:00" in counsellor.get("/")
    assert counsellor.get(there).status == 404
    form = counsellor.get(f"/files/{organisation.aid.file}/appointments/new").form("/new")
    page = form.fill(on="2026-11-25", at="18:00").press().follow()
    assert "The appointment is booked." in page, "The hour is free."


def test_what_was_written_is_not_destroyed_by_a_revocation(app, browser, organisation) -> None:
    there = book(browser, accept(browser, organisation))
    counsellor, desk = browser.as_("counsellor"), browser.as_("coordinator")
    form = counsellor.get(f"{there}/note").form("/note").fill(happened="قبل الموعد الأوّل")
    note = form.press("Sign and close").location.partition("?")[0]
    refused = desk.post(f"/letters/{organisation.aid.sent}/recall").follow()
    assert refused.status == 422 and "holds notes already" in refused
    assert "قبل الموعد الأوّل" in counsellor.get(note)


def test_a_mistaken_tap_on_attended_can_be_taken_back_and_the_referral_revoked(
    browser, organisation, clock
) -> None:
    there = book(browser, accept(browser, organisation))
    clock.forward(hours=30)
    counsellor, desk = browser.as_("counsellor"), browser.as_("coordinator")
    uid = organisation.aid.sent
    counsellor.get(there).form("/ending/attended").press()
    assert "carried out" in desk.get(f"/letters/{uid}")
    counsellor.get(there).form("/ending/none").press()
    assert "accepted" in desk.get(f"/letters/{uid}")
    assert (
        "The referral was revoked" in desk.get(f"/letters/{uid}").form("/recall").press().follow()
    )


def test_nobody_has_come_before_the_hour(browser, organisation, clock) -> None:
    booked = f"/appointments/{organisation.aid.booked}"
    clock.forward(hours=23, minutes=50)
    early = browser.as_("counsellor").post(f"{booked}/ending/attended").follow()
    assert early.status == 422 and "has not come yet" in early
    clock.forward(minutes=15)
    assert "attended" in browser.as_("counsellor").post(f"{booked}/ending/attended").follow()


def test_a_coordinator_without_the_desks_key_moves_no_referral(app, browser, organisation) -> None:
    newcomer = organisation.staff["coordinator_b"].uid
    plant(
        app,
        update(Assignment)
        .where(Assignment.user_uid == newcomer)
        .values(of_uid=organisation.jerusalem),
    )
    me, before = browser.as_("coordinator_b"), rows(app, Grant.__table__.select())
    for act in ("recall", "sending", "agreement"):
        assert me.post(f"/letters/{organisation.aid.sent}/{act}").location == "/problem/404"
    assert rows(app, Grant.__table__.select()) == before
    assert one(app, Referral, organisation.aid.sent).state == "sent"


def test_the_answer_of_a_service_outside_is_noted_in_its_order(browser, organisation) -> None:
    desk, there = browser.as_("coordinator"), f"/letters/{organisation.aid.outside}"
    early = desk.post(f"{there}/completion").follow()
    assert early.status == 422 and "has gone on meanwhile" in early


@pytest.mark.parametrize("who", ["coordinator", "supervisor"])
def test_a_file_whose_counsellor_and_consent_stand_opens_again(browser, organisation, who) -> None:
    aid, me = organisation.aid, browser.as_("counsellor")
    me.post(f"/appointments/{aid.booked}/ending/cancelled")
    me.get(f"/files/{aid.file}/closing").form("/closing").press()
    how = "reopening" if who == "coordinator" else "review-reopening"
    assert "The file is open again." in browser.as_(who).post(f"/files/{aid.file}/{how}").follow()
