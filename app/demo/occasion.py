"""One workshop of the demo, and what is done about it day after day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, time, timedelta

from app.clock import now, today
from app.demo.diary import Notebook
from app.extensions import new_uid
from app.groups.rules import starts_at
from app.people.rules import Card
from app.workshops import attendance, planning, queries, signing_up
from app.workshops.models import Workshop

# People from outside: a nickname, and what they chose to leave.
OUTSIDE = {
    "bird": Card(name="طير", channel="signal", number="0500 000 081", hours="بعد الثامنة مساءً"),
    "salt": Card(name="ملح"),
    "kite": Card(name="Kite", channel="email", number="kite.demo@example.org"),
    "well": Card(name="بئر", channel="whatsapp", number="0500 000 084"),
    "reem again": Card(name="ريم", channel="signal", number="٠٥٠ ٠٠٠ ٠٠٠٣"),
    "lemon": Card(name="ليمونة", channel="call", number="0500 000 086", hours="صباح السبت"),
    "road": Card(name="درب"),
    "moon": Card(name="Moon", channel="signal", number="0500 000 088"),
    "ink": Card(name="حبر", hours="أيّ وقت"),
}


@dataclass
class Told:
    """A workshop of the demo, and what is done about it day after day."""

    notebook: Notebook
    place: str
    title_ar: str
    title_en: str
    about_ar: str
    kind: str
    days: int
    """From the day of filling to its date."""
    hour: int
    seats: int
    facilitator: str = ""
    needs_approval: bool = False
    fills_itself: bool = True
    room: str = ""
    uid: str = ""
    series_uid: str = ""
    signed_up: dict[str, str] = field(default_factory=dict)
    """Key of a person -> uid of their sign-up."""

    def at(self, days: int, hour: int, act: Callable[..., object], *args: object) -> None:
        """Plan an act, so many days from the day of filling."""
        site = self.notebook.sites[self.place]
        day = today(site.zone) + timedelta(days=days)
        self.notebook.diary.at(starts_at(day, time(hour), site.zone), act, *args)

    def create(self) -> None:
        """The draft, and its facilitator."""
        site = self.notebook.sites[self.place]
        begins = starts_at(self.on, time(self.hour), site.zone)
        workshop = Workshop(
            kind=self.kind,
            title_ar=self.title_ar,
            title_en=self.title_en,
            about_ar=self.about_ar,
            about_en="",
            starts_at=begins,
            closes_at=begins - timedelta(hours=5),
            minutes=150,
            room=self.room,
            seats=self.seats,
            needs_approval=self.needs_approval,
            fills_itself=self.fills_itself,
            series_uid=self.series_uid or None,
        )
        desk = self.notebook.desk()
        planning.create(desk, workshop, site, at=now())
        self.uid = workshop.uid
        if self.facilitator:
            user = self.notebook.staff[self.facilitator].user
            planning.assign(self.notebook.desk(), workshop, user, at=now())

    def open(self, *, link: bool = True) -> None:
        """Open for sign-up, with its link."""
        self.turn("opening")
        if link:
            planning.turn_link_on(self._begin().workshop, at=now())

    def turn(self, as_: str) -> None:
        planning.turn(self._begin(), as_, today=self._today(), at=now())

    def known(self, *keys: str) -> None:
        """People whom the desk knows."""
        for key in keys:
            person = self.notebook.person(key, self.notebook.sites[self.place])
            sign_up = signing_up.sign_up_known(
                self.notebook.desk(),
                self._begin(),
                person_uid=person.uid,
                person_key=person.key,
                at=now(),
            )
            self.signed_up[key] = sign_up.uid

    def outside(self, *keys: str, also: Told | None = None) -> None:
        """People who have the link; some can come to another date too."""
        for key in keys:
            dates = queries.locked([self.uid, *([also.uid] if also else [])])
            digest = new_uid() * 6  # their code word is theirs alone
            signing_up.sign_up_from_outside(
                dates, replace(OUTSIDE[key]), code_digest=digest, at=now()
            )
            for told in [self, *([also] if also else [])]:
                found = [s for s in queries.sign_ups(told.uid) if s.code_digest == digest]
                told.signed_up[key] = found[0].uid

    def act(self, as_: str, *keys: str) -> None:
        """What staff record about some of them."""
        for key in keys:
            waiting = self._begin()
            signing_up.act(waiting, waiting.one(self.signed_up[key]), as_, at=now())

    def offer(self, key: str, hours: int) -> None:
        waiting = self._begin()
        until = now() + timedelta(hours=hours)
        signing_up.offer(waiting, waiting.one(self.signed_up[key]), None, until=until, at=now())

    def came(self, as_: str, *keys: str) -> None:
        taps = [(self.signed_up[key], as_) for key in keys]
        attendance.take(self.notebook.desk(), self._begin(), taps, today=self._today(), at=now())

    def walk_in(self, key: str) -> None:
        person = self.notebook.person(key, self.notebook.sites[self.place])
        signing_up.sign_up_known(
            self.notebook.desk(),
            self._begin(),
            person_uid=person.uid,
            person_key=person.key,
            walk_in_on=self._today(),
            at=now(),
        )

    @property
    def on(self) -> date:
        """Its date. Fixed when planned: the clock stands elsewhere while the past is lived."""
        return self._on

    def __post_init__(self) -> None:
        zone = self.notebook.sites[self.place].zone
        self._on = today(zone) + timedelta(days=self.days)

    def _today(self) -> date:
        return today(self.notebook.sites[self.place].zone)

    def _begin(self) -> signing_up.WaitingList:
        return signing_up.begin(self.notebook.desk(), self.uid, at=now())
