"""Spreadsheets for tests: rows as a file, and one that a coordinator has chosen."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from app.accounts.viewer import Viewer
from app.importing import bringing_in
from app.people.models import Site
from tests.organisation import NOW


def separated(rows: Sequence[Sequence[object]], *, by: str = ",", encoding: str = "utf-8") -> bytes:
    """Rows as a CSV file."""
    text = io.StringIO()
    csv.writer(text, delimiter=by).writerows(rows)
    return text.getvalue().encode(encoding)


def chosen(viewer: Viewer, site: Site, typed: list[str]) -> str:
    """A file with somebody new, two of the same name and one row that is wrong, not confirmed; its uid."""
    name, twin, remark = f"زينة {site.name}", f"فراس {site.name}", f"من دفتر {site.name} القديم"
    typed += [name, twin, remark]
    rows = [
        ("الاسم", "رقم الهاتف", "العمر", "ملاحظات"),
        (name, "050-555-0191", "31", remark),
        (twin, "", "22", ""),
        (twin, "", "24", ""),
        ("", "", "", remark),
    ]
    return bringing_in.begin(viewer, "people", site.uid, separated(rows), at=NOW).uid
