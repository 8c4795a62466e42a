"""What is typed about a group, its members and its team."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import BooleanField
from wtforms.validators import NumberRange

from app.groups.models import Group
from app.groups.rules import SESSIONS_IN_A_CYCLE
from app.i18n import wording
from app.people.rooms import InRoom
from app.web.forms import (
    A_DATE,
    A_NUMBER,
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
)
from app.wording import WEEK


class GroupForm(Form):
    """First page of a new group: what it is."""

    name = LineField(
        _("Name of the group"),
        [Filled(_("Write a name.")), AtMost(60)],
        description=_("A neutral name, such as a tree or a colour: it is not sealed."),
    )
    kind = RadioChoiceField(
        _("Kind"),
        choices=[("support", _("Support group")), ("discussion", _("Discussion group"))],
        default="support",
    )
    site = RadioChoiceField(_("Place"), choices=[])
    planned_sessions = NumberField(
        _("Number of sessions"),
        [Required(A_NUMBER), NumberRange(1, 60, message=_("From 1 to 60 sessions."))],
        default=SESSIONS_IN_A_CYCLE,
        description=_("A discussion group has no fixed number: this is left aside."),
    )
    capacity = NumberField(
        _("How many people at most"),
        [Required(A_NUMBER), NumberRange(1, 200, message=_("From 1 to 200 people."))],
        default=15,
    )

    def fill(self, group: Group) -> None:
        """Write what was typed into a group."""
        group.name, group.kind = self.name.data or "", self.kind.data
        group.planned_sessions = (
            (self.planned_sessions.data or 0) if self.kind.data == "support" else 0
        )
        group.capacity = self.capacity.data or 0


class EditGroupForm(InRoom):
    """What may change during a cycle."""

    name = LineField(_("Name of the group"), [Filled(_("Write a name.")), AtMost(60)])
    capacity = NumberField(
        _("How many people at most"),
        [Required(A_NUMBER), NumberRange(1, 200, message=_("From 1 to 200 people."))],
    )
    share_to_complete = NumberField(
        _("Per cent of sessions for a completed cycle"),
        [Required(A_NUMBER), NumberRange(1, 100, message=_("From 1 to 100 per cent."))],
    )
    reviewed = BooleanField(_("A supervisor reviews the notes before they are signed"))


class TimeForm(InRoom):
    """Second page: when it meets."""

    weekday = ChoiceField(_("Weekday"), coerce=int)
    at = HourField(_("Hour"), [Required(AN_HOUR)])
    first_on = DayField(
        _("First date"),
        [Required(A_DATE)],
        description=_("The first session is on the chosen weekday, on this date or after it."),
    )

    def name_weekdays(self) -> TimeForm:
        """Offer the weekdays from Sunday on, in the person's language."""
        return self.offering(weekday=[(number, wording().weekday(number)) for number in WEEK])


class CandidateForm(Form):
    """Look for someone to enrol."""

    q = LineField(_("Name, code or phone"), [AtMost(80)])


class OfferForm(Form):
    """Until when an offered place is held."""

    until = DayField(_("Answer by"), [Required(A_DATE)])


class LeaveForm(Form):
    """The last day of a stay, and why it ended."""

    on = DayField(_("Last day in the group"), [Required(A_DATE)])
    reason = LineField(_("Reason"), [AtMost(200)])


class AssignForm(Form):
    """Someone of the team, and their part."""

    user = ChoiceField(_("Colleague"))
    part = RadioChoiceField(
        _("Part"),
        choices=[("facilitator", _("Facilitator")), ("supervisor", _("Supervisor"))],
        default="facilitator",
    )
