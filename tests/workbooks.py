"""Workbooks as office programs write them, made by hand: each program's own ways, and a few hostile ones."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKED = "http://schemas.openxmlformats.org/package/2006"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
DAY_STYLE = 1
BEGINNING, OF_1904 = date(1899, 12, 30), date(1904, 1, 1)


@dataclass(frozen=True)
class Formula:
    """A cell that was computed: its formula, and what it came to."""

    text: str
    came_to: str


@dataclass
class Program:
    """How an office program writes a workbook."""

    shared: bool = True
    """Texts in a table of their own, rather than in their cells."""
    rich: bool = False
    """Texts in runs of several fonts, with a reading beside them."""
    pointed: bool = False
    """Whole numbers with a point: 31.0."""
    since_1904: bool = False
    day_format: str = "dd/mm/yyyy"
    empty_rows: int = 0
    """Rows with a style and nothing in them, after the last one."""
    dimension: str = ""
    prefix: str = ""
    hidden: tuple[str, ...] = ()
    """The names of sheets that are hidden."""

    def workbook(self, sheets: Mapping[str, Sequence[Sequence[object]]]) -> bytes:
        """The file. A cell is a text, a number, a date, True or False, a formula, or None."""
        self.texts: list[str] = []
        drawn = [self._sheet(rows) for rows in sheets.values()]
        state = {True: ' state="hidden"', False: ""}
        names = "".join(
            f'<{self.prefix}sheet name="{escape(name)}" sheetId="{n}"{state[name in self.hidden]} r:id="rId{n}"/>'
            for n, name in enumerate(sheets, 1)
        )
        p = self.prefix
        ns = f'xmlns{":" + p[:-1] if p else ""}="{MAIN}" xmlns:r="{LINKED}"'
        since = f'<{p}workbookPr date1904="1"/>' if self.since_1904 else ""
        parts = {
            "[Content_Types].xml": self._types(len(drawn)),
            "_rels/.rels": self._links([("officeDocument", "xl/workbook.xml")]),
            "xl/workbook.xml": f"<{p}workbook {ns}>{since}<{p}sheets>{names}</{p}sheets></{p}workbook>",
            "xl/_rels/workbook.xml.rels": self._links(
                [
                    *(("worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(drawn) + 1)),
                    ("styles", "styles.xml"),
                    *([("sharedStrings", "sharedStrings.xml")] if self.texts else []),
                ]
            ),
            "xl/styles.xml": (
                f'<styleSheet xmlns="{MAIN}"><numFmts count="1"><numFmt numFmtId="164" '
                f'formatCode="{escape(self.day_format)}"/></numFmts><fonts count="1"><font/></fonts>'
                '<fills count="1"><fill/></fills><borders count="1"><border/></borders>'
                '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2">'
                '<xf numFmtId="0"/><xf numFmtId="164" applyNumberFormat="1"/></cellXfs></styleSheet>'
            ),
            **{f"xl/worksheets/sheet{n}.xml": text for n, text in enumerate(drawn, 1)},
        }
        if self.texts:
            items = "".join(f"<si>{self._text(text)}</si>" for text in self.texts)
            parts["xl/sharedStrings.xml"] = f'<sst xmlns="{MAIN}">{items}</sst>'
        return packed({name: HEAD + text for name, text in parts.items()})

    def _sheet(self, rows: Sequence[Sequence[object]]) -> str:
        p = self.prefix
        ns = f'xmlns{":" + p[:-1] if p else ""}="{MAIN}"'
        body = "".join(
            f'<{p}row r="{n}">{"".join(self._cells(row, n))}</{p}row>'
            for n, row in enumerate(rows, 1)
        )
        after = range(len(rows) + 1, len(rows) + 1 + self.empty_rows)
        body += "".join(f'<{p}row r="{n}" s="1"><{p}c r="A{n}" s="1"/></{p}row>' for n in after)
        size = f'<{p}dimension ref="{self.dimension}"/>' if self.dimension else ""
        return f"<{p}worksheet {ns}>{size}<{p}sheetData>{body}</{p}sheetData></{p}worksheet>"

    def _cells(self, row: Sequence[object], number: int) -> Iterable[str]:
        p = self.prefix
        for index, value in enumerate(row):
            at = f"{chr(65 + index)}{number}"
            if value is None:
                continue
            if isinstance(value, bool):
                yield f'<{p}c r="{at}" t="b"><{p}v>{int(value)}</{p}v></{p}c>'
            elif isinstance(value, date):
                days = (value - (OF_1904 if self.since_1904 else BEGINNING)).days
                yield f'<{p}c r="{at}" s="{DAY_STYLE}"><{p}v>{days}</{p}v></{p}c>'
            elif isinstance(value, int | float):
                text = f"{value:.1f}" if self.pointed else str(value)
                yield f'<{p}c r="{at}"><{p}v>{text}</{p}v></{p}c>'
            elif isinstance(value, Formula):
                inside = f"<{p}f>{escape(value.text)}</{p}f><{p}v>{escape(value.came_to)}</{p}v>"
                yield f'<{p}c r="{at}" t="str">{inside}</{p}c>'
            elif self.shared:
                self.texts.append(str(value))
                yield f'<{p}c r="{at}" t="s"><{p}v>{len(self.texts) - 1}</{p}v></{p}c>'
            else:
                yield f'<{p}c r="{at}" t="inlineStr"><{p}is>{self._text(str(value))}</{p}is></{p}c>'

    def _text(self, text: str) -> str:
        if not self.rich:
            return f'<t xml:space="preserve">{escape(text)}</t>'
        half = len(text) // 2
        runs = "".join(
            f'<r><rPr><b/></rPr><t xml:space="preserve">{escape(part)}</t></r>'
            for part in (text[:half], text[half:])
        )
        return f'{runs}<rPh sb="0" eb="1"><t>قراءة</t></rPh>'

    def _types(self, sheets: int) -> str:
        of = "application/vnd.openxmlformats-officedocument.spreadsheetml"
        parts = [("/xl/workbook.xml", "sheet.main"), ("/xl/styles.xml", "styles")]
        parts += [(f"/xl/worksheets/sheet{n}.xml", "worksheet") for n in range(1, sheets + 1)]
        parts += [("/xl/sharedStrings.xml", "sharedStrings")] if self.texts else []
        each = "".join(
            f'<Override PartName="{at}" ContentType="{of}.{kind}+xml"/>' for at, kind in parts
        )
        return (
            f'<Types xmlns="{PACKED}/content-types"><Default Extension="rels" '
            f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Default Extension="xml" ContentType="application/xml"/>{each}</Types>'
        )

    def _links(self, to: Sequence[tuple[str, str]]) -> str:
        each = "".join(
            f'<Relationship Id="rId{n}" Type="{LINKED}/{kind}" Target="{target}"/>'
            for n, (kind, target) in enumerate(to, 1)
        )
        return f'<Relationships xmlns="{PACKED}/relationships">{each}</Relationships>'


def packed(parts: Mapping[str, str | bytes]) -> bytes:
    """Parts as an archive."""
    file = io.BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return file.getvalue()


EXCEL = Program(rich=True)
EXCEL_ON_A_MAC = Program(since_1904=True)
LIBREOFFICE = Program(day_format="DD/MM/YY", dimension="A1:AMJ1048576", empty_rows=300)
GOOGLE = Program(pointed=True, empty_rows=994, day_format='d"/"m"/"yyyy')
IN_CELLS = Program(shared=False)
PREFIXED = Program(shared=False, prefix="x:")
