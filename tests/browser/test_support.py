"""From the end of a cycle to a reviewed note: a member wishes counselling and gets it, on four phones."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import expect

from app.extensions import db
from app.sessions.models import GroupSession
from tests.browser.conftest import Phones
from tests.browser.phone import Phone
from tests.conftest import Clock
from tests.organisation import NOW, Organisation

pytestmark = pytest.mark.browser
WHY = "تودّ حديثًا هادئًا بعد الدورة"
NOTE = "لقاء تعارف هادئ"


@pytest.fixture
def at_session_13(app: Flask, organisation: Organisation) -> Organisation:
    """Group A after twelve of its fifteen sessions."""
    with app.app_context():
        for uid in organisation.a.meetings[6:13]:
            db.session.get_one(GroupSession, uid).held_at = NOW
        db.session.commit()
        db.session.remove()
    return organisation


@pytest.mark.parametrize("javascript", [True, False], ids=["js", "no-js"])
def test_from_session_13_to_the_supervisors_comment(
    phones: Phones, at_session_13: Organisation, clock: Clock, javascript: bool
) -> None:
    organisation = at_session_13
    member = organisation.a.members[1]
    wish(phones("facilitator1", javascript=javascript), organisation, member.name)
    refer(phones("coordinator", javascript=javascript), member.name)
    counsellor = phones("counsellor", javascript=javascript)
    accept(counsellor, member.name)
    supervise(counsellor, organisation)
    first_appointment(counsellor, clock)
    supervisor = phones("supervisor", javascript=javascript)
    supervisor.page.locator("main a[href^='/appointments/notes/']").last.click()
    supervisor.says(NOTE)
    supervisor.page.locator("[name=comment]").fill("ما الخطوة القادمة؟")
    supervisor.button("إعادة مع التعليق").click()
    supervisor.says("أُعيدت الملاحظة")
    counsellor.open("/").page.locator("main .list a").filter(has_text="مع تعليق").click()
    counsellor.says("ما الخطوة القادمة؟")
    counsellor.page.locator("[name=next_time]").fill("الخطوة: دفتر صغير")
    counsellor.button("إرسال للمراجعة").click()
    counsellor.says("بانتظار المراجعة")
    supervisor.open("/").page.locator("main a[href^='/appointments/notes/']").last.click()
    supervisor.says("الخطوة: دفتر صغير")
    supervisor.button("اعتماد").click()
    supervisor.says("اعتُمدت الملاحظة.")


def wish(facilitator: Phone, organisation: Organisation, name: str) -> None:
    """The facilitator fills in what comes next, with the member."""
    facilitator.open(f"/groups/{organisation.a.uid}")
    facilitator.page.locator("main a[href$='/next']").click()
    facilitator.page.locator("main .list a").filter(has_text=name).click()
    facilitator.page.locator("[name=choice][value=counselling]").check()
    facilitator.page.locator("[name=agreed]").check()
    facilitator.page.locator("[name=remark]").fill(WHY)
    facilitator.button("حفظ").click()
    facilitator.says("اقتُرح تحويل")


def refer(coordinator: Phone, name: str) -> None:
    """The coordinator chooses to whom, asks the person, and sends."""
    coordinator.open("/letters").page.locator("main .rows a").filter(has_text=name).first.click()
    coordinator.says(WHY)
    coordinator.page.locator("[name=receiver]").select_option(label="Counsellor")
    coordinator.button("حفظ").click()
    coordinator.button("تسجيل موافقة الشخص على هذه الجهة").click()
    coordinator.button("إرسال").click()
    coordinator.says("أُرسل التحويل.")


def accept(counsellor: Phone, name: str) -> None:
    """The counsellor reads why, and opens a file."""
    counsellor.page.locator("main .list a").filter(has_text=name).first.click()
    counsellor.says(WHY)
    counsellor.button("قبول").click()
    counsellor.says("فُتح الملف.")


def supervise(counsellor: Phone, organisation: Organisation) -> None:
    """The counsellor gives the file to a supervisor, the words compared."""
    file = counsellor.path
    counsellor.link("الإشراف").click()
    counsellor.page.locator("[name=user]").select_option(label="Supervisor")
    counsellor.page.locator("[name=passphrase]").fill(organisation.staff["counsellor"].passphrase)
    counsellor.page.locator("main form[action$='/team'] button").click()
    counsellor.at(file)


def first_appointment(counsellor: Phone, clock: Clock) -> None:
    """In five minutes: booked, held, its note written and sent to the supervisor."""
    counsellor.link("حجز موعد").click()
    counsellor.page.locator("[name=on]").fill("2026-11-24")
    counsellor.page.locator("[name=at]").fill("14:05")
    counsellor.button("حفظ").click()
    counsellor.says("حُجز الموعد.")
    clock.forward(minutes=6)
    counsellor.page.locator("main .list a").first.click()
    counsellor.button("حضور").click()
    expect(counsellor.page.locator("main .tag.ok").first).to_have_text("حضور")
    counsellor.link("ملاحظة").click()
    counsellor.page.locator("[name=happened]").fill(NOTE)
    counsellor.button("إرسال للمراجعة").click()
    counsellor.says("الملاحظة بانتظار المراجعة.")
