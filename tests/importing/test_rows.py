"""What headings and cells mean, however they are written, and that every fault is named where it is. Pure."""

from __future__ import annotations

from datetime import date

import pytest

from app.importing import headings, lines, values
from app.importing.headings import LIST, MARKS, PEOPLE, ROSTER
from app.importing.reading import Sheet

TODAY = date(2026, 11, 24)
SIXTH = date(2026, 10, 6)


def sheet(*rows: tuple[str, ...]) -> Sheet:
    return Sheet("", [(n, list(row)) for n, row in enumerate(rows, 1) if any(row)])


def read(of: Sheet, kind: str, numbered: dict[int, date] | None = None) -> list[lines.Line]:
    matched = headings.match(of.rows, kind, numbered or {})
    return [*lines.lines(of, matched, kind, today=TODAY, region="PS")]


@pytest.mark.parametrize(
    "text",
    [
        *("6/10/2026", "06.10.26", "٦/١٠/٢٠٢٦", "2026-10-06", "2026/10/6", "6-10-2026"),
        *("6 تشرين الأول 2026", "٦ أكتوبر ٢٠٢٦", "6 Oct 2026", "October 6, 2026", "46301"),
        *("الثلاثاء 6/10/2026", "2026-10-06 18:00:00", "6\\10\\2026"),
    ],
)
def test_a_day_however_it_is_written(text: str) -> None:
    assert values.day(text) == SIXTH


@pytest.mark.parametrize("text", ["", "أمس", "31/2/2026", "6/10", "12345", "2026", "13/13/2026"])
def test_what_is_no_day(text: str) -> None:
    assert values.day(text) is None


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        *((word, "present") for word in ("ح", "حاضرة", "✓", "P", "1", "نعم", "حضر")),
        *((word, "late") for word in ("ت", "متأخّر", "late")),
        *((word, "excused") for word in ("م", "اعتذار", "غياب بعذر", "E")),
        *((word, "absent") for word in ("غ", "غائبة", "x", "0", "✗", "No")),
        *((word, "") for word in ("", "-", "؟", "—")),
        *((word, None) for word in ("ربّما", "2", "حح")),
    ],
)
def test_a_mark_however_it_is_written(text: str, mark: str | None) -> None:
    assert values.mark(text) == mark


@pytest.mark.parametrize(
    ("text", "said"),
    [("نعم", True), ("✔", True), ("TRUE", True), ("لا", False), ("-", False), ("x", None)],
)
def test_yes_and_no(text: str, said: bool | None) -> None:
    assert values.yes(text) is said


@pytest.mark.parametrize(
    ("text", "band"),
    [
        ("17", "under18"),
        ("٢٤", "18-24"),
        ("25-34", "25-34"),
        ("35–44", "35-44"),
        ("+45", "45+"),
        ("60", "45+"),
        ("كبير", None),
        ("130", None),
    ],
)
def test_an_age(text: str, band: str | None) -> None:
    assert values.age(text) == band


@pytest.mark.parametrize(
    ("heads", "fields"),
    [
        (("الرقم", "الاسم الكامل", "رقم الجوال", "ملاحظات"), ["", "name", "number", "remark"]),
        (("Name (chosen)", "PHONE:", "Remarks"), ["name", "number", "remark"]),
        (("الإسم", "هَاتِف", "المنطقة *"), ["name", "number", "area"]),
        (("الاسم", "اسم", "هاتف"), ["name", "", "number"]),
        (("وسيلة التواصل المفضّلة", "الاسم"), ["channel", "name"]),
    ],
)
def test_columns_are_known_by_their_headings(heads: tuple[str, ...], fields: list[str]) -> None:
    of = sheet(heads, ("a",) * len(heads))
    assert headings.match(of.rows, PEOPLE, {}).fields == fields


def test_titles_and_merged_heads_stand_above_the_rows() -> None:
    of = sheet(
        ("جمعيّة", "", "", ""),
        ("حتّى اليوم", "", "", ""),
        ("", "", "التواصل", ""),
        ("الاسم", "العمر", "الهاتف", "وقت آمن"),
        ("ليلى", "22", "0599000111", "مساءً"),
        ("المجموع", "1", "", ""),
    )
    (line,) = read(of, PEOPLE)
    assert (line.number, line.card.name, line.card.age) == (5, "ليلى", "18-24")
    assert (line.card.number, line.card.hours) == ("0599000111", "مساءً")


def test_days_stand_below_their_months_or_are_numbered() -> None:
    of = sheet(
        ("الاسم", "تشرين الأول", "", "اللقاء 3"),
        ("", "6/10/2026", "13/10/2026", ""),
        ("ليلى", "ح", "غ", "ت"),
    )
    (line,) = read(of, MARKS, {3: date(2026, 10, 20)})
    assert line.marks == {
        SIXTH: "present",
        date(2026, 10, 13): "absent",
        date(2026, 10, 20): "late",
    }


def test_whoever_is_not_to_be_contacted_agreed_to_nothing() -> None:
    (line,) = read(
        sheet(("الاسم", "عدم التواصل", "موافقة على التواصل"), ("ليلى", "نعم", "نعم")), PEOPLE
    )
    assert line.card.do_not_contact and not line.agreed


FAULTS = {
    "A": (("", lines.NO_NAME), ("ن" * 81, lines.TOO_LONG)),
    "B": (("9" * 121, lines.TOO_LONG),),
    "C": (("حمام زاجل", lines.UNKNOWN),),
    "D": (("ربّما", lines.YES_OR_NO), ("31/12/2026", lines.TO_COME)),
    "E": (("أمس", lines.NO_DATE), ("1/1/2027", lines.TO_COME)),
    "F": (("غدًا", lines.NO_DATE),),
    "G": (("كبيرة", lines.UNKNOWN),),
    "H": (("يقال", lines.UNKNOWN),),
    "I": (("أحيانًا", lines.YES_OR_NO),),
    "J": (("م" * 2_001, lines.TOO_LONG),),
}
HEADS = (
    *("الاسم", "الهاتف", "وسيلة التواصل", "موافقة على التواصل", "تاريخ الانضمام", "تاريخ المغادرة"),
    *("العمر", "صيغة المخاطبة", "ترك رسالة", "ملاحظات"),
)
RIGHT = ("", "0599", "واتساب", "نعم", "1/10/2026", "20/11/2026", "31", "مؤنث", "لا", "مساءً")


def test_of_five_thousand_rows_every_fault_is_named_where_it_is() -> None:
    every = [(column, *fault) for column, of in FAULTS.items() for fault in of]
    rows, wanted = [HEADS], {}
    for number in range(2, 5_002):
        row = [f"شخص {number}", *RIGHT[1:]]
        if number % 3 == 0:
            column, text, told = every[number % len(every)]
            row[ord(column) - 65] = text
            wanted[number] = {(column, told)}
        rows.append(tuple(row))
    read_ = read(sheet(*rows), ROSTER)
    assert len(read_) == 5_000
    found = {one.number: {(f.column, f.what) for f in one.faults} for one in read_ if one.faults}
    assert found == wanted and len({told for of in wanted.values() for told in of}) == len(every)


def test_what_came_is_known_from_a_list() -> None:
    of = sheet(("الاسم", "حضر/ت"), ("ليلى", "نعم"), ("سامر", "غ"), ("نور", ""), ("هدى", "؟!"))
    assert [(one.came, bool(one.faults)) for one in read(of, LIST)] == [
        *(("attended", False), ("no-show", False), ("", False), ("", True)),
    ]
