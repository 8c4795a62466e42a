"""A note on the bus: written without a pause, over a line that breaks, under a server that is being started."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from sqlalchemy import update

from app.assignments.models import Assignment
from app.clock import now
from app.extensions import db
from tests.browser.conftest import Phones
from tests.browser.line import AFTER, BAD_GATEWAY, BEFORE, IN_THE_MIDDLE, Line
from tests.browser.phone import Phone
from tests.browser.test_notes import OFFLINE, SAVED, box, expect_state
from tests.conftest import Clock
from tests.organisation import Organisation

pytestmark = pytest.mark.browser
TYPE_ON = """(letters) => {
  const box = document.querySelector("[name=happened]");
  box.dispatchEvent(new Event("keydown", {bubbles: true}));
  box.value += letters;
  box.dispatchEvent(new Event("input", {bubbles: true}));
}"""


@pytest.fixture
def note(organisation: Organisation) -> str:
    """The address of today's note."""
    return f"/sessions/{organisation.a.meetings[7]}/note"


def saved(phone: Phone, note: str) -> str:
    """What another window finds in the first box."""
    other = phone.context.new_page()
    other.goto(phone.address + note)
    text = other.locator("[name=happened]").input_value()
    other.close()
    return text


def test_who_writes_without_a_pause_is_saved_every_eight_seconds(
    phones: Phones, note: str, short_line: Line
) -> None:
    phone = phones("facilitator1", through=short_line)
    phone.page.clock.install()
    phone.open(note)
    # No second passes but those we say, however busy the machine is.
    phone.page.clock.pause_at(phone.page.evaluate("Date.now()") / 1000 + 1)
    short_line.begin()
    for second in range(1, 37):
        phone.page.evaluate(TYPE_ON, f"{second} ")
        with_a_save = second % 8 == 1 and second > 1
        if with_a_save:
            with phone.page.expect_response(lambda answer: answer.request.method == "POST"):
                phone.page.clock.run_for(1000)
        else:
            phone.page.clock.run_for(1000)
    posts = [each for each in short_line.asked if each.startswith("POST")]
    assert len(posts) == 4
    text = saved(phone, note)
    assert text.startswith("1 2 3 4") and int(text.split()[-1]) >= 36 - 10


@pytest.mark.parametrize("fate", [BEFORE, AFTER, IN_THE_MIDDLE, BAD_GATEWAY])
def test_a_save_that_a_line_swallowed_is_made_again_and_never_said_before(
    phones: Phones, note: str, short_line: Line, fate: str
) -> None:
    phone = phones("facilitator1", through=short_line, path=note)
    short_line.down(fate)
    box(phone).press_sequentially("في الطريق")
    expect_state(phone, OFFLINE)
    assert not SAVED.search(phone.page.locator("#note").inner_text())
    assert "Bad Gateway" not in phone.page.content()
    short_line.mend()
    box(phone).press_sequentially(" إلى البيت")
    expect_state(phone, SAVED)
    assert saved(phone, note) == "في الطريق إلى البيت"


def test_what_is_written_behind_a_slow_line_is_saved_by_leaving_the_box(
    phones: Phones, note: str, line: Line
) -> None:
    phone = phones("facilitator1", through=line, path=note)
    line.begin()
    box(phone).press_sequentially("كلمتان هنا")
    box(phone, "next_time").focus()
    expect_state(phone, SAVED)
    assert saved(phone, note) == "كلمتان هنا"


def test_a_link_waits_for_the_note_and_a_broken_line_keeps_it_on_the_page(
    phones: Phones, note: str, organisation: Organisation, short_line: Line
) -> None:
    phone = phones("facilitator1", through=short_line, path=note)
    box(phone).press_sequentially("قبل أن نخرج")
    phone.link("اليوم", "nav").click()
    phone.at("/")
    phone.open(note)
    expect(box(phone)).to_have_value("قبل أن نخرج")
    short_line.down(BEFORE)
    box(phone).fill("بعد أن خرجنا")
    phone.link("اليوم", "nav").click()
    expect_state(phone, OFFLINE)
    assert phone.path == note
    expect(box(phone)).to_have_value("بعد أن خرجنا")
    short_line.mend()
    phone.page.evaluate("dispatchEvent(new Event('online'))")
    expect_state(phone, SAVED)


def test_an_older_save_that_arrives_late_puts_nothing_back(
    phones: Phones, note: str, short_line: Line
) -> None:
    phone = phones("facilitator1", through=short_line, path=note)
    box(phone).fill("الأوّل")
    box(phone).blur()
    expect_state(phone, SAVED)
    box(phone).fill("الثاني، وهو أطول")
    box(phone).blur()
    expect_state(phone, SAVED)
    this_page = phone.page.locator("#note [name=page]").input_value()
    late = phone.context.request.post(
        phone.address + note,
        form={"happened": "الأوّل", "page": f"{this_page}.1", "version": "0"},
        headers={
            "Sec-Fetch-Site": "same-origin",
            "HX-Request": "true",
            "HX-Target": "div#note-state",
        },
    )
    assert late.ok
    assert saved(phone, note) == "الثاني، وهو أطول"
    phone.hide(True)
    phone.hide(False)
    box(phone).press_sequentially("!")
    box(phone).blur()
    expect_state(phone, SAVED)
    assert "جهاز آخر" not in phone.page.locator("main").inner_text()


def test_signing_sent_twice_signs_once(phones: Phones, note: str, short_line: Line) -> None:
    phone = phones("facilitator1", through=short_line, path=note)
    box(phone).press_sequentially("انتهينا")
    box(phone).blur()
    expect_state(phone, SAVED)
    short_line.down(AFTER)
    phone.button("توقيع وإقفال").click()
    phone.says("لم يُرسَل: لا اتصال.")
    expect(box(phone)).to_have_value("انتهينا")
    short_line.mend()
    phone.button("توقيع وإقفال").click()
    phone.page.wait_for_url("**/notes/*")
    phone.says("انتهينا")


def test_a_note_that_has_no_place_any_more_stays_on_the_screen_and_says_so(
    app: object, phones: Phones, note: str, organisation: Organisation
) -> None:
    phone = phones("facilitator1", path=note)
    with app.app_context():  # type: ignore[attr-defined]
        theirs = Assignment.user_uid == organisation.staff["facilitator1"].uid
        db.session.execute(update(Assignment).where(theirs).values(ended_at=now()))
        db.session.commit()
    box(phone).press_sequentially("نصّ بلا مكان")
    phone.says("انسخوا ما تحتاجون إليه", ".line")
    expect(box(phone)).to_have_value("نصّ بلا مكان")
    expect(box(phone)).to_be_visible()


def test_a_page_of_one_colleague_neither_shows_nor_saves_once_another_signed_in_beside_it(
    phones: Phones, note: str, organisation: Organisation, clock: Clock
) -> None:
    phone = phones("facilitator1", path=note)
    box(phone).press_sequentially("نصّ الأولى")
    box(phone).blur()
    expect_state(phone, SAVED)
    clock.forward(minutes=9 * 60)
    box(phone).press_sequentially(" وتتمّته")
    expect(phone.page.locator("#locked")).to_be_visible()
    phone.beside().type_sign_in(organisation.staff["facilitator2"])
    with phone.page.expect_response(lambda answer: "/help" in answer.url) as asked:
        phone.page.evaluate("dispatchEvent(new Event('focus'))")
    assert asked.value.status == 404
    expect(box(phone)).to_be_hidden()
    assert "نصّ الأولى" not in saved(phone, note)


def test_what_the_page_hands_over_while_a_save_is_under_way_is_not_called_saved(
    phones: Phones, note: str, short_line: Line
) -> None:
    phone = phones("facilitator1", through=short_line)
    phone.page.clock.install()
    phone.open(note)
    short_line.down(BEFORE)
    box(phone).press_sequentially("أوّل")
    phone.page.clock.run_for(1_600)
    expect_state(phone, OFFLINE)
    phone.page.evaluate(TYPE_ON, " ثانٍ")
    phone.hide(True)  # the browser posts by itself what is lost on the way, too
    short_line.mend()
    phone.page.clock.run_for(4_000)
    expect_state(phone, SAVED)
    assert saved(phone, note) == "أوّل ثانٍ"
