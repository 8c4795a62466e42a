"""The demo's requests, referrals, files and next steps: one in each state a screen can show."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from app.clock import now, today
from app.demo.cycle import Cycle
from app.demo.desk import Desk
from app.demo.diary import Notebook
from app.notes.sealing import Boxes
from app.requests.requesting import Wish

FIRST_NOTE = Boxes(
    "لقاء تعارف. الحديث عن النوم وعن ضغط البيت. الخطوة الأولى: دفتر صغير لساعات النوم.",
    "رقم مكان هادئ للدراسة مساءً.",
    "نبدأ بما كُتب في الدفتر.",
)
SECOND_NOTE = Boxes(
    "تحسّن قليل في النوم. حديث أطول عن الأخت الكبرى.", "", "نراجع الاتفاق على الرسوم."
)
DRAFT_NOTE = Boxes("مسودّة: نصف ساعة عن الامتحانات، ثم…", "", "")


def tell(notebook: Notebook, pine: Cycle, ended_on: datetime, thyme: Cycle, almond: Cycle) -> None:
    """Plan it all; `ended_on` is when the completed group ended. The others are those one can join."""
    desk = Desk(notebook, pine)
    _requests(desk, thyme)
    _referrals(desk)
    _files(desk)
    days = (ended_on.date() - now().date()).days
    for number, (key, choice, agreed, again) in enumerate(
        (
            ("ghaith", "group", False, 0),
            ("dana", "community", False, 0),
            ("siraj", "unsure", False, 40),
            ("tayf", "stop", False, 0),
            ("joud", "counselling", True, 0),
        )
    ):
        answer = partial(desk.next_step, key, choice, agreed=agreed, again=again)
        desk.at(days + 1 + number, 12, answer)
    desk.at(-2, 12, partial(desk.next_step, "ghaith", "group", agreed=True, other=thyme))
    desk.at(-2, 13, partial(desk.next_step, "mays", "group", agreed=True, other=almond))


def _requests(desk: Desk, thyme: Cycle) -> None:
    soon = today("Asia/Jerusalem") + timedelta(days=2)
    owner = desk.notebook.desk().uid
    desk.at(-62, 10, desk.take, "rand", Wish("friend", "information", "routine", "سؤال عن الورش."))
    desk.at(-21, 11, desk.take, "bahaa", Wish("partner", "counselling", "high", "", owner, soon))
    desk.at(-20, 11, desk.attempt, "bahaa", "unreachable")
    desk.at(-14, 18, desk.attempt, "bahaa", "left_message")
    desk.at(
        -2, 21, desk.take, "amal", Wish("self", "therapy", "urgent", "لم يعد البيت آمنًا.", owner)
    )
    desk.at(-2, 22, desk.attempt, "amal", "no_message")
    desk.at(-9, 12, desk.send, "reem", Wish("facilitator", "social", "routine", "مساعدة في السكن."))
    desk.at(-30, 12, desk.take, "salam", Wish("self", "support_group", "routine"))
    desk.at(-3, 12, desk.place, "salam", thyme)
    desk.at(-50, 12, desk.take, "hala", Wish("friend", "information", "routine"))
    desk.at(-45, 12, desk.end, "hala", "closed")
    desk.at(-40, 12, desk.take, "yazid", Wish("self", "therapy", "routine"))
    desk.at(-37, 12, desk.end, "yazid", "declined", "خارج ما نقدّمه؛ أُعطي عنوان آخر.")


def _referrals(desk: Desk) -> None:
    desk.at(-6, 10, desk.refer, "noor-sh")
    desk.at(-5, 10, desk.refer, "tala")
    desk.at(-4, 10, desk.agree, "tala")
    desk.at(-3, 9, desk.refer, "shams")
    desk.at(-3, 10, desk.agree, "shams")
    desk.at(-3, 11, desk.hand_over, "shams")
    desk.at(-26, 9, desk.refer, "karam")
    desk.at(-26, 10, desk.agree, "karam")
    desk.at(-26, 11, desk.hand_over, "karam")
    desk.at(-25, 12, desk.decline, "karam")
    desk.at(-18, 9, desk.refer, "yara")
    desk.at(-18, 10, desk.agree, "yara")
    desk.at(-17, 11, desk.hand_over, "yara")
    desk.at(-16, 12, desk.revoke, "yara")
    desk.at(-12, 9, lambda: desk.refer("hiba", outside="عيادة الحيّ"))
    desk.at(-12, 10, desk.agree, "hiba")
    desk.at(-12, 11, desk.hand_over, "hiba")

    desk.at(-15, 9, lambda: desk.refer("dana", outside="مركز الحيّ"))
    desk.at(-15, 10, desk.agree, "dana")
    desk.at(-15, 11, desk.hand_over, "dana")
    desk.at(-13, 11, desk.accept, "dana")


def _files(desk: Desk) -> None:
    """One in full swing with a supervisor, one that just opened, one resting, one closed."""
    for key, begins in (("mays", -48), ("lina", -10), ("wisam", -70), ("ayham", -100)):
        desk.at(begins, 9, desk.refer, key)
        desk.at(begins, 10, desk.agree, key)
        desk.at(begins, 11, desk.hand_over, key)
        desk.at(begins + 1, 12, desk.accept, key)
    desk.at(-46, 9, desk.fee, "mays", 8000)
    desk.at(-46, 10, desk.book, "mays", 2, 16)
    desk.at(-44, 18, desk.came, "mays", "attended", "paid")
    desk.at(-44, 19, desk.write, "mays", FIRST_NOTE)
    desk.at(-43, 10, desk.supervise, "mays")
    desk.at(-42, 10, desk.book, "mays", 5, 16)
    desk.at(-37, 18, desk.came, "mays", "attended")
    desk.at(-37, 19, desk.write, "mays", SECOND_NOTE)
    desk.at(-35, 10, desk.sign_off, "mays")
    desk.at(-34, 10, desk.book, "mays", 4, 16)
    desk.at(-30, 18, desk.came, "mays", "cancelled-late")
    desk.at(-28, 10, desk.book, "mays", 5, 16)
    desk.at(-23, 18, desk.came, "mays", "no-show", "waived")
    desk.at(-20, 10, desk.book, "mays", 2, 16)
    desk.at(-18, 18, desk.came, "mays", "attended", "paid")
    desk.at(-18, 19, desk.write, "mays", SECOND_NOTE)
    desk.at(-16, 10, desk.return_note, "mays", "ما الذي اتُّفق عليه للأسبوع القادم؟")
    desk.at(-12, 10, desk.book, "mays", 5, 16)
    desk.at(-7, 18, desk.came, "mays", "attended")
    desk.at(-7, 19, desk.write, "mays", SECOND_NOTE)
    desk.at(-4, 10, desk.book, "mays", 3, 16)
    desk.at(-1, 18, desk.came, "mays", "attended")
    desk.at(-1, 19, lambda: desk.write("mays", DRAFT_NOTE, sign=False))
    desk.at(-1, 20, desk.book, "mays", 6, 16)
    desk.at(-8, 10, desk.fee, "lina", 0)
    desk.at(-8, 11, desk.book, "lina", 9, 17)
    desk.at(-68, 10, desk.book, "wisam", 3, 15)
    desk.at(-65, 18, desk.came, "wisam", "attended")
    desk.at(-64, 10, desk.book, "wisam", 3, 15)
    desk.at(-63, 9, desk.came, "wisam", "cancelled")
    desk.at(-63, 10, desk.book, "wisam", 2, 16)
    desk.at(-62, 9, desk.came, "wisam", "cancelled-by-us")
    desk.at(-60, 10, desk.pause, "wisam")
    desk.at(-98, 10, desk.book, "ayham", 3, 15)
    desk.at(-95, 18, desk.came, "ayham", "attended")
    desk.at(-95, 19, desk.write, "ayham", FIRST_NOTE)
    desk.at(-94, 10, desk.add_to_note, "ayham", "اتُّفق هاتفيًّا على لقاء كل أسبوعين.")
    desk.at(-93, 10, desk.book, "ayham", 3, 15)
    desk.at(-90, 18, desk.came, "ayham", "attended")
    desk.at(-90, 19, desk.write, "ayham", FIRST_NOTE)
    desk.at(-90, 20, desk.strike_out, "ayham")
    desk.at(-89, 10, desk.write, "ayham", SECOND_NOTE)
    desk.at(-50, 10, desk.close, "ayham")
