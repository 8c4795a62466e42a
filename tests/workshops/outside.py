"""What the tests of the public pages do again and again, with a link or with code words."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from app.extensions import db
from app.workshops.models import SignUp, Workshop
from tests.client import Browser, Page
from tests.organisation import NOW

NAME = "نورس البعيد"


def sign_up(browser: Browser, link: str, **typed: str) -> Page:
    """Fill in the public form and follow where it leads."""
    form = browser.get(f"/open/{link}?language=en").form(f"/open/{link}")
    return form.fill(**({"name": NAME} | typed)).press().follow()


def word_on(page: Page) -> str:
    """The code word that a page shows."""
    return next(b.words for b in page.root.all("b") if "long" in b.get("class"))


def look_up(browser: Browser, word: str) -> Page:
    form = browser.get("/code?language=en").form("/code")
    return form.fill(code=word).press().follow()


def make_room(app, workshop: str, seats: int) -> None:
    with app.app_context():
        db.session.get_one(Workshop, workshop).seats = seats
        db.session.commit()
        db.session.remove()


def change(app, workshop: str, **values: object) -> None:
    with app.app_context():
        row = db.session.get_one(Workshop, workshop)
        for name, value in values.items():
            setattr(row, name, value)
        db.session.commit()
        db.session.remove()


def sign_ups(app, workshop: str) -> int:
    with app.app_context():
        number = db.session.scalar(
            select(func.count()).select_from(SignUp).where(SignUp.workshop_uid == workshop)
        )
        db.session.remove()
    return number or 0


def offered_to_public(app, browser: Browser, organisation) -> None:
    """Take the public person's seat and offer it to them by hand, three hours long."""
    workshop = organisation.workshop
    with app.app_context():
        row = db.session.get_one(SignUp, workshop.on_list["public"].stay)
        row.confirmed_at, row.offered_at = None, NOW
        row.offered_until = NOW + timedelta(hours=3)
        db.session.commit()
        db.session.remove()
