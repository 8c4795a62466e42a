"""What is typed about meetings, attendance and follow-ups."""

from __future__ import annotations

from dataclasses import replace

from flask_babel import lazy_gettext as _
from wtforms import BooleanField
from wtforms.validators import NumberRange, Optional

from app.people.asked import CardForm
from app.people.rules import Card
from app.web.forms import (
    A_DATE,
    AN_HOUR,
    AtMost,
    ChoiceField,
    DayField,
    Filled,
    Form,
    HourField,
    LineField,
    NumberField,
    RadioChoiceField,
    Required,
    Several,
)

REASON_WORDS = {
    "closure": _("No permit, or the road was closed"),
    "illness": _("Illness"),
    "too_few": _("Too few people"),
    "other": _("Another reason"),
}


class DatesForm(Form):
    """The proposed dates, each of which may be changed or emptied."""

    dates = Several(DayField(_("Date"), [Optional()]), max_entries=60)


class NewDateForm(Form):
    """One more date."""

    on = DayField(_("Date"), [Required(A_DATE)])
    at = HourField(_("Hour"), [Required(AN_HOUR)])


class MoveForm(NewDateForm):
    """Another day or hour for a meeting."""


class MissForm(Form):
    """Why a meeting does not or did not happen."""

    reason = RadioChoiceField(_("Reason"), choices=list(REASON_WORDS.items()), default="closure")


class GuestsForm(Form):
    """How many came who want no record."""

    guests = NumberField(
        _("Guests without a record"),
        [Optional(), NumberRange(0, 500, message=_("At most 500 guests."))],
    )


class NewcomerForm(CardForm):
    """Someone who came for the first time: the least."""

    name = LineField(
        _("Name (as you like to be called)"),
        [Filled(_("Write a name, any name: the one used in the group.")), AtMost(80)],
        description=_("The name we call you by. The name on an identity card is not needed."),
    )
    number = LineField(_("Safe number"), [AtMost(120)])
    hours = LineField(_("Safe time to get in touch"), [AtMost(120)])
    agrees_contact = BooleanField(_("Agrees to be contacted"))

    def card(self) -> Card:
        """The card as typed; a number is one to call."""
        card = super().card()
        return replace(card, channel="call" if card.number else "")


class JoiningForm(Form):
    """The first day of a stay."""

    on = DayField(_("First day in the group"), [Required(A_DATE)])


class AbsenceForm(Form):
    """Why someone was absent."""

    reason = LineField(
        _("Reason of the absence"),
        [AtMost(200)],
        description=_("Read by whoever knows the group's members."),
    )


class FollowUpForm(Form):
    """What is to be done, by whom, until when."""

    what = LineField(_("What is to be done"), [AtMost(300)])
    owner = ChoiceField(_("Who"))
    due_on = DayField(_("Until"), [Required(A_DATE)])
