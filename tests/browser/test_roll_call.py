"""The main job on a phone: who came today, by a list or one by one, with and without JavaScript."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Phones
from tests.browser.phone import Phone
from tests.organisation import Organisation

pytestmark = pytest.mark.browser
OFFLINE = "لم يُحفَظ بعد — لا اتصال، سنحاول مجدّدًا"
with_and_without = pytest.mark.parametrize("javascript", [True, False], ids=["js", "no-js"])


def tap(phone: Phone, stay: str, mark: str) -> Any:
    """Tap one of a person's four marks; gives the button."""
    button = phone.marks(stay).locator(f"[value={mark}]")
    button.click()
    return button


def expect_pressed(button: Any) -> None:
    """Wait until the button shows that its mark was saved."""
    expect(button).to_have_attribute("aria-pressed", "true")


def shown_name(phone: Phone) -> str:
    """Whose turn it is, one by one."""
    return phone.page.locator(".turns .now h2 bdi").inner_text()


@with_and_without
def test_a_facilitator_marks_everyone_from_today_on(
    phones: Phones, organisation: Organisation, javascript: bool
) -> None:
    phone = phones("facilitator1", javascript=javascript)
    phone.link("تسجيل الحضور").click()
    members = organisation.a.members
    phone.says("سُجّل 0 من 12")
    for number, member in enumerate(members, 1):
        expect_pressed(tap(phone, member.stay, "present"))
        phone.says(f"سُجّل {number} من 12", "#tally")

    expect_pressed(tap(phone, members[3].stay, "absent"))
    expect(phone.marks(members[3].stay).locator("[aria-pressed=true]")).to_have_count(1)
    phone.says("سُجّل 12 من 12", "#tally")

    flag = phone.page.locator(f"#f{members[4].stay}")
    flag.click()
    expect_pressed(phone.page.locator(f"#f{members[4].stay}"))
    phone.link("تمّ").click()
    phone.says("سُجّل 12 من 12")
    expect(phone.page.locator("main")).to_contain_text(members[4].name)

    phone.open(f"/sessions/{organisation.a.meetings[7]}/attendance")
    expect_pressed(phone.marks(members[3].stay).locator("[value=absent]"))
    expect_pressed(phone.marks(members[0].stay).locator("[value=present]"))
    expect_pressed(phone.page.locator(f"#f{members[4].stay}"))


def test_a_tap_is_one_request_and_keeps_the_page(
    phones: Phones, organisation: Organisation
) -> None:
    roll = f"/sessions/{organisation.a.meetings[7]}/attendance"
    phone = phones("facilitator1", path=roll)
    phone.page.evaluate("window.sameWindow = true")
    phone.requests.clear()
    expect_pressed(tap(phone, organisation.a.members[11].stay, "late"))
    phone.says("سُجّل 1 من 12", "#tally")
    sent = [request.method for request in phone.requests if "favicon" not in request.url]
    assert sent == ["POST"]
    assert phone.page.evaluate("window.sameWindow")
    expect(phone.marks(organisation.a.members[11].stay).locator("[value=late]")).to_be_focused()


def test_taps_faster_than_the_line_are_all_saved(
    phones: Phones, organisation: Organisation
) -> None:
    roll = f"/sessions/{organisation.a.meetings[7]}/attendance"
    phone = phones("facilitator1", path=roll)
    for member in organisation.a.members:
        tap(phone, member.stay, "present")
    tap(phone, organisation.a.members[0].stay, "late")
    phone.says("سُجّل 12 من 12", "#tally")
    expect_pressed(phone.marks(organisation.a.members[0].stay).locator("[value=late]"))
    phone.open(roll)
    phone.says("سُجّل 12 من 12", "#tally")
    expect_pressed(phone.marks(organisation.a.members[0].stay).locator("[value=late]"))


def test_a_tap_without_a_line_repeats_itself(phones: Phones, organisation: Organisation) -> None:
    roll = f"/sessions/{organisation.a.meetings[7]}/attendance"
    phone, members = phones("facilitator1", path=roll), organisation.a.members
    phone.context.set_offline(True)
    for member in members[:3]:
        tap(phone, member.stay, "present")
    phone.says(OFFLINE, ".line")
    expect(phone.marks(members[0].stay).locator("[aria-pressed=true]")).to_have_count(0)
    phone.context.set_offline(False)
    for member in members[:3]:
        expect_pressed(phone.marks(member.stay).locator("[value=present]"))
    phone.says("سُجّل 3 من 12", "#tally")
    phone.open(roll)
    phone.says("سُجّل 3 من 12", "#tally")


def test_of_two_lost_taps_on_one_person_the_last_one_wins(
    phones: Phones, organisation: Organisation
) -> None:
    roll = f"/sessions/{organisation.a.meetings[7]}/attendance"
    phone, stay = phones("facilitator1", path=roll), organisation.a.members[0].stay
    phone.context.set_offline(True)
    tap(phone, stay, "present")
    phone.says(OFFLINE, ".line")
    tap(phone, stay, "absent")
    phone.context.set_offline(False)
    expect_pressed(phone.marks(stay).locator("[value=absent]"))
    phone.open(roll)
    expect_pressed(phone.marks(stay).locator("[value=absent]"))


def a_moment_later(phone: Phone) -> None:
    """A name takes its time to be read: what comes at once is the second half of a double tap."""
    phone.page.clock.run_for(500)


@with_and_without
def test_one_by_one_a_tap_goes_on_to_the_next(
    phones: Phones, organisation: Organisation, javascript: bool
) -> None:
    phone = phones("facilitator1", javascript=javascript)
    phone.page.clock.install()
    phone.open(f"/sessions/{organisation.a.meetings[7]}/attendance")
    first_in_list = phone.page.locator(".list > li b bdi").all_inner_texts()
    tap(phone, organisation.a.members[9].stay, "present")
    phone.says("سُجّل 1 من 12", "#tally")
    unmarked = [name for name in first_in_list if name != organisation.a.members[9].name]

    phone.link("واحدًا واحدًا").click()
    assert shown_name(phone) == unmarked[0]
    phone.link("تخطٍّ").click()
    phone.says(unmarked[1], ".turns .now h2")
    for number, name in enumerate(unmarked[1:], 2):
        phone.says(name, ".turns .now h2")
        a_moment_later(phone)
        phone.page.locator(".turns .now [value=present]").click()
        phone.says(f"سُجّل {number} من 12", "#tally")
    phone.says(unmarked[0], ".turns .now h2")
    a_moment_later(phone)
    phone.page.locator(".turns .now [value=excused]").click()
    phone.says("سُجّل الجميع.", ".turns .now")
    phone.link("كتابة الملاحظات").click()
    phone.says("ملاحظات اللقاء", "h1")


def test_one_by_one_a_lost_tap_repeats_itself(phones: Phones, organisation: Organisation) -> None:
    one = f"/sessions/{organisation.a.meetings[7]}/attendance/one"
    phone = phones("facilitator1", path=one)
    before = shown_name(phone)
    phone.context.set_offline(True)
    phone.page.locator(".turns .now [value=present]").click()
    phone.says(OFFLINE, ".line")
    assert shown_name(phone) != before, "A thumb waits for no line."
    phone.says("سُجّل 0 من 12", "#tally")
    phone.context.set_offline(False)
    phone.says("سُجّل 1 من 12", "#tally")
    phone.open(one)
    phone.says("سُجّل 1 من 12", "#tally")


@with_and_without
def test_someone_new_joins_and_is_present(
    phones: Phones, organisation: Organisation, javascript: bool
) -> None:
    phone = phones("facilitator1", javascript=javascript)
    phone.open(f"/sessions/{organisation.a.meetings[7]}/attendance")
    phone.link("شخص جديد").click()
    phone.button("حفظ").click()
    phone.says("اكتبوا اسمًا، أيّ اسم", "#errors")
    expect(phone.page).to_have_title("خطأ: شخص جديد · دفتر")
    expect(phone.page.locator("#errors")).to_be_focused()
    phone.page.locator("[name=name]").fill("ضيفة الغيم")
    phone.button("حفظ").click()
    phone.says("سُجّل 1 من 13")
    phone.says("ضيفة الغيم")


@with_and_without
def test_a_reason_of_an_absence_is_kept_and_the_mark_taken_back(
    phones: Phones, organisation: Organisation, javascript: bool
) -> None:
    phone = phones("facilitator1", javascript=javascript)
    phone.open(f"/sessions/{organisation.a.meetings[6]}/attendance")
    absent = organisation.a.members[3]
    row = phone.page.locator(".list > li", has=phone.marks(absent.stay))
    row.get_by_role("link").click()
    phone.page.locator("[name=reason]").fill("سفر بعيد")
    phone.button("حفظ").click()
    phone.says("حُفِظ")
    row.get_by_role("link").click()
    expect(phone.page.locator("[name=reason]")).to_have_value("سفر بعيد")
    phone.button("مسح الحضور المسجَّل").click()
    phone.says("تمّ التراجع.")
    expect(phone.marks(absent.stay).locator("[aria-pressed=true]")).to_have_count(0)
