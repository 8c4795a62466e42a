"""What is typed about a file and its appointments."""

from __future__ import annotations

from datetime import time

from flask_babel import lazy_gettext as _
from wtforms import BooleanField
from wtforms.validators import NumberRange, Optional

from app.accounts.confirmation import passphrase_or_code
from app.cases.rules import AN_APPOINTMENT
from app.web.forms import (
    A_DATE,
    AN_HOUR,
    AtMost,
    ChoiceField,
    DayField,
    Form,
    HourField,
    LineField,
    NumberField,
    RadioChoiceField,
    Required,
    TextField,
)
from app.web.money import MoneyField

HOW_LONG = _("From 10 to 480 minutes.")
CLOSING_WORDS = {
    "finished": _("The work is finished"),
    "stopped": _("The person stopped"),
    "moved": _("Moved on to another service"),
    "other": _("Another reason"),
}


class FeeForm(Form):
    """What an appointment costs, as agreed; nobody proves anything."""

    fee = MoneyField(
        _("Amount for each appointment, in shekels"),
        [Required(_("Write an amount, or 0 for free."))],
        description=_("0 is free. No proof of income is asked."),
    )
    review_on = DayField(_("Talk about it again on"), [Optional()])
    note = LineField(_("Note on the fee"), [AtMost(300)])


class AppointmentForm(Form):
    """When an appointment is."""

    on = DayField(_("Date"), [Required(A_DATE)])
    at = HourField(_("Hour"), [Required(AN_HOUR)], default=time(16))
    minutes = NumberField(
        _("How many minutes"),
        [Required(HOW_LONG), NumberRange(10, 480, message=HOW_LONG)],
        default=AN_APPOINTMENT,
    )
    anyway = BooleanField(_("Book it although another appointment is at that time"))


class CloseForm(Form):
    """Why a file is closed."""

    as_ = RadioChoiceField(_("Reason"), choices=list(CLOSING_WORDS.items()), default="finished")
    note = TextField(_("Closing words"), [AtMost(2000)])


class SupervisionForm(Form):
    """A supervisor, and one's own passphrase."""

    user = ChoiceField(_("Supervisor"))
    passphrase = passphrase_or_code()
