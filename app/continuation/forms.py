"""What a member wishes for after the cycle."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import BooleanField
from wtforms.validators import Optional

from app.web.forms import AtMost, ChoiceField, DayField, Form, LineField, RadioChoiceField

CHOICE_WORDS = {
    "counselling": _("Counselling"),
    "group": _("Another group"),
    "community": _("Community activity"),
    "stop": _("Stop here"),
    "unsure": _("Not sure yet"),
}


class NextStepForm(Form):
    """One member's answer."""

    choice = RadioChoiceField(
        _("What comes next"), choices=list(CHOICE_WORDS.items()), default="unsure"
    )
    group = ChoiceField(
        _("Which group"),
        default="",
        description=_(
            "A group of another place is asked for at its coordinators: they then know the person."
        ),
    )
    agreed = BooleanField(
        _("They agree that the coordinators take it further"),
        description=_("Only then is a referral proposed, or a place on a waiting list kept."),
    )
    ask_again_on = DayField(_("Ask again on"), [Optional()])
    remark = LineField(
        _("In a few words"),
        [AtMost(300)],
        description=_("Read by whoever knows the group's members."),
    )
