"""What a cell means: a day, yes or no, a mark, a way to reach somebody, an age. Pure.

People write these in many ways; what none of them is, is `None`, and is told with its row and column.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from app.people.rules import folded
from app.web.forms import day_from

# Of the twelve months: as here, as in Egypt and the Gulf, and in English.
MONTHS = (
    "كانون الثاني|يناير|january|jan",
    "شباط|فبراير|february|feb",
    "اذار|مارس|march|mar",
    "نيسان|ابريل|أبريل|april|apr",
    "ايار|أيار|مايو|may",
    "حزيران|يونيو|june|jun",
    "تموز|يوليو|july|jul",
    "اب|آب|اغسطس|أغسطس|august|aug",
    "ايلول|أيلول|سبتمبر|september|sept|sep",
    "تشرين الاول|أكتوبر|اكتوبر|october|oct",
    "تشرين الثاني|نوفمبر|november|nov",
    "كانون الاول|ديسمبر|december|dec",
)
MONTH_OF = {folded(name): n for n, names in enumerate(MONTHS, 1) for name in names.split("|")}
A_MONTH = "|".join(sorted(map(re.escape, MONTH_OF), key=len, reverse=True))
DAY_FIRST = re.compile(rf"(\d{{1,2}})[\s\-/.]*({A_MONTH})[\s\-/.,،]*(\d{{4}}|\d{{2}})(?!\d)")
MONTH_FIRST = re.compile(rf"({A_MONTH})\s+(\d{{1,2}})\s*[,،]?\s*(\d{{4}})(?!\d)")
YEAR_LAST = re.compile(r"(\d{1,2})\s*[/.\-\\]\s*(\d{1,2})\s*[/.\-\\]\s*(\d{4}|\d{2})(?!\d)")
YEAR_FIRST = re.compile(r"(\d{4})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{1,2})(?!\d)")
WEEKDAYS = "الاحد|الاثنين|الثلاثاء|الاربعاء|الخميس|الجمعة|السبت|sunday|monday|tuesday|wednesday|thursday|friday|saturday|sun|mon|tue|wed|thu|fri|sat"
BESIDE_A_DAY = re.compile(
    r"\b\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?\s*(am|pm|ص|م)?\b|\b(يوم )?("
    + "|".join(map(folded, WEEKDAYS.split("|")))
    + r")\b"
)
SERIAL = re.compile(
    r"(3[6-9]|[4-6]\d|7[0-2])\d{3}"
)  # a day as spreadsheets count them: 2000 to 2099
WAYS = (YEAR_FIRST, YEAR_LAST, DAY_FIRST, MONTH_FIRST, SERIAL)
FIRST_SERIAL = date(1899, 12, 30)

YES = "نعم|اي|أجل|صح|موافق|موافقة|موافق/ة|أوافق|yes|y|true|ok|1|✓|✔|☑|+"
NO = "لا|كلا|غير موافق|غير موافقة|رفض|no|n|false|0|✗|✕|✘|☐|-|–|—"
SAID = {folded(w): said for words, said in ((YES, True), (NO, False)) for w in words.split("|")}
MARK_WORDS = {
    "present": "حاضر|حاضرة|حاضر/ة|حضور|حضر|حضرت|ح|present|p|came|attended|●|v|" + YES,
    "late": "متأخر|متأخرة|متأخر/ة|تأخر|تأخير|ت|late|l|◐",
    "excused": "معتذر|معتذرة|معتذر/ة|اعتذار|اعتذر|غياب بعذر|بعذر|عذر|م|excused|e|○",
    "absent": "غائب|غائبة|غائب/ة|غياب|غاب|غابت|غ|absent|a|x|×|no show|no-show|لا|no|n|false|0|✗|✕|✘",
}
MARK_OF = {folded(w): mark for mark, words in MARK_WORDS.items() for w in words.split("|")}
UNMARKED = frozenset(("", "-", "–", "—", "·", ".", "?", "؟"))
CAME_OF = {word: "attended" for word, mark in MARK_OF.items() if mark in ("present", "late")} | {
    word: "no-show" for word, mark in MARK_OF.items() if mark in ("absent", "excused")
}
CHANNEL_WORDS = {
    "signal": "signal|سيجنال|سيغنال|سجنال|سغنال",
    "whatsapp": "whatsapp|whats app|واتساب|واتس|واتس اب|واتس أب|وتساب",
    "call": "call|phone|phone call|هاتف|تلفون|اتصال|مكالمة|مكالمة هاتفية|موبايل|جوال",
    "sms": "sms|text|text message|رسالة|رسالة نصية|رسائل",
    "email": "email|e-mail|mail|ايميل|إيميل|بريد|بريد الكتروني|بريد إلكتروني|البريد الإلكتروني",
    "other": "other|another way|وسيلة أخرى|أخرى|غير ذلك|طريقة أخرى|telegram|تلغرام|تيليجرام",
}
CHANNEL_OF = {folded(w): one for one, words in CHANNEL_WORDS.items() for w in words.split("|")}
ADDRESS_WORDS = {
    "f": "مؤنث|أنثى|هي|أنت (مؤنث)|feminine|f|she|she/her",
    "m": "مذكر|ذكر|هو|masculine|m|he|he/him",
    "p": "جمع|هم|أنتم|plural|they|they/them",
    "ask": "كما أقول لكم|as i tell you|ask",
}
ADDRESS_OF = {folded(w): one for one, words in ADDRESS_WORDS.items() for w in words.split("|")}
AGES = (
    ("under18", 0, 17),
    ("18-24", 18, 24),
    ("25-34", 25, 34),
    ("35-44", 35, 44),
    ("45+", 45, 120),
)


def whole_day(text: str) -> date | None:
    """The day that a cell is, with its weekday and hour perhaps; None where it says anything else too."""
    rest = BESIDE_A_DAY.sub(" ", folded(text)).strip(" ,،")
    return day(rest) if any(way.fullmatch(rest) for way in WAYS) else None


def day(text: str) -> date | None:
    """The day in a text of any of the ways in which one is written, or None."""
    text = folded(text)  # every digit is 0–9 in it
    if SERIAL.fullmatch(text):
        return FIRST_SERIAL + timedelta(days=int(text))
    if found := YEAR_FIRST.search(text):
        year, month, number = found.groups()
    elif found := YEAR_LAST.search(text):
        number, month, year = found.groups()
        if int(month) > 12 >= int(number):
            number, month = month, number
    elif found := DAY_FIRST.search(text):
        number, month, year = found[1], str(MONTH_OF[found[2]]), found[3]
    elif found := MONTH_FIRST.search(text):
        number, month, year = found[2], str(MONTH_OF[found[1]]), found[3]
    else:
        return None
    return day_from(f"{year if len(year) == 4 else '20' + year}-{month}-{number}")


def yes(text: str) -> bool | None:
    """Whether a cell says yes or no; None where it says neither."""
    return SAID.get(folded(text))


def mark(text: str) -> str | None:
    """The mark that a cell of a grid means; empty where it says nothing, None where that is unclear."""
    word = folded(text)
    return "" if word in UNMARKED else MARK_OF.get(word)


def came(text: str) -> str | None:
    """Whether somebody came to a workshop, as its list keeps it; as `mark`."""
    word = folded(text)
    return "" if word in UNMARKED else CAME_OF.get(word)


def channel(text: str) -> str | None:
    """The way to reach somebody that is named in a cell."""
    return CHANNEL_OF.get(folded(text))


def address(text: str) -> str | None:
    """The form of address that is named in a cell."""
    return ADDRESS_OF.get(folded(text))


def age(text: str) -> str | None:
    """The age band of a number of years, or of a band as it is written here."""
    word = folded(text).replace("–", "-").replace(" ", "")
    for band, least, most in AGES:
        if word in (band, f"{least}-{most}") or (word.isdecimal() and least <= int(word) <= most):
            return band
    return {
        "<18": "under18",
        "-18": "under18",
        "18-": "under18",
        folded("أقلّ من 18").replace(" ", ""): "under18",
        "45فاكثر": "45+",
        "45فمافوق": "45+",
        "45andover": "45+",
        "+45": "45+",
    }.get(word)
