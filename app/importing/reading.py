"""Reading an uploaded file in a process that it cannot hold up: never on the disk, never in a log."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask_babel import lazy_gettext as _

from app.errors import RuleBroken

READER = Path(__file__).with_name("reader.py")
SECONDS = 15
CHOOSE_A_FILE = _("Choose the file to bring in.")
STRANGE = _(
    "This is no spreadsheet that can be read. Save it as XLSX or CSV, then choose it again."
)
LARGE = _(
    "This file is too large once it is opened. Copy its rows into a new file, then choose that."
)
WRONG = {
    "nothing": _("Nothing stands in this file."),
    "locked": _("This file is locked with a password. Save it without one, then choose it again."),
    "old": _("This is a file of an old kind (XLS). Save it as XLSX or CSV, then choose it again."),
    "open": _("This is an OpenDocument file. Save it as XLSX or CSV, then choose it again."),
    "rows": _(
        "At most 5,000 rows at a time. Divide the file, then bring in one part after another."
    ),
    "quote": _(
        "A quotation mark in this file is closed nowhere, or stands in the middle of a cell. Save it as XLSX, then choose it again."
    ),
    "large": LARGE,
}


@dataclass(frozen=True)
class Sheet:
    """One sheet of a file: its rows in which something stands, each with its number in the file."""

    name: str
    rows: list[tuple[int, list[str]]]

    @property
    def width(self) -> int:
        """How many columns its widest row has."""
        return max((len(cells) for _number, cells in self.rows), default=0)


def read(data: bytes) -> str:
    """What stands in a file, as text to be kept sealed: see `sheets`. Raises RuleBroken with what to do."""
    if not data:
        raise RuleBroken(CHOOSE_A_FILE, "file")
    try:
        done = subprocess.run(  # noqa: S603 - our own program; the file is its input alone
            [sys.executable, "-I", "-B", str(READER)],
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS,
            check=False,
            env={},
        )
    except subprocess.TimeoutExpired:
        raise RuleBroken(LARGE, "file") from None
    if done.returncode:  # it took too much, or what reads it gave up
        raise RuleBroken(LARGE if done.returncode < 0 else STRANGE, "file")
    answer: dict[str, Any] = json.loads(done.stdout)
    if "wrong" in answer:
        raise RuleBroken(WRONG.get(answer["wrong"], STRANGE), "file")
    return json.dumps(answer["sheets"], ensure_ascii=False)


def sheets(text: str) -> list[Sheet]:
    """The sheets in what `read` returned."""
    return [
        Sheet(sheet["name"], [(number, cells) for number, cells in sheet["rows"]])
        for sheet in json.loads(text)
    ]
