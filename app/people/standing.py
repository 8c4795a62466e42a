"""Whose answer is missing: who was never asked whether they may be contacted, or counted."""

from __future__ import annotations

from sqlalchemy import exists, or_, select

from app.assignments.queries import REACHED
from app.people.models import Consent, Person

OF_PERSON = Consent.person_uid == Person.uid
NEVER_ASKED = select(Person.uid).where(
    Person.site_uid.in_(REACHED),
    or_(
        ~exists().where(OF_PERSON, Consent.purpose == "contact"),
        ~exists().where(OF_PERSON, Consent.purpose == "reports"),
    ),
)
