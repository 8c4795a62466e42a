"""Seats, the waiting line and the life of a sign-up. Pure: no request, query or clock.

A sign-up's states, and which of them take a seat, stand on its model. Whatever
frees a seat ends in `promote`; whatever gives one asks `seats_left`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _

from app.errors import RuleBroken
from app.workshops.models import (
    ATTENDED,
    CANCELLED,
    CLOSED,
    CONFIRMED,
    DECLINED,
    EXPIRED,
    NO_SHOW,
    OFFERED,
    OPEN,
    REQUESTED,
    WAITING,
    SignUp,
    Workshop,
)

OFFER_LASTS = timedelta(days=2)
UNDO_LASTS = timedelta(minutes=10)  # for who ended their own sign-up
# Of two sign-ups of one person the one that is further along is kept.
FURTHER = (EXPIRED, REQUESTED, WAITING, OFFERED, NO_SHOW, CONFIRMED, ATTENDED)

FULL = _("Every seat is taken.")
OVER = _("This workshop is over or cancelled.")
NOT_OPEN = _("Signing up for this is closed.")


def seats_left(workshop: Workshop, sign_ups: Iterable[SignUp], *, at: datetime) -> int:
    """How many seats are free; an offer that ran out takes none. Below zero it never is."""
    return workshop.seats - sum(sign_up.takes_seat(at) for sign_up in sign_ups)


def waiting_line(sign_ups: Iterable[SignUp], *, at: datetime) -> list[SignUp]:
    """Who waits, the longest first."""
    waiting = [sign_up for sign_up in sign_ups if sign_up.state(at) == WAITING]
    return sorted(waiting, key=lambda sign_up: sign_up.line or 0)


def is_full(workshop: Workshop, sign_ups: Sequence[SignUp], *, at: datetime) -> bool:
    """Whether whoever signs up now would wait: no seat is free, or others wait for it already."""
    return seats_left(workshop, sign_ups, at=at) < 1 or bool(waiting_line(sign_ups, at=at))


def promote(workshop: Workshop, sign_ups: Sequence[SignUp], *, at: datetime) -> list[SignUp]:
    """Give free seats to those who waited longest, where the workshop fills itself.

    The one function that moves people up: cancelling, declining, an offer that
    ran out and more seats all lead here. Returns those who moved.
    """
    moved = _next_in_line(workshop, sign_ups, at=at)
    for sign_up in moved:
        sign_up.confirmed_at = sign_up.moved_up_at = at
        sign_up.told_at = None
    return moved


def promotion_is_due(workshop: Workshop, sign_ups: Sequence[SignUp], *, at: datetime) -> bool:
    """Whether `promote` would move anybody."""
    return bool(_next_in_line(workshop, sign_ups, at=at))


def sign_up(
    workshop: Workshop, sign_ups: Sequence[SignUp], *, person_uid: str, source: str, at: datetime
) -> SignUp:
    """Put a person on the list: with a seat, on the waiting list, or, from outside, asked about first.

    `source` is staff, public or walk-in. Refused where they are on it already;
    once a workshop was held, only those who walked in are still written down.
    """
    if workshop.cancelled_at or (workshop.held_at and source != "walk-in"):
        raise RuleBroken(OVER)
    if source == "public" and not workshop.link_answers(at):
        raise RuleBroken(NOT_OPEN)
    if any(s.person_uid == person_uid and s.ended_as is None for s in sign_ups):
        raise RuleBroken(_("This person is on the list already."))
    new = SignUp(workshop_uid=workshop.uid, person_uid=person_uid, source=source, signed_up_at=at)
    if source != "public" or not workshop.needs_approval:
        _seat_or_wait(new, workshop, sign_ups, at=at)
    return new


def approve(
    sign_up: SignUp, workshop: Workshop, sign_ups: Sequence[SignUp], *, at: datetime
) -> None:
    """Say yes to who asked: a seat, or the end of the waiting line."""
    refuse_over(workshop)
    if sign_up.state(at) != REQUESTED:
        raise RuleBroken(_("This was answered already."))
    _seat_or_wait(sign_up, workshop, without(sign_up, sign_ups), at=at)


def offer(
    sign_up: SignUp,
    workshop: Workshop,
    sign_ups: Sequence[SignUp],
    *,
    until: datetime,
    at: datetime,
) -> None:
    """Hold a seat for someone until a moment; nobody else gets it meanwhile."""
    refuse_over(workshop)
    if sign_up.state(at) not in (WAITING, OFFERED, EXPIRED):
        raise RuleBroken(_("This person does not wait for a seat."))
    if until <= at:
        raise RuleBroken(_("The answer is due in the past. Choose a later time."), "until")
    if until > workshop.starts_at:
        raise RuleBroken(_("The answer is due after the workshop begins."), "until")
    if seats_left(workshop, without(sign_up, sign_ups), at=at) < 1:
        raise RuleBroken(_("Every seat is taken, so none can be offered."))
    sign_up.offered_at, sign_up.offered_until = at, until


def accept(
    sign_up: SignUp, workshop: Workshop, sign_ups: Sequence[SignUp], *, at: datetime
) -> None:
    """Take the seat that is held; staff may also give a free one to who waits or answered late."""
    refuse_over(workshop)
    if sign_up.state(at) == CONFIRMED:
        return
    if sign_up.state(at) not in (WAITING, OFFERED, EXPIRED):
        raise RuleBroken(_("This person does not wait for a seat."))
    if seats_left(workshop, without(sign_up, sign_ups), at=at) < 1:
        raise RuleBroken(FULL)
    sign_up.confirmed_at = at


def take_offer(sign_up: SignUp, workshop: Workshop, *, at: datetime) -> None:
    """The person's own yes: only while the seat is held for them."""
    refuse_over(workshop)
    if sign_up.state(at) == CONFIRMED:
        return
    if sign_up.state(at) == EXPIRED:
        raise RuleBroken(_("The time to answer has run out. You can ask for a seat again."))
    if sign_up.state(at) != OFFERED:
        raise RuleBroken(_("No seat is held for you right now."))
    sign_up.confirmed_at = at


def tell(sign_up: SignUp, *, at: datetime) -> None:
    """Somebody told them that a seat came to them."""
    if not sign_up.moved_up_at or sign_up.state(at) != CONFIRMED:
        raise RuleBroken(_("No seat came to them by itself."))
    sign_up.told_at = sign_up.told_at or at


def decline(sign_up: SignUp, *, by_them: bool = False, at: datetime) -> None:
    """No to an offer, or to a request; a seat is never offered to them again unless they ask."""
    if sign_up.state(at) == DECLINED:
        return
    if sign_up.state(at) not in (OFFERED, EXPIRED, REQUESTED, WAITING):
        raise RuleBroken(_("There is no offer to decline."))
    sign_up.ended_as, sign_up.ended_at, sign_up.ended_by_them = DECLINED, at, by_them


def cancel(sign_up: SignUp, *, by_them: bool = False, at: datetime) -> None:
    """Take a sign-up off the list; what it held is free from now on."""
    if sign_up.state(at) == CANCELLED:
        return
    if sign_up.ended_as or sign_up.came_as:
        raise RuleBroken(_("This sign-up is over already."))
    sign_up.ended_as, sign_up.ended_at, sign_up.ended_by_them = CANCELLED, at, by_them


def they_may_undo(sign_up: SignUp, *, at: datetime) -> bool:
    """Whether the person may take back that they left: for ten minutes, and not what the team ended."""
    return bool(sign_up.ended_by_them and sign_up.ended_at and at < sign_up.ended_at + UNDO_LASTS)


def undo(sign_up: SignUp, workshop: Workshop, sign_ups: Sequence[SignUp], *, at: datetime) -> bool:
    """Take a cancellation or a decline back.

    A seat that somebody else has meanwhile is not taken away again: then the
    person is first in the waiting line. Returns whether all is as before.
    """
    refuse_over(workshop)
    others = without(sign_up, sign_ups)
    if sign_up.ended_as is None:
        return True
    if any(s.person_uid == sign_up.person_uid and s.ended_as is None for s in others):
        raise RuleBroken(_("This person is on the list already."))
    sign_up.ended_as = sign_up.ended_at = None
    if sign_up.takes_seat(at) and seats_left(workshop, others, at=at) < 1:
        sign_up.confirmed_at = sign_up.offered_at = sign_up.offered_until = None
        places = [other.line for other in others if other.line is not None]
        in_line = bool(waiting_line(others, at=at))
        sign_up.line = min(places) - 1 if in_line else _end_of_line(workshop)
        return False
    return True


def ask_again(
    sign_up: SignUp, workshop: Workshop, sign_ups: Sequence[SignUp], *, at: datetime
) -> None:
    """Who declined, left or answered too late asks for a seat once more: as if signing up now."""
    if workshop.state(at) != OPEN:
        raise RuleBroken(NOT_OPEN)
    if sign_up.state(at) not in (DECLINED, CANCELLED, EXPIRED):
        raise RuleBroken(_("This person is on the list already."))
    others = without(sign_up, sign_ups)
    if any(s.person_uid == sign_up.person_uid and s.ended_as is None for s in others):
        raise RuleBroken(_("This person is on the list already."))
    sign_up.ended_as = sign_up.ended_at = None
    sign_up.offered_at = sign_up.offered_until = None
    sign_up.confirmed_at = sign_up.moved_up_at = sign_up.told_at = sign_up.line = None
    if not (sign_up.source == "public" and workshop.needs_approval):
        _seat_or_wait(sign_up, workshop, others, at=at)


def same_person(kept: SignUp, gone: SignUp, *, at: datetime) -> tuple[SignUp, SignUp]:
    """Of two sign-ups of one person for one workshop: the one that goes on, the one that ends."""
    rank = {state: number for number, state in enumerate(FURTHER)}

    def worth(sign_up: SignUp) -> tuple[int, int]:
        return rank[sign_up.state(at)], -(sign_up.line or 0)

    return (gone, kept) if worth(gone) > worth(kept) else (kept, gone)


def _next_in_line(workshop: Workshop, sign_ups: Sequence[SignUp], *, at: datetime) -> list[SignUp]:
    if not workshop.fills_itself or workshop.state(at) not in (OPEN, CLOSED):
        return []
    if workshop.starts_at <= at:
        return []
    return waiting_line(sign_ups, at=at)[: max(0, seats_left(workshop, sign_ups, at=at))]


def _seat_or_wait(
    sign_up: SignUp, workshop: Workshop, others: Sequence[SignUp], *, at: datetime
) -> None:
    if is_full(workshop, others, at=at):
        sign_up.line = _end_of_line(workshop)
    else:
        sign_up.confirmed_at = at


def _end_of_line(workshop: Workshop) -> int:
    workshop.last_in_line = (workshop.last_in_line or 0) + 1
    return workshop.last_in_line


def without(sign_up: SignUp, sign_ups: Iterable[SignUp]) -> list[SignUp]:
    """Everybody on a list but one."""
    return [other for other in sign_ups if other.uid != sign_up.uid]


def refuse_over(workshop: Workshop) -> None:
    """Raise RuleBroken where nothing about seats changes any more."""
    if workshop.is_over():
        raise RuleBroken(OVER)
