"""Attendance, a note and a public sign-up, on Firefox and on WebKit as on Chromium."""

from __future__ import annotations

import re

import pytest

from tests.browser.engines.conftest import Windows
from tests.browser.engines.window import Window
from tests.organisation import Organisation

pytestmark = pytest.mark.engines
SAVED = re.compile(r"حُفِظ \d\d:\d\d")
STATE = "#note"  # what is shown of it: a line that is hidden does not count
NICKNAME = "دوري"


def mark(stay: str, as_: str) -> str:
    """Where one of the four marks of a person stands."""
    return f"#p{stay} [value={as_}]"


def pressed(stay: str) -> str:
    """Where the mark stands that a person has."""
    return f"#p{stay} [aria-pressed=true]"


def test_a_facilitator_marks_everyone_and_sees_each_tap_saved(
    windows: Windows, organisation: Organisation
) -> None:
    window, members = windows("facilitator1"), organisation.a.members
    window.tap("تسجيل الحضور")
    window.says("سُجّل 0 من 12", "#tally")
    for number, member in enumerate(members, 1):
        window.tap_at(mark(member.stay, "present"))
        window.is_pressed(mark(member.stay, "present"))
        window.says(f"سُجّل {number} من 12", "#tally")

    window.tap_at(mark(members[3].stay, "absent"))
    window.is_pressed(mark(members[3].stay, "absent"))
    assert window.text(pressed(members[3].stay)) == "غياب"
    window.tap_at(f"#f{members[4].stay}")
    window.is_pressed(f"#f{members[4].stay}")
    window.tap("تمّ")
    window.says("سُجّل 12 من 12")
    window.says(members[4].name)

    window.open(f"/sessions/{organisation.a.meetings[7]}/attendance")
    window.is_pressed(mark(members[3].stay, "absent"))
    window.is_pressed(mark(members[0].stay, "present"))
    window.is_pressed(f"#f{members[4].stay}")


def test_taps_faster_than_the_line_are_all_saved(
    windows: Windows, organisation: Organisation
) -> None:
    window, members = windows("facilitator1"), organisation.a.members
    roll = f"/sessions/{organisation.a.meetings[7]}/attendance"
    window.open(roll)
    for member in members:
        window.tap_at(mark(member.stay, "present"))
    window.tap_at(mark(members[0].stay, "late"))
    window.is_pressed(mark(members[0].stay, "late"))
    window.says("سُجّل 12 من 12", "#tally")
    window.open(roll)
    window.says("سُجّل 12 من 12", "#tally")
    window.is_pressed(mark(members[0].stay, "late"))
    window.is_pressed(mark(members[11].stay, "present"))


def test_a_note_saves_itself_and_is_signed(windows: Windows, organisation: Organisation) -> None:
    window, name = windows("facilitator1"), organisation.a.members[0].name
    note = f"/sessions/{organisation.a.meetings[7]}/note"
    window.tap("فتح اللقاء")
    window.tap("كتابة الملاحظات")
    window.says("يُحفَظ تلقائيًّا أثناء الكتابة.", STATE)
    window.write("happened", "بدأنا بجولة أسماء")
    window.says(SAVED, STATE)
    window.open(note)
    window.holds("happened", "بدأنا بجولة أسماء")

    window.write("happened", "، ثمّ استراحة")
    window.write("to_follow_up", f"سؤال {name} عن السفر")
    window.says("هل الأفضل كتابة الرمز", STATE)
    window.says(SAVED, STATE)
    window.open(note)
    window.holds("happened", "بدأنا بجولة أسماء، ثمّ استراحة")
    window.holds("to_follow_up", f"سؤال {name} عن السفر")

    window.tap("توقيع وإقفال")
    window.says("لم تُوقَّع بعد")
    window.tap("توقيعها كما هي")
    window.says("وُقّعت الملاحظة.")
    window.says("بدأنا بجولة أسماء، ثمّ استراحة")


def test_from_the_link_to_the_seat_by_code_word(
    windows: Windows, organisation: Organisation
) -> None:
    theirs = windows().open(f"/open/{organisation.workshop.link}")
    theirs.says("اكتمل العدد")
    theirs.write("name", NICKNAME)
    theirs.tap("تسجيل")
    theirs.says("رقمكم 2 على قائمة الانتظار.")
    assert NICKNAME not in theirs.text(), "What was typed is never shown again."
    code = theirs.text("main .note b")

    offer_the_seat_of_somebody_else(windows("coordinator"), organisation)

    theirs.open("/code")
    theirs.write("code", f"  {code.replace(' ', '  ').upper()} ")
    theirs.tap("عرض")
    theirs.says("مقعد محجوز لكم حتى")
    theirs.tap("أقبل المقعد")
    theirs.says("لكم مقعد محجوز.")
    theirs.tap("إلغاء التسجيل")
    theirs.says("هذا التسجيل ملغى.")


def offer_the_seat_of_somebody_else(coordinator: Window, organisation: Organisation) -> None:
    """One leaves the list and the seat is offered, until the hour that the page proposes."""
    coordinator.open(f"/sign-ups/{organisation.workshop.on_list['confirmed'].stay}")
    coordinator.tap("إزالة من القائمة")
    coordinator.says("أُلغي التسجيل.")
    coordinator.tap_one_with(NICKNAME)
    coordinator.tap("عرض مقعد")
    coordinator.says("حتى", "label")
    coordinator.tap("عرض مقعد")
    coordinator.says("المقعد محجوز حتى ذلك الوقت.")
