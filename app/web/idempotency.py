"""A form whose repetition would change something does so once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, TypeVar

from flask import Response, request
from flask_login import current_user
from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.exc import IntegrityError

from app.clock import now
from app.extensions import db
from app.web.answers import RELOADED, leave_for
from app.web.models import Done

View = TypeVar("View", bound=Callable[..., Any])
REMEMBERED_FOR = timedelta(days=2)
MINE = (Done.user_uid == bindparam("mine"), Done.key == bindparam("once"))
LOCATION = select(Done.location).where(*MINE)
# Nobody reads the row again in the request that led there.
LED_TO = (
    update(Done)
    .where(*MINE)
    .values(location=bindparam("reached"))
    .execution_options(synchronize_session=False)
)
FORGET = (
    delete(Done)
    .where(Done.done_at < bindparam("before"))
    .execution_options(synchronize_session="fetch")
)


def idempotent(view: View) -> View:
    """Do a post only once per key in its form: the same again leads where the first one led.

    The key stands first in the request's transaction, so that of two posts at
    the same moment the second waits, and then follows the first.
    """

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        key = request.form.get("once", "")[:32]
        if not key.isalnum():
            return view(*args, **kwargs)
        user_uid = current_user.uid
        mine = {"mine": user_uid, "once": key}
        location = db.session.scalar(LOCATION, mine)
        if location is None:
            try:
                forget(at=now())
                db.session.add(Done(user_uid=user_uid, key=key, location="", done_at=now()))
                db.session.flush()
            except IntegrityError:
                db.session.rollback()
                location = db.session.scalar(LOCATION, mine)
        if location is not None:
            return leave_for(location or "/")
        response: Response = view(*args, **kwargs)
        reached = response.headers.get("Location") or response.headers.get(RELOADED, "")
        db.session.execute(LED_TO, {"reached": reached[:200], **mine})
        return response

    return guarded  # type: ignore[return-value]


def forget(*, at: datetime) -> None:
    """Which forms were sent is remembered for two days."""
    db.session.execute(FORGET, {"before": at - REMEMBERED_FOR})
