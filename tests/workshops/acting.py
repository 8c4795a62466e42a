"""What the tests of workshops do again and again, as the coordinator of the place."""

from __future__ import annotations

from app.extensions import db
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
