"""The demo's workshops: one in each state, and a sign-up in each state that a list can show."""

from __future__ import annotations

from app.demo.diary import Notebook
from app.demo.occasion import Told

RANA, SAMI = "olive-lamp", "paper-boat"


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
        room="الغرفة الكبيرة",
    )
    printing.at(-20, 10, printing.create)
    printing.at(-19, 10, printing.open)
    printing.at(-18, 12, printing.known, "noor", "shams", "yara")
    printing.at(-17, 19, printing.outside, "bird", "kite", "well", "reem again", "lemon")
    printing.at(-15, 12, printing.known, "tala", "karam")
    printing.at(-12, 9, printing.act, "cancellation", "yara")
    printing.at(-12, 10, printing.offer, "well", 24)
    printing.at(-10, 10, printing.offer, "lemon", 48)
    printing.at(-9, 12, printing.act, "no", "lemon")
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
        room="الغرفة الكبيرة",
    )
    voice.at(-8, 10, voice.create)
    voice.at(-7, 10, voice.open)
    voice.at(-6, 19, lambda: voice.outside("salt", "lemon", "bird"))
    voice.at(-5, 9, voice.act, "approval", "salt")
    voice.at(-4, 9, voice.known, "tala")


def _others(notebook: Notebook) -> None:
    """One that was cancelled, and one that is still a draft."""
    clay = Told(notebook, "Ramallah", "طين وخزف", "Clay", "", "creative", 3, 16, 8)
    clay.at(-21, 10, clay.create)
    clay.at(-20, 10, clay.open)
    clay.at(-19, 12, clay.known, "yazan", "maya")
    clay.at(-2, 9, clay.turn, "cancellation")

    # In the same room as the group that meets then: the week says so.
    song = Told(notebook, "Jerusalem", "غناء جماعيّ", "Singing together", "", "creative", 7, 18, 15)
    song.room = "الغرفة الصغيرة"
    song.at(-3, 10, song.create)
