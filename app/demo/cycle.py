"""How one group of the demo lived: each act in its hour, by the colleague who would have done it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.accounts.viewer import Viewer
from app.clock import now, today
from app.demo.diary import Notebook
from app.demo.people import PEOPLE
from app.demo.story import IN_MARKS, NEWCOMER, OUTSIDE, Due, Story, Written, boxes
from app.extensions import new_uid
from app.follow_ups import following_up
from app.groups import queries as groups
from app.groups import roster
from app.groups import rules as group_rules
from app.groups.models import Group
from app.notes import writing
from app.people import cards
from app.sessions import attendance, planning, queries, rules
from app.sessions.models import GroupSession
from app.sessions.notes import OfMeeting
from app.vault import vaults

PLANNED_AHEAD = timedelta(days=42)


class Cycle:
    """One group, from its making to the day of filling; each method but `begin` is one act."""

    def __init__(self, notebook: Notebook, story: Story) -> None:
        self.notebook, self.story, self.diary = notebook, story, notebook.diary
        self.site = notebook.sites[story.place]
        self.filled_on = today(self.site.zone)
        self.uid = ""
        self.stays: dict[str, str] = {}
        self._awaited: set[str] = set()

    def moment(self, day: date, hour: int) -> datetime:
        """A full hour of a day at the group's place."""
        return group_rules.starts_at(day, time(hour), self.site.zone)

    def begin(self, created_on: date, first_on: date | None = None) -> None:
        """Plan the group's making, its team, its first members and its meetings."""
        self.diary.at(self.moment(created_on, 10), self.create, first_on)
        for day, user_name in enumerate(self.story.team, 1):
            at = self.moment(created_on + timedelta(days=day), 11)
            self.diary.at(at, self.assign, user_name, "facilitator")
        if self.story.supervisor:
            at = self.moment(created_on + timedelta(days=4), 9)
            self.diary.at(at, self.assign, self.story.supervisor, "supervisor")
        first = [key for key, came in self.story.came.items() if came[0] not in OUTSIDE + NEWCOMER]
        for number, key in enumerate(first):
            day_of = created_on + timedelta(days=6 + 2 * number)
            self.diary.at(self.moment(day_of, 12), self.enrol, key)

    def create(self, first_on: date | None) -> None:
        """A new group, and its dates where it is known when it meets."""
        group = Group(
            site_uid=self.site.uid,
            planned_at=now(),
            name=self.story.name,
            kind=self.story.kind,
            planned_sessions=self.story.sessions,
            capacity=self.story.capacity,
            room=self.story.room,
        )
        roster.create(group)
        self.uid = group.uid
        if first_on is not None:
            group.weekday, group.at, group.first_on = first_on.weekday(), self.story.hour, first_on
            self.plan()

    def plan(self, most: int | None = None) -> None:
        """The proposed dates, or the first so many of them."""
        group = self._group()
        proposed = planning.proposal(group, queries.to_change(group))
        planning.plan(group, proposed[:most], at=now())
        for number, meeting in enumerate(queries.to_change(group), 1):
            self._await(meeting, reason=self.story.missed.get(number, ""))

    def assign(self, user_name: str, part: str) -> None:
        """One more in the team; whoever holds the notes gives them."""
        user = self.notebook.staff[user_name].user
        group = self._group()
        roster.assign(self.notebook.desk(), group, user, part=part, at=now())
        if user_name not in (self.story.team[0], self.story.without_notes):
            vault = vaults.find("notes", self.uid)
            if vault:
                vaults.give(self._facilitator().keys, vault, user)

    def enrol(self, key: str) -> None:
        """One more member from today on, out of the waiting list or not."""
        person = self.notebook.person(key, self.site)
        group, desk, on = self._group(), self.notebook.desk(), today(self.site.zone)
        stay = roster.enrol(
            desk, group, person_uid=person.uid, person_key=person.key, on=on, at=now()
        )
        self.stays[key] = stay.uid

    def wait(self, key: str) -> None:
        """One more on the waiting list."""
        person = self.notebook.person(key, self.site)
        self.stays[key] = roster.wait(
            self._group(), person_uid=person.uid, card=person.card, at=now()
        ).uid

    def offer(self, key: str, until: date) -> None:
        """A place held until the end of a day."""
        stay = groups.stay_or_404(self.notebook.desk(), self.stays[key])
        end = datetime.combine(until, time(23, 59), ZoneInfo(self.site.zone))
        group_rules.offer(stay, self._group(), groups.stays(self.uid), until=end, at=now())

    def leave(self, key: str, reason: str) -> None:
        """A stay ends today."""
        stay = groups.stay_or_404(self.notebook.desk(), self.stays.pop(key))
        day = today(self.site.zone)
        roster.leave(self._group(), stay, on=day, today=day, reason=reason)

    def complete(self) -> None:
        """The cycle is over."""
        group = self._group()
        ended = planning.complete(group, today=today(self.site.zone), at=now())
        roster.end_shares(group, [stay.person_uid for stays in ended.values() for stay in stays])

    def cancel_next(self, number: int) -> None:
        """The meeting that is `number` ahead is cancelled."""
        day = today(self.site.zone)
        group = self._group()
        ahead = [each for each in queries.to_change(group) if each.counts and each.on > day]
        planning.miss(group, ahead[number - 1], reason="other", today=day, at=now())

    def miss(self, meeting_uid: str, reason: str) -> None:
        """A meeting does not happen."""
        meeting, group = queries.meeting_or_404(self._facilitator(), meeting_uid, lock=True)
        planning.miss(group, meeting, reason=reason, today=today(self.site.zone), at=now())

    def make_up(self, meeting_uid: str) -> None:
        """A date at the end instead of the one that was missed."""
        meeting, group = queries.meeting_or_404(self._facilitator(), meeting_uid, lock=True)
        self._await(planning.make_up(group, meeting))

    def meet(self, meeting_uid: str) -> None:
        """A meeting takes place: marks, guests, reasons; and what follows from it."""
        who, day = self._facilitator(), today(self.site.zone)
        meeting, group = queries.meeting_or_404(who, meeting_uid, lock=True)
        planning.hold(group, meeting, today=day, at=now())
        number = rules.numbers(queries.to_change(group))[meeting.uid]
        meeting.guests = self.story.guests.get(number, 0)
        for key, came in self.story.came.items():
            sign = came[number - 1]
            if sign == NEWCOMER:
                self._welcome(who, group, meeting, key)
            elif sign in IN_MARKS:
                stay = queries.stay_of_group_or_404(group, self.stays[key])
                attendance.mark(who, group, meeting, stay, IN_MARKS[sign], today=day, at=now())
            self._move(key, sign, came[number : number + 1] or sign, day)
        for (key, of), reason in self.story.absences.items():
            if of == number:
                person = queries.expected_or_404(who, meeting, group, self.stays[key])
                if marked := queries.attendance(meeting, person.uid):
                    attendance.explain(group, person.person_uid, marked, reason)
        self._afterwards(meeting, number)

    def write(self, meeting_uid: str, written: Written, text: str) -> None:
        """Somebody writes a note, and signs it unless it is a draft or a reflection."""
        who = self.notebook.staff[written.author].viewer("facilitator")
        of = OfMeeting.find(who, meeting_uid, lock=True)
        kind = "reflection" if written.state == "reflection" else "note"
        typed = boxes(text, self.notebook.codes)
        note = writing.save(who, of, typed, kind=kind, version=0, page=new_uid(), at=now())
        if written.state in ("signed", "error"):
            writing.sign(of, note, typed, at=now())
        if written.state == "error":
            at = now() + timedelta(hours=9)
            self.diary.at(at, lambda: writing.mark_in_error(who, of, note, at=now()))
        if written.addition:
            more = written.addition.format_map(self.notebook.codes)
            at = now() + timedelta(days=3)
            self.diary.at(at, lambda: writing.add(who, of, note, more, at=now()))

    def follow_up(self, meeting_uid: str, due: Due) -> None:
        """Something is to be done for a person; where the story says so, it is, three days later."""
        role = "coordinator" if due.owner == self.notebook.coordinator else "facilitator"
        who = self.notebook.staff[due.owner].viewer(role)
        meeting, group = queries.meeting_or_404(who, meeting_uid, lock=True)
        person_uid = self.notebook.people[due.person]
        if not due.text:
            since = max(meeting.on, today(self.site.zone))
            following_up.flag(
                who, group, meeting.uid, person_uid, wanted=True, since=since, at=now()
            )
            return
        kept = following_up.keep(
            who,
            group,
            meeting.uid,
            person_uid,
            owner_uid=who.uid,
            due_on=meeting.on + timedelta(days=due.days),
            text=due.text,
            at=now(),
        )
        if due.ended_as:
            at = now() + timedelta(days=3)
            self.diary.at(at, lambda: following_up.end(kept, as_=due.ended_as, at=now()))

    def _group(self) -> Group:
        """The group, its row locked, as the coordinator reaches it."""
        return groups.get_or_404(self.notebook.desk(), self.uid, lock=True)

    def _facilitator(self) -> Viewer:
        """The first of the team, in a new request."""
        return self.notebook.staff[self.story.team[0]].viewer("facilitator")

    def _await(self, meeting: GroupSession, reason: str = "") -> None:
        """Plan what becomes of a meeting, once; those from the day of filling on stay to come."""
        if meeting.on >= self.filled_on or meeting.uid in self._awaited:
            return
        self._awaited.add(meeting.uid)
        if reason:
            self.diary.at(meeting.starts_at - timedelta(hours=2), self.miss, meeting.uid, reason)
            self.diary.at(meeting.starts_at + timedelta(hours=15), self.make_up, meeting.uid)
        else:
            self.diary.at(meeting.starts_at + timedelta(hours=2), self.meet, meeting.uid)

    def _welcome(self, who: Viewer, group: Group, meeting: GroupSession, key: str) -> None:
        """Somebody who came without being enrolled: the least of a card, as a facilitator adds it."""
        card, day = replace(PEOPLE[key]), today(self.site.zone)
        stay = attendance.add_person(who, group, meeting, card, today=day, at=now())
        self.stays[key] = stay.uid
        agreed = {"contact"} if card.has_contact else set()
        cards.agree(stay.person_uid, agreed, by=who.uid, on=day)
        self.notebook.know(key, stay.person_uid, card.code)

    def _move(self, key: str, sign: str, following: str, day: date) -> None:
        """Plan a joining or a leaving between this meeting's sign and the following one."""
        if sign == OUTSIDE and following not in OUTSIDE + NEWCOMER:
            self.diary.at(self.moment(day + timedelta(days=6), 11), self.enrol, key)
        elif sign != OUTSIDE and following == OUTSIDE:
            reason = self.story.departures.get(key, "")
            self.diary.at(self.moment(day + timedelta(days=2), 11), self.leave, key, reason)

    def _afterwards(self, meeting: GroupSession, number: int) -> None:
        """Plan what is written after a meeting, and what is to be followed up."""
        for written, text in self.story.written.items():
            if written.number == number:
                at = meeting.starts_at + timedelta(hours=written.hours)
                self.diary.at(at, self.write, meeting.uid, written, text)
        for due in self.story.due:
            if due.number == number:
                at = meeting.starts_at + timedelta(hours=2, minutes=30)
                self.diary.at(at, self.follow_up, meeting.uid, due)
