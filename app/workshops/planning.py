"""Making workshops, repeating them, their team and their link: what needs rows and keys together."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Collection
from datetime import date, datetime, time

from flask import abort, current_app

from app.accounts.models import User
from app.accounts.queries import receiver
from app.accounts.viewer import Viewer
from app.assignments import assigning
from app.assignments.models import Assignment
from app.assignments.queries import team as team_of
from app.assignments.rules import NOT_GIVEN
from app.audit import trail
from app.errors import RuleBroken
from app.extensions import UID_SIGNS, db, new_uid
from app.groups.rules import starts_at
from app.people.models import Site
from app.people.queries import desk_readers
from app.people.rules import DESK_NOT_GIVEN
from app.vault import vaults
from app.web.origin import public_origin
from app.workshops import life_rules, queries, rules
from app.workshops.models import Workshop
from app.workshops.signing_up import WaitingList

LINK_SIGNS, CHECK_SIGNS = 14, 6


def create(
    viewer: Viewer, workshop: Workshop, site: Site, *, team: Collection[str] = (), at: datetime
) -> None:
    """Save a new workshop; its list opens for the coordinators of its place and for its team, by uid.

    A facilitator who makes one is its first facilitator.
    """
    workshop.uid, workshop.site_uid = new_uid(), site.uid
    workshop.series_uid = workshop.series_uid or workshop.uid
    workshop.drafted_at = at
    db.session.add(workshop)
    db.session.flush()
    readers = {user.uid: user for user in desk_readers(site.uid)}
    if not readers:
        raise RuleBroken(DESK_NOT_GIVEN, "site")
    asked = set(team) | (set() if viewer.uid in readers else {viewer.uid})
    facilitators = [u for uid in sorted(asked) if (u := receiver(uid, "facilitator"))]
    readers |= {user.uid: user for user in facilitators}
    vault = vaults.make("roster", workshop.uid, list(readers.values()), site_uid=site.uid)
    for user in facilitators:
        assigning.begin("workshop", workshop.uid, user, "facilitator", at=at)
    trail.record("workshop-created", "workshop", workshop.uid, vault_uid=vault.uid)


def repeat(
    viewer: Viewer, first: Workshop, site: Site, *, days: list[date], hour: time, at: datetime
) -> list[Workshop]:
    """The same workshop on further days, perhaps at another place; each a draft with its own list."""
    ahead = first.starts_at - first.closes_at
    goes_along = site.uid == first.site_uid
    facilitators = [a.user_uid for a, _name in team_of(first.uid)] if goes_along else []
    made = []
    for day in days:
        begins = starts_at(day, hour, site.zone)
        copy = Workshop(
            series_uid=first.series_uid,
            kind=first.kind,
            title_ar=first.title_ar,
            title_en=first.title_en,
            about_ar=first.about_ar,
            about_en=first.about_en,
            starts_at=begins,
            minutes=first.minutes,
            room=first.room if goes_along else "",
            closes_at=begins - ahead,
            seats=first.seats,
            needs_approval=first.needs_approval,
            fills_itself=first.fills_itself,
        )
        create(viewer, copy, site, team=facilitators, at=at)
        made.append(copy)
    return made


def change(waiting: WaitingList, *, seats: int, at: datetime) -> None:
    """A workshop was written anew; more seats go to those who wait. Raises RuleBroken."""
    workshop = waiting.workshop
    if workshop.is_over():
        raise RuleBroken(rules.OVER)
    life_rules.resize(workshop, waiting.sign_ups, seats=seats, at=at)
    waiting.settle(at=at)
    trail.record("workshop-changed", "workshop", workshop.uid)


def turn(waiting: WaitingList, as_: str, *, today: date, at: datetime) -> None:
    """Open, close, hold or cancel a workshop, or take its end back.

    Raises RuleBroken; an unknown word is 404.
    """
    workshop = waiting.workshop
    if as_ == "opening":
        life_rules.open_(workshop, at=at)
        waiting.settle(at=at)
    elif as_ == "closing":
        life_rules.close(workshop, at=at)
    elif as_ == "holding":
        life_rules.hold(workshop, today=today, at=at)
    elif as_ == "cancellation":
        life_rules.call_off(workshop, at=at)
    elif as_ == "undo":
        life_rules.take_back(workshop)
        waiting.settle(at=at)
    else:
        abort(404)
    trail.record(f"workshop-{as_}", "workshop", workshop.uid)


def assign(viewer: Viewer, workshop: Workshop, user: User, *, at: datetime) -> None:
    """Assign a facilitator: the list opens for them at once. Raises RuleBroken."""
    refuse_assigning(viewer, workshop, user.uid)
    roster = queries.roster_of(workshop)
    assigning.begin("workshop", workshop.uid, user, "facilitator", at=at)
    vaults.give(viewer.keys, roster, user)
    trail.record("workshop-assigned", "facilitator", user.uid, vault_uid=roster)


def refuse_assigning(viewer: Viewer, workshop: Workshop, user_uid: str) -> None:
    """Raise RuleBroken where the viewer holds nothing to give, or the colleague has no such role or that part already."""
    if not queries.opens_roster(viewer, workshop):
        raise RuleBroken(NOT_GIVEN)
    assigning.refuse(workshop.uid, user_uid, "facilitator")


def unassign(workshop: Workshop, assignment: Assignment, *, at: datetime) -> None:
    """End an assignment: what no other part of theirs opens closes for them."""
    assigning.end(assignment, at=at)
    roster = queries.roster_of(workshop)
    trail.record("workshop-unassigned", "facilitator", assignment.user_uid, vault_uid=roster)


def turn_link_on(workshop: Workshop, *, at: datetime) -> None:
    """Let the public sign up at an address nobody can guess; turned on again it is the same one."""
    if workshop.is_over():
        raise RuleBroken(rules.OVER)
    workshop.link = workshop.link or new_link()
    workshop.link_on_at = workshop.link_on_at or at
    trail.record("link-on", "workshop", workshop.uid)


def turn_link_off(workshop: Workshop, *, anew: bool) -> None:
    """The address answers no more; `anew`: should it ever again, it will be another one."""
    workshop.link_on_at = None
    if anew:
        workshop.link = None
    trail.record("link-off", "workshop", workshop.uid)


def new_link() -> str:
    """Fourteen random signs (67 bits) and six by which a guess is told without the database."""
    chosen = "".join(secrets.choice(UID_SIGNS) for _ in range(LINK_SIGNS))
    return chosen + _check_signs(chosen)


def is_link(text: str) -> bool:
    """Whether this server once made such a link; a guess ends here."""
    chosen, check = text[:LINK_SIGNS], text[LINK_SIGNS:]
    well_made = len(check) == CHECK_SIGNS and set(text) <= set(UID_SIGNS)
    return well_made and hmac.compare_digest(check, _check_signs(chosen))


def link_address(workshop: Workshop) -> str:
    """The whole public address of a workshop's link."""
    return f"{public_origin()}/open/{workshop.link}"


def _check_signs(chosen: str) -> str:
    key = current_app.config["DAFTAR"].server_key
    number = int.from_bytes(hmac.digest(key, f"link {chosen}".encode(), "sha256"))
    signs = []
    for _place in range(CHECK_SIGNS):
        number, place = divmod(number, len(UID_SIGNS))
        signs.append(UID_SIGNS[place])
    return "".join(signs)
