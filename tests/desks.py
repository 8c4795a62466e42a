"""Requests, referrals and files of the invented organisation, made through the domain's own functions."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from app.accounts.viewer import Viewer
from app.cases import files, referrals
from app.cases.models import Appointment, Case
from app.cases.notes import OfAppointment
from app.clock import standing_at
from app.extensions import db
from app.notes import writing
from app.notes.models import Note
from app.notes.sealing import Boxes
from app.people import queries as people
from app.people.models import Site
from app.requests import referring, requesting
from app.requests.models import Referral
from app.requests.requesting import Wish
from tests.organisation import NOW, Aid, Member

if TYPE_CHECKING:
    from tests.founding import Builder

DAY = timedelta(days=1)


class Desks:
    """Fills what the two desks and the two counsellors have at hand."""

    def __init__(self, built: Builder) -> None:
        self.built = built

    def fill(self) -> None:
        o = self.built.organisation
        for aid, site, who, counsellor in (
            (o.aid, self.built.jerusalem, "coordinator", "counsellor"),
            (o.aid_b, self.built.ramallah, "coordinator_b", "counsellor_b"),
        ):
            with standing_at(NOW - 10 * DAY):
                self._files(aid, site, who, counsellor, at=NOW - 10 * DAY)
            with standing_at(NOW):
                self._notes(aid, counsellor)
                self._requests(aid, site, who, counsellor)

    def _requests(self, aid: Aid, site: Site, who: str, counsellor: str) -> None:
        desk = self.built.viewer(who)
        aid.person = self._person(desk, site, "رفيف")
        wish = Wish("self", "therapy", "high", self._typed(f"طلب من {site.name}"), desk.uid)
        aid.request = requesting.open_request(
            desk, wish, person_uid=aid.person.uid, site_uid=site.uid, at=NOW - 3 * DAY
        ).uid
        one = self._referral(desk, site, aid.person, counsellor)
        referring.agree(desk, one, on=NOW.date())
        aid.proposed, aid.consent = one.uid, one.consent_uid or ""
        sent = self._person(desk, site, "تمارا")
        aid.sent = self._sent(desk, site, sent, counsellor).uid
        abroad = self._person(desk, site, "سُدى")
        outside = self._referral(desk, site, abroad, "", outside=self._typed("عيادة بعيدة"))
        referring.agree(desk, outside, on=NOW.date())
        referring.send(desk, outside, people.get_or_404(desk, abroad.uid), None, at=NOW)
        aid.outside = outside.uid

    def _files(self, aid: Aid, site: Site, who: str, counsellor: str, *, at: datetime) -> None:
        desk = self.built.viewer(who)
        circle = self.built.organisation.a if aid is self.built.organisation.aid else None
        circle = circle or self.built.organisation.b
        aid.served = circle.members[0]
        case = self._file(desk, site, aid.served, counsellor, at=at)
        aid.file, aid.file_referral = case.uid, case.referral_uid
        files.agree_fee(case, fee=8000, review_on=None, note=self._typed("حسب الاستطاعة"))
        for days, name in ((8, "earlier"), (9, "held"), (11, "booked")):
            one = Appointment(starts_at=at + days * DAY, minutes=50)
            files.book(case, one, anyway=False, at=at)
            if name != "earlier":
                setattr(aid, name, one.uid)
            else:
                self.earlier = one.uid
        closed = self._person(desk, site, "زيتونة")
        other = self._file(desk, site, closed, counsellor, at=at)
        files.close(other, "finished", self._typed("اكتمل ما بدأناه"), at=at)
        aid.closed = other.uid

    def _notes(self, aid: Aid, counsellor: str) -> None:
        case = db.session.get_one(Case, aid.file)
        for uid in (self.earlier, aid.held):
            one = db.session.get_one(Appointment, uid)
            files.end_appointment(case, one, "attended", at=NOW)
        aid.note = self._note(counsellor, aid.held, "بداية هادئة في الإرشاد").uid
        if counsellor == "counsellor":
            supervisor = self.built.users["supervisor"]
            files.give_supervision(self.built.viewer(counsellor), case, supervisor, at=NOW)
        aid.awaiting = self._note(counsellor, self.earlier, "ملاحظة تنتظر الإشراف").uid

    def _note(self, counsellor: str, appointment: str, text: str) -> Note:
        who, boxes = self.built.viewer(counsellor), Boxes(self._typed(text), "", "")
        of = OfAppointment.find(who, appointment)
        note = writing.save(who, of, boxes, version=0, page="", at=NOW)
        writing.sign(of, note, boxes, at=NOW)
        return note

    def _file(
        self, desk: Viewer, site: Site, person: Member, counsellor: str, *, at: datetime
    ) -> Case:
        referral = self._sent(desk, site, person, counsellor)
        case = referrals.accept(referral, at=at)
        assert case is not None
        return case

    def _sent(self, desk: Viewer, site: Site, person: Member, counsellor: str) -> Referral:
        referral = self._referral(desk, site, person, counsellor)
        referring.agree(desk, referral, on=NOW.date())
        key = people.get_or_404(desk, person.uid)
        referring.send(desk, referral, key, self.built.users[counsellor], at=NOW)
        return referral

    def _referral(
        self, desk: Viewer, site: Site, person: Member, counsellor: str, *, outside: str = ""
    ) -> Referral:
        return referring.propose(
            desk,
            person_uid=person.uid,
            site_uid=site.uid,
            service="counselling",
            reason=self._typed(f"سبب تحويل {person.name}"),
            receiver_uid=self.built.users[counsellor].uid if counsellor else None,
            outside=outside,
            at=NOW,
        )

    def _person(self, desk: Viewer, site: Site, name: str) -> Member:
        number = f"058 555 {2000 + len(self.built.typed)}"
        person = self.built.person(desk, site, f"{name} {site.name}", number)
        o = self.built.organisation
        (o.aid if site is self.built.jerusalem else o.aid_b).people.append(person)
        return person

    def _typed(self, text: str) -> str:
        self.built.typed.append(text)
        return text
