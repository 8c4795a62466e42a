"""The copy of a record: all that whoever prints it may see, and nothing that their page hides."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from app.cases import files
from app.cases.models import Appointment, Case
from app.cases.notes import OfAppointment
from app.clock import standing_at
from app.extensions import db
from app.notes import writing
from app.notes.sealing import Boxes
from tests.client import Browser, Page
from tests.organisation import NOW, Organisation, viewer
from tests.test_queries_per_page import listening


def led_to(browser: Browser, organisation: Organisation, who: str, person: str) -> str:
    """The address of the copy, once the passphrase was said again."""
    form = browser.as_(who).get(f"/people/{person}/copy").form("/copy")
    return form.fill(passphrase=organisation.staff[who].passphrase).press().location


def copy(browser: Browser, organisation: Organisation, who: str, person: str) -> Page:
    return browser.as_(who).get(led_to(browser, organisation, who, person))


def test_a_facilitator_prints_no_contact_of_somebody_who_left(browser, organisation) -> None:
    left = organisation.a.left[0]
    theirs = copy(browser, organisation, "facilitator1", left.uid)
    assert left.name in theirs
    hidden = (left.number, "بعد الخامسة مساءً", "سؤال عن دورة اللغة", "حيّ الجامعة", "ملاحظة عن")
    for what in hidden:
        assert what not in theirs, what
    desk = copy(browser, organisation, "coordinator", left.uid)
    for what in (*hidden, "25–34", "Signal", "Leave no message."):
        assert what in desk, what
    assert "انتقال إلى مدينة أخرى" in desk, "Why they left."


def test_a_facilitator_prints_the_contact_of_a_member_and_not_what_the_desk_alone_knows(
    browser, organisation
) -> None:
    member = organisation.a.members[1]
    theirs = copy(browser, organisation, "facilitator1", member.uid)
    assert member.number in theirs
    for what in ("حيّ الجامعة", "ملاحظة عن", "To be contacted"):
        assert what not in theirs, what


def test_a_consent_taken_back_after_somebody_left_is_the_desks_to_print(
    browser, organisation
) -> None:
    left, me = organisation.a.left[0], browser.as_("coordinator")
    me.get(f"/people/{left.uid}/choices").form("/end").press()
    assert "Withdrawn: Tuesday 24 November 2026" in copy(
        browser, organisation, "coordinator", left.uid
    )
    assert "Withdrawn" not in copy(browser, organisation, "facilitator1", left.uid)


def test_the_desk_prints_requests_with_attempts_and_referrals_with_to_whom(
    browser, organisation
) -> None:
    me, aid = browser.as_("coordinator"), organisation.aid
    me.post(f"/requests/{aid.request}/attempts/unreachable")
    me.get(f"/requests/{aid.request}/answer").form("/answer").fill(reason="لا مكان").press()
    page = copy(browser, organisation, "coordinator", aid.person.uid)
    for what in ("طلب من القدس", "Unreachable", "لا مكان", "Counsellor", "سبب تحويل رفيف القدس"):
        assert what in page, what
    (abroad,) = [person for person in aid.people if "سُدى" in person.name]
    assert "عيادة بعيدة" in copy(browser, organisation, "coordinator", abroad.uid)


@pytest.mark.parametrize("who", ["counsellor", "supervisor"])
def test_who_keeps_or_supervises_a_file_prints_it(browser, organisation, who: str) -> None:
    aid = organisation.aid
    page = copy(browser, organisation, who, aid.served.uid)
    for what in ("بداية هادئة في الإرشاد", "حسب الاستطاعة", "80 ₪", "Monday 23 November 2026"):
        assert what in page, what


def test_a_file_of_ramallah_is_printed_in_ramallahs_time(app, browser, organisation) -> None:
    with app.app_context(), standing_at(NOW - timedelta(days=40)):
        case = db.session.get_one(Case, organisation.aid_b.file)
        # An hour apart for this one day: Asia/Hebron has left summer time, Jerusalem has not.
        begins = NOW.replace(month=10, day=24, hour=13)
        files.book(case, Appointment(starts_at=begins, minutes=50), anyway=True, at=begins - DAY)
        db.session.commit()
        db.session.remove()
    page = copy(browser, organisation, "counsellor_b", organisation.aid_b.served.uid)
    assert "Saturday 24 October 2026 15:00" in page


DAY = timedelta(days=1)


def test_a_copy_asks_the_database_as_often_for_twenty_notes_as_for_two(
    app: Flask, browser, organisation
) -> None:
    asked = []
    for number in (0, 18):
        _write(app, organisation, number)
        address = led_to(browser, organisation, "counsellor", organisation.aid.served.uid)
        me = browser.as_("counsellor")
        me.get(address)
        with listening(app) as statements:
            page = me.get(address)
        asked.append(len(statements.statements))
    assert "الجلسة 17" in page
    assert asked[0] == asked[1], asked


def _write(app: Flask, organisation: Organisation, number: int) -> None:
    with app.app_context(), standing_at(NOW):
        who = viewer(organisation.staff["counsellor"])
        case = db.session.get_one(Case, organisation.aid.file)
        files.end_supervision(case, at=NOW)
        for one in range(number):
            begins = NOW + timedelta(hours=one + 1)
            held = Appointment(starts_at=begins, minutes=50)
            files.book(case, held, anyway=True, at=NOW)
            boxes = Boxes(f"الجلسة {one}", "", "")
            of = OfAppointment.find(who, held.uid)
            note = writing.save(who, of, boxes, version=0, page="", at=NOW)
            writing.sign(of, note, boxes, at=NOW)
            writing.add(who, of, note, f"إضافة {one}", at=NOW)
        db.session.commit()
        db.session.remove()


def test_the_history_says_when_a_consent_was_taken_back_and_to_whom_somebody_was_referred(
    browser, organisation, clock
) -> None:
    me, aid = browser.as_("coordinator"), organisation.aid
    person = aid.person.uid
    events = me.get(f"/people/{person}").words
    assert "Referral · Counsellor" in events and "Consent · Counsellor" in events
    clock.at(NOW + DAY)
    me = browser.as_("coordinator")
    me.get(f"/people/{person}/choices").form(f"/{aid.consent}/end").press()
    assert "Consent · Counsellor Wednesday 25 November 2026 withdrawn" in me.get(
        f"/people/{person}"
    )


def test_the_history_leads_nowhere_where_nothing_opens(browser, organisation) -> None:
    me, member = browser.as_("coordinator"), organisation.a.members[2]
    me.post(f"/stays/{member.stay}/next", {"choice": "stop", "remark": ""})
    me.post(f"/stays/{member.stay}/end", {"on": "2026-11-23"})
    page = me.get(f"/people/{member.uid}")
    assert "What comes next" in page
    links = [a["href"] for a in page.root.first("main").all("a")]
    assert {me.get(link).status for link in links if not link.startswith("sgnl")} == {200}
