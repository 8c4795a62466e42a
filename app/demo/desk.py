"""What the demo's desk, counsellor and facilitator do with requests, referrals, files and next steps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, time, timedelta

from sqlalchemy import select

from app.accounts.viewer import Viewer
from app.cases import appointment_queries, files, referrals
from app.cases.models import Appointment, Case
from app.cases.notes import OfAppointment
from app.clock import now, today
from app.continuation import asking, queries
from app.demo.cycle import Cycle
from app.demo.diary import Notebook
from app.extensions import db
from app.groups import queries as groups
from app.groups.rules import starts_at
from app.notes import queries as notes
from app.notes import writing
from app.notes.models import Note
from app.notes.sealing import Boxes
from app.people import cards
from app.people.rules import Card
from app.requests import queries as requests
from app.requests import referring, requesting
from app.requests.models import Referral, Request
from app.requests.requesting import Wish

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
    "hala": Card(name="هالة", channel="call", number="0500 000 104"),
    "yazid": Card(name="يزيد", channel="sms", number="0500 000 105"),
}


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
        card = replace(NEW[key])
        request = requesting.take(desk, wish, card, site=site, at=now())
        if card.has_contact:
            agreed = {"contact"}
            cards.agree(request.person_uid, agreed, by=desk.uid, on=self._today())
        self.notebook.know(key, request.person_uid, card.code)
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

    def place(self, key: str, group: Cycle) -> None:
        """The person waits for a group: their request is answered with that."""
        desk = self.notebook.desk()
        asked = requests.request_or_404(desk, self.requests[key], lock=True)
        requesting.place_in_group(desk, asked, group.uid, at=now())

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
        case = referrals.accept(self._referral(key), at=now())
        if case:
            self.cases[key] = case.uid

    def decline(self, key: str) -> None:
        referring.decline(self._referral(key), "لا مكان قبل الشهر القادم.", at=now())

    def revoke(self, key: str) -> None:
        referrals.revoke(self._referral(key), at=now())

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
        last = appointment_queries.appointments(case.uid)[0]
        files.end_appointment(case, last, as_, at=now())
        if fee and last.fee:
            files.settle_fee(case, last, fee)

    def write(self, key: str, boxes: Boxes, *, sign: bool = True) -> None:
        case, who = self._case(key), self._counsellor()
        last = appointment_queries.appointments(case.uid)[0]
        of = OfAppointment.find(who, last.uid)
        note = writing.save(who, of, boxes, version=0, page="", at=now())
        if sign:
            writing.sign(of, note, boxes, at=now())

    def add_to_note(self, key: str, text: str) -> None:
        who = self._counsellor()
        note, of = self._last_note(who, key)
        writing.add(who, of, note, text, at=now())

    def strike_out(self, key: str) -> None:
        who = self._counsellor()
        note, of = self._last_note(who, key)
        writing.mark_in_error(who, of, note, at=now())

    def return_note(self, key: str, comment: str) -> None:
        who = self._supervisor()
        note, of = self._last_note(who, key)
        writing.return_to_author(who, of, note, comment, at=now())

    def supervise(self, key: str) -> None:
        supervisor = self.notebook.staff[SUPERVISOR].user
        files.give_supervision(self._counsellor(), self._case(key), supervisor, at=now())

    def sign_off(self, key: str) -> None:
        who = self._supervisor()
        for note in notes.awaiting_within(self._case(key).referral_uid):
            writing.sign_off(who, OfAppointment.find(who, note.of_uid), note, at=now())

    def pause(self, key: str) -> None:
        files.pause(self._case(key), at=now())

    def close(self, key: str) -> None:
        files.close(self._case(key), "finished", "ستّة لقاءات، والنوم صار أهدأ.", at=now())

    def next_step(
        self, key: str, choice: str, *, agreed: bool, again: int = 0, other: Cycle | None = None
    ) -> None:
        """What a member of the completed group wishes for."""
        who = self.notebook.staff[FACILITATOR].viewer("facilitator")
        group = groups.get_or_404(who, self.pine.uid)
        stay = groups.stay_or_404(who, self.pine.stays[key])
        asking.answer(
            who,
            group,
            groups.member(who, group, stay, at=now()),
            choice=choice,
            agreed=agreed,
            ask_again_on=self._today() + timedelta(days=again) if again else None,
            remark="",
            other_group=queries.group_to_join(group, other.uid) if other else None,
            on=self._today(),
            at=now(),
        )

    def _today(self) -> date:
        return today(self.notebook.sites["Jerusalem"].zone)

    def _referral(self, key: str) -> Referral:
        return db.session.get_one(Referral, self.referrals[key])

    def _case(self, key: str) -> Case:
        return db.session.get_one(Case, self.cases[key])

    def _last_note(self, who: Viewer, key: str) -> tuple[Note, OfAppointment]:
        of_case = select(Note).where(Note.in_uid == self._case(key).referral_uid)
        note = db.session.scalars(of_case.order_by(Note.saved_at.desc()).limit(1)).one()
        return note, OfAppointment.find(who, note.of_uid)

    def _supervisor(self) -> Viewer:
        return self.notebook.staff[SUPERVISOR].viewer("supervisor")

    def _counsellor(self) -> Viewer:
        return self.notebook.staff[COUNSELLOR].viewer("counsellor")
