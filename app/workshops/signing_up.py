"""Signing up, moving up, leaving the list: what needs rows, keys and the trail together.

Every act begins with `begin`, which locks the workshop and gives away what was
freed meanwhile, and ends with `settle`, which gives away what it freed itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask import abort
from flask_babel import lazy_gettext as _

from app.accounts.viewer import Viewer
from app.assignments.rules import NOT_GIVEN
from app.audit import trail
from app.errors import RuleBroken, or_404
from app.extensions import db, new_uid
from app.people import cards, contact
from app.people import rules as people_rules
from app.people.models import SIGN_UP
from app.people.rules import Card
from app.vault import shares, vaults
from app.web import transaction
from app.workshops import attendance_rules, queries, rules
from app.workshops.models import SignUp, Workshop


@dataclass
class WaitingList:
    """A workshop with its row locked, and everybody on its list."""

    workshop: Workshop
    sign_ups: list[SignUp]

    def settle(self, *, at: datetime) -> None:
        """Give free seats to those who waited longest."""
        for moved in rules.promote(self.workshop, self.sign_ups, at=at):
            trail.record("moved-up", "workshop", self.workshop.uid, person_uid=moved.person_uid)

    def one(self, uid: str) -> SignUp:
        """One of its sign-ups, as it is now that the row is locked."""
        return or_404(next((one for one in self.sign_ups if one.uid == uid), None))


def begin(viewer: Viewer, workshop_uid: str, *, at: datetime) -> WaitingList:
    """One of the viewer's workshops, locked, with its list brought up to date."""
    return begun(queries.get_or_404(viewer, workshop_uid, lock=True), at=at)


def begun(workshop: Workshop, *, at: datetime) -> WaitingList:
    """A workshop whose row is locked, with its list brought up to date."""
    waiting = WaitingList(workshop, queries.to_change(workshop.uid))
    waiting.settle(at=at)
    return waiting


def settle_first(workshops: Sequence[Workshop], *, at: datetime) -> None:
    """Before a page reads the lists of workshops: an offer that ran out may have freed a seat for somebody."""
    settled([w for w in workshops if _goes_on(w, at=at)], at=at)


def settled(workshops: Sequence[Workshop], *, at: datetime) -> dict[str, list[SignUp]]:
    """The lists of some workshops, once what was freed is given on."""
    uids = [workshop.uid for workshop in workshops]
    lists = queries.sign_ups_of(uids)
    due = _due(workshops, lists, at=at)
    if not due:
        return lists
    transaction.before_reading(lambda: _settle(due, at=at))
    return queries.sign_ups_of(uids)


def settle_all(*, at: datetime) -> int:
    """Give away what is free in every workshop, however seldom its page is opened.

    For a timer and the command line; returns in how many. The caller commits.
    """
    to_come = queries.that_fill_themselves()
    uids = _due(to_come, queries.sign_ups_of([workshop.uid for workshop in to_come]), at=at)
    _settle(uids, at=at)
    return len(uids)


def _goes_on(workshop: Workshop, *, at: datetime) -> bool:
    return workshop.fills_itself and not workshop.is_over() and workshop.starts_at > at


def _due(
    workshops: Sequence[Workshop], lists: Mapping[str, Sequence[SignUp]], *, at: datetime
) -> list[str]:
    going_on = [workshop for workshop in workshops if _goes_on(workshop, at=at)]
    return [w.uid for w in going_on if rules.promotion_is_due(w, lists[w.uid], at=at)]


def _settle(uids: Sequence[str], *, at: datetime) -> None:
    for workshop in queries.locked(uids):
        begun(workshop, at=at)


def sign_up_known(
    viewer: Viewer,
    waiting: WaitingList,
    *,
    person_uid: str,
    person_key: bytes,
    walk_in_on: date | None = None,
    at: datetime,
) -> SignUp:
    """Put a person on the list and share their card with it; `walk_in_on`: today, they are here."""
    if walk_in_on is None:
        sign_up = rules.sign_up(
            waiting.workshop, waiting.sign_ups, person_uid=person_uid, source="staff", at=at
        )
    else:
        sign_up = attendance_rules.walk_in(
            waiting.workshop, waiting.sign_ups, person_uid=person_uid, today=walk_in_on, at=at
        )
    _save(waiting, sign_up)
    vaults.share(queries.roster_of(waiting.workshop), person_uid, person_key, viewer.keys)
    return sign_up


def sign_up_new(
    viewer: Viewer,
    waiting: WaitingList,
    card: Card,
    *,
    walk_in_on: date | None = None,
    at: datetime,
) -> SignUp:
    """Add a person and put them on the list. Raises RuleBroken where the viewer cannot read it."""
    if not queries.list_vault(viewer, waiting.workshop):
        raise RuleBroken(NOT_GIVEN)
    uid, key = cards.add(viewer, card, site=waiting.workshop.site, came_by=SIGN_UP, at=at)
    return sign_up_known(
        viewer, waiting, person_uid=uid, person_key=key, walk_in_on=walk_in_on, at=at
    )


def sign_up_all(
    viewer: Viewer,
    waiting: WaitingList,
    rows: Sequence[tuple[str, bytes, str]],
    *,
    today: date,
    at: datetime,
) -> tuple[list[SignUp], list[str]]:
    """Put many people on the list, in this order: person, key, and whether they came, if that is known.

    Returns their sign-ups, and of whom the list had no share before. Raises RuleBroken.
    """
    workshop, on_list, new = waiting.workshop, waiting.sign_ups, list[SignUp]()
    for person_uid, _key, came in rows:
        if workshop.held_at:
            one = attendance_rules.walk_in(
                workshop, on_list, person_uid=person_uid, today=today, at=at
            )
        else:
            one = rules.sign_up(workshop, on_list, person_uid=person_uid, source="staff", at=at)
        one.uid = new_uid()
        on_list.append(one)
        new.append(one)
        if came and not one.came_as:
            attendance_rules.mark(
                one, workshop, on_list, came_as=came, by=viewer.uid, today=today, at=at
            )
        record(waiting, "signed-up", one)
    db.session.add_all(new)
    keys = [(person_uid, key) for person_uid, key, _came in rows]
    return new, shares.share_all(queries.roster_of(workshop), keys, viewer.keys)


def sign_up_from_outside(
    dates: Sequence[Workshop], card: Card, *, code_digest: str, at: datetime
) -> bool:
    """Put somebody without an account on the list of each date they can come to.

    Their card has a fresh key, sealed to the desk and to each workshop's list:
    this server cannot read it back. Sent twice, it is done once. Returns
    whether it was done now. `dates` are locked.
    """
    if queries.by_code(code_digest):
        return False
    lists = [begun(workshop, at=at) for workshop in dates]
    first = dates[0].site
    uid = new_uid()
    person, key = people_rules.new_person(
        people_rules.tidied(card, region=first.phone_region), site_uid=first.uid, uid=uid, at=at
    )
    person.came_by = SIGN_UP
    db.session.add(person)
    db.session.flush()
    for waiting in lists:
        sign_up = rules.sign_up(
            waiting.workshop, waiting.sign_ups, person_uid=uid, source="public", at=at
        )
        sign_up.code_digest = code_digest
        _save(waiting, sign_up)
    desks = [vaults.made("desk", site_uid) for site_uid in {w.site_uid for w in dates}]
    for vault in [*desks, *(queries.roster_of(workshop) for workshop in dates)]:
        vaults.share(vault, uid, key, None)
    return True


def act(
    waiting: WaitingList, sign_up: SignUp, as_: str, *, by_the_person: bool = False, at: datetime
) -> bool:
    """Do one of the acts that need nothing but their name. Returns False where an undo came too late.

    Raises RuleBroken; an unknown act is 404.
    """
    workshop, sign_ups, whole = waiting.workshop, waiting.sign_ups, True
    if as_ == "approval":
        rules.approve(sign_up, workshop, sign_ups, at=at)
    elif as_ == "acceptance" and by_the_person:
        rules.take_offer(sign_up, workshop, at=at)
    elif as_ == "acceptance":
        rules.accept(sign_up, workshop, sign_ups, at=at)
    elif as_ == "no":
        rules.decline(sign_up, by_them=by_the_person, at=at)
    elif as_ == "cancellation":
        rules.cancel(sign_up, by_them=by_the_person, at=at)
    elif as_ == "return":
        rules.ask_again(sign_up, workshop, sign_ups, at=at)
    elif as_ == "telling":
        rules.tell(sign_up, at=at)
    elif as_ == "undo" and by_the_person and not rules.they_may_undo(sign_up, at=at):
        raise RuleBroken(_("It is too late to undo this. You can ask for a seat again."))
    elif as_ == "undo":
        whole = rules.undo(sign_up, workshop, sign_ups, at=at)
    else:
        abort(404)
    roster = queries.roster_of(workshop)
    if sign_up.ended_as:
        vaults.end_share(roster, sign_up.person_uid)
    else:
        vaults.resume_share(roster, sign_up.person_uid)
    record(waiting, f"sign-up-{as_}", sign_up)
    waiting.settle(at=at)
    return whole


def offer(
    waiting: WaitingList, sign_up: SignUp, card: Card | None, *, until: datetime, at: datetime
) -> None:
    """Hold a seat for somebody until a moment."""
    contact.refuse_stopped(card, sign_up.person_uid)
    rules.offer(sign_up, waiting.workshop, waiting.sign_ups, until=until, at=at)
    record(waiting, "sign-up-offered", sign_up)


def _save(waiting: WaitingList, sign_up: SignUp) -> None:
    db.session.add(sign_up)
    db.session.flush()
    waiting.sign_ups.append(sign_up)
    record(waiting, "signed-up", sign_up)


def record(waiting: WaitingList, action: str, sign_up: SignUp) -> None:
    """Write in the trail what was done with a sign-up."""
    trail.record(
        action,
        "workshop",
        waiting.workshop.uid,
        vault_uid=queries.roster_of(waiting.workshop),
        person_uid=sign_up.person_uid,
    )
