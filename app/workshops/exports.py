"""The list of a workshop as a file: a spreadsheet or a plain table, made in memory."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from io import BytesIO, StringIO

from xlsxwriter import Workbook

FORMULA = ("=", "+", "-", "@", "\t", "\r")
WIDEST = 40  # of a column, in characters


def spreadsheet(rows: Sequence[Sequence[str]], *, right_to_left: bool) -> bytes:
    """An XLSX of these rows, the first one bold; no cell is read as a formula or an address."""
    body = BytesIO()
    as_text = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(body, as_text) as book:
        sheet, bold = book.add_worksheet(), book.add_format({"bold": True})
        if right_to_left:
            sheet.right_to_left()
        for number, row in enumerate(rows):
            for column, text in enumerate(row):
                sheet.write_string(number, column, text, bold if number == 0 else None)
        for column in range(len(rows[0]) if rows else 0):
            longest = max(len(row[column]) for row in rows)
            sheet.set_column(column, column, min(longest + 2, WIDEST))
        sheet.freeze_panes(1, 0)
    return body.getvalue()


def table(rows: Sequence[Sequence[str]]) -> bytes:
    """A CSV of these rows, with the mark by which spreadsheets know UTF-8.

    What a spreadsheet would run as a formula gets an apostrophe before it
    (OWASP, CSV injection); a phone number keeps its plus.
    """
    body = StringIO()
    csv.writer(body).writerows([[_harmless(text) for text in row] for row in rows])
    return body.getvalue().encode("utf-8-sig")


def _harmless(text: str) -> str:
    is_number = text[:1] == "+" and text[1:].replace(" ", "").replace("-", "").isdecimal()
    return f"'{text}" if text.startswith(FORMULA) and not is_number else text
