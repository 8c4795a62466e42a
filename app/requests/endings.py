"""What ends where somebody asks not to be contacted any more."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, select

from app.extensions import db
from app.requests import requesting
from app.requests.models import CLOSED, Request

OPEN = select(Request).where(
    Request.person_uid == bindparam("person_uid"), Request.ended_at.is_(None)
)


def of_contact(person_uid: str, at: datetime) -> None:
    """Every open request of theirs is closed."""
    for request in db.session.scalars(OPEN, {"person_uid": person_uid}).all():
        requesting.end(request, CLOSED, "", at=at)
