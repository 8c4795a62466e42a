"""When the two days of a recovery are over: the new key pair, and what ends with the old one.

Everything they were granted is taken away, with a new key version for those who
remain; what they have a part in stays theirs, and they wait for access like
somebody who was just assigned. Their own vault is lost with the old key.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import bindparam, select

from app.accounts import devices, recovering, rules
from app.accounts.models import Recovery
from app.accounts.queries import end_sign_ins_of, myself
from app.assignments.queries import entitled
from app.audit import trail
from app.extensions import db, read
from app.notebook import calendar, endings
from app.vault import closing, vaults
from app.web import kept_forms, transaction

DUE = (
    select(Recovery.uid, Recovery.user_uid)
    .where(Recovery.ended_at.is_(None), Recovery.asked_at <= bindparam("before"))
    .order_by(Recovery.asked_at)
)


def refuse(user_uid: str, *, by: str, at: datetime) -> bool:
    """A colleague, or the user themselves, says that it was not they; whether it was under way still."""
    myself(user_uid)
    refused = recovering.end(user_uid, at=at, refused_by=by)
    if refused:
        trail.record("recovery-refused", "user", user_uid)
    return refused


def held_alone(user_uid: str) -> list[Any]:
    """What nobody but this colleague opens, beside their own: only the printed recovery key would give it back."""
    return [uid for uid in vaults.held_by(user_uid) if vaults.holders(uid) == {user_uid}]


def settle(*, at: datetime) -> None:
    """Let each take effect whose two days are over; one is one transaction."""
    recovering.forget_codes(at=at)
    due = list(read(DUE, {"before": at - rules.REFUSED_WITHIN}))
    transaction.commit()
    for uid, user_uid in due:
        try:
            _take_effect(uid, user_uid, at=at)
            transaction.commit()
        except Exception as error:  # the next minute tries again; the others do not wait for it
            transaction.rollback()
            current_app.logger.error("%s while a recovery took effect", type(error).__name__)


def _take_effect(uid: str, user_uid: str, *, at: datetime) -> None:
    user = myself(user_uid)
    recovery = db.session.get(Recovery, uid, populate_existing=True, with_for_update=True)
    if recovery is None or recovery.ended_at is not None:
        return  # refused meanwhile
    if user.left_at is not None:
        recovering.end(user_uid, at=at)
        return
    for vault_uid in sorted(vaults.held_by(user_uid)):
        vaults.take_away(vault_uid, user_uid)
    closing.forget_keys_of(user_uid)
    recovering.take_over(recovery, at=at)
    vaults.destroy(vaults.made("own", user_uid))
    for end in endings.OWN:
        end(user_uid)
    kept_forms.forget_all_of(user_uid)
    db.session.flush()
    vaults.make("own", user_uid, [user])
    for vault_uid in sorted(entitled(user_uid)):
        vaults.let_in(vault_uid, user)
    end_sign_ins_of(user_uid)
    devices.forget_all_of(user_uid)
    calendar.turn_off(user_uid)
    trail.record("recovery-done", "user", user_uid, actor_uid=user_uid)
