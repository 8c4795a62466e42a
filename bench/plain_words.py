"""Words as somebody writes them by hand: a table for what columns say, five forms for what is counted."""

from __future__ import annotations

import re

from markupsafe import Markup

ARABIC = re.compile("[\u0621-\u064a]")
# One, two, three to ten, eleven to ninety-nine, hundreds.
FORMS = {
    "waiting": (
        "شخص واحد ينتظر",
        "شخصان ينتظران",
        "{} أشخاص ينتظرون",
        "{} شخصًا ينتظرون",
        "{} شخص ينتظرون",
    ),
    "asked": (
        "طلب واحد بانتظار الردّ",
        "طلبان بانتظار الردّ",
        "{} طلبات بانتظار الردّ",
        "{} طلبًا بانتظار الردّ",
        "{} طلب بانتظار الردّ",
    ),
    "untold": (
        "انتقل شخص واحد من الانتظار ولم يُخبَر بعد",
        "انتقل شخصان من الانتظار ولم يُخبَرا بعد",
        "انتقل {} أشخاص من الانتظار ولم يُخبَروا بعد",
        "انتقل {} شخصًا من الانتظار ولم يُخبَروا بعد",
        "انتقل {} شخص من الانتظار ولم يُخبَروا بعد",
    ),
    "seats": ("بقي مقعد واحد", "بقي مقعدان", "بقيت {} مقاعد", "بقي {} مقعدًا", "بقي {} مقعد"),
    "sessions": ("لقاء واحد", "لقاءان", "{} لقاءات", "{} لقاءً", "{} لقاء"),
    "missing": (
        "لقاء بلا تسجيل",
        "لقاءان بلا تسجيل",
        "{} لقاءات بلا تسجيل",
        "{} لقاءً بلا تسجيل",
        "{} لقاء بلا تسجيل",
    ),
    "former": (
        "مشاركة سابقة واحدة",
        "مشاركتان سابقتان",
        "{} مشاركات سابقة",
        "{} مشاركة سابقة",
        "{} مشاركة سابقة",
    ),
    "people": ("شخص واحد", "شخصان", "{} أشخاص", "{} شخصًا", "{} شخص"),
}
WORDS = {
    "group": {
        "planned": "مقرّرة",
        "enrolling": "التسجيل مفتوح",
        "active": "جارية",
        "completed": "تمّت",
        "cancelled": "مُلغاة",
    },
    "stay": {"left": "انسحاب", "completed": "إتمام الدورة"},
    "event": {
        "active": "في المجموعة",
        "left": "انسحاب",
        "completed": "تمّت",
        "withdrawn": "اعتذار",
        "requested": "بانتظار الردّ",
        "confirmed": "مقعد محجوز",
        "waiting": "انتظار",
        "offered": "مقعد معروض",
        "declined": "اعتذار",
        "expired": "انتهت المهلة",
        "cancelled": "مُلغى",
        "attended": "حضور",
        "no-show": "غياب",
        "counselling": "إرشاد",
        "group": "مجموعة أخرى",
        "community": "نشاط مجتمعي",
        "stop": "التوقّف هنا",
        "unsure": "لم يُحسم بعد",
    },
    "follow-up": {"done": "تمّت", "dropped": "لم تعد لازمة"},
    "address": {"f": "مؤنّث", "m": "مذكّر", "p": "جمع", "ask": "كما أقول لكم"},
    "channel": {
        "": "الرقم",
        "signal": "Signal",
        "whatsapp": "WhatsApp",
        "call": "مكالمة هاتفية",
        "sms": "رسالة نصّية",
        "email": "البريد الإلكتروني",
        "other": "وسيلة أخرى",
    },
}


def word(value: str, of: str) -> str:
    """What people read for a value of a column."""
    return WORDS[of][value]


def counted(number: int, of: str) -> str:
    """So many of something, in the form that Arabic has for the number."""
    one, two, few, many, hundreds = FORMS[of]
    if number in (1, 2):
        return one if number == 1 else two
    rest = number % 100
    return (few if 3 <= rest <= 10 else many if rest > 10 else hundreds).format(number)


def paragraphs(text: str) -> Markup:
    """Typed text with its line ends; with an Arabic letter a paragraph runs from right to left."""
    return Markup("").join(
        Markup('<p dir="{}">{}</p>').format("rtl" if ARABIC.search(line) else "ltr", line)
        for line in text.split("\n")
        if line.strip()
    )
