"""What is typed about a workshop, and by those who sign up for one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField
from wtforms.validators import NumberRange

from app.accounts.confirmation import passphrase_or_code
from app.errors import RuleBroken
from app.extensions import UID_SIGNS, new_uid
from app.groups.rules import starts_at
from app.people.asked import CardForm
from app.people.models import Site
from app.people.queries import places_to_choose
from app.people.rooms import InRoom
from app.people.rules import CHANNEL_WORDS
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
    SeveralChoiceField,
    TextField,
)
from app.workshops.life_rules import MOST_DATES
from app.workshops.models import Workshop

# What the form shows of a workshop just as it is stored.
AS_STORED = (
    *("title_ar", "title_en", "about_ar", "about_en", "kind", "on", "at", "minutes", "seats"),
    *("needs_approval", "fills_itself", "room"),
)


class WorkshopForm(InRoom):
    """What a workshop is, when, and how one signs up."""

    title_ar = LineField(
        _("Title in Arabic"),
        [AtMost(80)],
        description=_("Whoever has the link can read title and text: choose neutral words."),
    )
    title_en = LineField(
        _("Title in English"), [AtMost(80)], description=_("One of the two titles is enough.")
    )
    about_ar = TextField(_("Text in Arabic"), [AtMost(2000)])
    about_en = TextField(_("Text in English"), [AtMost(2000)])
    kind = RadioChoiceField(
        _("Kind"),
        choices=[("educational", _("Educational")), ("creative", _("Creative"))],
        default="educational",
    )
    site = RadioChoiceField(_("Place"), choices=[])
    on = DayField(_("Date"), [Required(A_DATE)])
    at = HourField(_("Hour"), [Required(AN_HOUR)])
    minutes = NumberField(
        _("How many minutes"),
        [Required(A_NUMBER), NumberRange(15, 1440, message=_("From 15 to 1440 minutes."))],
        default=120,
    )
    seats = NumberField(
        _("Seats"),
        [Required(A_NUMBER), NumberRange(1, 500, message=_("From 1 to 500 seats."))],
        default=20,
    )
    closes_on = DayField(_("Signing up closes on"), [Required(A_DATE)])
    closes_hour = HourField(_("At"), [Required(AN_HOUR)], default=time(12))
    needs_approval = BooleanField(_("Whoever signs up through the link waits for a yes"))
    fills_itself = BooleanField(
        _("A freed seat goes to whoever waited longest"),
        default=True,
        description=_("Otherwise it is offered by hand, with a time to answer by."),
    )

    @classmethod
    def of(cls, workshop: Workshop) -> WorkshopForm:
        """The form filled with a workshop as it is."""
        closes = workshop.closes_at.astimezone(ZoneInfo(workshop.site.zone))
        as_it_is = {name: getattr(workshop, name) for name in AS_STORED}
        return cls.shown(
            site=workshop.site_uid,
            closes_on=workshop.closes_on,
            closes_hour=closes.time(),
            **as_it_is,
        )

    def check_whole(self, site: Site) -> None:
        """Raises RuleBroken where what was typed does not fit together."""
        if not (self.title_ar.data or self.title_en.data):
            raise RuleBroken(_("Write a title, in Arabic or in English."), "title_ar")
        if self.closes_at(site) > self.starts_at(site):
            raise RuleBroken(_("Signing up cannot close after the workshop begins."), "closes_on")

    def offer_places(self, sites: Sequence[Site], room: str = "") -> WorkshopForm:
        """Offer these places and their rooms, and the `room` it is in."""
        return self.offering(site=places_to_choose(sites)).with_rooms(sites, room)

    def starts_at(self, site: Site) -> datetime:
        return starts_at(self.on.day, self.at.hour, site.zone)

    def closes_at(self, site: Site) -> datetime:
        return starts_at(self.closes_on.day, self.closes_hour.hour, site.zone)

    def fill(self, workshop: Workshop, site: Site) -> None:
        """Write what was typed into a workshop; the seats are left to the rules."""
        workshop.title_ar, workshop.title_en = self.title_ar.data or "", self.title_en.data or ""
        workshop.about_ar, workshop.about_en = self.about_ar.data or "", self.about_en.data or ""
        workshop.kind, workshop.minutes = self.kind.data, self.minutes.data or 0
        workshop.starts_at, workshop.closes_at = self.starts_at(site), self.closes_at(site)
        workshop.needs_approval = self.needs_approval.data
        workshop.fills_itself = self.fills_itself.data
        workshop.room = self.room_in(site, workshop.room)


class RepeatForm(Form):
    """The same workshop on further dates."""

    site = RadioChoiceField(_("Place"), choices=[])
    on = DayField(_("First of the new dates"), [Required(A_DATE)])
    at = HourField(_("Hour"), [Required(AN_HOUR)])
    times = NumberField(
        _("How many dates, a week apart"),
        [Required(A_NUMBER), NumberRange(1, MOST_DATES, message=_("From 1 to 12 dates."))],
        default=1,
    )


class FacilitatorForm(Form):
    """A colleague who facilitates a workshop."""

    user = ChoiceField(_("Colleague"))


class OfferForm(Form):
    """Until when an offered seat is held."""

    on = DayField(_("Answer by"), [Required(A_DATE)])
    at = HourField(_("Hour"), [Required(AN_HOUR)], default=time(20))

    def until(self, zone: str) -> datetime:
        return starts_at(self.on.day, self.at.hour, zone)


class FindForm(Form):
    """Look for someone to sign up."""

    q = LineField(_("Name, code or phone"), [AtMost(80)])


class SignUpForm(CardForm):
    """Somebody new on the list, entered by staff."""

    name = LineField(
        _("Name (as you like to be called)"),
        [Filled(_("Write a name, any name: the one used in the group.")), AtMost(80)],
    )
    channel = ChoiceField(_("Safe contact"), choices=list(CHANNEL_WORDS.items()), default="")
    number = LineField(
        _("Number or address"), [AtMost(120)], description=_("In any form, any digits.")
    )
    hours = LineField(_("Safe time to get in touch"), [AtMost(120)])


class MergeForm(Form):
    """Whether a contact that somebody unknown wrote becomes that of a known person."""

    take_contact = BooleanField(
        _("Take over the contact of the card that goes"),
        description=_("Only if you know that it is theirs: ask them, in a way you already know."),
    )


class OutsideForm(CardForm):
    """Signing up from outside: a nickname is enough."""

    dates = SeveralChoiceField(_("Which dates suit you"), choices=[])
    name = LineField(
        _("A name to call you by"),
        [Filled(_("Write a name, any name.")), AtMost(40)],
        description=_("Any name you like. Not the one on your identity card."),
    )
    channel = ChoiceField(
        _("How we may reach you"), choices=list(CHANNEL_WORDS.items()), default=""
    )
    number = LineField(
        _("Number or address"), [AtMost(120)], description=_("In any form, any digits.")
    )
    hours = LineField(_("When it is safe to reach you"), [AtMost(120)])
    website = LineField(_("Leave this empty"), [AtMost(120)])
    """For machines that fill in everything; a person does not see it."""

    def has_key(self) -> bool:
        """Whether it was sent with a key of its own: two people with one key would share code words."""
        key = self.once.data or ""
        return len(key) == len(new_uid()) and set(key) <= set(UID_SIGNS)

    def take_new_key(self) -> None:
        """Shown again, it has another key."""
        kept = [pair for pair in self.source.items(multi=True) if pair[0] != "once"]
        self.source = MultiDict(kept)


class CodeWordForm(Form):
    """The code word one was given."""

    code = LineField(_("Your code word"), [Filled(_("Write your code word.")), AtMost(120)])


class ExportForm(Form):
    """A list with names leaves the notebook: who it is is asked again."""

    as_ = RadioChoiceField(
        _("What you need"),
        choices=[
            ("xlsx", _("Spreadsheet (XLSX)")),
            ("csv", _("Plain table (CSV)")),
            ("sheet", _("A sheet to print, with names")),
        ],
        default="xlsx",
    )
    passphrase = passphrase_or_code()
