"""Six digits that open a locked phone again, for one sign-in and its eight hours.

Whoever wants to chooses them at the door. The private key then stays on the
server while the sign-in is locked, wrapped under the cookie and the digits
together: a seized server lacks the cookie, and a found phone has five tries.
"""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _
from flask_babel import lazy_ngettext as _n
from sqlalchemy import bindparam, select, type_coerce, update

from app.accounts import queries, rules
from app.accounts.models import SignIn
from app.errors import Locked, RuleBroken
from app.extensions import Moment, Sealed, db
from app.vault import envelope
from app.vault.models import Organisation
from app.web import transaction

ENDED = _("The sign-in ended after five wrong tries. Sign in with your passphrase.")
NOT_ALLOWED = _("Six digits do not open it any more. Write your passphrase.")
SIX = _("Write six digits, or leave this empty.")
TOO_SIMPLE = _("These digits are tried first. Choose others.")

ALLOWED = select(Organisation.short_codes)
ALLOW = update(Organisation).values(short_codes=True)
FORBID = update(Organisation).values(short_codes=False)
FORGET = update(SignIn).values(short_key=None, short_code=None)
SIGN_IN_LOCKED = select(SignIn).where(SignIn.digest == bindparam("digest")).with_for_update()
BRING_BACK = (
    update(SignIn)
    .where(SignIn.digest == bindparam("of"))
    .values(
        short_tries=0,
        wrapped_key=type_coerce(bindparam("wrapped"), Sealed),
        seen_at=type_coerce(bindparam("at"), Moment),
    )
    .execution_options(synchronize_session="fetch")
)


def are_allowed() -> bool:
    """Whether the organisation lets six digits open a locked sign-in."""
    return bool(db.session.scalar(ALLOWED))


def chosen(typed: str) -> str:
    """The digits that were chosen at the door; empty for none. Raises RuleBroken."""
    code = rules.digits_of(typed)
    if not code and not typed.strip():
        return ""
    if len(code) != rules.SHORT_CODE_DIGITS:
        raise RuleBroken(SIX, "short_code")
    if rules.is_too_simple(code):
        raise RuleBroken(TOO_SIMPLE, "short_code")
    return code if are_allowed() else ""


def remember(row: SignIn, cookie: bytes, private: bytes, code: str) -> None:
    """Let the digits open this sign-in after it locks."""
    if code and are_allowed():
        key = rules.short_key_of(cookie, code)
        row.short_key = envelope.seal(key, private, rules.short_key_place(row.digest))


def hand_over(row: SignIn, cookie: bytes, code: str) -> None:
    """Keep the digits under the cookie of a half sign-in, until its code made it whole."""
    if code:
        key = rules.wrapping_key_of(cookie)
        row.short_code = envelope.seal(key, code.encode(), rules.short_code_place(row.digest))


def handed_over(row: SignIn | None, cookie: bytes) -> str:
    """The digits chosen with the passphrase; empty for none, or where they are not allowed any more."""
    if row is None or row.short_code is None or not are_allowed():
        return ""
    key = rules.wrapping_key_of(cookie)
    return envelope.unseal(key, row.short_code, rules.short_code_place(row.digest)).decode()


def unlock(digest: str, cookie: bytes, typed: str, *, at: datetime) -> bool:
    """Bring a locked sign-in back with its six digits; False where it has ended.

    A try counts before it is made, so that many at once are not more than five;
    the fifth wrong one ends the sign-in. Raises RuleBroken, saying how many are left.
    """
    sealed, tries = b"", 0

    def claim() -> None:
        nonlocal sealed, tries
        row = db.session.scalar(SIGN_IN_LOCKED, {"digest": digest})
        if row is not None and row.short_key is not None:
            row.short_tries += 1
            sealed, tries = row.short_key, row.short_tries
        if tries > rules.SHORT_CODE_TRIES:
            queries.end_sign_in(digest)

    transaction.beforehand(claim)
    if not sealed or tries > rules.SHORT_CODE_TRIES:
        return False
    key = rules.short_key_of(cookie, rules.digits_of(typed))
    try:
        private = envelope.unseal(key, sealed, rules.short_key_place(digest))
    except Locked:
        return _wrong(digest, rules.SHORT_CODE_TRIES - tries)
    wrapped = envelope.seal(rules.wrapping_key_of(cookie), private, rules.sign_in_place(digest))
    db.session.execute(BRING_BACK, {"of": digest, "wrapped": wrapped, "at": at})
    return True


def allow(yes: bool) -> None:
    """Let six digits open locked sign-ins from now on, or forget all that were chosen."""
    db.session.execute(ALLOW if yes else FORBID)
    if not yes:
        db.session.execute(FORGET)


def _wrong(digest: str, left: int) -> bool:
    if not left:
        transaction.beforehand(lambda: queries.end_sign_in(digest))
        return False
    raise RuleBroken(
        _n(
            "These are not your six digits. %(num)s try is left.",
            "These are not your six digits. %(num)s tries are left.",
            left,
        ),
        "code",
    )
