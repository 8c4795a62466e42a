"""What ends where somebody asks not to be contacted any more."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from app.extensions import db
from app.requests import requesting
from app.requests.models import CLOSED, Request


def of_contact(person_uid: str, at: datetime) -> None:
    """Every open request of theirs is closed."""
    for request in db.session.scalars(
        select(Request).where(Request.person_uid == person_uid, Request.ended_at.is_(None))
    ).all():
        requesting.end(request, CLOSED, "", at=at)
