"""Writing a note on a phone: it saves itself, survives a lost line and another device, is signed and added to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import unquote_plus

import pytest
from playwright.sync_api import Locator, Response, expect

from tests.browser.conftest import Phones
from tests.browser.phone import Phone
from tests.conftest import Clock
from tests.organisation import Organisation

pytestmark = pytest.mark.browser
OFFLINE = "لم يُحفَظ بعد — لا اتصال، سنحاول مجدّدًا"
SAVED = re.compile(r"حُفِظ \d\d:\d\d")
with_and_without = pytest.mark.parametrize("javascript", [True, False], ids=["js", "no-js"])


@pytest.fixture
def note(organisation: Organisation) -> str:
    """The address of today's note."""
    return f"/sessions/{organisation.a.meetings[7]}/note"


def box(phone: Phone, name: str = "happened") -> Locator:
    """One of the boxes."""
    return phone.page.locator(f"textarea[name={name}]")


def expect_state(phone: Phone, words: str | re.Pattern[str]) -> None:
    """Wait until what is shown under the boxes says so."""
    expect(
        phone.page.locator("#note [role=status]", has_text=words).locator("visible=true")
    ).to_have_count(1)


@contextmanager
def sent(phone: Phone, words: str) -> Iterator[None]:
    """Wait until the server has answered a request that holds these words."""

    def holds(answer: Response) -> bool:
        return words in unquote_plus(answer.request.post_data or "")

    with phone.page.expect_response(holds):
        yield


def write(phone: Phone, words: str) -> None:
    """Go on writing in the first box; wait until it has been saved, and says so."""
    with sent(phone, words.strip()):
        box(phone).press_sequentially(words)
    expect_state(phone, SAVED)


def paste(phone: Phone, text: str) -> None:
    """Put a text into the first box in one go, without the browser's waiting for a quiet page."""
    box(phone).evaluate(
        "(box, text) => { box.value = text; box.dispatchEvent(new Event('input', {bubbles: true})) }",
        text,
    )


def test_a_note_saves_itself_is_signed_and_added_to(
    phones: Phones, organisation: Organisation, note: str
) -> None:
    phone = phones("facilitator1")
    phone.link("فتح اللقاء").click()
    phone.link("كتابة الملاحظات").click()
    expect_state(phone, "يُحفَظ تلقائيًّا أثناء الكتابة.")
    write(phone, "بدأنا بجولة أسماء")
    box(phone, "to_follow_up").press_sequentially(f"سؤال {organisation.a.members[0].name} عن السفر")
    phone.says("هل الأفضل كتابة الرمز", "#note-state .warn")
    phone.says(organisation.a.members[0].name, "#note-state .warn")
    expect_state(phone, SAVED)
    expect(box(phone, "to_follow_up")).to_be_focused()

    phone.open(note)
    expect(box(phone)).to_have_value("بدأنا بجولة أسماء")
    expect(box(phone, "to_follow_up")).to_have_value(re.compile("عن السفر"))
    phone.button("توقيع وإقفال").click()
    phone.says("هل الأفضل كتابة الرمز")
    phone.button("توقيعها كما هي").click()
    phone.says("وُقّعت الملاحظة.")
    phone.says("بدأنا بجولة أسماء")
    add_later(phone)


def test_without_javascript_a_note_is_saved_and_signed_by_its_buttons(
    phones: Phones, organisation: Organisation, note: str
) -> None:
    phone = phones("facilitator1", javascript=False)
    phone.link("فتح اللقاء").click()
    phone.link("كتابة الملاحظات").click()
    box(phone).fill("كتبنا بلا برمجة")
    phone.button("حفظ").click()
    expect_state(phone, SAVED)
    expect(box(phone)).to_have_value("كتبنا بلا برمجة")
    box(phone, "next_time").fill(f"نسأل {organisation.a.members[0].name}")
    phone.button("توقيع وإقفال").click()
    phone.says("هل الأفضل كتابة الرمز")
    expect(box(phone, "next_time")).to_have_value(re.compile("نسأل"))
    phone.button("توقيعها كما هي").click()
    phone.says("وُقّعت الملاحظة.")
    phone.says("كتبنا بلا برمجة")
    add_later(phone)


def add_later(phone: Phone) -> None:
    """Add to the signed note that is open."""
    expect(phone.page.locator("textarea")).to_have_count(1)
    phone.page.locator("textarea").fill("ثمّ تذكّرنا أمرًا")
    phone.button("إضافة").click()
    phone.says("حُفِظت الإضافة.")
    phone.says("ثمّ تذكّرنا أمرًا")


def test_the_line_never_says_saved_of_what_is_not(phones: Phones, note: str) -> None:
    phone = phones("facilitator1", path=note)
    write(phone, "جملة أولى")
    box(phone).press_sequentially("،")
    shown = phone.page.locator("#note").inner_text()
    assert "جارٍ الحفظ…" in shown and not SAVED.search(shown)
    expect_state(phone, SAVED)


def test_what_is_written_without_a_line_is_saved_when_it_is_back(phones: Phones, note: str) -> None:
    phone = phones("facilitator1", path=note)
    write(phone, "قبل النفق. ")
    phone.context.set_offline(True)
    box(phone).press_sequentially("داخل النفق. ")
    expect_state(phone, OFFLINE)
    box(phone).press_sequentially("وما زلنا فيه. ")
    expect(box(phone)).to_have_value("قبل النفق. داخل النفق. وما زلنا فيه. ")
    phone.context.set_offline(False)
    expect_state(phone, SAVED)
    phone.open(note)
    expect(box(phone)).to_have_value("قبل النفق. داخل النفق. وما زلنا فيه.")


def test_leaving_the_page_with_unsaved_text_is_asked_about(phones: Phones, note: str) -> None:
    phone = phones("facilitator1", path=note)
    phone.context.set_offline(True)
    box(phone).press_sequentially("لم يُحفظ")
    expect_state(phone, OFFLINE)
    asked: list[str] = []
    phone.page.once("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    phone.page.close(run_before_unload=True)
    phone.page.wait_for_function("() => true")
    assert asked == ["beforeunload"]
    expect(box(phone)).to_have_value("لم يُحفظ")


@with_and_without
def test_two_devices_lose_nothing(phones: Phones, note: str, javascript: bool) -> None:
    first = phones("facilitator1", path=note, javascript=javascript)
    second = phones("facilitator1", path=note, javascript=javascript)
    box(first).fill("نصّ الهاتف الأوّل")
    if not javascript:
        first.button("حفظ").click()
    expect_state(first, SAVED)

    box(second).fill("نصّ الهاتف الثاني")
    if not javascript:
        second.button("حفظ").click()
    expect_state(second, "عُدّلت من جهاز آخر")
    second.says("نصّ الهاتف الأوّل", "#note-state")
    expect(box(second)).to_have_value("نصّ الهاتف الثاني")

    box(second).fill("نصّ الهاتف الثاني، ونصّ الهاتف الأوّل")
    second.button("اعتماد ما في الخانات").click()
    expect_state(second, SAVED)
    second.open(note)
    expect(box(second)).to_have_value("نصّ الهاتف الثاني، ونصّ الهاتف الأوّل")

    box(first).fill("نصّ الهاتف الأوّل، أطول")
    if not javascript:
        first.button("حفظ").click()
    expect_state(first, "عُدّلت من جهاز آخر")
    first.says("نصّ الهاتف الثاني، ونصّ الهاتف الأوّل", "#note-state")
    expect(box(first)).to_have_value("نصّ الهاتف الأوّل، أطول")


def test_a_page_saved_while_it_hid_does_not_conflict_with_itself(phones: Phones, note: str) -> None:
    phone = phones("facilitator1", path=note)
    write(phone, "أوّل")
    box(phone).press_sequentially(" ثانٍ")
    with sent(phone, "ثانٍ"):
        phone.hide(True)
    with sent(phone, "ثانٍ"):
        phone.hide(False)
    write(phone, " ثالث")
    assert "جهاز آخر" not in phone.page.locator("main").inner_text()
    phone.open(note)
    expect(box(phone)).to_have_value("أوّل ثانٍ ثالث")


def test_a_sign_in_that_ran_out_costs_no_text_and_hides_it_until_the_passphrase(
    phones: Phones, organisation: Organisation, note: str, clock: Clock
) -> None:
    phone = phones("facilitator1", path=note)
    write(phone, "كتبنا طويلًا")
    clock.forward(minutes=9 * 60)
    box(phone).press_sequentially(" ثمّ عدنا")
    expect(phone.page.locator("#locked")).to_be_visible()
    expect(box(phone)).to_be_hidden()

    phone.beside().type_sign_in(organisation.staff["facilitator1"])
    phone.hide(True)
    phone.hide(False)
    expect(box(phone)).to_be_focused()
    expect(box(phone)).to_have_value("كتبنا طويلًا ثمّ عدنا")
    with sent(phone, "وأكملنا"):
        phone.page.keyboard.type(" وأكملنا")
    expect_state(phone, SAVED)
    phone.open(note)
    expect(box(phone)).to_have_value("كتبنا طويلًا ثمّ عدنا وأكملنا")


def test_too_long_a_note_says_so_and_keeps_the_text(phones: Phones, note: str) -> None:
    phone = phones("facilitator1", path=note)
    long = "كلمة\n" * 8_000
    paste(phone, long)
    expect_state(phone, "هذا أطول من أن يُحفَظ")
    assert box(phone).input_value() == long
    paste(phone, "كلمة")
    expect_state(phone, SAVED)


@with_and_without
def test_a_reflection_is_for_oneself(
    phones: Phones, organisation: Organisation, javascript: bool
) -> None:
    phone = phones("facilitator1", javascript=javascript)
    phone.open(f"/sessions/{organisation.a.meetings[7]}")
    phone.link("تأمّل خاص").click()
    phone.says("لا يقرؤه أحد غيركم، دائمًا.")
    box(phone).fill("تعبت اليوم")
    phone.button("حفظ").click()
    expect_state(phone, SAVED)
    other = phones("facilitator2", path=f"/sessions/{organisation.a.meetings[7]}")
    other.says("لا ملاحظات بعد.")
    phone.open(f"/sessions/{organisation.a.meetings[7]}/reflection")
    expect(box(phone)).to_have_value("تعبت اليوم")
