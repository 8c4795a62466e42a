"""The rooms of a place: how they are written, and choosing one for a group or a workshop."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self

from flask_babel import lazy_gettext as _
from wtforms import Field
from wtforms import Form as WTForm
from wtforms.validators import StopValidation

from app.errors import RuleBroken
from app.people.models import Site
from app.web.forms import ChoiceField, Form, TextField, one_line

LONGEST = 40


class RoomsField(TextField):
    """The rooms of a place, one to the line; a name that stands there twice is one room."""

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist)
        lines = (one_line(line) for line in (self.data or "").splitlines())
        self.data = "\n".join(dict.fromkeys(line for line in lines if line))

    def pre_validate(self, _form: WTForm) -> None:
        if any(len(line) > LONGEST for line in (self.data or "").splitlines()):
            raise StopValidation(str(_("At most %(number)s characters to a line.", number=LONGEST)))


class InRoom(Form):
    """A form that says in which room; it does not ask where none was written down."""

    room: Field | None = ChoiceField(_("Room"), default="")

    def with_rooms(self, sites: Iterable[Site], now: str = "") -> Self:
        """Offer the rooms of these places, and the one it is in `now` should it be gone from the list."""
        names = dict.fromkeys([name for site in sites for name in site.room_names] + [now])
        names.pop("", None)
        if names:
            return self.offering(room=[("", _("Not said")), *((name, name) for name in names)])
        del self.room
        return self

    def room_in(self, site: Site, now: str = "") -> str:
        """The room that was chosen. Raises RuleBroken where the place has none of that name."""
        chosen = self.room.data if self.room else ""
        if chosen not in ("", now, *site.room_names):
            raise RuleBroken(_("This place has no such room."), "room")
        return chosen or ""
