"""Who has an open request for support, and since when."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from app.assignments.queries import REACHED
from app.requests.models import Request

WAITING = select(Request.person_uid, Request.opened_at).where(
    Request.site_uid.in_(REACHED), Request.ended_at.is_(None)
)
OF_PEOPLE = WAITING.add_columns(Request.uid, Request.urgency).where(
    Request.person_uid.in_(bindparam("uids", expanding=True))
)
