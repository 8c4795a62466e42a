"""One's own passphrase once more, before a colleague is given something to open."""

from __future__ import annotations

from flask_login import current_user

from app.accounts import sign_in as signing_in
from app.accounts.forms import PassphraseForm
from app.accounts.viewer import Viewer, viewer
from app.clock import now
from app.vault.keyring import Keyring


def shown() -> PassphraseForm:
    """The form to show, beside the receiver's check words."""
    return PassphraseForm.shown()


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
