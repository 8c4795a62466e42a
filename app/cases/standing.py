"""Who has an open file of individual support."""

from __future__ import annotations

from sqlalchemy import select

from app.assignments.queries import REACHED
from app.cases.models import Case

OPEN = select(Case.person_uid).where(Case.site_uid.in_(REACHED), Case.closed_at.is_(None))
