"""One's own passphrase once more, before a colleague is given something to open, or something leaves."""

from __future__ import annotations

from flask import request
from flask_babel import lazy_gettext as _
from flask_login import current_user
from wtforms import PasswordField

from app.accounts import sign_in as signing_in
from app.accounts.forms import PassphraseForm
from app.accounts.viewer import Viewer, viewer
from app.clock import now
from app.errors import RuleBroken
from app.vault.keyring import Keyring
from app.web.forms import AtMost, Filled, Form

CHANGED = _("Their key pair has changed since this page was opened: compare the words once more.")


def passphrase_or_code() -> PasswordField:
    """The field of a form that asks for it; `check` says whether it was right."""
    return PasswordField(
        _("Your passphrase, or the code of this moment"),
        [Filled(_("Write your passphrase.")), AtMost(200)],
    )


def shown() -> PassphraseForm:
    """The form to show, beside the receiver's check words."""
    return PassphraseForm.shown()


def check(form: Form) -> None:
    """Raises RuleBroken where neither one's passphrase nor the code of this moment was typed."""
    me, typed = viewer(), form["passphrase"].data or ""
    signing_in.check_again(me.uid, typed, digest=current_user.sign_in, at=now(), keys=me.keys)


def compared(words: str, of: str = "") -> None:
    """Raises RuleBroken where the page on which words were compared showed others than the key has now.

    `of` says whose, where the page shows the words of several.
    """
    if request.form.get(f"words{of}", words) != words:
        raise RuleBroken(CHANGED)


def giver() -> Viewer:
    """Whoever gives, once their passphrase was right. Raises RuleBroken where it was not.

    What they hold is read anew: it may have ended while the key was derived.
    Begins a new transaction.
    """
    form = PassphraseForm.checked()
    me = viewer()
    signing_in.check_again(
        me.uid, form.passphrase.data or "", digest=current_user.sign_in, at=now()
    )
    return Viewer(me.uid, me.roles, Keyring(me.uid, me.keys.private_key))
