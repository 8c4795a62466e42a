"""How many things wait behind each link of the side column, for those who sit at a desk."""

from __future__ import annotations

from flask import Flask
from flask_login import current_user
from sqlalchemy import union_all

from app.accounts.viewer import Viewer
from app.assignments.queries import scope
from app.cases import today as cases
from app.clock import now
from app.extensions import read
from app.requests import today as requests
from app.requests.referral_queries import DECLINED_SINCE
from app.sessions import today as sessions
from app.workshops import today as workshops

WAITING = union_all(*requests.WAITING, *workshops.WAITING, *sessions.WAITING, *cases.WAITING)
# Whoever only leads groups has a phone, where the column is five words; what waits for them stands on Today.
AT_A_DESK = frozenset({"coordinator", "counsellor", "supervisor"})


def what_waits() -> dict[str, int]:
    """For whoever asks: what waits, and how much of it; in one statement, whatever there is."""
    if not current_user.is_authenticated or not AT_A_DESK & current_user.roles:
        return {}
    me, at = Viewer(current_user.uid, current_user.roles, current_user.keys), now()
    asked = scope(me) | {"at": at, "declined_since": at - DECLINED_SINCE}
    return {what: number for what, number in read(WAITING, asked) if number}


def init_app(app: Flask) -> None:
    """Let the frame of every page ask; it lies below the features that answer."""
    for environment in app.extensions["environments"].values():
        environment.globals |= {"what_waits": what_waits}
