"""Of which days and which place one's own figures are."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms.validators import ValidationError

from app.web.figures import Period
from app.web.forms import A_DATE, ChoiceField, DayField, Form, Required


class PeriodForm(Form):
    """Stands in the address: from when to when, and where."""

    first = DayField(_("From"), [Required(A_DATE)])
    last = DayField(_("To, this day included"), [Required(A_DATE)])
    place = ChoiceField(_("Place"), default="")

    def validate_last(self, field: DayField) -> None:
        if self.first.data and field.data and field.data < self.first.data:
            raise ValidationError(str(_("This day is before the first one.")))

    @property
    def period(self) -> Period:
        """The period, once the form is valid."""
        return Period(self.first.day, self.last.day)

    @property
    def asked(self) -> dict[str, Any]:
        """The address of the same figures elsewhere."""
        return {
            "first": self.period.first.isoformat(),
            "last": self.period.last.isoformat(),
            "place": self.place.data or None,
        }
