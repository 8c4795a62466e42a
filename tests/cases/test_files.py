"""A counsellor's file: appointments, fees, notes, supervision, closing and opening again."""

from __future__ import annotations

import pytest

from tests.access.opening import opened, opened_pieces, raw
from tests.client import Browser, Page
from tests.organisation import Organisation

TEXT = "بداية هادئة في الإرشاد"


def file(browser: Browser, organisation: Organisation, who: str = "counsellor") -> Page:
    return browser.as_(who).get(f"/files/{organisation.aid.file}")


def book(me: Browser, uid: str, **typed: str) -> Page:
    form = me.get(f"/files/{uid}/appointments/new").form("/new")
    return form.fill(**typed).press().follow()


def test_the_next_appointment_is_proposed_a_week_after_the_last_one(browser, organisation) -> None:
    me = browser.as_("counsellor")
    form = me.get(f"/files/{organisation.aid.file}/appointments/new").form("/new")
    assert (form["on"], form["at"]) == ("2026-12-02", "14:00")
    assert "The appointment is booked." in form.press().follow()


def test_a_collision_is_asked_about_and_booked_all_the_same_when_meant(
    browser, organisation
) -> None:
    me, uid = browser.as_("counsellor"), organisation.aid.file
    asked = book(me, uid, on="2026-11-25", at="14:20")
    assert asked.status == 422 and "You have another appointment at that time." in asked
    page = asked.form("/new").fill(anyway=True).press().follow()
    assert "The appointment is booked." in page


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"on": "2026-11-20", "at": "10:00"}, "This time is past."),
        ({"on": "2027-03-26", "at": "02:30"}, "The clock change skips this hour"),
    ],
)
def test_an_hour_that_cannot_be_is_refused(browser, organisation, typed, words) -> None:
    page = book(browser.as_("counsellor"), organisation.aid.file, **typed)
    assert page.status == 422 and words in page


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("١٢٠٫٥٠", "120.50 ₪"),
        ("١٢٠،٥٠", "120.50 ₪"),
        ("99,5", "99.50 ₪"),
        ("1,200", "1200 ₪"),
        ("٠", "Free"),
    ],
)
def test_a_fee_is_read_in_any_digits(browser, organisation, typed, shown) -> None:
    me, address = browser.as_("counsellor"), f"/files/{organisation.aid.file}/fee"
    assert shown in me.get(address).form("/fee").fill(fee=typed).press().follow()


def test_a_fee_that_is_none_is_refused_and_stays_typed(browser, organisation) -> None:
    me, address = browser.as_("counsellor"), f"/files/{organisation.aid.file}/fee"
    page = me.get(address).form("/fee").fill(fee="كثير").press().follow()
    assert page.status == 422 and page.form("/fee")["fee"] == "كثير"


def test_what_became_of_an_appointment_decides_what_is_owed(browser, organisation) -> None:
    me, held = browser.as_("counsellor"), f"/appointments/{organisation.aid.held}"
    assert "80 ₪ · due" in me.get(held)
    assert "80 ₪ · waived" in me.get(held).form("/ending/cancelled").press().follow()
    assert "80 ₪ · due" in me.get(held).form("/ending/away").press().follow()
    assert "80 ₪ · paid" in me.get(held).form("/fee/paid").press().follow()


def test_tomorrows_appointment_was_not_attended_yet(browser, organisation) -> None:
    me = browser.as_("counsellor")
    page = me.post(f"/appointments/{organisation.aid.booked}/ending/attended").follow()
    assert page.status == 422 and "has not come yet" in page


def test_today_shows_the_appointments_without_a_note(browser, organisation) -> None:
    me = browser.as_("counsellor")
    assert "Appointments without a note" not in me.get("/")
    me.post(f"/appointments/notes/{organisation.aid.note}/error")
    page = me.get("/")
    assert "Appointments without a note" in page and organisation.aid.served.name in page


def test_a_note_awaits_the_supervisor_goes_back_and_is_signed_off(browser, organisation) -> None:
    supervisor, uid = browser.as_("supervisor"), organisation.aid.awaiting
    page = supervisor.get(f"/appointments/notes/{uid}")
    assert "ملاحظة تنتظر الإشراف" in page
    empty = page.form("/review").press("Return with the comment").follow()
    assert empty.status == 422
    page.form("/review").fill(comment="أوضحوا الخطوة التالية").press("Return with the comment")
    author = browser.as_("counsellor")
    draft = author.get(f"/appointments/notes/{uid}").follow()
    assert "أوضحوا الخطوة التالية" in draft
    sent = draft.form("/note").fill(happened="ملاحظة أوضح").press("Send for review").follow()
    assert "A supervisor reads it now." in sent
    supervisor.get(f"/appointments/notes/{uid}").form("/review").press("Sign off")
    assert "signed" in author.get(f"/appointments/notes/{uid}")


def test_two_devices_never_overwrite_each_other(browser, organisation) -> None:
    address = f"/appointments/{organisation.aid.booked}/note"
    first, second = (browser.as_("counsellor").get(address).form("/note") for _n in range(2))
    first.fill(happened="من الهاتف").press("Save")
    page = second.fill(happened="من الحاسوب").press("Save").follow()
    assert page.status == 422
    assert "من الهاتف" in page and "من الحاسوب" in page.root.raw


def test_a_draft_is_read_by_its_author_alone(browser, organisation) -> None:
    address = f"/appointments/{organisation.aid.booked}/note"
    browser.as_("counsellor").get(address).form("/note").fill(happened="مسودّة لي").press("Save")
    assert "مسودّة لي" in browser.as_("counsellor").get(address).root.raw
    assert "مسودّة لي" not in browser.as_("supervisor").get(f"/files/{organisation.aid.file}")
    assert browser.as_("supervisor").get(address).status == 403


def test_a_coordinator_sees_numbers_and_dates_and_no_content(browser, organisation) -> None:
    me = browser.as_("coordinator")
    page = me.get("/files")
    assert "Attended 2 of 3" in page
    assert TEXT not in page
    for address in (
        f"/files/{organisation.aid.file}",
        f"/appointments/notes/{organisation.aid.note}",
    ):
        assert me.get(address).status == 403


def test_with_the_database_and_their_own_passphrase_nobody_else_reads_a_case_note(
    app, browser, organisation
) -> None:
    table = raw(app)
    where = f"case_notes.text {organisation.aid.note}"
    readers = {
        who
        for who, account in organisation.staff.items()
        if where in opened_pieces(table, opened(table, account))
    }
    assert readers == {"counsellor", "supervisor"}


def test_closing_ends_the_counsellors_access_in_the_keys_too(app, browser, organisation) -> None:
    me, aid = browser.as_("counsellor"), organisation.aid
    still = me.get(f"/files/{aid.file}/closing").form("/closing").press().follow()
    assert still.status == 422 and "cancel or move it first" in still
    me.post(f"/appointments/{aid.booked}/ending/cancelled")
    page = me.get(f"/files/{aid.file}/closing").form("/closing")
    page.fill(note="تمّ ما بدأناه").press()
    assert TEXT not in me.get(f"/appointments/notes/{aid.note}")
    assert me.get(f"/people/{aid.served.uid}").status == 404
    table = raw(app)
    keys = opened(table, organisation.staff["counsellor"])
    assert ("case", aid.file_referral) not in keys


def test_a_supervisor_opens_a_file_again_with_all_its_notes(browser, organisation) -> None:
    me, aid = browser.as_("counsellor"), organisation.aid
    me.post(f"/appointments/{aid.booked}/ending/cancelled")
    me.get(f"/files/{aid.file}/closing").form("/closing").press()
    file(browser, organisation, "supervisor").form("/review-reopening").press()
    assert TEXT in browser.as_("counsellor").get(f"/appointments/notes/{aid.note}")


def test_the_desk_opens_a_file_again_and_older_notes_stay_closed(browser, organisation) -> None:
    me, aid = browser.as_("counsellor"), organisation.aid
    me.post(f"/appointments/{aid.booked}/ending/cancelled")
    me.post(f"/files/{aid.file}/team/end")
    me.get(f"/files/{aid.file}/closing").form("/closing").press()
    browser.as_("coordinator").get("/files").form(f"/files/{aid.file}/reopening").press()
    again = browser.as_("counsellor")
    page = file(browser, organisation)
    assert aid.served.name in page
    assert TEXT not in again.get(f"/appointments/notes/{aid.note}")
    new = book(again, aid.file, on="2026-11-26", at="10:00")
    assert "The appointment is booked." in new


def test_a_paused_file_takes_no_appointment(browser, organisation) -> None:
    page = file(browser, organisation).form("/state/pause").press().follow()
    assert "paused" in page
    refused = book(browser.as_("counsellor"), organisation.aid.file, on="2026-12-20", at="10:00")
    assert refused.status == 422
    page = file(browser, organisation).form("/state/resumption").press().follow()
    assert "Book an appointment" in page


def test_a_copy_of_a_record_holds_what_the_printer_can_open(browser, organisation) -> None:
    uid, copies = organisation.a.members[0].uid, {}
    for who in ("coordinator", "facilitator1", "counsellor"):
        me, passphrase = browser.as_(who), organisation.staff[who].passphrase
        form = me.get(f"/people/{uid}/copy").form("/copy")
        led = form.fill(passphrase=passphrase).press().location
        copies[who] = me.get(led)
        assert copies[who].status == 200 and organisation.a.members[0].name in copies[who]
        assert browser.as_("coordinator_b").get(led).status == 404
    assert TEXT in copies["counsellor"]
    assert TEXT not in copies["coordinator"] and TEXT not in copies["facilitator1"]
    assert "الزيتون" in copies["facilitator1"] and "الزيتون" not in copies["counsellor"]
