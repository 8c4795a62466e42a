"""What the tests of workshops do again and again, as the coordinator of the place."""

from __future__ import annotations

from datetime import date

from sqlalchemy import delete

from app.extensions import db
from app.people.models import Consent
from app.workshops.models import SignUp
from tests.client import Browser, Page
from tests.organisation import Organisation


def stay(organisation: Organisation, state: str) -> str:
    return organisation.workshop.on_list[state].stay


def show(browser: Browser, organisation: Organisation, who: str = "coordinator") -> Page:
    return browser.as_(who).get(f"/workshops/{organisation.workshop.uid}")


def act(browser: Browser, organisation: Organisation, state: str, as_: str) -> Page:
    """Press the button for an act on the page of a sign-up."""
    page = browser.as_("coordinator").get(f"/sign-ups/{stay(organisation, state)}")
    return page.form(f"/{as_}").press().follow()


def state_of(app, uid: str, at) -> str:
    with app.app_context():
        found = db.session.get_one(SignUp, uid).state(at)
        db.session.remove()
    return found


def withdraw_contact(app, person_uid: str) -> None:
    """They agreed to be contacted once, and took it back."""
    with app.app_context():
        db.session.execute(delete(Consent).where(Consent.person_uid == person_uid))
        row = Consent(person_uid=person_uid, purpose="contact", recorded_by=person_uid)
        row.given_on, row.withdrawn_on = date(2026, 11, 1), date(2026, 11, 2)
        db.session.add(row)
        db.session.commit()
        db.session.remove()
