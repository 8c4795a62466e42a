"""Reads a spreadsheet from its input and writes what stands in it as JSON: a program of its own.

It is run with limits on time and memory, can write no file, and knows nothing
of the house: a file that was made to do harm ends it, and nothing else.
"""

from __future__ import annotations

import codecs
import csv
import io
import json
import resource
import sys
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

SECONDS, MEMORY = 10, 400 * 1024 * 1024
MOST_UNPACKED, MOST_PARTS = 96 * 1024 * 1024, 2_000
MOST_ROWS, MOST_COLUMNS, MOST_SHEETS = 5_100, 120, 30
MOST_SIGNS = 2_100  # of a cell: more than any field takes
MOST_OUT = 12 * 1024 * 1024
LOOKED_THROUGH = 1_050_000  # rows, empty ones among them: a sheet has no more
OLD_OFFICE, ZIP = b"\xd0\xcf\x11\xe0", b"PK\x03\x04"
SEPARATORS = ";,\t|"
Cells = list[str]


class Wrong(Exception):
    """Why a file cannot be read, in one word."""


def limit() -> None:
    """Let this process have so much and no more; it writes no file, and dumps no memory."""
    for what, most in (
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def sheets(data: bytes) -> list[dict[str, Any]]:
    """Every sheet with something in it: its name, and its rows with their numbers. Raises Wrong."""
    if data.startswith(OLD_OFFICE):
        raise Wrong("locked" if "EncryptedPackage".encode("utf-16-le") in data else "old")
    if not data.startswith(ZIP):
        return [{"name": "", "rows": kept(separated(decoded(data)))}]
    _look_before_unpacking(data)
    return _of_workbook(data)


def _look_before_unpacking(data: bytes) -> None:
    """What the archive says of itself: a workbook, and no larger than one of ours can be."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise Wrong("strange") from error
    names = {part.filename.lstrip("/") for part in parts}
    if "[Content_Types].xml" not in names or not any(n.startswith("xl/") for n in names):
        raise Wrong("open" if "content.xml" in names else "strange")
    if any(part.flag_bits & 1 for part in parts):
        raise Wrong("locked")
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise Wrong("large")
    if any(part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for part in parts):
        raise Wrong("strange")


def _of_workbook(data: bytes) -> list[dict[str, Any]]:
    from python_calamine import (
        CalamineError,
        CalamineWorkbook,
        SheetTypeEnum,
        SheetVisibleEnum,
    )

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = [s for s in book.sheets_metadata if s.typ == SheetTypeEnum.WorkSheet]
        # What its owner has hidden is not what they mean to bring in.
        seen = [s.name for s in sheets if s.visible == SheetVisibleEnum.Visible]
        known = seen or [s.name for s in sheets]
        if len(known) > MOST_SHEETS:
            raise Wrong("large")
        found, left = [], MOST_ROWS
        for name in known:
            sheet = book.get_sheet_by_name(name)
            begins = sheet.start[1] if sheet.start else 0
            before = [""] * begins
            rows = kept(([*before, *map(written, row)] for row in sheet.iter_rows()), left)
            left -= len(rows)
            if rows:
                found.append({"name": name[:40], "rows": rows})
    except CalamineError as error:
        raise Wrong("strange") from error
    return found


def decoded(data: bytes) -> str:
    """The text of a file without a word on how it was written: UTF-8, UTF-16, else Windows-1256."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        ways = ["utf-16"]
    elif b"\0" in data[:200]:
        # Of Latin signs and separators the upper byte is zero: it says which comes first.
        ways = ["utf-16-le" if data[1:200:2].count(0) > data[0:200:2].count(0) else "utf-16-be"]
    else:
        ways = ["utf-8-sig", "cp1256"]
    for way in ways:
        try:
            text = data.decode(way)
        except UnicodeDecodeError:
            continue
        strange = sum(ord(sign) < 32 and sign not in "\t\r\n" for sign in text[:20_000])
        if strange or text.lstrip().startswith(("<", "{")) or text.startswith("%PDF"):
            break
        return text
    raise Wrong("strange")


def separated(text: str) -> Iterator[Cells]:
    """The rows of a text, by whichever separator makes the most of its first rows alike."""
    said = text[:8].lower()
    if said.startswith("sep=") and text[4:5] in SEPARATORS:
        separator, text = text[4], text.partition("\n")[2]
    else:
        separator = max(SEPARATORS, key=lambda one: _columns(text, one))
    csv.field_size_limit(200_000)
    try:
        # Strict: a quotation mark that nothing closes would make one cell of all the rows below it.
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    except csv.Error as error:
        raise Wrong("quote") from error


def _columns(text: str, separator: str) -> tuple[int, int]:
    """How many of the first rows have the same number of columns, if more than one; and how many these are."""
    try:
        first = io.StringIO("\n".join(text[:60_000].splitlines()[:40]))
        widths = [len(row) for row in csv.reader(first, delimiter=separator) if len(row) > 1]
    except csv.Error:
        return 0, 0
    usual = max(widths, key=widths.count, default=0)
    return widths.count(usual), usual


def kept(rows: Iterable[Cells], most: int = MOST_ROWS) -> list[tuple[int, Cells]]:
    """Those rows in which something stands, with their numbers as a spreadsheet counts them."""
    found: list[tuple[int, Cells]] = []
    for number, row in enumerate(rows, 1):
        if number > LOOKED_THROUGH:
            raise Wrong("large")
        cells = [cell.strip()[:MOST_SIGNS] for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            continue
        if len(found) == most or len(cells) > MOST_COLUMNS:
            raise Wrong("rows" if len(found) == most else "large")
        found.append((number, cells))
    return found


def written(value: Any) -> str:
    """A cell as text: a formula is what it came to, a whole number has no point, a date is one."""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e16 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)


def main() -> None:
    """From input to output; nothing of what was read is ever told elsewhere."""
    limit()
    try:
        answer: dict[str, Any] = {"sheets": sheets(sys.stdin.buffer.read())}
        if not any(sheet["rows"] for sheet in answer["sheets"]):
            raise Wrong("nothing")
        text = json.dumps(answer, ensure_ascii=True)
        if len(text) > MOST_OUT:
            raise Wrong("large")
    except Wrong as wrong:
        text = json.dumps({"wrong": str(wrong)})
    except (MemoryError, RecursionError):
        text = json.dumps({"wrong": "large"})
    sys.stdout.write(text)


if __name__ == "__main__":
    main()
