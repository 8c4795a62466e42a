"""What is asked about a person: the least, and only the name is required."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, HiddenField

from app.people.asked import CardForm
from app.people.rooms import RoomsField
from app.people.rules import ADDRESS_WORDS, AGE_WORDS, CHANNEL_WORDS
from app.web.forms import (
    A_DATE,
    A_VERSION,
    AtMost,
    ChoiceField,
    DayField,
    Filled,
    Form,
    LineField,
    RadioChoiceField,
    Required,
    TextField,
)


class PersonForm(CardForm):
    """A person's card."""

    name = LineField(
        _("Name (as you like to be called)"),
        [Filled(_("Write a name, any name.")), AtMost(80)],
        description=_("The name we call you by. The name on an identity card is not needed."),
    )
    address = ChoiceField(_("Form of address"), choices=list(ADDRESS_WORDS.items()), default="")
    channel = ChoiceField(_("Way to reach them"), choices=list(CHANNEL_WORDS.items()), default="")
    number = LineField(
        _("Number or address"), [AtMost(120)], description=_("In any form, any digits.")
    )
    hours = LineField(_("Safe time to get in touch"), [AtMost(120)])
    if_another_answers = LineField(
        _("If someone else answers"),
        [AtMost(200)],
        description=_("What to say, such as: a question about a course."),
    )
    may_leave_message = BooleanField(_("A message may be left"))
    do_not_contact = BooleanField(_("Do not contact"))
    age = ChoiceField(_("Age band"), choices=list(AGE_WORDS.items()), default="")
    area = LineField(_("Area"), [AtMost(80)])
    remark = TextField(_("Anything else that is needed"), [AtMost(2000)])
    agrees_contact = BooleanField(_("Agrees to be contacted"))
    agrees_reports = BooleanField(_("Agrees to be counted in reports, without a name"))
    site = RadioChoiceField(_("Place"), choices=[])
    version = HiddenField(validators=[A_VERSION])

    def agreed(self) -> set[str]:
        """The purposes that are ticked."""
        ticked = {"contact": self.agrees_contact.data, "reports": self.agrees_reports.data}
        return {purpose for purpose, yes in ticked.items() if yes}


class PlaceForm(Form):
    """A place, its time zone, and how phone numbers are read there."""

    name = LineField(_("Name in Arabic"), [Filled(_("Write a name.")), AtMost(40)])
    name_en = LineField(_("Name in English"), [Filled(_("Write a name.")), AtMost(40)])
    zone = ChoiceField(
        _("Time zone"),
        choices=[(zone, zone) for zone in ("Asia/Jerusalem", "Asia/Hebron", "Asia/Gaza")],
        default="Asia/Hebron",
    )
    phone_region = ChoiceField(
        _("Phone numbers without a country"), choices=[("PS", "+970"), ("IL", "+972")], default="PS"
    )
    rooms = RoomsField(
        _("Rooms"),
        [AtMost(400)],
        description=_("One to a line. The week marks where two things meet in one room."),
    )


class ClosedDayForm(Form):
    """A day on which a place is closed."""

    closed_on = DayField(_("Closed on"), [Required(A_DATE)])
