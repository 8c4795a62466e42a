"""A device that somebody signed in on before: there they go first, whatever strangers try elsewhere.

Its cookie is a random id, kept unless somebody said that the device is not theirs; here stands
a digest of it.
"""

from __future__ import annotations

import re
import secrets
from datetime import date, timedelta

from flask import Request, Response, current_app
from sqlalchemy import bindparam, delete

from app.accounts.models import Device
from app.clock import now
from app.extensions import db
from app.vault import envelope

KEPT = timedelta(days=180)  # since the last sign-in there
ID_BYTES = 16
END = delete(Device).execution_options(synchronize_session="fetch")
END_UNUSED = END.where(Device.seen_on < bindparam("before"))
END_ONE = END.where(Device.digest == bindparam("digest"))
END_ALL_OF = END.where(Device.user_uid == bindparam("user_uid"))


def id_of(asked: Request) -> str:
    """The id in the device's cookie; empty where there is none."""
    value = asked.cookies.get(_cookie_name(), "")
    return value if re.fullmatch(rf"[0-9a-f]{{{2 * ID_BYTES}}}", value) else ""


def is_known(device: str, user_uid: str) -> bool:
    """Whether this account signed in on the device before."""
    row = db.session.get(Device, (digest_of(device, user_uid), user_uid)) if device else None
    return row is not None and now().date() - row.seen_on <= KEPT


def remember(response: Response, device: str, user_uid: str, *, on: date) -> None:
    """Let the browser keep its id; write down whose it is, once they are signed in whole.

    Before the code is asked for nothing is written down: whoever has the
    passphrase alone makes no device known.
    """
    device = hand_out(response, device)
    db.session.execute(END_UNUSED, {"before": on - KEPT})
    db.session.merge(Device(digest=digest_of(device, user_uid), user_uid=user_uid, seen_on=on))


def hand_out(response: Response, device: str) -> str:
    """Let the browser keep its id, a new one where it has none; returns it."""
    device = device or secrets.token_hex(ID_BYTES)
    response.set_cookie(
        _cookie_name(), device, max_age=KEPT, httponly=True, secure=_is_secure(), samesite="Strict"
    )
    return device


def forget(response: Response, device: str, user_uid: str) -> None:
    """Take the id back from the browser: the device is somebody else's."""
    if device:
        db.session.execute(END_ONE, {"digest": digest_of(device, user_uid)})
        response.delete_cookie(
            _cookie_name(), httponly=True, secure=_is_secure(), samesite="Strict"
        )


def forget_all_of(user_uid: str) -> None:
    """An account that ended leaves no device behind."""
    db.session.execute(END_ALL_OF, {"user_uid": user_uid})


def digest_of(device: str, user_uid: str) -> str:
    """The name under which a device is kept for an account; tells neither its id nor who shares it."""
    return envelope.derived(f"{device} {user_uid}".encode(), "device").hex()[:32]


def _cookie_name() -> str:
    return "__Host-device" if _is_secure() else "device"


def _is_secure() -> bool:
    return not current_app.config["DAFTAR"].demo
