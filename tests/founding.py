"""Makes the invented organisation of tests/organisation.py through the domain's own functions."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from app.accounts import joining, rules
from app.accounts.models import User
from app.accounts.viewer import Viewer
from app.assignments.queries import team
from app.clock import standing_at, today
from app.extensions import db
from app.follow_ups import following_up
from app.groups import queries as groups
from app.groups import roster
from app.groups.models import Group
from app.notes import writing
from app.notes.models import Note
from app.notes.sealing import Boxes
from app.people import cards, places
from app.people import queries as people
from app.people.models import Site
from app.people.rules import Card
from app.sessions import attendance, planning
from app.sessions import queries as sessions
from app.sessions.models import GroupSession
from app.sessions.notes import OfMeeting
from app.vault import vaults
from tests.desks import Desks
from tests.lists import Lists
from tests.organisation import (
    COST,
    NOW,
    ROLES,
    Account,
    Aid,
    Circle,
    Member,
    Occasion,
    Organisation,
    viewer,
)
from tests.published import published
from tests.spreadsheets import chosen

NAMES = (
    *("سلمى", "رامي", "هدى", "نور", "آدم", "ليان", "جود", "تالا", "كريم", "Maya", "يارا", "سامر"),
    *("ريم", "مجد", "شادي", "دانا", "وسام"),
)
# What members 0–11 were at each of the six meetings held: - is not recorded.
MARKS = ("pppppp", "ppaapa", "pplppp", "aaaaaa", "pp-ppp", "pepppp", *["ppppp-"] * 6)
WORDS = {"p": "present", "l": "late", "e": "excused", "a": "absent"}


def build() -> Organisation:
    """Make it, in an empty migrated database."""
    with standing_at(NOW - timedelta(days=60)):
        built = Builder()
        built.begin_groups()
    with standing_at(NOW):
        built.live_group_a()
        built.live_group_b()
        Lists(built).fill()
    Desks(built).fill()
    for aid, who, site in (
        ("aid", "coordinator", built.jerusalem),
        ("aid_b", "coordinator_b", built.ramallah),
    ):
        getattr(built.organisation, aid).brought = chosen(built.viewer(who), site, built.typed)
    built.organisation.report = published(built.users["coordinator"], built.jerusalem)
    db.session.commit()
    return built.organisation


class Builder:
    """Makes the organisation step by step."""

    def __init__(self) -> None:
        self.recovery_key = joining.found()
        at = NOW - timedelta(days=60)
        self.typed: list[str] = []
        self.staff = {key: self._staff(key, roles, at) for key, roles in ROLES.items()}
        self.users = {key: db.session.get_one(User, a.uid) for key, a in self.staff.items()}
        self.jerusalem = places.add("القدس", "Jerusalem", zone="Asia/Jerusalem", phone_region="IL")
        self.ramallah = places.add("رام الله", "Ramallah", zone="Asia/Hebron", phone_region="PS")
        places.coordinate(self.users["coordinator"], self.jerusalem, at=at)
        places.coordinate(self.users["coordinator_b"], self.ramallah, at=at)
        places.coordinate(self.users["two_roles"], self.ramallah, at=at)
        giver = self.viewer("coordinator_b").keys
        vaults.give(giver, giver.vault("desk", self.ramallah.uid), self.users["two_roles"])

    def viewer(self, key: str) -> Viewer:
        return viewer(self.staff[key])

    def begin_groups(self) -> None:
        at = NOW - timedelta(days=55)
        a = self._group("الزيتون", self.jerusalem, "support", 15, date(2026, 10, 6), at=at)
        b = self._group("البحر", self.ramallah, "discussion", 0, date(2026, 11, 4), at=at)
        planned = self._group("الندى", self.jerusalem, "support", 15, None, at=at)
        coordinator, other = self.viewer("coordinator"), self.viewer("coordinator_b")
        for key in ("facilitator1", "facilitator2", "two_roles"):
            roster.assign(coordinator, a, self.users[key], part="facilitator", at=at)
        roster.assign(coordinator, a, self.users["supervisor"], part="supervisor", at=at)
        roster.assign(other, b, self.users["facilitator3"], part="facilitator", at=at)
        giver = self.viewer("facilitator1").keys
        for key in ("facilitator2", "supervisor"):
            vaults.give(giver, giver.vault("notes", a.uid), self.users[key])
        self.group_a, self.group_b = a, b
        self.organisation = Organisation(
            staff=self.staff,
            jerusalem=self.jerusalem.uid,
            ramallah=self.ramallah.uid,
            a=self._circle(a, self.users["facilitator1"]),
            b=self._circle(b, self.users["facilitator3"]),
            planned=Circle(planned.uid, self.jerusalem.uid),
            candidate=self.person(coordinator, self.jerusalem, "مجد الحائر", "052-555-0177"),
            candidate_b=self.person(other, self.ramallah, "وسام البعيد", "0599 555 018"),
            workshop=Occasion("", self.jerusalem.uid),
            workshop_b=Occasion("", self.ramallah.uid),
            aid=Aid(Member("", "", "")),
            aid_b=Aid(Member("", "", "")),
            typed=self.typed,
            recovery_key=self.recovery_key,
        )

    def live_group_a(self) -> None:
        a, group = self.organisation.a, self.group_a
        coordinator, first = self.viewer("coordinator"), self.viewer("facilitator1")
        began = date(2026, 10, 1)
        a.members = [self._member(coordinator, group, n, on=began) for n in range(12)]
        a.left = [self._member(coordinator, group, 12, on=began)]
        reason = self._typed("انتقال إلى مدينة أخرى")
        stay = groups.stay_or_404(coordinator, a.left[0].stay)
        roster.leave(group, stay, on=date(2026, 10, 20), today=NOW.date(), reason=reason)
        for n, sort in ((13, a.waiting), (14, a.waiting), (15, a.offered)):
            sort.append(self._member(coordinator, group, n, on=None))
        offered = groups.stay_or_404(coordinator, a.offered[0].stay)
        offered.offered_at, offered.offered_until = NOW, NOW + timedelta(days=1)

        meetings = sessions.to_change(group)
        planning.miss(group, meetings[2], reason="closure", today=date(2026, 10, 20), at=NOW)
        appended = planning.make_up(group, meetings[2])
        a.meetings = [meeting.uid for meeting in [*meetings, appended]]
        held = [m for m in meetings if m.on < NOW.date() and m is not meetings[2]]
        for meeting in held:
            planning.hold(group, meeting, today=today(self.jerusalem.zone), at=meeting.starts_at)
        for member, marks in zip(a.members, MARKS, strict=True):
            for meeting, sign in zip(held, marks, strict=True):
                if sign != "-":
                    self._mark(first, group, meeting, member, WORDS[sign])
        self._explain(group, held[1], a.members[5], "سفر العائلة")
        self._write(a, group, meetings)

    def live_group_b(self) -> None:
        b, group, third = self.organisation.b, self.group_b, self.viewer("facilitator3")
        other = self.viewer("coordinator_b")
        b.members = [self._member(other, group, 16, on=date(2026, 11, 1))]
        meetings = sessions.to_change(group)
        b.meetings = [meeting.uid for meeting in meetings]
        planning.hold(group, meetings[0], today=today(self.ramallah.zone), at=NOW)
        self._mark(third, group, meetings[0], b.members[0], "present")
        b.note = self._note(third, group, meetings[0], "لقاء هادئ عند البحر", sign=True)
        b.follow_up = self._follow_up(third, group, meetings[0], b.members[0], "مكالمة بعد أسبوع")

    def _write(self, a: Circle, group: Group, meetings: list[GroupSession]) -> None:
        first, second = self.viewer("facilitator1"), self.viewer("facilitator2")
        a.note = self._note(first, group, meetings[0], "تحدّثنا عن البدايات", sign=True)
        signed, of = db.session.get_one(Note, a.note), OfMeeting(first, meetings[0], group)
        writing.add(first, of, signed, self._typed("وتذكّرنا لاحقًا أمرًا آخر"), at=NOW)
        a.draft = self._note(second, group, meetings[1], "مسودّة لم تكتمل بعد")
        a.reflection = self._note(first, group, meetings[0], "تأمّل لنفسي", kind="reflection")
        a.follow_up = self._follow_up(first, group, meetings[6], a.members[1], "سؤال عن الغياب")

    def _staff(self, key: str, roles: tuple[str, ...], at: datetime) -> Account:
        passphrase, code = f"{key} olive river stone lamp", rules.new_recovery_code()
        username = key.replace("_", "-")
        user = joining.add_user(
            username=username,
            working_name=key.replace("_", " ").capitalize(),
            roles=roles,
            language="ar",
            passphrase=passphrase,
            recovery_code=code,
            cost=COST,
            at=at,
        )
        return Account(key, user.uid, username, passphrase, code, roles)

    def _group(
        self, name: str, site: Site, kind: str, number: int, first_on: date | None, *, at: datetime
    ) -> Group:
        group = Group(
            site_uid=site.uid,
            kind=kind,
            name=name,
            planned_sessions=number,
            capacity=15,
            planned_at=at,
            first_on=first_on,
            weekday=first_on.weekday() if first_on else None,
            at=time(18, 0) if first_on else None,
        )
        roster.create(group)
        if first_on:
            planning.plan(group, planning.proposal(group, []), at=at)
        return group

    def _circle(self, group: Group, facilitator: User) -> Circle:
        uid = next(a.uid for a, _name in team(group.uid) if a.user_uid == facilitator.uid)
        return Circle(group.uid, group.site_uid, assignment=uid)

    def person(self, by: Viewer, site: Site, name: str, number: str) -> Member:
        card = Card(
            name=self._typed(name),
            channel="signal",
            number=self._typed(number),
            hours=self._typed("بعد الخامسة مساءً"),
            if_another_answers=self._typed("سؤال عن دورة اللغة"),
            age="25-34",
            area=self._typed("حيّ الجامعة"),
            remark=self._typed(f"ملاحظة عن {name}"),
        )
        uid, _key = cards.add(by, card, site=site, at=NOW)
        cards.agree(uid, {"contact"}, by=by.uid, on=NOW.date())
        return Member(uid, name, number)

    def _member(self, by: Viewer, group: Group, n: int, *, on: date | None) -> Member:
        person = self.person(by, group.site, f"{NAMES[n]} المستعارة", f"059 955 {1000 + n}")
        if on is None:
            stay = roster.wait(
                group, person_uid=person.uid, card=None, at=NOW + timedelta(minutes=n)
            )
        else:
            key = people.get_or_404(by, person.uid).key
            stay = roster.enrol(by, group, person_uid=person.uid, person_key=key, on=on, at=NOW)
        return Member(person.uid, person.name, person.number, stay.uid)

    def _mark(
        self, by: Viewer, group: Group, meeting: GroupSession, member: Member, wanted: str
    ) -> None:
        stay = groups.stay_or_404(by, member.stay)
        attendance.mark(by, group, meeting, stay, wanted, today=NOW.date(), at=meeting.starts_at)

    def _explain(self, group: Group, meeting: GroupSession, member: Member, reason: str) -> None:
        person = sessions.expected_or_404(self.viewer("facilitator1"), meeting, group, member.stay)
        marked = sessions.attendance(meeting, member.stay)
        attendance.explain(group, person.person_uid, marked, self._typed(reason))

    def _note(
        self,
        by: Viewer,
        group: Group,
        meeting: GroupSession,
        text: str,
        *,
        kind: str = "note",
        sign: bool = False,
    ) -> str:
        boxes, of = Boxes(self._typed(text), "", ""), OfMeeting(by, meeting, group)
        note = writing.save(by, of, boxes, kind=kind, version=0, page="", at=NOW)
        if sign:
            writing.sign(of, note, boxes, at=NOW)
        return note.uid

    def _follow_up(
        self, by: Viewer, group: Group, meeting: GroupSession, member: Member, text: str
    ) -> str:
        return following_up.keep(
            by,
            group,
            meeting.uid,
            member.uid,
            owner_uid=by.uid,
            due_on=NOW.date() + timedelta(days=2),
            text=self._typed(text),
            at=NOW,
        ).uid

    def _typed(self, text: str) -> str:
        self.typed.append(text)
        return text
