"""A phone that is searched holds nothing of what was read or typed, whatever was done on it and however it ended."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Phones
from tests.browser.phone import AWAY, Phone
from tests.browser.seized import CONTROL, Seized, found_in
from tests.browser.test_leaving import stand_in_for_the_neutral_page
from tests.browser.test_notes import SAVED
from tests.conftest import Clock
from tests.organisation import Organisation

pytestmark = pytest.mark.browser


def sign_in(seized: Seized, organisation: Organisation, who: str) -> None:
    """Type the user name and the passphrase, neither of which may be found."""
    account = organisation.staff[who]
    seized.phone.open("/sign-in").type_sign_in(account)
    seized.read += [account.username, account.passphrase]


def note_of_today(organisation: Organisation) -> str:
    """The address of the note about this evening."""
    return f"/sessions/{organisation.a.meetings[7]}/note"


def test_signing_in(seized: Seized, organisation: Organisation) -> None:
    sign_in(seized, organisation, "facilitator1")
    seized.reads("الزيتون")
    seized.put_away()


def test_a_wrong_passphrase(seized: Seized) -> None:
    seized.phone.open("/sign-in")
    seized.phone.link("إظهار ما يُكتب").first.click()
    expect(seized.page.locator("[name=passphrase]")).to_have_attribute("type", "text")
    seized.type_into("username", "passphrase")
    seized.phone.button("تسجيل الدخول").click()
    seized.phone.says("لا يتوافقان", "#errors")
    seized.put_away()


def test_the_roster_and_attendance(seized: Seized, organisation: Organisation) -> None:
    sign_in(seized, organisation, "two_roles")
    names = [member.name for member in organisation.a.members]
    seized.phone.open(f"/groups/{organisation.a.uid}")
    seized.reads(*names)
    seized.phone.open(f"/sessions/{organisation.a.meetings[7]}/attendance")
    seized.reads(*names)
    stay = organisation.a.members[0].stay
    seized.phone.marks(stay).locator("[value=present]").click()
    expect(seized.phone.marks(stay).locator("[value=present]")).to_have_attribute(
        "aria-pressed", "true"
    )
    seized.phone.open(f"/people/{organisation.a.members[0].uid}")
    seized.reads(organisation.a.members[0].name)
    seized.put_away()


def test_a_note_is_written_signed_and_read(seized: Seized, organisation: Organisation) -> None:
    sign_in(seized, organisation, "facilitator1")
    seized.phone.open(note_of_today(organisation))
    seized.type_into("happened", "to_follow_up", "next_time")
    if not seized.javascript:
        seized.phone.button("حفظ").click()
    seized.phone.says(SAVED, "#note-state")
    seized.phone.button("توقيع وإقفال").click()
    seized.phone.says("وُقّعت الملاحظة.")
    seized.reads(*seized.typed.made)
    seized.type_into("text")
    seized.phone.button("إضافة").click()
    seized.reads(seized.typed.made[-1])
    seized.put_away()


def test_a_note_from_two_devices(
    seized: Seized, phones: Phones, organisation: Organisation
) -> None:
    sign_in(seized, organisation, "facilitator1")
    seized.phone.open(note_of_today(organisation))
    other = phones("facilitator1", path=note_of_today(organisation))
    other.page.locator("[name=happened]").fill("نصّ الهاتف الآخر")
    other.says(SAVED, "#note-state")
    seized.type_into("happened")
    if not seized.javascript:
        seized.phone.button("حفظ").click()
    seized.phone.says("عُدّلت من جهاز آخر", "#note-state")
    seized.reads("نصّ الهاتف الآخر", within="#note-state")
    seized.put_away()


def test_forms_that_are_refused_and_searches(seized: Seized, organisation: Organisation) -> None:
    sign_in(seized, organisation, "two_roles")
    phone, today = seized.phone, f"/sessions/{organisation.a.meetings[7]}"
    for path, names, words in (
        (f"{today}/people/new", ("number", "hours"), "اكتبوا اسمًا"),
        (
            "/people/new",
            ("number", "hours", "if_another_answers", "area", "remark"),
            "اكتبوا اسمًا",
        ),
        ("/groups/new", ("name", "capacity"), "اكتبوا عددًا"),
    ):
        phone.open(path)
        seized.type_into(*names)
        seized.page.locator("main form").last.locator("button").last.click()
        phone.says(words, "#errors")
    phone.open(f"{today}/follow-ups/{organisation.a.members[0].uid}")
    seized.type_into("what")
    seized.page.locator("[name=due_on]").fill("")
    phone.button("حفظ").click()
    phone.says("اكتبوا تاريخًا", "#errors")
    phone.open("/people")
    seized.type_into("q")
    if not seized.javascript:
        phone.button("بحث").click()
    phone.says("لم يُعثر على أحد.", "#found")
    seized.put_away()


def unlock(seized: Seized, phone: Phone, passphrase: str) -> None:
    """Open the sign-in again on the page that asks for it, at the second try."""
    phone.at("/locked")
    field = phone.page.locator("main [name=passphrase]")
    field.fill(seized.typed())
    phone.button("فتح من جديد").click()
    phone.says("", "#errors")
    field.fill(passphrase)
    phone.button("فتح من جديد").click()
    phone.page.wait_for_url(lambda url: "/locked" not in url)


def test_a_lock(seized: Seized, organisation: Organisation, clock: Clock) -> None:
    sign_in(seized, organisation, "two_roles")
    candidate = organisation.candidate_b
    seized.phone.open(f"/people/{candidate.uid}")
    seized.reads(candidate.name, candidate.number)
    seized.phone.open("/people/new")
    seized.type_into("name", "remark")
    clock.forward(minutes=21)
    seized.phone.button("حفظ").click()
    passphrase = organisation.staff["two_roles"].passphrase
    if seized.javascript:  # the page stays as it is, hidden, until it is opened beside it
        beside = seized.phone.beside()
        unlock(seized, beside, passphrase)
        beside.page.close()
        seized.page.evaluate("dispatchEvent(new Event('focus'))")
        expect(seized.page.locator("main [name=remark]")).to_be_visible()
    else:
        unlock(seized, seized.phone, passphrase)
        seized.phone.at("/people/new")
    expect(seized.page.locator("main [name=remark]")).to_have_value(seized.typed.made[1])
    clock.forward(minutes=21)
    seized.page.reload()
    seized.phone.at("/locked")
    seized.put_away()


def test_leaving_quickly(seized: Seized, organisation: Organisation) -> None:
    sign_in(seized, organisation, "two_roles")
    stand_in_for_the_neutral_page(seized.phone)
    member = organisation.a.members[0]
    seized.phone.open(f"/people/{member.uid}")
    seized.reads(member.name)
    seized.phone.open(note_of_today(organisation))
    seized.type_into("happened")
    seized.phone.button("خروج سريع", "header").click()
    seized.page.wait_for_url(AWAY)
    seized.put_away()


def test_signing_up_from_the_public_link(seized: Seized, organisation: Organisation) -> None:
    seized.phone.open(f"/open/{organisation.workshop.link}")
    seized.type_into("number")  # without a name it is refused, and shown again
    seized.phone.button("تسجيل").click()
    expect(seized.page.locator("#errors")).to_be_visible()
    seized.type_into("name", "hours")
    seized.page.locator("main [name=number]").fill(organisation.candidate.number)
    seized.phone.button("تسجيل").click()
    code = seized.page.locator("main .note b").first.inner_text()
    seized.read += [organisation.candidate.number, code]
    seized.phone.open("/code")
    seized.type_into("code")
    seized.phone.button("عرض").click()
    expect(seized.page.locator("#errors")).to_be_visible()
    seized.page.locator("main [name=code]").fill(code)
    seized.phone.button("عرض").click()
    seized.phone.button("إلغاء التسجيل").click()
    seized.phone.says("هذا التسجيل ملغى.")
    seized.put_away()


@pytest.mark.parametrize("as_", ["xlsx", "sheet"])
def test_a_list_with_names_is_in_the_file_alone(
    seized: Seized, organisation: Organisation, tmp_path: Path, as_: str
) -> None:
    """Whoever fetches the file has it, where their downloads are; the browser keeps no other."""
    sign_in(seized, organisation, "coordinator")
    names = [member.name for member in organisation.workshop.on_list.values() if member.name]
    seized.phone.open(f"/workshops/{organisation.workshop.uid}/export")
    seized.page.locator(f"main [name=as_][value={as_}]").check()
    seized.page.locator("main [name=passphrase]").fill(organisation.staff["coordinator"].passphrase)
    seized.page.locator("main form button").last.click()
    if as_ == "sheet":
        seized.reads(organisation.workshop.on_list["confirmed"].name)
    else:
        downloads = tmp_path / "downloads"
        with seized.page.expect_download() as fetched:
            seized.phone.link("تنزيل الملف").click()
        assert fetched.value.suggested_filename == "list.xlsx"
        fetched.value.save_as(downloads / "list.xlsx")
        fetched.value.delete()
        assert found_in(downloads, names)
    seized.read += names
    seized.put_away()


def test_back_and_forward(seized: Seized, organisation: Organisation) -> None:
    sign_in(seized, organisation, "two_roles")
    member, candidate = organisation.a.members[0], organisation.candidate_b
    seized.phone.open(f"/people/{candidate.uid}")
    seized.reads(candidate.name, candidate.number)
    seized.phone.open("/people/new")
    seized.type_into("name", "remark")
    seized.phone.open(f"/people/{member.uid}")
    seized.reads(member.name)
    seized.page.go_back(wait_until="commit")
    expect(seized.page.locator("main [name=hours]")).to_be_visible()
    seized.type_into("hours")
    seized.page.go_back(wait_until="commit")
    seized.reads(candidate.name)
    seized.page.go_forward(wait_until="commit")
    expect(seized.page.locator("main [name=hours]")).to_be_visible()
    seized.page.go_forward(wait_until="commit")
    seized.reads(member.name)
    seized.put_away()


def test_the_browser_is_killed_while_a_note_is_written(
    seized: Seized, organisation: Organisation
) -> None:
    seized.phone.open(f"/healthz?control={CONTROL}")
    sign_in(seized, organisation, "facilitator1")
    member = organisation.a.members[0]
    seized.phone.open(f"/people/{member.uid}")
    seized.reads(member.name)
    seized.phone.open(note_of_today(organisation))
    seized.type_into("happened", "to_follow_up", "next_time")
    box = seized.page.locator("[name=next_time]")
    # An address is written to the disk a while after it was opened: what was typed had time to, too.
    while not found_in(seized.profile / "Default", [CONTROL]):
        box.press_sequentially(f" {seized.typed()}")
    seized.kill()
    seized.search()
