"""Joining the staff: the first organisation, invitations, accounts and their recovery."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Iterable
from datetime import datetime

from flask_babel import lazy_gettext as _
from sqlalchemy import select

from app.accounts import passphrases, queries, rules, turns
from app.accounts.line import Cost, Place, Work, derived
from app.accounts.models import Invitation, User, UserRole
from app.audit import head, trail
from app.errors import Locked, RuleBroken
from app.extensions import db
from app.vault import closing, envelope, vaults
from app.vault.keyring import Keyring
from app.vault.models import Organisation
from app.web import transaction
from app.web.forms import western

FOUNDED = select(Organisation.id)
RECOVERY_KEY = select(Organisation.recovery_public_key)
WRONG_RECOVERY = _(
    "This user name and recovery code do not belong together. Check both, then try again. If the "
    "printed code is lost, turn to the administrators."
)
WEAK = _("This passphrase is too easy to guess. Use five random words, or take the one proposed.")


def exists() -> bool:
    """Whether an organisation was set up here."""
    return db.session.scalar(FOUNDED) is not None


def found() -> str:
    """Set up the organisation; returns its recovery key, which is kept nowhere but on paper."""
    private, public = envelope.new_pair()
    db.session.add(Organisation(id=1, recovery_public_key=public))
    db.session.flush()
    head.begin(private)
    text = base64.b32encode(private).decode().rstrip("=")
    return "-".join(text[i : i + 4] for i in range(0, len(text), 4))


def recovery_keyring(printed: str) -> Keyring:
    """What the organisation's recovery key opens. Raises RuleBroken where it is not the right one."""
    letters = "".join(c for c in western(printed).upper() if c.isalnum())
    try:
        private = base64.b32decode(letters + "=" * (-len(letters) % 8))
        public = envelope.public_of(private)
    except ValueError:
        public = b""
    if public != db.session.scalars(RECOVERY_KEY).one():
        raise RuleBroken(_("This is not the recovery key of this organisation."))
    return Keyring.of_the_organisation(private)


def add_user(
    *,
    username: str,
    working_name: str,
    roles: Iterable[str],
    language: str,
    passphrase: str,
    recovery_code: str,
    cost: Cost,
    at: datetime,
) -> User:
    """Add a member of staff with a vault of their own, which only they open."""
    user = rules.new_user(
        username=username,
        working_name=working_name,
        language=language,
        passphrase=derived(Work(passphrases.folded(passphrase), cost)),
        recovery_code=recovery_code,
        joined_at=at,
    )
    return save_user(user, roles)


def save_user(user: User, roles: Iterable[str]) -> User:
    """Save a new member of staff with their roles and the vault of their own."""
    db.session.add(user)
    db.session.flush()
    db.session.add_all(UserRole(user_uid=user.uid, role=role) for role in sorted(set(roles)))
    vaults.make("own", user.uid, [user])
    trail.record("staff-added", "user", user.uid)
    return user


def invite(
    *, working_name: str, language: str, roles: Iterable[str], by: str, at: datetime
) -> tuple[Invitation, str]:
    """Invite someone; returns the invitation and the secret of its link, which is kept nowhere."""
    token = secrets.token_urlsafe(24)
    invitation = Invitation(
        digest=rules.digest_of_link(token),
        working_name=working_name,
        language=language,
        roles=",".join(sorted(set(roles))),
        invited_by=by,
        invited_at=at,
    )
    db.session.add(invitation)
    db.session.flush()
    trail.record("invited", "invitation", invitation.uid)
    return invitation, token


def refuse_weak(passphrase: str, field: str = "passphrase") -> None:
    """Raise RuleBroken for a passphrase of fewer than 64 bits by estimate."""
    if passphrases.bits(passphrase) < passphrases.PASSPHRASE_BITS:
        raise RuleBroken(WEAK, field)


def accept(token: str, passphrase: str, *, cost: Cost, at: datetime) -> tuple[User, bytes, str]:
    """Join with an invitation's link and a passphrase of one's own.

    Returns the user, their private key and the recovery code to print. A link
    works once and for 72 hours. Raises RuleBroken, turns.Waiting.
    """
    invitation = queries.invitation(token)
    if invitation is None or at - invitation.invited_at > rules.INVITATION_LASTS:
        raise RuleBroken(_("This link was used, taken back or has run out. Ask for a new one."))
    name, language = invitation.working_name, invitation.language
    transaction.pause()
    refuse_weak(passphrase)
    # Whoever holds an invitation, or a printed code, is no stranger.
    place = Place(known=True, whose=(rules.digest_of_link(token),))
    stretched = turns.stretch(Work(passphrases.folded(passphrase), cost), lambda: place)
    code = rules.new_recovery_code()
    user = rules.new_user(
        username="-".join(passphrases.new_words(2)),
        working_name=name,
        language=language,
        passphrase=stretched,
        recovery_code=code,
        joined_at=at,
    )
    again = queries.invitation(token, lock=True)
    if again is None:
        raise RuleBroken(_("This link was used, taken back or has run out. Ask for a new one."))
    again.ended_at = at
    private = envelope.unseal(
        rules.key_of_recovery_code(code),
        user.private_key_for_recovery,
        rules.recovery_place(user.uid),
    )
    save_user(user, again.roles.split(","))
    return user, private, code


def recover(
    username: str, code: str, passphrase: str, *, cost: Cost, at: datetime
) -> tuple[User, bytes, str]:
    """Open the private key with the printed code and set a new passphrase.

    The code stands in once for a lost second factor too, and is replaced by a
    new one, unless their access is closed, which it does not open: then it is
    empty, and the old one stands. Every sign-in ends. Nothing is counted: it has 128 bits, and a wrong
    one costs no derivation. Raises RuleBroken, turns.Waiting.
    """
    user = queries.by_username(username)
    private = _open_with_code(user, code)
    if user is None or private is None:
        raise RuleBroken(WRONG_RECOVERY)
    uid = user.uid
    transaction.pause()
    refuse_weak(passphrase)
    place = Place(known=True, whose=(uid,))
    stretched = turns.stretch(Work(passphrases.folded(passphrase), cost), lambda: place)
    user = queries.myself(uid)
    if _open_with_code(user, code) is None:  # used by somebody else meanwhile
        raise RuleBroken(WRONG_RECOVERY)
    rules.reseal_private_key(user, private, stretched)
    new_code = ""
    if closing.of_user(uid) is None:  # whoever sees nothing now could not read the new one
        new_code = rules.new_recovery_code()
        rules.reseal_for_recovery(user, private, new_code)
    user.second_factor, user.recovered_at = None, at
    queries.end_sign_ins_of(uid)
    trail.record("recovered", "user", uid, actor_uid=uid)
    return user, private, new_code


def _open_with_code(user: User | None, code: str) -> bytes | None:
    if user is None:
        return None
    try:
        return envelope.unseal(
            rules.key_of_recovery_code(code),
            user.private_key_for_recovery,
            rules.recovery_place(user.uid),
        )
    except Locked:
        return None
