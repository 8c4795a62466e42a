"""Case notes: a closed file, a supervision that ends, comments, the quiet warning, additions."""

from __future__ import annotations

import pytest

from app.notes.models import NoteRemark
from tests.client import Browser, FormOnPage
from tests.organisation import Organisation
from tests.web.records import number_of

TEXT = "بداية هادئة في الإرشاد"


def note(browser: Browser, organisation: Organisation) -> FormOnPage:
    """The empty note of the appointment to come."""
    page = browser.as_("counsellor").get(f"/appointments/{organisation.aid.booked}/note")
    return page.form("/note")


def close(browser: Browser, organisation: Organisation) -> None:
    me, aid = browser.as_("counsellor"), organisation.aid
    me.post(f"/appointments/{aid.booked}/ending/cancelled")
    assert "kept=" not in me.post(f"/files/{aid.file}/closing", {"as_": "finished"}).location


def test_after_the_closing_the_counsellor_writes_and_reads_nothing_there(
    browser, organisation
) -> None:
    aid, me = organisation.aid, browser.as_("counsellor")
    draft = note(browser, organisation).fill(happened="مسودّة لم تُوقّع")
    draft.press("Save")
    close(browser, organisation)
    for address in (
        f"/appointments/notes/{aid.note}",
        f"/appointments/{aid.booked}/note",
        f"/files/{aid.file}/fee",
        f"/files/{aid.file}/team",
        f"/files/{aid.file}/appointments/new",
        f"/appointments/{aid.booked}/move",
    ):
        assert me.get(address).status == 404, address
    for address, typed in (
        (f"/files/{aid.file}/fee", {"fee": "1"}),
        (f"/files/{aid.file}/team/end", {}),
        (f"/appointments/{aid.held}/ending/away", {}),
        (f"/appointments/notes/{aid.note}/additions", {"text": "بعد الإغلاق"}),
        (f"/appointments/notes/{aid.note}/error", {}),
    ):
        assert me.post(address, typed).location == "/problem/404", address
    assert TEXT in browser.as_("supervisor").get(f"/appointments/notes/{aid.note}")


def test_a_page_left_open_still_saves_its_draft_after_the_closing_and_shows_it_once_reopened(
    browser, organisation
) -> None:
    aid, page = organisation.aid, note(browser, organisation)
    close(browser, organisation)
    assert (
        page.fill(happened="كُتبت قبل أن يُغلق")
        .press("Send for review")
        .location.startswith(f"/files/{aid.file}")
    )
    assert browser.as_("counsellor").get(f"/appointments/{aid.booked}/note").status == 404
    browser.as_("supervisor").post(f"/files/{aid.file}/review-reopening")
    again = browser.as_("counsellor").get(f"/appointments/{aid.booked}/note")
    assert "كُتبت قبل أن يُغلق" in again.root.raw


def test_the_closing_page_names_the_notes_that_are_not_signed(browser, organisation) -> None:
    me, aid = browser.as_("counsellor"), organisation.aid
    assert "These notes are not signed." not in me.get(f"/files/{aid.file}/closing")
    note(browser, organisation).fill(happened="لم تُوقّع").press("Save")
    page = me.get(f"/files/{aid.file}/closing")
    assert "These notes are not signed." in page and "Wednesday 25 November" in page


def test_what_is_owed_after_the_closing_can_still_be_settled(browser, organisation) -> None:
    aid, me = organisation.aid, browser.as_("counsellor")
    close(browser, organisation)
    page = me.get(f"/appointments/{aid.held}")
    assert "80 ₪ · due" in page and "What became of it" not in page
    assert "80 ₪ · paid" in page.form("/fee/paid").press().follow()
    assert me.post(f"/appointments/{aid.booked}/fee/paid").location == "/problem/404"


def test_closing_twice_from_two_tabs_says_the_same(browser, organisation) -> None:
    aid, me = organisation.aid, browser.as_("counsellor")
    me.post(f"/appointments/{aid.booked}/ending/cancelled")
    form = me.get(f"/files/{aid.file}/closing").form("/closing")
    assert form.press().location == form.press().location == "/files?said=file-closed"


@pytest.mark.parametrize("how", ["by its counsellor", "with the supervisor's departure"])
def test_a_note_that_awaited_a_supervisor_who_is_gone_is_a_draft_again(
    browser, organisation, how
) -> None:
    aid, me = organisation.aid, browser.as_("counsellor")
    if how == "by its counsellor":
        me.post(f"/files/{aid.file}/team/end")
    else:
        uid = organisation.staff["supervisor"].uid
        browser.as_("administrator").post(f"/staff/{uid}/end")
    draft = me.get(f"/appointments/notes/{aid.awaiting}").follow()
    assert "ملاحظة تنتظر الإشراف" in draft.root.raw
    assert "The note is signed." in draft.form("/note").press("Sign and close").follow()


def test_a_comment_beside_the_signature_stays_with_the_note(browser, organisation) -> None:
    uid = organisation.aid.awaiting
    form = browser.as_("supervisor").get(f"/appointments/notes/{uid}").form("/review")
    form.fill(comment="عمل دقيق").press("Sign off")
    page = browser.as_("counsellor").get(f"/appointments/notes/{uid}")
    assert "عمل دقيق" in page and "Comment" in page and "Returned" not in page


def test_the_persons_own_name_is_asked_about_once_and_never_blocks(browser, organisation) -> None:
    aid = organisation.aid
    text = f"جاءت {aid.served.name} متعبة"
    asked = note(browser, organisation).fill(happened=text).press("Send for review").follow()
    assert "Not signed yet." in asked and "Is a code meant?" in asked
    sent = asked.form("/note").press("Send it as it is").follow()
    assert "A supervisor reads it now." in sent


def test_an_addition_sent_twice_stands_there_once(app, browser, organisation) -> None:
    form = (
        browser.as_("counsellor")
        .get(f"/appointments/notes/{organisation.aid.note}")
        .form("/additions")
    )
    form.fill(text="إضافة واحدة")
    assert form.press().location == form.press().location
    assert number_of(app, NoteRemark, NoteRemark.note_uid == organisation.aid.note) == 1
