"""Who came on the day: marks, and those who came without having signed up. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from flask_babel import lazy_gettext as _

from app.errors import RuleBroken
from app.workshops import rules
from app.workshops.models import ATTENDED, CONFIRMED, NO_SHOW, SignUp, Workshop


def mark(
    sign_up: SignUp,
    workshop: Workshop,
    sign_ups: Sequence[SignUp],
    *,
    came_as: str | None,
    by: str,
    today: date,
    at: datetime,
) -> None:
    """Write down who came; `came_as` empty takes the mark back.

    Refused before the day, and where a walk-in has the seat meanwhile.
    """
    if workshop.cancelled_at:
        raise RuleBroken(rules.OVER)
    if today < workshop.on:
        raise RuleBroken(_("The day of the workshop has not come yet."))
    if sign_up.state(at) not in (CONFIRMED, ATTENDED, NO_SHOW):
        raise RuleBroken(_("Only someone with a seat is marked."))
    others = rules.without(sign_up, sign_ups)
    if came_as != NO_SHOW and rules.seats_left(workshop, others, at=at) < 1:
        raise RuleBroken(_("Somebody else has this seat now. Raise the number of seats first."))
    sign_up.came_as, sign_up.marked_by = came_as or None, by


def walk_in(
    workshop: Workshop, sign_ups: Sequence[SignUp], *, person_uid: str, today: date, at: datetime
) -> SignUp:
    """Someone who came without having signed up takes a free seat, on the day and not before."""
    if today < workshop.on:
        raise RuleBroken(_("The day of the workshop has not come yet."))
    if rules.seats_left(workshop, sign_ups, at=at) < 1:
        raise RuleBroken(
            _("Every seat is taken. Mark who did not come, or raise the number of seats.")
        )
    new = rules.sign_up(workshop, sign_ups, person_uid=person_uid, source="walk-in", at=at)
    new.confirmed_at, new.came_as = at, ATTENDED
    return new


def tally(sign_ups: Iterable[SignUp], *, at: datetime) -> tuple[int, int]:
    """How many with a seat were marked, and of how many."""
    states = [sign_up.state(at) for sign_up in sign_ups]
    marked = sum(state in (ATTENDED, NO_SHOW) for state in states)
    return marked, marked + states.count(CONFIRMED)
