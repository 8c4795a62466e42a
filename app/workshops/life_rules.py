"""The life of a workshop: how many seats, open, closed, held, cancelled, repeated. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from flask_babel import lazy_gettext as _

from app.errors import RuleBroken
from app.workshops import rules
from app.workshops.models import DRAFT, OPEN, SignUp, Workshop

MOST_DATES = 12  # of a series, made at once


def resize(workshop: Workshop, sign_ups: Sequence[SignUp], *, seats: int, at: datetime) -> None:
    """Change the number of seats; not below those that are taken."""
    taken = workshop.seats - rules.seats_left(workshop, sign_ups, at=at)
    if seats < taken:
        raise RuleBroken(_("More seats than that are taken."), "seats")
    workshop.seats = seats


def open_(workshop: Workshop, *, at: datetime) -> None:
    """Let people sign up, for the first time or again."""
    rules.refuse_over(workshop)
    if workshop.closes_at <= at:
        raise RuleBroken(_("The day on which signing up closes is past. Change it first."))
    workshop.opened_at = workshop.opened_at or at
    workshop.closed_at = None


def close(workshop: Workshop, *, at: datetime) -> None:
    """Let nobody sign up any more from outside."""
    if workshop.state(at) != OPEN:
        raise RuleBroken(_("Signing up is not open."))
    workshop.closed_at = at


def hold(workshop: Workshop, *, today: date, at: datetime) -> None:
    """The workshop took place."""
    rules.refuse_over(workshop)
    if workshop.state(at) == DRAFT:
        raise RuleBroken(_("Open the workshop first."))
    if today < workshop.on:
        raise RuleBroken(_("The day of the workshop has not come yet."))
    workshop.held_at = at


def call_off(workshop: Workshop, *, at: datetime) -> None:
    """The workshop does not take place; everybody's place on the list stays readable."""
    rules.refuse_over(workshop)
    workshop.cancelled_at = at


def take_back(workshop: Workshop) -> None:
    """Take back that a workshop was held or cancelled: everybody is where they were on the list."""
    if not workshop.is_over():
        raise RuleBroken(_("This workshop is not over."))
    workshop.held_at = workshop.cancelled_at = None


def days_of_series(first: date, *, weeks: int) -> list[date]:
    """The same weekday in each of the following weeks, without the first date itself."""
    return [first + timedelta(weeks=number) for number in range(1, weeks + 1)]
