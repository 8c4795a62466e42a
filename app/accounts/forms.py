"""What is typed to sign in, to join, and what each person prefers."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, PasswordField

from app.web.forms import AtMost, Filled, Form, LineField, RadioChoiceField, required

YOUR_PASSPHRASE = required(_("Write your passphrase."))


class DigitsField(PasswordField):
    """Digits, on a keyboard of digits; never kept and never shown unless asked for."""


class SignInForm(Form):
    """User name and passphrase."""

    username = LineField(_("User name"), [Filled(_("Write your user name.")), AtMost(40)])
    passphrase = PasswordField(_("Passphrase"), [YOUR_PASSPHRASE, AtMost(200)])
    short_code = DigitsField(
        _("Six digits of your own"),
        [AtMost(20)],
        description=_("They open this sign-in again after it locks, instead of your passphrase."),
    )
    not_mine = BooleanField(
        _("This device is not mine"),
        description=_("Nothing stays on it then. Your own goes first when many sign in."),
    )


class CodeForm(Form):
    """The six digits of the second factor."""

    code = DigitsField(_("Code"), [required(_("Write the six digits.")), AtMost(20)])


class ShortCodeForm(Form):
    """The six digits chosen at the door."""

    code = DigitsField(_("Your six digits"), [required(_("Write the six digits.")), AtMost(20)])


class SecondFactorForm(CodeForm):
    """The first code of a new second factor; the passphrase too where there is one already."""

    passphrase = PasswordField(_("Passphrase"), [AtMost(200)])


class PassphraseForm(Form):
    """One's passphrase again: to unlock, or before something that matters."""

    passphrase = PasswordField(_("Passphrase"), [YOUR_PASSPHRASE, AtMost(200)])


class NewPassphraseForm(PassphraseForm):
    """The passphrase now, and the one to come."""

    new = PasswordField(
        _("New passphrase"), [required(_("Write the new passphrase.")), AtMost(200)]
    )


class JoinForm(Form):
    """A passphrase of one's own."""

    passphrase = PasswordField(
        _("Your passphrase"),
        [required(_("Write a passphrase.")), AtMost(200)],
        description=_("Five words, such as those proposed. Nobody else ever sees it."),
    )


class RecoverForm(JoinForm):
    """User name, the printed code, and a new passphrase."""

    username = LineField(_("User name"), [Filled(_("Write your user name.")), AtMost(40)])
    code = PasswordField(_("Recovery code"), [required(_("Write the printed code.")), AtMost(60)])


class PreferencesForm(Form):
    """Language, digits and theme."""

    language = RadioChoiceField(_("Language"), choices=[("ar", "العربية"), ("en", "English")])
    digits = RadioChoiceField(_("Digits"), choices=[("latn", "123"), ("arab", "١٢٣")])
    theme = RadioChoiceField(
        _("Colours"),
        choices=[("auto", _("As the phone")), ("light", _("Light")), ("dark", _("Dark"))],
    )
