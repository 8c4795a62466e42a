"""Closing all that somebody may open, before a journey or when a colleague worries, and opening it again.

Nothing of their parts ends. Each of their grants is wrapped once more to the
colleagues who may lift it (app/vault/closing.py), and their sign-ins end. Whoever
signs in meanwhile sees an empty page, and can truthfully open nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _
from sqlalchemy import bindparam, exists, func, select
from sqlalchemy.orm import aliased

from app.accounts.models import User
from app.accounts.queries import end_sign_ins_of, myself
from app.audit import trail
from app.errors import Locked, RuleBroken
from app.extensions import db
from app.vault import closing
from app.vault.keyring import Keyring
from app.vault.models import Checkpoint, Grant

# So many within so long need no passphrase: whoever finds one phone open closes no whole place with it.
WITHOUT_ASKING, LATELY = 2, timedelta(hours=1)
NOT_YOURS = _("You cannot open this again: ask one of the colleagues who are named.")
Theirs, Beside = aliased(Grant), aliased(Grant)
IS_CLOSED = exists().where(Checkpoint.user_uid == User.uid)
CLOSED_BY = (
    select(func.count())
    .select_from(Checkpoint)
    .where(
        Checkpoint.begun_by == bindparam("by"),
        Checkpoint.user_uid != Checkpoint.begun_by,
        Checkpoint.began_at > bindparam("since"),
    )
)
# Whoever holds something beside them: they know the work, and can see whether the danger is over.
HOLD_BESIDE = (
    select(User)
    .where(
        User.uid != bindparam("user_uid"),
        User.left_at.is_(None),
        ~IS_CLOSED,
        exists().where(
            Theirs.user_uid == bindparam("user_uid"),
            Beside.key_uid == Theirs.key_uid,
            Beside.user_uid == User.uid,
        ),
    )
    .order_by(User.working_name)
)


def asks_again(by: str, *, at: datetime) -> bool:
    """Whether somebody closed so many colleagues lately that their passphrase is asked for."""
    asked = {"by": by, "since": at - LATELY}
    return (db.session.scalar(CLOSED_BY, asked) or 0) >= WITHOUT_ASKING


def lifters(user_uid: str, coordinators: Sequence[User]) -> Sequence[User]:
    """Who may open it again: those who hold something beside them, else their places' coordinators.

    Where there is neither, the organisation's printed recovery key alone can.
    """
    return db.session.scalars(HOLD_BESIDE, {"user_uid": user_uid}).all() or coordinators


def close(
    user_uid: str, coordinators: Sequence[User], *, by: str, at: datetime
) -> Checkpoint | None:
    """Close all that somebody may open, and end their sign-ins; None where it was closed already."""
    # Locked in one order, then asked again: one of them may be closed, or leave, at this moment.
    asked = [one.uid for one in lifters(user_uid, coordinators)]
    locked = {uid: myself(uid) for uid in sorted({user_uid, *asked})}
    if locked[user_uid].left_at is not None or closing.of_user(user_uid) is not None:
        return None
    may_lift = [
        (uid, locked[uid].public_key)
        for uid in asked
        if locked[uid].left_at is None and closing.of_user(uid) is None
    ]
    checkpoint = closing.close(user_uid, may_lift, by=by, at=at)
    end_sign_ins_of(user_uid)
    trail.record("checkpoint-on", "user", user_uid)
    return checkpoint


def lift(keyring: Keyring, user_uid: str) -> None:
    """Open again what was closed; whoever does it sees nothing of it.

    `keyring`: of a colleague who may, or of the organisation's recovery key.
    Raises RuleBroken where they may not.
    """
    myself(user_uid)
    checkpoint = closing.of_user(user_uid, lock=True)
    if checkpoint is None:
        return  # by somebody else, while this waited
    try:
        closing.lift(keyring, checkpoint)
    except Locked as locked:
        raise RuleBroken(NOT_YOURS) from locked
    trail.record("checkpoint-lifted", "user", user_uid)
