"""What a coordinator does all day: a new group, who is in it, who waits, who left, finding people."""

from __future__ import annotations

from urllib.parse import unquote

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Phones
from tests.browser.phone import Phone
from tests.organisation import Organisation

pytestmark = pytest.mark.browser
with_and_without = pytest.mark.parametrize("javascript", [True, False], ids=["js", "no-js"])


def type_into(phone: Phone, **typed: str) -> None:
    """Fill fields by name."""
    for name, text in typed.items():
        phone.page.locator(f"main [name={name}]").fill(text)


def row_of(phone: Phone, name: str) -> Locator:
    """The row of a list in which this name stands."""
    return phone.page.locator(".list > li").filter(has_text=name)


def look_for(phone: Phone, words: str) -> None:
    """Search as one types, or by the button where nothing runs in the page."""
    type_into(phone, q=words)
    if not phone.page.evaluate("!!window.htmx"):
        phone.button("بحث").click()
    phone.says("شخص واحد", "#found")


def new_person(phone: Phone, name: str) -> None:
    """Add someone from the page of people."""
    phone.open("/people")
    phone.link("إضافة شخص").click()
    type_into(phone, name=name, number="٠٥٩٩ ٥٥٥ ٠٧٧", hours="بعد السادسة")
    phone.button("حفظ").click()
    phone.says("أُضيف الشخص.")
    phone.says(name, "h1")


@with_and_without
def test_a_coordinator_begins_a_group_and_fills_it(phones: Phones, javascript: bool) -> None:
    phone = phones("coordinator", javascript=javascript)
    phone.link("المجموعات", "nav").click()
    phone.link("مجموعة جديدة").click()
    type_into(phone, name="السنديان", capacity="١")
    phone.button("التالي").click()
    phone.says("صفحة 2 من 3")
    type_into(phone, at="17:30", first_on="2027-01-05")
    phone.button("التالي").click()
    phone.says("صفحة 3 من 3")
    expect(phone.page.locator("main input[type=date]")).to_have_count(15)
    phone.button("حفظ المواعيد").click()
    phone.says("أُضيفت المواعيد.")
    expect(phone.page.locator("main a[href^='/sessions/']")).to_have_count(15)
    group = phone.path

    new_person(phone, "غيمة")
    new_person(phone, "شراع")
    phone.open(group)
    phone.link("ضمّ شخص").click()
    phone.says("بقي مقعد واحد.")
    look_for(phone, "غيمه")
    row_of(phone, "غيمة").get_by_role("button", name="ضمّ إلى المجموعة").click()
    phone.says("تمّ الضمّ إلى المجموعة.")
    phone.says("غيمة", "#grid")

    phone.link("ضمّ شخص").click()
    phone.says("اكتمل العدد: الشخص الجديد يكون رقم 1 على قائمة الانتظار.")
    look_for(phone, "شراع")
    row_of(phone, "شراع").get_by_role("button", name="إلى قائمة الانتظار").click()
    phone.says("تمّت الإضافة إلى قائمة الانتظار.")
    phone.says("شراع", "#waiting + ul")
    assert phone.path == group
    leave_and_offer(phone, gone="غيمة", waiting="شراع")


def leave_and_offer(phone: Phone, *, gone: str, waiting: str) -> None:
    """Someone leaves by mistake and is put back, leaves, and the place goes to who waited."""
    for last in (False, True):
        phone.page.locator("#grid tbody a").filter(has_text=gone).click()
        phone.page.locator("main").get_by_role("link", name="إنهاء المشاركة").click()
        type_into(phone, reason="دوام جديد")
        phone.button("إنهاء المشاركة").click()
        phone.says("انتهت المشاركة.")
        expect(phone.page.locator("#grid tbody tr:not(.former)")).to_have_count(0)
        if not last:
            phone.button("تراجُع").click()
            phone.says("تمّ التراجع.")
            phone.says(gone, "#grid tbody tr:not(.former)")
    row_of(phone, waiting).get_by_role("link", name="عرض مقعد").click()
    type_into(phone, until="2026-11-20")
    phone.button("عرض مقعد").click()
    phone.says("مهلة الردّ في الماضي", "#errors")
    type_into(phone, until="2026-11-30")
    phone.button("عرض مقعد").click()
    phone.says("المقعد محجوز حتى اليوم الذي اخترتموه.")
    phone.says("مقعد معروض", "#waiting + ul")
    row_of(phone, waiting).get_by_role("button", name="ضمّ إلى المجموعة").click()
    phone.says("تمّ الضمّ إلى المجموعة.")
    expect(phone.page.locator("#waiting")).to_have_count(0)


@with_and_without
def test_people_are_found_and_no_address_holds_a_name(
    phones: Phones, organisation: Organisation, javascript: bool
) -> None:
    phone = phones("coordinator", javascript=javascript, path="/people")
    phone.page.evaluate("window.sameWindow = true")
    phone.requests.clear()
    looked_for = organisation.candidate.name.split()[1]
    look_for(phone, looked_for)
    phone.says(organisation.candidate.name, "#found")
    expect(phone.page.locator("#found tbody tr")).to_have_count(1)
    if javascript:
        assert phone.page.evaluate("window.sameWindow")
        expect(phone.page.locator("main [name=q]")).to_be_focused()
    phone.page.locator("#found a").click()
    phone.says(organisation.candidate.name, "h1")
    seen = [unquote(request.url) for request in phone.requests] + [unquote(phone.page.url)]
    assert not [url for url in seen if looked_for in url]


@with_and_without
def test_a_phone_number_is_found_in_any_digits(
    phones: Phones, organisation: Organisation, javascript: bool
) -> None:
    phone = phones("coordinator", javascript=javascript, path="/people")
    look_for(phone, "٠٥٢٥٥٥٠١٧٧")
    phone.says(organisation.candidate.name, "#found")


def test_the_list_follows_every_letter(phones: Phones, organisation: Organisation) -> None:
    phone = phones("coordinator", path="/people")
    everybody = phone.page.locator("#found tbody tr").count()
    query = phone.page.locator("main [name=q]")
    query.press_sequentially("لا أحد بهذا الاسم")
    phone.says("لم يُعثر على أحد.", "#found")
    query.fill("")
    expect(phone.page.locator("#found tbody tr")).to_have_count(everybody)
    assert everybody > 5


@with_and_without
def test_a_card_changed_meanwhile_loses_neither_version(
    phones: Phones, organisation: Organisation, javascript: bool
) -> None:
    edit = f"/people/{organisation.candidate.uid}/edit"
    first = phones("coordinator", path=edit, javascript=javascript)
    second = phones("coordinator", path=edit, javascript=javascript)
    type_into(first, hours="صباحًا فقط")
    first.button("حفظ").click()
    first.says("عُدّلت البطاقة.")
    type_into(second, area="حيّ آخر")
    second.button("حفظ").click()
    second.says("عُدّلت هذه البطاقة في هذه الأثناء")
    second.says("صباحًا فقط", ".card")
    expect(second.page.locator("[name=area]")).to_have_value("حيّ آخر")
