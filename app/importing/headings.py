"""Which row of a sheet holds the headings, and what each column is. Pure.

Titles may stand above the headings, and two rows of them may be merged; what
is found here is corrected by hand where it is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import lazy_gettext as _

from app.importing import values
from app.people.rules import folded

PEOPLE, ROSTER, MARKS, LIST = "people", "roster", "marks", "list"
CARD = ("name", "number", "channel", "hours", "if_another_answers", "may_leave_message")
MORE = ("do_not_contact", "address", "age", "area", "remark", "agrees_contact", "agrees_reports")
FIELDS_OF = {
    PEOPLE: (*CARD, *MORE),
    ROSTER: (*CARD, *MORE, "code", "joined_on", "left_on"),
    MARKS: ("name", "number", "code", "mark"),
    LIST: (*CARD, *MORE, "code", "came"),
}
CALLED = {
    "name": _("Name"),
    "code": _("Code"),
    "number": _("Number or address"),
    "channel": _("Way to reach them"),
    "hours": _("Safe time to get in touch"),
    "if_another_answers": _("If someone else answers"),
    "may_leave_message": _("A message may be left"),
    "do_not_contact": _("Do not contact"),
    "address": _("Form of address"),
    "age": _("Age band"),
    "area": _("Area"),
    "remark": _("Anything else that is needed"),
    "agrees_contact": _("Agrees to be contacted"),
    "agrees_reports": _("Agrees to be counted"),
    "joined_on": _("First day"),
    "left_on": _("Last day"),
    "came": _("Came or not"),
    "mark": _("Marks of a day"),
}
# How each is headed; whole headings first, then what a longer one holds, the first that fits.
WORDS = {
    "code": "الرمز|رمز|code",
    "name": "الاسم|اسم|الاسم المختار|الاسم الكامل|اسم المشارك/ة|المشارك/ة|name|chosen name|full name|first name|الاسم الأول|participant",
    "may_leave_message": "يمكن ترك رسالة|ترك رسالة|may leave a message|leave a message|a message may be left",
    "if_another_answers": "إن ردّ شخص آخر|إن رد شخص آخر|إذا رد شخص آخر|if someone else answers",
    "do_not_contact": "عدم التواصل|لا تتواصلوا|do not contact",
    "agrees_reports": "موافقة على التقارير|موافقة على الاحتساب|agrees to be counted|موافقة الاحتساب|موافقة التقارير|agrees to be counted in reports|counted in reports|reports consent",
    "agrees_contact": "موافقة التواصل|موافقة على التواصل|الموافقة على التواصل|agrees to be contacted|consent to be contacted|contact consent",
    "channel": "وسيلة التواصل|طريقة التواصل|way to reach them|channel|contact method",
    "number": "رقم الهاتف|الهاتف|هاتف|رقم الجوال|الجوال|جوال|موبايل|تلفون|رقم التواصل|واتساب|phone|phone number|mobile|telephone|whatsapp|number or address|رقم أو عنوان",
    "hours": "وقت آمن|الوقت الآمن|ساعات آمنة|وقت مناسب وآمن للاتصال|وقت مناسب|safe time|safe hours|safe time to get in touch",
    "address": "صيغة المخاطبة|المخاطبة|form of address|pronouns",
    "age": "العمر|عمر|الفئة العمرية|age|age band",
    "area": "المنطقة|منطقة|السكن|مكان السكن|البلد|المدينة|area|town|city",
    "remark": "أيّ شيء آخر يلزم|anything else that is needed|ملاحظات|ملاحظة|remarks|remark|notes|note|comments",
    "joined_on": "تاريخ الانضمام|الانضمام|أول يوم|اليوم الأول|انضم في|joined|joined on|start date|first day",
    "left_on": "تاريخ المغادرة|تاريخ الانسحاب|آخر يوم|اليوم الأخير|غادر في|left|left on|end date|last day",
    "came": "الحضور|حضور|حضر|حضر/ت|came|came or not|attended|attendance",
}
NAMED = {folded(word): field for field, words in WORDS.items() for word in words.split("|")}
HELD = [(w, NAMED[w]) for w in sorted(NAMED, key=len, reverse=True) if len(w) > 4]
# Of a heading that says no, its opposite is never taken: the one that is meant to say it is named whole.
DENIES = re.compile(
    "(?<!\\w)(عدم|لا|بلا|بدون|دون|غير|رفض|يرفض|ترفض|ليس|not|no|without|refus\\w*|don.?t|doesn.?t|never)(?!\\w)"
)
IN_BRACKETS = re.compile(r"[(\[].*?[)\]]|[:*؟?#]")
NUMBERED = re.compile(r"(?:لقاء|اللقاء|meeting|session)\s*(?:رقم)?\s*(\d{1,2})\b")
LOOKED_AT = 25  # rows in which the headings are looked for
Rows = Sequence[tuple[int, Sequence[str]]]


@dataclass(frozen=True)
class Matched:
    """What the columns of a sheet are."""

    first: int
    """The first row of headings, counted among the rows that are not empty,"""
    last: int
    """and the last: what follows is what is brought in."""
    headings: list[str]
    fields: list[str]
    """Of each column a field, or empty: it is not taken."""
    days: list[date | None]
    """Of a column of marks, its day."""

    @property
    def known(self) -> int:
        """How many columns are known."""
        return sum(field != "" for field in self.fields)

    @property
    def names_somebody(self) -> bool:
        """Whether a column says who each row is about."""
        return "name" in self.fields or "code" in self.fields


def letter(column: int) -> str:
    """How a spreadsheet calls a column, from 0: A … Z, AA …"""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def field_of(heading: str, kind: str, numbered: Mapping[int, date]) -> tuple[str, date | None]:
    """What a heading names, and the day of a column of marks."""
    if kind == MARKS and (day := day_of(heading, numbered)):
        return "mark", day
    word = " ".join(IN_BRACKETS.sub(" ", folded(heading)).split())
    found = NAMED.get(word) or next((field for held, field in HELD if held in word), "")
    if word not in NAMED and found != "do_not_contact" and DENIES.search(word):
        found = ""
    return (found if found in FIELDS_OF[kind] else ""), None


def day_of(heading: str, numbered: Mapping[int, date]) -> date | None:
    """The day of a column of marks: a date, or that of the session whose number is named."""
    if found := NUMBERED.search(folded(heading)):
        return numbered.get(int(found[1])) or values.day(heading)
    return values.day(heading)


def match(
    rows: Rows, kind: str, numbered: Mapping[int, date], *, head: int | None = None
) -> Matched:
    """Find the headings, in the row numbered `head` where that is said, and what each column is."""
    width = max((len(cells) for _n, cells in rows), default=0)
    named = [_named(cells, kind, numbered) for _number, cells in rows[:LOOKED_AT]]
    if head is None:
        at = max(range(len(named)), key=lambda i: (len(named[i]), -i), default=0)
    else:
        at = next((i for i, (number, _cells) in enumerate(rows) if number >= head), 0)
        named += [set()] * (at + 2 - len(named))
    first = last = at
    if at and named[at - 1] - named[at] and not _is_filled(rows[at][1], named[at - 1] - named[at]):
        first = at - 1
    elif at + 1 < min(len(rows), len(named)) and _goes_on(rows, named, at, kind):
        last = at + 1
    block = [
        _widened(cells, width, fill=i < last)
        for i, (_n, cells) in enumerate(rows)
        if first <= i <= last
    ]
    headings, fields, days = [], [], []
    for column in range(width):
        own = [row[column] for row in block if row[column]]
        below = rows[last][1][column : column + 1] if last < len(rows) else []
        ways = [*below, *reversed(own), " ".join(reversed(own)), " ".join(own)]
        # A date alone says more than the month that is merged above it.
        found = next(
            (f for way in ways if way and (f := field_of(way, kind, numbered))[0]), ("", None)
        )
        headings.append(" · ".join(dict.fromkeys(own)))
        fields.append(found[0] if found[0] == "mark" or found[0] not in fields else "")
        days.append(found[1])
    return Matched(first, last, headings, fields, days)


def _named(cells: Sequence[str], kind: str, numbered: Mapping[int, date]) -> set[int]:
    """The columns of a row that name something."""
    return {
        i
        for i, cell in enumerate(cells)
        if cell and len(cell) < 80 and field_of(cell, kind, numbered)[0]
    }


def _is_filled(cells: Sequence[str], columns: set[int]) -> bool:
    """Whether anything stands in any of these columns: then the two rows are not one heading."""
    return any(column < len(cells) and cells[column] for column in columns)


def _goes_on(rows: Rows, named: list[set[int]], at: int, kind: str) -> bool:
    """Whether the next row is the lower half of merged headings: it names more, and nothing where this one does."""
    below = rows[at + 1][1]
    if not named[at] or _is_filled(below, named[at]):
        return False
    names_days = any(values.day(cell) or cell.isdecimal() for cell in below if cell)
    return bool(named[at + 1]) or (kind == MARKS and names_days)


def _widened(cells: Sequence[str], width: int, *, fill: bool) -> list[str]:
    """A row as wide as the sheet; of merged headings the first cell alone holds the words."""
    row = [*cells, *[""] * (width - len(cells))]
    for column in range(1, width if fill else 0):
        row[column] = row[column] or row[column - 1]
    return row
