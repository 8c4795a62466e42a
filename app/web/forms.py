"""The form every form descends from: what is typed is cleaned, folded, limited and kept."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date, time
from typing import Any, Self, cast

from flask import g, request
from flask_babel import lazy_gettext as _
from werkzeug.datastructures import MultiDict
from wtforms import (
    DateField,
    Field,
    FieldList,
    HiddenField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms import Form as WTForm
from wtforms.validators import Regexp, StopValidation

from app.errors import RuleBroken
from app.extensions import new_uid
from app.web.kept_forms import ANY_FORM, Refusal, shown_again

# Arabic-Indic and Persian digits, and the Arabic decimal and thousands signs.
DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹٫", "01234567890123456789.", "٬")
# Signs that show nothing but can reorder, hide or split what is read; control signs but tab and line end.
HIDDEN = "\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff"
INVISIBLE = re.compile(f"[{HIDDEN}\x00-\x08\x0b-\x1f\x7f-\x9f]")
A_DATE = _("Write a date, such as 2026-11-24.")
AN_HOUR = _("Write an hour, such as 18:30.")
A_NUMBER = _("Write a whole number, such as 15.")


def western(text: str) -> str:
    """The text with every digit as 0–9."""
    return text.translate(DIGITS)


def visible(text: str) -> str:
    """The text without control and invisible signs; line ends stay."""
    return INVISIBLE.sub("", text.replace("\r\n", "\n"))


def one_line(text: str | None) -> str:
    """A name as it is kept: visible, one line, single spaces, composed (NFC)."""
    return unicodedata.normalize("NFC", " ".join(visible(text or "").split()))


def many_lines(text: str | None) -> str:
    """A longer text as it is kept: visible, without spaces at its ends."""
    return unicodedata.normalize("NFC", visible(text or "")).strip()


class AtMost:
    """No longer than `limit` signs, or bytes where `bytes_` is set."""

    def __init__(self, limit: int, *, bytes_: bool = False) -> None:
        self.limit, self.bytes_ = limit, bytes_
        self.field_flags = {} if bytes_ else {"maxlength": limit}

    def __call__(self, _form: WTForm, field: Field) -> None:
        text = field.data or ""
        if (len(text.encode()) if self.bytes_ else len(text)) > self.limit:
            if self.bytes_:
                raise StopValidation(str(_("This is too long to keep. Shorten it, then save.")))
            raise StopValidation(str(_("At most %(number)s characters.", number=self.limit)))


class Required:
    """Not empty once read: a date of invisible signs only is no date. `message` says what to type."""

    field_flags = {"required": True}

    def __init__(self, message: object) -> None:
        self.message = message

    def __call__(self, _form: WTForm, field: Field) -> None:
        if field.data is None or field.data == "":
            raise StopValidation(field.errors[0] if field.errors else str(self.message))


class Filled(Required):
    """Not empty once cleaned: a name of invisible signs only is no name."""

    def __call__(self, _form: WTForm, field: Field) -> None:
        if not field.data:
            raise StopValidation(str(self.message))


class _OneOf:
    """What a choice shares: nothing sent means the default; anything foreign is refused in our words."""

    data: Any

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            if valuelist:
                super().process_formdata(valuelist)  # type: ignore[misc]
        except ValueError:
            self.data = None

    def pre_validate(self, _form: WTForm) -> None:
        known = {str(value) for value, *_rest in self.iter_choices()}  # type: ignore[attr-defined]
        if str(self.data) not in known:
            raise StopValidation(str(_("Choose one of these.")))


class ChoiceField(_OneOf, SelectField):
    """One of several, in a list that opens."""


class RadioChoiceField(_OneOf, RadioField):
    """One of a few, all seen at once."""


class SeveralChoiceField(SelectMultipleField):
    """Any of a few, ticked; at least one."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = list(dict.fromkeys(valuelist))

    def pre_validate(self, _form: WTForm) -> None:
        known = {str(value) for value, *_rest in self.iter_choices()}
        if not self.data or not set(self.data) <= known:
            raise StopValidation(str(_("Choose at least one of these.")))


class LineField(StringField):
    """One line of text."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = one_line(valuelist[0]) if valuelist else ""


class TextField(TextAreaField):
    """Several lines of text."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = many_lines(valuelist[0]) if valuelist else ""


class NumberField(IntegerField):
    """A whole number, in any digits."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        text = western(one_line(valuelist[0])) if valuelist else ""
        if text and not re.fullmatch(r"[0-9]{1,6}", text):
            raise ValueError(str(A_NUMBER))
        self.data = int(text) if text else None


class Several(FieldList):
    """The same field several times; an index that is no small number is passed over."""

    def _extract_indices(self, prefix: str, formdata: Any) -> Iterator[int]:
        for name in formdata:
            match = re.fullmatch(rf"{re.escape(prefix)}-([0-9]{{1,3}})", name)
            if match:
                yield int(match[1])


class DayField(DateField):
    """A date, in any digits: 2026-11-24 or 24/11/2026."""

    def process_formdata(self, valuelist: list[str]) -> None:
        text = western(one_line(valuelist[0])) if valuelist else ""
        self.data = day_from(text)
        if text and self.data is None:
            raise ValueError(str(A_DATE))

    @property
    def day(self) -> date:
        """The date, once the form is valid and the field required."""
        return cast(date, self.data)


class HourField(TimeField):
    """An hour of the day, in any digits: 18:30."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        text = western(one_line(valuelist[0])) if valuelist else ""
        if not text:
            return
        match = re.fullmatch(r"([01]?\d|2[0-3])[:.]([0-5]\d)(?::\d\d)?", text)
        if match is None:
            raise ValueError(str(AN_HOUR))
        self.data = time(int(match[1]), int(match[2]))

    @property
    def hour(self) -> time:
        """The hour, once the form is valid and the field required."""
        return cast(time, self.data)


# Which state of a record a form was filled from; only a forged form has another.
A_VERSION = Regexp(r"^[0-9]{0,6}$", message=_("Open this page again, then send the form."))


def day_from(text: str) -> date | None:
    """The date in 2026-11-24 or 24/11/2026 (digits 0–9), or None."""
    iso = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", text)
    usual = re.fullmatch(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})", text)
    parts = iso.groups() if iso else usual.groups()[::-1] if usual else None
    if parts is None:
        return None
    try:
        day = date(*(int(part) for part in parts))
    except ValueError:
        return None
    return day if 2000 <= day.year <= 2100 else None


class Form(WTForm):
    """A form of ours: read it with `typed()` in a POST, show it with `shown()` in a GET."""

    once = HiddenField()
    """Unlike each time the form is shown; the same again means the same post again."""

    form_errors: list[str]

    def __init__(self, formdata: Any = None, *args: Any, **values: Any) -> None:
        super().__init__(formdata, *args, **values)
        self.source = MultiDict() if formdata is None else formdata
        """What it was read from."""

    @classmethod
    def typed(cls, **offered: Any) -> Self:
        """The form as it was sent; a refusal of this request keeps it. `offered`: see `offering`."""
        g.form = form = cls(request.form)
        return form.offering(**offered)

    def offering(self, **offered: Any) -> Self:
        """What can be chosen in fields whose choices differ from time to time: (value, words)."""
        for name, choices in offered.items():
            self[name].choices = choices
        return self

    def check(self) -> Self:
        """Raises RuleBroken where anything was typed wrong: its field says what."""
        if not self.validate():
            raise RuleBroken("")
        return self

    @classmethod
    def checked(cls, **offered: Any) -> Self:
        """The form as it was sent, checked."""
        return cls.typed(**offered).check()

    @classmethod
    def shown(cls, obj: Any = None, **values: Any) -> Self:
        """The form to show: as kept from a refusal, else filled from `obj` or `values`."""
        refusal = shown_again()
        if refusal is not None and refusal.form in (cls.__name__, ANY_FORM):
            form = cls(MultiDict(refusal.typed))
            for f in form:
                for one in f if isinstance(f, FieldList) else [f]:
                    one.errors = list(refusal.errors.get(one.name, []))
            form.form_errors = list(refusal.messages)
        else:
            form = cls(None, obj=obj, **values)
        if not form.once.data:
            form.once.data = new_uid()
        return form

    def refuse(self, message: object, field: str = "") -> None:
        """Put a message of the domain at its field, or above the form."""
        if field in self:
            self[field].errors = [*self[field].errors, str(message)]
        else:
            self.form_errors = [*self.form_errors, str(message)]

    def refusal(self) -> Refusal:
        """What was typed and what was wrong; what is secret is left out."""
        secret = {f.name for f in self if isinstance(f, PasswordField)}
        ours = {f.name for f in self if not isinstance(f, FieldList)} | {"over"}
        lists = tuple(f"{f.name}-" for f in self if isinstance(f, FieldList))
        typed = [
            (name, value)
            for name, value in self.source.items(multi=True)
            if name not in secret and (name in ours or name.startswith(lists or ("\0",)))
        ]
        single = [one for f in self for one in (f if isinstance(f, FieldList) else [f])]
        errors = {f.name: [str(e) for e in f.errors] for f in single if f.errors}
        again = str(_("Write this again: it is never kept."))
        errors |= {name: [again] for name in secret - set(errors) if self[name].data}
        labels = {f.name: str(f.label.text) for f in single if f.name in errors}
        return Refusal(type(self).__name__, typed, errors, [*map(str, self.form_errors)], labels)
