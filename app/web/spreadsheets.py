"""A list or figures as a file: a spreadsheet or a plain table, made in memory."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from io import BytesIO, StringIO

from flask import Response, current_app
from xlsxwriter import Workbook

KINDS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
}
FORMULA = ("=", "+", "-", "@", "\t", "\r")
WIDEST = 40  # of a column, in characters
Rows = Sequence[Sequence[str | int]]


def spreadsheet(rows: Rows, *, right_to_left: bool) -> bytes:
    """An XLSX of these rows, the first one bold; no text is read as a formula or an address."""
    return workbook({"Sheet1": (rows, right_to_left)})


def workbook(sheets: Mapping[str, tuple[Rows, bool]]) -> bytes:
    """An XLSX of several such sheets: what each is called, its rows, and whether it runs from right to left."""
    body = BytesIO()
    as_text = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(body, as_text) as book:
        bold = book.add_format({"bold": True})
        for name, (rows, right_to_left) in sheets.items():
            sheet = book.add_worksheet(name)
            if right_to_left:
                sheet.right_to_left()
            for number, row in enumerate(rows):
                for column, value in enumerate(row):
                    write = sheet.write_number if isinstance(value, int) else sheet.write_string
                    write(number, column, value, bold if number == 0 else None)
            for column in range(max((len(row) for row in rows), default=0)):
                longest = max(len(str(row[column])) for row in rows if column < len(row))
                sheet.set_column(column, column, min(longest + 2, WIDEST))
            sheet.freeze_panes(1, 0)
    return body.getvalue()


def table(rows: Rows) -> bytes:
    """A CSV of these rows, with the mark by which spreadsheets know UTF-8.

    What a spreadsheet would run as a formula gets an apostrophe before it
    (OWASP, CSV injection); a phone number keeps its plus.
    """
    body = StringIO()
    csv.writer(body).writerows([[_harmless(str(value)) for value in row] for row in rows])
    return body.getvalue().encode("utf-8-sig")


def download(body: bytes, name: str, kind: str) -> Response:
    """The answer that is a file: `name` is neutral, `kind` one of KINDS."""
    response = current_app.response_class(BytesIO(body), mimetype=KINDS[kind])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    response.content_length = len(body)
    return response


def _harmless(text: str) -> str:
    is_number = text[:1] == "+" and text[1:].replace(" ", "").replace("-", "").isdecimal()
    return f"'{text}" if text.startswith(FORMULA) and not is_number else text
