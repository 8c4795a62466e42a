"""The demo's requests, referrals, files and next steps: one in each state a screen can show."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial

from sqlalchemy import select

from app.accounts.viewer import Viewer
from app.cli.demo_cycle import Cycle
from app.cli.demo_diary import Notebook
from app.clock import now, today
from app.continuation import asking
from app.extensions import db
from app.groups import queries as groups
from app.groups.rules import starts_at
from app.people.rules import Card
from app.sessions.sealing import Boxes
from app.support import case_queries, files, referring, requesting
from app.support.models import Appointment, Case, CaseNote, Referral, Request
from app.support.requesting import Wish

COUNSELLOR, SUPERVISOR, FACILITATOR = "sage-window", "quiet-harbor", "olive-lamp"
NEW = {
    "amal": Card(
        name="أمل",
        channel="signal",
        number="0500 000 101",
        hours="بعد العاشرة ليلًا",
        if_another_answers="سؤال عن دورة خياطة.",
    ),
    "bahaa": Card(name="بهاء", channel="call", number="0500 000 102", may_leave_message=True),
    "salam": Card(name="سلام", channel="whatsapp", number="0500 000 103", hours="ظهرًا فقط"),
    "rand": Card(name="رند"),
    "yazid": Card(name="يزيد", channel="sms", number="0500 000 105"),
}
FIRST_NOTE = Boxes(
    "لقاء تعارف. الحديث عن النوم وعن ضغط البيت. الخطوة الأولى: دفتر صغير لساعات النوم.",
    "رقم مكان هادئ للدراسة مساءً.",
    "نبدأ بما كُتب في الدفتر.",
)
SECOND_NOTE = Boxes(
    "تحسّن قليل في النوم. حديث أطول عن الأخت الكبرى.", "", "نراجع الاتفاق على الرسوم."
)
DRAFT_NOTE = Boxes("مسودّة: نصف ساعة عن الامتحانات، ثم…", "", "")


@dataclass
class Desk:
    """What the demo's desk and counsellor do, day after day."""

    notebook: Notebook
    pine: Cycle
    requests: dict[str, str] = field(default_factory=dict)
    referrals: dict[str, str] = field(default_factory=dict)
    cases: dict[str, str] = field(default_factory=dict)

    def at(self, days: int, hour: int, act: Callable[..., object], *args: object) -> None:
        """Plan an act, so many days from the day of filling."""
        site = self.notebook.sites["Jerusalem"]
        on = today(site.zone) + timedelta(days=days)
        self.notebook.diary.at(starts_at(on, time(hour), site.zone), act, *args)

    def take(self, key: str, wish: Wish, place: str = "Jerusalem") -> None:
        """A request of somebody new."""
        desk, site = self.notebook.desk(), self.notebook.sites[place]
        request = requesting.take(desk, wish, NEW[key], site=site, at=now())
        self.notebook.know(key, request.person_uid, NEW[key].code)
        self.requests[key] = request.uid

    def send(self, key: str, wish: Wish) -> None:
        """A facilitator asks the desk to do something for a member."""
        who = self.notebook.staff[FACILITATOR].viewer("facilitator")
        person = self.notebook.person(key, self.notebook.sites["Jerusalem"])
        request = requesting.open_request(
            who, wish, person_uid=person.uid, site_uid=person.site.uid, at=now()
        )
        self.requests[key] = request.uid

    def attempt(self, key: str, result: str) -> None:
        request = db.session.get_one(Request, self.requests[key])
        card = NEW[key]
        requesting.attempt(self.notebook.desk(), request, card, result, at=now())

    def end(self, key: str, as_: str, reason: str = "") -> None:
        requesting.end(db.session.get_one(Request, self.requests[key]), as_, reason, at=now())

    def refer(self, key: str, *, outside: str = "", nobody: bool = False, reason: str = "") -> None:
        """Propose a referral of somebody the desk knows."""
        person = self.notebook.person(key, self.notebook.sites["Jerusalem"])
        receiver = None if outside or nobody else self.notebook.staff[COUNSELLOR].user.uid
        self.referrals[key] = referring.propose(
            self.notebook.desk(),
            person_uid=person.uid,
            site_uid=person.site.uid,
            service="therapy" if key == "mays" else "counselling",
            reason=reason or "طلب حديثًا فرديًّا بعد الدورة.",
            receiver_uid=receiver,
            outside=outside,
            at=now(),
        ).uid

    def agree(self, key: str) -> None:
        referring.agree(self.notebook.desk(), self._referral(key), on=self._today())

    def hand_over(self, key: str) -> None:
        desk = self.notebook.desk()
        person = self.notebook.person(key, self.notebook.sites["Jerusalem"])
        referral = self._referral(key)
        receiver = None if referral.is_outside else self.notebook.staff[COUNSELLOR].user
        referring.send(desk, referral, person, receiver, at=now())

    def accept(self, key: str) -> None:
        case = referring.accept(self._referral(key), at=now())
        if case:
            self.cases[key] = case.uid

    def decline(self, key: str) -> None:
        referring.decline(self._referral(key), "لا مكان قبل الشهر القادم.", at=now())

    def revoke(self, key: str) -> None:
        referring.revoke(self._referral(key), at=now())

    def fee(self, key: str, amount: int) -> None:
        review = self._today() + timedelta(days=60)
        files.agree_fee(self._case(key), fee=amount, review_on=review, note="حسب الاستطاعة.")

    def book(self, key: str, days: int, hour: int) -> None:
        case = self._case(key)
        on = self._today() + timedelta(days=days)
        begins = starts_at(on, time(hour), case.site.zone)
        files.book(case, Appointment(starts_at=begins, minutes=50), anyway=True, at=now())

    def came(self, key: str, as_: str, fee: str = "") -> None:
        """What became of the last appointment."""
        case = self._case(key)
        last = case_queries.appointments(case.uid)[0]
        files.end_appointment(case, last, as_, at=now())
        if fee and last.fee:
            files.settle_fee(case, last, fee)

    def write(self, key: str, boxes: Boxes, *, sign: bool = True) -> None:
        case, who = self._case(key), self._counsellor()
        last = case_queries.appointments(case.uid)[0]
        note = files.save_note(who, case, last, boxes, version=0, page="", at=now())
        if sign:
            files.sign_note(case, note, boxes, at=now())

    def supervise(self, key: str) -> None:
        supervisor = self.notebook.staff[SUPERVISOR].user
        files.give_supervision(self._counsellor(), self._case(key), supervisor)

    def sign_off(self, key: str) -> None:
        case, who = self._case(key), self.notebook.staff[SUPERVISOR].viewer("supervisor")
        awaiting = select(CaseNote).where(
            CaseNote.case_uid == case.uid,
            CaseNote.awaiting_at.is_not(None),
            CaseNote.signed_at.is_(None),
        )
        for note in db.session.scalars(awaiting).all():
            files.sign_off(who, case, note, at=now())

    def pause(self, key: str) -> None:
        files.pause(self._case(key), at=now())

    def close(self, key: str) -> None:
        files.close(self._case(key), "finished", "ستّة لقاءات، والنوم صار أهدأ.", at=now())

    def next_step(self, key: str, choice: str, *, agreed: bool, again: int = 0) -> None:
        """What a member of the completed group wishes for."""
        who = self.notebook.staff[FACILITATOR].viewer("facilitator")
        group = groups.get_or_404(who, self.pine.uid)
        stay = groups.stay_or_404(who, self.pine.stays[key])
        asking.answer(
            who,
            group,
            stay,
            choice=choice,
            agreed=agreed,
            ask_again_on=self._today() + timedelta(days=again) if again else None,
            remark="",
            other_group=None,
            on=self._today(),
            at=now(),
        )

    def _today(self) -> date:
        return today(self.notebook.sites["Jerusalem"].zone)

    def _referral(self, key: str) -> Referral:
        return db.session.get_one(Referral, self.referrals[key])

    def _case(self, key: str) -> Case:
        return db.session.get_one(Case, self.cases[key])

    def _counsellor(self) -> Viewer:
        return self.notebook.staff[COUNSELLOR].viewer("counsellor")


def tell(notebook: Notebook, pine: Cycle, ended_on: datetime) -> None:
    """Plan it all; `ended_on` is when the completed group ended."""
    desk = Desk(notebook, pine)
    _requests(desk)
    _referrals(desk)
    _files(desk)
    days = (ended_on.date() - now().date()).days
    for number, (key, choice, agreed, again) in enumerate(
        (
            ("ghaith", "group", True, 0),
            ("dana", "community", False, 0),
            ("siraj", "unsure", False, 40),
            ("tayf", "stop", False, 0),
            ("joud", "counselling", True, 0),
        )
    ):
        answer = partial(desk.next_step, key, choice, agreed=agreed, again=again)
        desk.at(days + 1 + number, 12, answer)


def _requests(desk: Desk) -> None:
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
    desk.at(-25, 12, desk.end, "salam", "placed")
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
    desk.at(-60, 10, desk.pause, "wisam")
    desk.at(-98, 10, desk.book, "ayham", 3, 15)
    desk.at(-95, 18, desk.came, "ayham", "attended")
    desk.at(-95, 19, desk.write, "ayham", FIRST_NOTE)
    desk.at(-50, 10, desk.close, "ayham")
