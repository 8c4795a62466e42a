"""A device that signed in before has a counter of its own there: outsiders keep nobody out of it.

Its cookie is a random id, kept only where somebody ticked that; here stands a digest of it.
"""

from __future__ import annotations

import re
import secrets
from datetime import date, timedelta

from flask import Request, Response, current_app
from sqlalchemy import delete, select

from app.accounts import queries
from app.accounts.models import Device, User
from app.extensions import db
from app.vault import envelope

KEPT = timedelta(days=180)  # since the last sign-in there
ID_BYTES = 16


def id_of(asked: Request) -> str:
    """The id in the device's cookie; empty where there is none."""
    value = asked.cookies.get(_cookie_name(), "")
    return value if re.fullmatch(rf"[0-9a-f]{{{2 * ID_BYTES}}}", value) else ""


def counter(device: str, username: str) -> dict[str, str]:
    """The counter of this account's tries on a device it signed in from before; empty elsewhere."""
    known = (
        select(Device.digest)
        .join(User, User.uid == Device.user_uid)
        .where(Device.digest == _digest(device), User.username == username)
    )
    if not device or db.session.scalar(known) is None:
        return {}
    return queries.counter_of("device", f"{_digest(device)} {username}")


def remember(response: Response, device: str, user_uid: str, *, on: date) -> None:
    """Let the browser keep its id, a new one where it has none; write down whose it is."""
    device = device or secrets.token_hex(ID_BYTES)
    db.session.execute(delete(Device).where(Device.seen_on < on - KEPT))
    db.session.merge(Device(digest=_digest(device), user_uid=user_uid, seen_on=on))
    response.set_cookie(
        _cookie_name(),
        device,
        max_age=KEPT,
        httponly=True,
        secure=_is_secure(),
        samesite="Strict",
    )


def forget(response: Response, device: str) -> None:
    """Take the id back from the browser: no box was ticked this time."""
    if device:
        db.session.execute(delete(Device).where(Device.digest == _digest(device)))
        response.delete_cookie(
            _cookie_name(), httponly=True, secure=_is_secure(), samesite="Strict"
        )


def forget_all_of(user_uid: str) -> None:
    """An account that ended leaves no device behind."""
    db.session.execute(delete(Device).where(Device.user_uid == user_uid))


def _digest(device: str) -> str:
    return envelope.derived(device.encode(), "device").hex()[:32]


def _cookie_name() -> str:
    return "__Host-device" if _is_secure() else "device"


def _is_secure() -> bool:
    return not current_app.config["DAFTAR"].demo
