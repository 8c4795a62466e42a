"""What is said by hand of a file: which it is, where it goes, what its columns are, who is whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Self

from flask_babel import lazy_gettext as _
from wtforms import FileField, HiddenField
from wtforms.validators import Optional

from app.errors import RuleBroken
from app.importing.headings import CALLED, FIELDS_OF, MARKS, Matched, letter
from app.importing.lines import Line
from app.importing.plans import NEW, OUT, SAME
from app.importing.queries import Chosen
from app.importing.reading import Sheet
from app.web.forms import ChoiceField, DayField, Form, NumberField, Several

MOST_COLUMNS = 120  # as many as are read
NOT_TAKEN = _("Not taken")
FOR_REST = [
    ("", _("Undecided: left out until you say")),
    (SAME, _("Those already there")),
    (NEW, _("New people")),
    (OUT, _("Left out")),
]


class FileForm(Form):
    """A file, and where it goes."""

    into = ChoiceField(_("Into"))
    file = FileField(
        _("File"),
        description=_(
            "XLSX or CSV, at most 2 MB. Nothing is written until you have seen the rows and confirmed."
        ),
    )


class SheetForm(Form):
    """Which sheet of a file, and which of its rows holds the headings."""

    sheet = ChoiceField(_("Sheet in the file"))
    head = NumberField(
        _("Row of the headings"), description=_("Leave empty where it was found right.")
    )

    def said(self, before: Chosen) -> Chosen:
        """With what was chosen; the columns are looked for anew."""
        head = self.head.data
        return Chosen(int(self.sheet.data), head, rest=before.rest)


class ColumnsForm(Form):
    """What each column is; of a column of marks its day too."""

    columns = Several(ChoiceField(), max_entries=MOST_COLUMNS)
    days = Several(DayField(_("Day"), [Optional()]), max_entries=MOST_COLUMNS)

    @classmethod
    def of(cls, form: Self, kind: str) -> Self:
        """The form with what a column of such a file can be."""
        known = [("", NOT_TAKEN), *((field, CALLED[field]) for field in FIELDS_OF[kind])]
        for one in form.columns:
            one.choices = known
        return form

    @classmethod
    def of_sheet(cls, kind: str, matched: Matched) -> Self:
        """The form as the columns are known so far."""
        form = cls.shown(columns=matched.fields, days=matched.days if kind == MARKS else [])
        while kind == MARKS and len(form.days) < len(form.columns):
            form.days.append_entry()
        return cls.of(form, kind)

    def said(self, before: Chosen, kind: str, width: int) -> Chosen:
        """With what each column is. Raises RuleBroken where two are the same, or a day lacks."""
        fields, days = [""] * width, list[date | None]([None] * width)
        for into, entries in ((fields, self.columns), (days, self.days)):
            for entry in entries:
                index = int(entry.name.rpartition("-")[2])
                if index < width:
                    into[index] = entry.data
        for index, name in enumerate(fields):
            at, earlier = f"columns-{index}", list(zip(fields, days, strict=True))[:index]
            if name == "mark" and days[index] is None:
                self.say(f"days-{index}", _("Write the day of this column."))
            if name and (name != "mark" and name in fields[:index]):
                self.say(at, _("Another column is this already."))
            if name == "mark" and (name, days[index]) in earlier:
                self.say(at, _("Another column is this day already."))
        if "name" not in fields and ("code" not in fields or "code" not in FIELDS_OF[kind]):
            raise RuleBroken(_("Say which column holds the names."))
        written = [day.isoformat() if day else "" for day in days]
        return replace(before, fields=fields, days=written)

    def say(self, at: str, message: object) -> None:
        """Raise RuleBroken with a message at one of the columns; above the form where that was not sent."""
        for entry in (*self.columns, *self.days):
            if entry.name == at:
                entry.errors = [str(message)]
                raise RuleBroken("")
        raise RuleBroken(message)


class DoubtsForm(Form):
    """Who is whom, of the rows that a page shows; and of all others."""

    rows = Several(HiddenField(), max_entries=60)
    who = Several(ChoiceField(), max_entries=60)
    rest = ChoiceField(_("All others in doubt"), choices=FOR_REST)

    @classmethod
    def about(cls, lines: Sequence[Line], said: Chosen) -> Self:
        """The form for these rows, as it was decided so far."""
        form = cls.shown(rest=said.rest)
        # By the number of its row: what is in doubt may have changed since the form was shown.
        sent = {str(number.data): who for number, who in zip(form.rows, form.who, strict=False)}
        decided = [said.decided.get(str(line.number), "") for line in lines]
        form.rows.process(None, [str(line.number) for line in lines])
        form.who.process(None, decided)
        for number, who in zip(form.rows, form.who, strict=True):
            if number.data in sent:
                who.data, who.errors = sent[number.data].data, sent[number.data].errors
        return form.of(lines)

    def of(self, lines: Sequence[Line]) -> Self:
        """The form with whom each of the rows may be."""
        by_number = {str(line.number): line for line in lines}
        for number, who in zip(self.rows, self.who, strict=False):
            line = by_number.get(str(number.data))
            who.choices = choices(line) if line else [("", "")]
        return self

    def said(self, before: Chosen) -> Chosen:
        """With what was decided."""
        decided = dict(before.decided)
        for number, who in zip(self.rows, self.who, strict=False):
            decided[str(number.data)] = who.data or ""
        decided = {number: who for number, who in decided.items() if who}
        return replace(before, decided=decided, rest=self.rest.data)


def choices(line: Line) -> list[tuple[str, Any]]:
    """Whom a row may be, in words."""
    here = [
        (uid, _("Already there: %(name)s %(code)s", name=name, code=code))
        for uid, name, code in line.perhaps
    ]
    if line.of_row:
        here = []
    return [
        ("", _("As all others in doubt")),
        *here,
        (NEW, _("Somebody new")),
        (OUT, _("Left out")),
    ]


def sheets_to_choose(sheets: Sequence[Sheet]) -> list[tuple[str, str]]:
    """The sheets of a file, as it calls them."""
    return [(str(number), sheet.name or str(number + 1)) for number, sheet in enumerate(sheets)]


def columns_shown(sheet: Sheet, matched: Matched) -> list[tuple[str, str, list[str]]]:
    """Of each column its letter, its heading, and what stands in its first rows."""
    below = [cells for _number, cells in sheet.rows[matched.last + 1 : matched.last + 30]]
    shown = []
    for index, heading in enumerate(matched.headings):
        said = [cells[index] for cells in below if index < len(cells) and cells[index]]
        shown.append((letter(index), heading, said[:3]))
    return shown
