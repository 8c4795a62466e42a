"""What is typed about a request, a referral, a file and its appointments."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from flask_babel import lazy_gettext as _
from wtforms import BooleanField
from wtforms.validators import Optional

from app.people.asked import CardForm
from app.people.rules import CHANNEL_WORDS, Card
from app.requests.requesting import Wish
from app.web.forms import (
    AtMost,
    ChoiceField,
    DayField,
    Filled,
    Form,
    LineField,
    RadioChoiceField,
    TextField,
)

NOBODY = ("", _("Nobody yet"))
CAME_FROM_WORDS = {
    "self": _("They turned to us themselves"),
    "facilitator": _("A facilitator"),
    "partner": _("A partner organisation"),
    "friend": _("A friend or relative"),
}
WANTS_WORDS = {
    "therapy": _("Psychotherapy"),
    "counselling": _("Counselling"),
    "support_group": _("Support group"),
    "social": _("Social support"),
    "information": _("Information"),
}
URGENCY_WORDS = {"urgent": _("Urgent"), "high": _("High"), "routine": _("Routine")}
SERVICE_WORDS = {"therapy": _("Psychotherapy"), "counselling": _("Counselling")}


class WishForm(Form):
    """What somebody turns to the organisation with."""

    wants = RadioChoiceField(
        _("What is wanted"), choices=list(WANTS_WORDS.items()), default="counselling"
    )
    urgency = RadioChoiceField(_("Urgency"), choices=list(URGENCY_WORDS.items()), default="routine")
    remark = TextField(_("In a few words"), [AtMost(2000)])
    came_from = ChoiceField(_("How it came"), choices=list(CAME_FROM_WORDS.items()), default="self")

    def wish(self, owner_uid: str | None, on: date | None = None) -> Wish:
        """What was typed, looked after by somebody until a date."""
        said = self.came_from.data, self.wants.data, self.urgency.data, self.remark.data or ""
        return Wish(*said, owner_uid, on)


class RequestForm(WishForm, CardForm):
    """A request of somebody new: almost nothing."""

    name = LineField(_("A name to use"), [Filled(_("Write a name, any name.")), AtMost(80)])
    channel = ChoiceField(_("Safe contact"), choices=list(CHANNEL_WORDS.items()), default="")
    number = LineField(
        _("Number or address"), [AtMost(120)], description=_("In any form, any digits.")
    )
    hours = LineField(_("Safe time to get in touch"), [AtMost(120)])
    if_another_answers = LineField(_("If someone else answers"), [AtMost(200)])
    may_leave_message = BooleanField(_("A message may be left"))
    agrees_contact = BooleanField(_("Agrees to be contacted"))
    site = RadioChoiceField(_("Place"), choices=[])
    owner = ChoiceField(_("Who looks after it"))
    next_contact_on = DayField(_("Next contact on"), [Optional()])

    def card(self) -> Card:
        """The card as typed; the remark is the request's."""
        return replace(super().card(), remark="")


class FollowForm(Form):
    """Who looks after a request, and when."""

    urgency = RadioChoiceField(_("Urgency"), choices=list(URGENCY_WORDS.items()))
    owner = ChoiceField(_("Who looks after it"))
    next_contact_on = DayField(_("Next contact on"), [Optional()])


class EndForm(Form):
    """Why a request is declined."""

    reason = LineField(_("Reason"), [Filled(_("Write why, in a few words.")), AtMost(300)])


class PlaceForm(Form):
    """A group whose waiting list the person joins."""

    group = ChoiceField(_("Group"))


class ReferralForm(Form):
    """To whom a person is referred, and why."""

    service = RadioChoiceField(
        _("Service"), choices=list(SERVICE_WORDS.items()), default="counselling"
    )
    receiver = ChoiceField(_("To"))
    outside = LineField(
        _("Or a service outside"),
        [AtMost(120)],
        description=_("Its name is sealed. Nothing is sent to it from here."),
    )
    reason = TextField(
        _("What the receiver should know"),
        [AtMost(2000)],
        description=_("Sealed to the desk, and to the receiver once it is sent."),
    )


class ReceiverForm(Form):
    """To whom instead."""

    receiver = ChoiceField(_("To"))
    outside = LineField(_("Or a service outside"), [AtMost(120)])


class DeclineForm(Form):
    """Why a referral is declined."""

    reason = LineField(_("Reason"), [AtMost(300)], description=_("The desk reads it."))
