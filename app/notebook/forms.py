"""What is looked for, what an administrator types about staff, and what is asked before a record is printed."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import BooleanField

from app.accounts.confirmation import passphrase_or_code
from app.policy import ROLES
from app.web.forms import (
    AtMost,
    ChoiceField,
    Filled,
    Form,
    LineField,
    NumberField,
    RadioChoiceField,
    Required,
)


class SearchForm(Form):
    """Who, or what, is looked for."""

    q = LineField(_("Name, code or phone"), [AtMost(80)])


class RolesForm(Form):
    """Which roles someone has."""

    administrator = BooleanField(_("Administrator"))
    coordinator = BooleanField(_("Coordinator"))
    facilitator = BooleanField(_("Facilitator"))
    counsellor = BooleanField(_("Counsellor"))
    supervisor = BooleanField(_("Supervisor"))

    def chosen(self) -> set[str]:
        """The roles that are ticked."""
        return {role for role in ROLES if self[role].data}


class InviteForm(RolesForm):
    """Whom to invite, and as what."""

    name = LineField(
        _("What colleagues call them"),
        [Filled(_("Write a name.")), AtMost(40)],
        description=_("A working name. It is not sealed: no family names."),
    )
    language = RadioChoiceField(
        _("Language"), choices=[("ar", "العربية"), ("en", "English")], default="ar"
    )


class PlaceOfStaffForm(Form):
    """A place to coordinate."""

    site = ChoiceField(_("Place"))


class TermForm(Form):
    """For how many days or months something is kept."""

    number = NumberField(_("How many"), [Required(_("Write a number."))])


class CopyForm(Form):
    """A record leaves the notebook on paper: who it is is asked again."""

    passphrase = passphrase_or_code()
