"""Reading files as office programs write them, and those that were made to do harm."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from zipfile import ZipFile

import pytest

from app import MOST_BYTES
from app.errors import RuleBroken
from app.importing import reading
from tests.spreadsheets import separated
from tests.workbooks import (
    EXCEL,
    EXCEL_ON_A_MAC,
    GOOGLE,
    IN_CELLS,
    LIBREOFFICE,
    MAIN,
    PREFIXED,
    Formula,
    Program,
    packed,
)

ROWS = (
    ("أسماء المجموعة", None, None, None, None),
    ("الاسم", "الهاتف", "أول يوم", "العمر", "موافقة التواصل"),
    ("ليلى", "0525550191", date(2026, 10, 6), 31, True),
    ("سامر & نور", None, date(2026, 1, 31), 19, False),
)
READ = [
    (1, ["أسماء المجموعة"]),
    (2, ["الاسم", "الهاتف", "أول يوم", "العمر", "موافقة التواصل"]),
    (3, ["ليلى", "0525550191", "2026-10-06", "31", "1"]),
    (4, ["سامر & نور", "", "2026-01-31", "19", "0"]),
]


def sheets(data: bytes) -> list[reading.Sheet]:
    return reading.sheets(reading.read(data))


@pytest.mark.parametrize(
    "program",
    [EXCEL, EXCEL_ON_A_MAC, LIBREOFFICE, GOOGLE, IN_CELLS, PREFIXED],
    ids=["excel", "excel-1904", "libreoffice", "google", "in-cells", "prefixed"],
)
def test_a_workbook_of_any_office_program_reads_alike(program: Program) -> None:
    (sheet,) = sheets(program.workbook({"ورقة1": ROWS}))
    assert sheet.name == "ورقة1" and sheet.rows == READ


def test_every_sheet_with_something_in_it_is_there() -> None:
    found = sheets(GOOGLE.workbook({"أ": ROWS, "فارغة": (), "ب": (("الاسم",), ("هدى",))}))
    assert [(sheet.name, len(sheet.rows)) for sheet in found] == [("أ", 4), ("ب", 2)]


def test_a_formula_is_what_it_came_to() -> None:
    rows = (
        ("الاسم",),
        (Formula('CONCATENATE("ل","يلى")', "ليلى"),),
        (Formula("HYPERLINK()", "=1+1"),),
    )
    (sheet,) = sheets(EXCEL.workbook({"a": rows}))
    assert sheet.rows == [(1, ["الاسم"]), (2, ["ليلى"]), (3, ["=1+1"])]


TEXT = (("الاسم", "الهاتف"), ("ليلى", "0525550191"), ("سامر؛ نور", "٠٥٢"))


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "cp1256", "utf-16", "utf-16-le", "utf-16-be"]
)
@pytest.mark.parametrize("by", [",", ";", "\t"])
def test_a_text_is_read_however_it_was_written(encoding: str, by: str) -> None:
    digits_too = encoding != "cp1256"  # which has no Arabic ones
    rows = TEXT if digits_too else (*TEXT[:2], ("سامر؛ نور", "052"))
    (sheet,) = sheets(separated(rows, by=by, encoding=encoding))
    assert [cells for _n, cells in sheet.rows] == [list(row) for row in rows]


def test_a_text_that_says_its_separator() -> None:
    (sheet,) = sheets('sep=;\r\nالاسم;ملاحظات\r\nليلى;"سطر\nآخر, هنا"\r\n'.encode())
    assert [cells for _n, cells in sheet.rows] == [["الاسم", "ملاحظات"], ["ليلى", "سطر\nآخر, هنا"]]


def a_million_empty_rows() -> bytes:
    """As a sheet is written whose rows were all coloured."""
    text = (
        f'<worksheet xmlns="{MAIN}"><dimension ref="A1:XFD1048576"/><sheetData>'
        '<row r="1"><c r="A1" t="inlineStr"><is><t>الاسم</t></is></c></row>'
        '<row r="2"><c r="A2" t="inlineStr"><is><t>ليلى</t></is></c></row>'
        + '<row s="1" customFormat="1"/>' * 1_048_574
        + "</sheetData></worksheet>"
    )
    return replaced(IN_CELLS.workbook({"a": ROWS}), "xl/worksheets/sheet1.xml", text.encode())


def replaced(data: bytes, name: str, part: bytes) -> bytes:
    """A workbook with another part in the place of one."""
    with ZipFile(io.BytesIO(data)) as archive:
        parts = {one: archive.read(one) for one in archive.namelist()}
    return packed(parts | {name: part})


@pytest.mark.parametrize(
    "made", [a_million_empty_rows, lambda: "الاسم\nليلى\n".encode() + b"\n" * 1_000_000]
)
def test_a_million_empty_rows_are_passed_over(made: Callable[[], bytes]) -> None:
    data = made()
    assert len(data) < MOST_BYTES
    (sheet,) = sheets(data)
    assert [cells for _n, cells in sheet.rows] == [["الاسم"], ["ليلى"]]


def bomb() -> bytes:
    """Little, and very much once it is unpacked."""
    return replaced(IN_CELLS.workbook({"a": ROWS}), "xl/worksheets/sheet1.xml", b" " * 400_000_000)


def lying_bomb() -> bytes:
    """One whose directory says that it is small."""
    data = bytearray(bomb())
    at = data.rfind(b"PK\x01\x02", 0, data.rfind(b"xl/worksheets/sheet1.xml"))
    data[at + 24 : at + 28] = (1000).to_bytes(4, "little")
    return bytes(data)


def deep() -> bytes:
    """Elements in elements without end."""
    text = b"<worksheet><sheetData>" + b"<a>" * 3_000_000
    return replaced(IN_CELLS.workbook({"a": ROWS}), "xl/worksheets/sheet1.xml", text)


def entities() -> bytes:
    """A billion laughs."""
    lines = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(10))
    text = f'<?xml version="1.0"?><!DOCTYPE x [{lines}]><worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>&l9;</t></is></c></row></sheetData></worksheet>'
    return replaced(IN_CELLS.workbook({"a": ROWS}), "xl/worksheets/sheet1.xml", text.encode())


@pytest.mark.parametrize("made", [bomb, lying_bomb, deep, entities])
def test_a_file_made_to_do_harm_ends_what_reads_it_and_nothing_else(
    made: Callable[[], bytes],
) -> None:
    data = made()
    assert len(data) < MOST_BYTES
    try:
        found = sheets(data)
    except RuleBroken as broken:
        assert broken.field == "file" and str(broken)
    else:  # what it would have become is not there
        assert sum(len(cell) for sheet in found for _n, row in sheet.rows for cell in row) < 1000


OLD = b"\xd0\xcf\x11\xe0" + b"x" * 64


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (OLD, reading.WRONG["old"]),
        (OLD + "EncryptedPackage".encode("utf-16-le"), reading.WRONG["locked"]),
        (packed({"content.xml": "<x/>", "mimetype": "application/x"}), reading.WRONG["open"]),
        (packed({"word/a.xml": "<x/>", "[Content_Types].xml": "<x/>"}), reading.STRANGE),
        (b"PK\x03\x04 and nothing else", reading.STRANGE),
        (bytes(range(256)) * 40, reading.STRANGE),
        (separated([("الاسم",), *(("x",) for _n in range(5_200))]), reading.WRONG["rows"]),
        (separated([["x"] * 130] * 3), reading.LARGE),
        (b"", reading.CHOOSE_A_FILE),
    ],
)
def test_another_file_says_what_to_do(data: bytes, told: object) -> None:
    with pytest.raises(RuleBroken) as broken:
        reading.read(data)
    assert broken.value.message is told and broken.value.field == "file"


TRIED = """
import resource, runpy, signal, sys
runpy.run_path(sys.argv[1])["limit"]()
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
try:
    with open(sys.argv[2], "w") as file:
        file.write("x")
    print("written")
except OSError:
    print("refused")
print(resource.getrlimit(resource.RLIMIT_CPU)[1], resource.getrlimit(resource.RLIMIT_AS)[1])
"""


def test_what_reads_can_write_no_file_and_ends_in_time(tmp_path: Path) -> None:
    """The limits hold in the very process that reads."""
    asked = [sys.executable, "-c", TRIED, str(reading.READER), str(tmp_path / "a")]
    told = subprocess.run(asked, capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["refused", "10", str(400 * 1024 * 1024)]
