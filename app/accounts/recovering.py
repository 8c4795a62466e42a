"""Recovery by colleagues: a link that one of them makes, a new key pair, and two days in which any may refuse.

For whoever lost both passphrase and printed code. The old key pair opens what it
opened until the two days are over; the new one opens nothing before a colleague
has compared its check words and given access (notebook/recovering.py).
"""

from __future__ import annotations

import secrets
from datetime import datetime

from flask_babel import lazy_gettext as _
from sqlalchemy import bindparam, delete, select, type_coerce, update

from app.accounts import joining, passphrases, rules, turns
from app.accounts.line import Cost, Place, Work
from app.accounts.models import Recovery, ShownOnce
from app.accounts.passphrases import WITHOUT_SEPARATORS
from app.accounts.queries import myself
from app.audit import trail
from app.errors import Locked, RuleBroken
from app.extensions import Moment, db, new_uid
from app.vault import envelope
from app.web import transaction

OVER = _("This link was used, taken back or has run out. Ask for a new one.")
OPEN = select(Recovery).where(Recovery.ended_at.is_(None))
OF_USER = OPEN.where(Recovery.user_uid == bindparam("user_uid"))
OF_USER_LOCKED = OF_USER.with_for_update()
BY_LINK = OPEN.where(Recovery.digest == bindparam("digest"))
BY_LINK_LOCKED = BY_LINK.with_for_update()
END_BEGUN_BY = (
    update(Recovery)
    .where(Recovery.begun_by == bindparam("by"), Recovery.ended_at.is_(None))
    .values(
        ended_at=type_coerce(bindparam("at"), Moment),
        private_key=None,
        private_key_for_recovery=None,
        salt=None,
        code=None,
    )
    .execution_options(synchronize_session="fetch")
)
FORGET_CODES = (
    update(Recovery)
    .where(Recovery.code.is_not(None), Recovery.asked_at < bindparam("before"))
    .values(code=None)
    .execution_options(synchronize_session="fetch")
)
FORGET_SHOWN = (
    delete(ShownOnce)
    .where(ShownOnce.user_uid == bindparam("user_uid"))
    .execution_options(synchronize_session="fetch")
)


def begin(user_uid: str, *, by: str, at: datetime) -> str:
    """Begin one for a colleague, in place of an earlier one; returns the secret of its link, which is kept nowhere."""
    myself(user_uid)
    end(user_uid, at=at)
    token = secrets.token_urlsafe(24)
    recovery = Recovery(
        uid=new_uid(),
        user_uid=user_uid,
        digest=rules.digest_of_link(token),
        begun_by=by,
        begun_at=at,
    )
    db.session.add(recovery)
    db.session.flush()
    trail.record("recovery-begun", "user", user_uid)
    return token


def end(user_uid: str, *, at: datetime, refused_by: str | None = None) -> bool:
    """Refuse the one that is under way, or put it aside; whether there was one."""
    recovery = db.session.scalar(OF_USER_LOCKED, {"user_uid": user_uid})
    if recovery is None:
        return False
    recovery.ended_at, recovery.refused_by = at, refused_by
    forget_keys(recovery)
    db.session.flush()
    return True


def end_begun_by(user_uid: str, *, at: datetime) -> None:
    """Whoever may not begin one any more leaves none behind."""
    db.session.execute(END_BEGUN_BY, {"by": user_uid, "at": at})


def forget_keys(recovery: Recovery) -> None:
    """What was refused, or has become the user's own, need not stand here."""
    recovery.private_key = recovery.private_key_for_recovery = None
    recovery.salt = recovery.code = None


def forget_codes(*, at: datetime) -> None:
    """The code to print is gone ten minutes after the link was used."""
    db.session.execute(FORGET_CODES, {"before": at - rules.SHOWN_FOR})


def by_link(token: str, *, at: datetime, lock: bool = False) -> Recovery | None:
    """The recovery that a link belongs to: used already, or open still."""
    query = BY_LINK_LOCKED if lock else BY_LINK
    recovery = db.session.scalar(query, {"digest": rules.digest_of_link(token)})
    if recovery is None:
        return None
    opens = rules.may_be_used(recovery.begun_at, recovery.asked_at, at=at)
    return recovery if opens else None


def accept(token: str, passphrase: str, *, browser: bytes, cost: Cost, at: datetime) -> str:
    """A new passphrase with the link: from now on two days pass; returns the recovery code to print.

    `browser`: 32 bytes that the browser keeps for ten minutes, which open that code there and
    nowhere else: whoever made the link has it too.

    Raises RuleBroken, turns.Waiting.
    """
    recovery = by_link(token, at=at)
    if recovery is None or recovery.asked_at is not None:
        raise RuleBroken(OVER)
    user_uid = recovery.user_uid
    transaction.pause()
    joining.refuse_weak(passphrase)
    place = Place(known=True, whose=(rules.digest_of_link(token),))
    stretched = turns.stretch(Work(passphrases.folded(passphrase), cost), lambda: place)
    myself(user_uid)
    recovery = by_link(token, at=at, lock=True)
    if recovery is None or recovery.asked_at is not None:
        raise RuleBroken(OVER)
    code = rules.new_recovery_code()
    keys = rules.new_keys(user_uid, stretched, code)
    recovery.public_key, recovery.private_key, recovery.private_key_for_recovery = keys
    recovery.salt, recovery.asked_at = stretched.salt, at
    cost = stretched.cost
    recovery.memory, recovery.iterations, recovery.lanes = cost.memory, cost.iterations, cost.lanes
    recovery.code = envelope.seal(_key_of(browser), envelope.padded(code), _place(recovery.uid))
    trail.record("recovery-asked", "user", user_uid, actor_uid=user_uid)
    return code


def code_to_print(recovery: Recovery, browser: bytes, *, at: datetime) -> str | None:
    """The recovery code, for ten minutes after the link was used, in the browser where it was."""
    asked_at, sealed = recovery.asked_at, recovery.code
    if sealed is None or asked_at is None or at - asked_at > rules.SHOWN_FOR:
        return None
    try:
        return envelope.unpadded(envelope.unseal(_key_of(browser), sealed, _place(recovery.uid)))
    except Locked:
        return None


def take_over(recovery: Recovery, *, at: datetime) -> None:
    """The new key pair is the user's from now on: passphrase, printed code, and no second factor yet."""
    user = myself(recovery.user_uid)
    assert recovery.public_key and recovery.private_key and recovery.private_key_for_recovery
    assert recovery.salt and recovery.memory and recovery.iterations and recovery.lanes
    user.public_key, user.private_key = recovery.public_key, recovery.private_key
    user.private_key_for_recovery, user.salt = recovery.private_key_for_recovery, recovery.salt
    user.memory, user.iterations, user.lanes = (
        recovery.memory,
        recovery.iterations,
        recovery.lanes,
    )
    user.reading, user.second_factor, user.last_step = WITHOUT_SEPARATORS, None, 0
    recovery.ended_at = at
    forget_keys(recovery)
    db.session.execute(FORGET_SHOWN, {"user_uid": user.uid})


def _key_of(browser: bytes) -> bytes:
    return envelope.derived(browser, "code to print")


def _place(uid: str) -> bytes:
    return envelope.place("recoveries", "code", uid)
