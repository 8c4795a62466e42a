"""Taps behind a slow line, a broken one, and somebody else's page: as quick and as truthful as paper."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy import select, update

from app.assignments.models import Assignment
from app.clock import now
from app.extensions import db
from app.sessions.models import Attendance
from tests.browser.conftest import Phones
from tests.browser.line import AFTER, BAD_GATEWAY, BEFORE, IN_THE_MIDDLE, Line
from tests.browser.phone import Phone
from tests.browser.test_roll_call import OFFLINE, expect_pressed, tap
from tests.conftest import Clock
from tests.organisation import Organisation
from tests.web.records import rows

pytestmark = pytest.mark.browser
SAVING = "جارٍ الحفظ…"
# Taps one button after another at a pace, and looks at every change of the page for what it shows
# as saved before an answer came, until all show it.
TAP_AT_A_PACE = """async ([pace, buttons]) => {
  const all = buttons.map((each) => document.querySelector(each));
  let last = 0, seen = [];
  const pressed = (each) => document.querySelector(each).getAttribute("aria-pressed") === "true";
  const busy = (each) => document.querySelector(each).getAttribute("aria-busy") === "true";
  const shown = new Promise((done) => new MutationObserver(() => {
    if (last && buttons.every(pressed)) done(performance.now() - last);
  }).observe(document.body, {subtree: true, attributes: true, childList: true}));
  for (const [number, each] of buttons.entries()) {
    document.querySelector(each).click();
    seen.push(busy(each) && !pressed(each));
    if (number === buttons.length - 1) last = performance.now();
    else await new Promise((go) => setTimeout(go, pace));
  }
  return [await shown, seen.every(Boolean)];
}"""


def roll(organisation: Organisation) -> str:
    return f"/sessions/{organisation.a.meetings[7]}/attendance"


def buttons(organisation: Organisation, mark: str = "present") -> list[str]:
    return [f"#p{member.stay} [value={mark}]" for member in organisation.a.members]


def marks_of(app: Flask, organisation: Organisation) -> dict[str, str]:
    query = select(Attendance.membership_uid, Attendance.mark)
    query = query.where(Attendance.session_uid == organisation.a.meetings[7])
    return dict(tuple(row) for row in rows(app, query))


def pressed(phone: Phone) -> Any:
    return phone.page.locator(".seg [aria-pressed=true]")


@pytest.mark.parametrize("pace", [0, 100, 400, 700, 1000])
def test_twelve_taps_at_any_pace_are_shown_as_saved_in_six_requests(
    phones: Phones, organisation: Organisation, line: Line, pace: int
) -> None:
    phone = phones("facilitator1", through=line, path=roll(organisation))
    line.begin()
    _after, all_at_once = phone.page.evaluate(TAP_AT_A_PACE, [pace, buttons(organisation)])
    assert all_at_once, "A tap did not show at once, or showed as saved before it was."
    posts = [each for each in line.asked if each.startswith("POST")]
    assert len(posts) <= 6, posts
    phone.says("سُجّل 12 من 12", "#tally")
    expect(phone.page.locator(".line")).to_be_empty()
    phone.open(roll(organisation))
    expect(pressed(phone)).to_have_count(12)


def test_twelve_corrections_of_a_whole_roll_are_six_requests_too(
    phones: Phones, organisation: Organisation, line: Line
) -> None:
    phone = phones("facilitator1", through=line, path=roll(organisation))
    phone.button("كلّ من لم يُسجَّل: حضور").click()
    phone.says("سُجّل 12 من 12", "#tally")
    line.begin()
    _after, all_at_once = phone.page.evaluate(TAP_AT_A_PACE, [400, buttons(organisation, "late")])
    assert all_at_once
    assert len([each for each in line.asked if each.startswith("POST")]) <= 6


def test_one_by_one_the_next_person_stands_there_before_the_line_has_answered(
    phones: Phones, organisation: Organisation, line: Line
) -> None:
    phone = phones("facilitator1", through=line)
    phone.page.clock.install()
    phone.open(f"{roll(organisation)}/one")
    line.begin()
    for _member in organisation.a.members:
        phone.page.locator(".turns .now [value=present]").click()
        phone.page.clock.run_for(500)  # a thumb is not faster; a second half of a double tap is
    phone.says("سُجّل 12 من 12", "#tally")
    phone.says("سُجّل الجميع.", ".turns .now")
    assert len([each for each in line.asked if each.startswith("POST")]) <= 3
    phone.link("كتابة الملاحظات").click()
    phone.says("ملاحظات اللقاء", "h1")


def test_one_by_one_a_double_tap_marks_one_person(
    phones: Phones, organisation: Organisation, short_line: Line
) -> None:
    phone = phones("facilitator1", through=short_line, path=f"{roll(organisation)}/one")
    phone.page.evaluate(
        """() => {
          for (let time = 0; time < 2; time++) document.querySelector(".turns .now [value=present]").click();
        }"""
    )
    phone.says("سُجّل 1 من 12", "#tally")
    expect(phone.page.locator(".line")).to_be_empty()
    phone.open(roll(organisation))
    phone.says("سُجّل 1 من 12", "#tally")


def test_a_link_waits_until_what_was_tapped_is_saved(
    phones: Phones, organisation: Organisation, line: Line
) -> None:
    phone = phones("facilitator1", through=line, path=roll(organisation))
    for member in organisation.a.members[:5]:
        tap(phone, member.stay, "late")
    phone.link("تمّ").click()
    phone.at(f"/sessions/{organisation.a.meetings[7]}")
    phone.says("سُجّل 5 من 12")


@pytest.mark.parametrize("fate", [BEFORE, AFTER, IN_THE_MIDDLE, BAD_GATEWAY])
def test_a_line_that_is_down_is_said_and_what_was_tapped_goes_out_in_order(
    app: Flask, phones: Phones, organisation: Organisation, short_line: Line, fate: str
) -> None:
    phone = phones("facilitator1", through=short_line, path=roll(organisation))
    first, second, third = (member.stay for member in organisation.a.members[:3])
    short_line.down(fate)
    tap(phone, first, "present")
    phone.says(OFFLINE, ".line")
    assert "Bad Gateway" not in phone.page.content()
    expect(pressed(phone)).to_have_count(0)
    phone.says("سُجّل 0 من 12", "#tally")
    short_line.mend()
    tap(phone, second, "late")
    tap(phone, first, "absent")
    tap(phone, third, "excused")
    for stay, mark in ((first, "absent"), (second, "late"), (third, "excused")):
        expect_pressed(phone.marks(stay).locator(f"[value={mark}]"))
    phone.says("سُجّل 3 من 12", "#tally")
    expect(phone.page.locator(".line")).to_be_empty()
    assert marks_of(app, organisation) == {first: "absent", second: "late", third: "excused"}


def test_while_the_server_is_started_again_taps_wait_as_long_as_it_takes(
    phones: Phones, organisation: Organisation, short_line: Line
) -> None:
    phone = phones("facilitator1", through=short_line)
    phone.page.clock.install()
    phone.open(roll(organisation))
    short_line.cut(*[BAD_GATEWAY] * 4)
    for member in organisation.a.members[:3]:
        tap(phone, member.stay, "present")
    for seconds in (1, 2, 4, 8):
        phone.page.clock.run_for(1000 * seconds)
        phone.says(OFFLINE, ".line")
    phone.page.clock.run_for(16_000)
    expect(pressed(phone)).to_have_count(3)
    phone.says("سُجّل 3 من 12", "#tally")


def test_taps_of_a_sign_in_that_ended_wait_hidden_and_go_out_when_it_is_back(
    app: Flask, phones: Phones, organisation: Organisation, clock: Clock
) -> None:
    phone = phones("facilitator1", path=roll(organisation))
    clock.forward(minutes=9 * 60)
    tap(phone, organisation.a.members[0].stay, "late")
    expect(phone.page.locator("#locked")).to_be_visible()
    expect(phone.marks(organisation.a.members[0].stay)).to_be_hidden()
    phone.beside().type_sign_in(organisation.staff["facilitator1"])
    phone.hide(True)
    phone.hide(False)
    expect_pressed(phone.marks(organisation.a.members[0].stay).locator("[value=late]"))
    phone.says("سُجّل 1 من 12", "#tally")


def test_a_page_that_the_server_does_not_know_any_more_says_so(
    app: Flask, phones: Phones, organisation: Organisation
) -> None:
    phone = phones("facilitator2", path=roll(organisation))
    with app.app_context():
        theirs = Assignment.user_uid == organisation.staff["facilitator2"].uid
        db.session.execute(update(Assignment).where(theirs).values(ended_at=now()))
        db.session.commit()
    tap(phone, organisation.a.members[0].stay, "late")
    phone.says("افتحوا الصفحة من جديد", ".line")
    expect(pressed(phone)).to_have_count(0)


def test_two_phones_see_each_others_marks_and_a_replaced_one_can_be_put_back(
    app: Flask, phones: Phones, organisation: Organisation, line: Line
) -> None:
    first = phones("facilitator1", through=line, path=roll(organisation))
    second = phones("facilitator2", path=roll(organisation))
    hers, his = organisation.a.members[:2]
    expect_pressed(tap(second, hers.stay, "late"))
    expect_pressed(tap(first, his.stay, "present"))
    expect_pressed(first.marks(hers.stay).locator("[value=late]"))
    first.says("سُجّل 2 من 12", "#tally")

    expect_pressed(tap(second, his.stay, "absent"))
    second.says("كانت العلامة من زميل/ة: حضور", f"#p{his.stay}")
    expect(second.page.locator("[aria-busy]")).to_have_count(0)
    second.marks(his.stay).get_by_role("button", name="إعادتها").click()
    expect_pressed(second.marks(his.stay).locator("[value=present][aria-pressed]"))
    assert marks_of(app, organisation) == {hers.stay: "late", his.stay: "present"}


@pytest.mark.parametrize("javascript", [True, False], ids=["js", "no-js"])
def test_everyone_who_is_not_marked_is_present_with_one_tap_and_back_with_one(
    phones: Phones, organisation: Organisation, line: Line, javascript: bool
) -> None:
    phone = phones("facilitator1", javascript=javascript, through=line, path=roll(organisation))
    expect_pressed(tap(phone, organisation.a.members[0].stay, "absent"))
    phone.button("كلّ من لم يُسجَّل: حضور").click()
    expect(phone.page.locator("[value=present][aria-pressed=true]")).to_have_count(11)
    phone.says("سُجّل 12 من 12", "#tally")
    expect(phone.button("كلّ من لم يُسجَّل: حضور")).to_be_hidden()
    expect(phone.page.locator("a.why").locator("visible=true")).to_have_count(1)
    phone.button("تراجُع", "#tally").click()
    expect(pressed(phone)).to_have_count(1)
    phone.says("سُجّل 1 من 12", "#tally")


def test_on_a_workshops_list_it_is_the_same(
    phones: Phones, organisation: Organisation, line: Line
) -> None:
    workshop = organisation.workshop
    phone = phones("facilitator1", through=line, path=f"/workshops/{workshop.uid}/attendance")
    expect(phone.page.locator(".seg")).not_to_have_count(0)
    seats = phone.page.locator(".seg").count()
    line.cut(AFTER)
    phone.button("كلّ من لم يُسجَّل: حضور").click()
    expect(phone.page.locator("[aria-busy=true]").first).to_be_visible()
    expect(phone.page.locator("[aria-pressed=true]")).to_have_count(seats)
    phone.says(f"سُجّل {seats} من {seats}", "#tally")


def test_a_page_of_before_an_upgrade_that_sends_one_tap_is_understood(
    app: Flask, phones: Phones, organisation: Organisation
) -> None:
    phone, stay = phones("facilitator1"), organisation.a.members[0].stay
    answer = phone.context.request.post(
        phone.address + roll(organisation),
        form={stay: "late"},
        headers={"Sec-Fetch-Site": "same-origin", "HX-Request": "true", "HX-Target": "p#tally"},
    )
    assert answer.ok and 'id="tally"' in answer.text() and f'id="p{stay}"' in answer.text()
    assert marks_of(app, organisation) == {stay: "late"}
