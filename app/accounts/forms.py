"""What is typed to sign in, to join, and what each person prefers."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, PasswordField, ValidationError

from app.accounts import rules
from app.web.forms import AtMost, Filled, Form, LineField, RadioChoiceField, Required

YOUR_PASSPHRASE = Required(_("Write your passphrase."))
APP_SHOWS = _("Write the six digits that the app shows.")
SIX_DIGITS = _("Write the six digits.")
NOT_HERE = _("Choose no digits on a device that is not yours.")


class DigitsField(PasswordField):
    """Digits, on a keyboard of digits; never kept and never shown unless asked for."""


class SignInForm(Form):
    """User name and passphrase."""

    username = LineField(_("User name"), [Filled(_("Write your user name.")), AtMost(40)])
    passphrase = PasswordField(_("Passphrase"), [YOUR_PASSPHRASE, AtMost(200)])
    short_code = DigitsField(
        _("Six digits of your own"),
        [AtMost(20)],
        description=_(
            "Choose them now if you like. When Daftar locks, because nobody used it, they open it "
            "instead of your passphrase: until you sign out, for eight hours at most. They do not "
            "sign in."
        ),
    )
    not_mine = BooleanField(
        _("This device is not mine"),
        description=_(
            "Then Daftar does not remember it: sign out before you give it back. A device that is "
            "remembered goes first when many sign in."
        ),
    )

    def validate_short_code(self, field: DigitsField) -> None:
        """None are chosen where nothing is to be remembered."""
        if field.data and self.not_mine.data:
            raise ValidationError(NOT_HERE)


class CodeForm(Form):
    """The six digits of the second factor."""

    code = DigitsField(_("Code"), [Required(APP_SHOWS), AtMost(20)])

    def validate_code(self, field: DigitsField) -> None:
        """What cannot be a code is no try."""
        if field.data and not rules.looks_like_code(field.data):
            raise ValidationError(APP_SHOWS)


class ShortCodeForm(Form):
    """The six digits chosen at the door."""

    code = DigitsField(_("Your six digits"), [Required(SIX_DIGITS), AtMost(20)])

    def validate_code(self, field: DigitsField) -> None:
        """What cannot be the digits is no try."""
        if field.data and not rules.looks_like_code(field.data):
            raise ValidationError(SIX_DIGITS)


class SecondFactorForm(CodeForm):
    """The first code of a new second factor; the passphrase too where there is one already."""

    passphrase = PasswordField(_("Passphrase"), [AtMost(200)])


class PassphraseForm(Form):
    """One's passphrase again: to unlock, or before something that matters."""

    passphrase = PasswordField(_("Passphrase"), [YOUR_PASSPHRASE, AtMost(200)])


class NewPassphraseForm(PassphraseForm):
    """The passphrase now, and the one to come."""

    new = PasswordField(
        _("New passphrase"), [Required(_("Write the new passphrase.")), AtMost(200)]
    )


def _new_passphrase(label: object) -> PasswordField:
    return PasswordField(
        label,
        [Required(_("Write a passphrase.")), AtMost(200)],
        description=_(
            "Five words, such as those proposed, now or before. Nobody else ever sees it."
        ),
    )


class JoinForm(Form):
    """A passphrase of one's own."""

    passphrase = _new_passphrase(_("Your passphrase"))


class RecoverForm(Form):
    """User name, the printed code, and a new passphrase."""

    username = LineField(_("User name"), [Filled(_("Write your user name.")), AtMost(40)])
    code = PasswordField(_("Recovery code"), [Required(_("Write the printed code.")), AtMost(60)])
    passphrase = _new_passphrase(_("New passphrase"))


class PreferencesForm(Form):
    """Language, digits and theme."""

    language = RadioChoiceField(_("Language"), choices=[("ar", "العربية"), ("en", "English")])
    digits = RadioChoiceField(_("Digits"), choices=[("latn", "123"), ("arab", "١٢٣")])
    theme = RadioChoiceField(
        _("Colours"),
        choices=[("auto", _("As the phone")), ("light", _("Light")), ("dark", _("Dark"))],
    )
