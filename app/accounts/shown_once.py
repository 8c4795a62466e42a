"""What is shown once (a link, a recovery code), kept ten minutes so that a cut line doesn't lose it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, delete, select

from app.accounts import rules
from app.accounts.models import ShownOnce
from app.extensions import db, new_uid
from app.vault import envelope, vaults
from app.vault.keyring import Keyring
from app.web import transaction

SHOWN = select(ShownOnce).where(
    ShownOnce.uid == bindparam("uid"),
    ShownOnce.user_uid == bindparam("user_uid"),
    ShownOnce.shown_at >= bindparam("since"),
)
FORGET = (
    delete(ShownOnce)
    .where(ShownOnce.shown_at < bindparam("before"))
    .execution_options(synchronize_session="fetch")
)


def keep(user_uid: str, text: str, purpose: str, *, at: datetime) -> str:
    """Seal a text to a user for ten minutes; returns its uid."""
    vault, uid = vaults.made("own", user_uid), new_uid()
    forget(at=at)
    sealed = vaults.seal_text(vault, text, _place(uid, purpose))
    db.session.add(ShownOnce(uid=uid, user_uid=user_uid, shown_at=at, text=sealed))
    db.session.flush()
    return uid


def keep_later(user_uid: str, text: str, purpose: str, *, at: datetime) -> str:
    """The same from a page that only reads: it is written when the request ends."""
    vault, uid = vaults.made("own", user_uid), new_uid()
    sealed = vaults.seal_text(vault, text, _place(uid, purpose))
    row = {"uid": uid, "user_uid": user_uid, "shown_at": at, "text": sealed}
    transaction.afterwards(lambda: db.session.add(ShownOnce(**row)))
    return uid


def forget(*, at: datetime) -> None:
    """What was shown more than ten minutes ago is gone."""
    db.session.execute(FORGET, {"before": at - rules.SHOWN_FOR})


def read(keys: Keyring, uid: str, purpose: str, *, at: datetime) -> str | None:
    """What was shown to this user within the last ten minutes, or None."""
    asked = {"uid": uid, "user_uid": keys.user_uid, "since": at - rules.SHOWN_FOR}
    row = uid.isalnum() and db.session.scalar(SHOWN, asked)
    vault = keys.vault("own", keys.user_uid)
    if not row or vault is None:
        return None
    return vaults.open_text(keys, vault, row.text, _place(uid, purpose))


def _place(uid: str, purpose: str) -> bytes:
    return envelope.place("shown_once", "text", f"{uid}/{purpose}")
