"""The demo's workshops: one in each state, and a sign-up in each state that a list can show."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, time, timedelta

from app.cli.demo_diary import Notebook
from app.clock import now, today
from app.extensions import new_uid
from app.groups.rules import starts_at
from app.people.rules import Card
from app.workshops import planning, queries, signing_up
from app.workshops.models import SignUp, Workshop

RANA, SAMI = "olive-lamp", "paper-boat"

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
            signing_up.sign_up_from_outside(dates, OUTSIDE[key], code_digest=digest, at=now())
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
        signing_up.offer(waiting, waiting.one(self.signed_up[key]), until=until, at=now())

    def came(self, as_: str, *keys: str) -> None:
        for key in keys:
            waiting = self._begin()
            sign_up: SignUp = waiting.one(self.signed_up[key])
            signing_up.mark(waiting, sign_up, came_as=as_, today=self._today(), at=now())

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


def tell(notebook: Notebook) -> None:
    """Plan the workshops of the demo."""
    _held(notebook)
    _full(notebook)
    _in_two_places(notebook)
    _today(notebook)
    _asked_first(notebook)
    _others(notebook)


def _held(notebook: Notebook) -> None:
    """Last month's, with who came."""
    diaries = Told(
        notebook,
        "Jerusalem",
        "كتابة اليوميّات",
        "Keeping a diary",
        "دفتر وقلم وساعتان: نكتب لأنفسنا، ونقرأ فقط ما نحبّ أن يُسمع.",
        "educational",
        -24,
        17,
        8,
        RANA,
    )
    diaries.at(-45, 10, diaries.create)
    diaries.at(-44, 10, diaries.open)
    diaries.at(-40, 11, diaries.known, "noor", "tala", "reem", "karam")
    diaries.at(-38, 21, diaries.outside, "salt")
    diaries.at(-24, 20, diaries.came, "attended", "noor", "reem", "karam", "salt")
    diaries.at(-24, 20, diaries.came, "no-show", "tala")
    diaries.at(-24, 20, diaries.walk_in, "wisam")
    diaries.at(-23, 9, diaries.turn, "holding")


def _full(notebook: Notebook) -> None:
    """Every seat taken, seats offered by hand: each state of the waiting line."""
    printing = Told(
        notebook,
        "Jerusalem",
        "الطباعة على القماش",
        "Printing on cloth",
        "نحفر ختمًا صغيرًا ونطبع به. المواد علينا، والملابس القديمة عليكم.",
        "creative",
        6,
        16,
        5,
        RANA,
        fills_itself=False,
    )
    printing.at(-20, 10, printing.create)
    printing.at(-19, 10, printing.open)
    printing.at(-18, 12, printing.known, "noor", "shams", "yara")
    printing.at(-17, 19, printing.outside, "bird", "kite", "well", "reem again", "lemon")
    printing.at(-15, 12, printing.known, "tala", "karam")
    printing.at(-12, 9, printing.act, "cancellation", "yara")
    printing.at(-12, 10, printing.offer, "well", 24)
    printing.at(-10, 10, printing.offer, "lemon", 48)
    printing.at(-9, 12, printing.act, "decline", "lemon")
    printing.at(-1, 11, printing.offer, "reem again", 72)


def _in_two_places(notebook: Notebook) -> None:
    """One workshop on two dates in two places; two seats are left in one of them."""
    reading = Told(
        notebook,
        "Jerusalem",
        "قراءة جماعيّة",
        "Reading together",
        "نصّ قصير نقرؤه معًا، سطرًا سطرًا. لا حاجة إلى تحضير.",
        "educational",
        9,
        18,
        6,
        SAMI,
    )
    there = Told(
        notebook,
        "Ramallah",
        "قراءة جماعيّة",
        "Reading together",
        "نصّ قصير نقرؤه معًا، سطرًا سطرًا. لا حاجة إلى تحضير.",
        "educational",
        10,
        17,
        3,
    )

    def create_both() -> None:
        reading.create()
        there.series_uid = reading.uid
        there.create()

    reading.at(-14, 10, create_both)
    reading.at(-13, 10, reading.open)
    reading.at(-13, 11, there.open)
    reading.at(-12, 12, reading.known, "reem", "karam")
    there.at(-11, 12, there.known, "ward", "luma", "mazen", "sana")
    reading.at(-8, 22, lambda: reading.outside("road", also=there))
    reading.at(-7, 20, reading.outside, "moon")
    there.at(-5, 9, there.act, "cancellation", "luma")


def _today(notebook: Notebook) -> None:
    """One that takes place today: some are marked, some not yet."""
    photos = Told(
        notebook,
        "Ramallah",
        "تصوير بالهاتف",
        "Photographs with a phone",
        "الضوء والظلّ وما بينهما. لا نصوّر وجوهًا.",
        "creative",
        0,
        19,
        8,
        SAMI,
    )
    photos.at(-16, 10, photos.create)
    photos.at(-15, 10, photos.open)
    photos.at(-13, 12, photos.known, "ward", "yazan", "raghad", "mayar", "taym")
    photos.at(-9, 12, photos.outside, "ink")
    photos.at(0, 0, photos.came, "attended", "ward", "raghad")
    photos.at(0, 0, photos.came, "no-show", "taym")


def _asked_first(notebook: Notebook) -> None:
    """One where whoever signs up through the link is asked about first."""
    voice = Told(
        notebook,
        "Jerusalem",
        "تدريب على الإلقاء",
        "Speaking aloud",
        "الصوت والنَفَس والوقوف أمام الآخرين.",
        "educational",
        12,
        17,
        10,
        RANA,
        needs_approval=True,
    )
    voice.at(-8, 10, voice.create)
    voice.at(-7, 10, voice.open)
    voice.at(-6, 19, lambda: voice.outside("salt", "lemon", "bird"))
    voice.at(-5, 9, voice.act, "approval", "salt")
    voice.at(-4, 9, voice.known, "tala")


def _others(notebook: Notebook) -> None:
    """One that was cancelled, and one that is still a draft."""
    clay = Told(
        notebook,
        "Ramallah",
        "طين وخزف",
        "Clay",
        "",
        "creative",
        3,
        16,
        8,
    )
    clay.at(-21, 10, clay.create)
    clay.at(-20, 10, clay.open)
    clay.at(-19, 12, clay.known, "yazan", "maya")
    clay.at(-2, 9, clay.turn, "cancellation")

    song = Told(notebook, "Jerusalem", "غناء جماعيّ", "Singing together", "", "creative", 20, 18, 15)
    song.at(-3, 10, song.create)
