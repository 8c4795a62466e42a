"""Taking requests and following them up: what needs rows, keys and the trail together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from app.accounts.viewer import Viewer
from app.audit import trail
from app.clock import day
from app.extensions import db, new_uid
from app.groups import queries as groups
from app.groups import roster
from app.groups.models import Group, Membership
from app.people import cards
from app.people.models import REQUEST, Site
from app.people.queries import withdrew_contact
from app.people.rules import Card
from app.requests import rules, sealing
from app.requests.models import PLACED, ContactAttempt, Request
from app.requests.queries import Asked
from app.vault import vaults
from app.vault.envelope import place


@dataclass(frozen=True)
class Wish:
    """What somebody turned to the organisation with."""

    came_from: str
    wants: str
    urgency: str
    remark: str = ""
    owner_uid: str | None = None
    next_contact_on: date | None = None


def take(viewer: Viewer, wish: Wish, card: Card, *, site: Site, at: datetime) -> Request:
    """Take a request of somebody new to the organisation."""
    person_uid, _key = cards.add(viewer, card, site=site, came_by=REQUEST, at=at)
    return open_request(viewer, wish, person_uid=person_uid, site_uid=site.uid, at=at)


def open_request(
    viewer: Viewer, wish: Wish, *, person_uid: str, site_uid: str, at: datetime
) -> Request:
    """A request about a person; what was said is sealed to the desk, also by who cannot read it."""
    request = Request(
        uid=new_uid(),
        site_uid=site_uid,
        person_uid=person_uid,
        came_from=wish.came_from,
        wants=wish.wants,
        urgency=wish.urgency,
        owner_uid=wish.owner_uid,
        next_contact_on=wish.next_contact_on,
        sent_by=viewer.uid,
        opened_at=at,
    )
    desk = sealing.desk_of(site_uid)
    if wish.remark:
        at_place = place("requests", "remark", request.uid)
        request.remark = vaults.seal_text(desk, wish.remark, at_place)
    db.session.add(request)
    db.session.flush()
    trail.record("request-opened", "request", request.uid, vault_uid=desk, person_uid=person_uid)
    return request


def follow(request: Request, *, urgency: str, owner_uid: str | None, on: date | None) -> None:
    """Who looks after a request, how urgent it is, and when the person is contacted next."""
    request.urgency, request.owner_uid, request.next_contact_on = urgency, owner_uid, on
    trail.record("request-changed", "request", request.uid, person_uid=request.person_uid)


def attempt(viewer: Viewer, request: Request, card: Card, result: str, *, at: datetime) -> None:
    """Write down that somebody tried to reach the person."""
    rules.attempt(request, card, result, withdrew=withdrew_contact(request.person_uid))
    db.session.add(
        ContactAttempt(request_uid=request.uid, result=result, made_by=viewer.uid, made_at=at)
    )
    trail.record("contact-tried", "request", request.uid, person_uid=request.person_uid)


def end(request: Request, as_: str, reason: str, *, at: datetime) -> None:
    """Close a request."""
    rules.end_request(request, as_, at=at)
    if reason:
        at_place = place("requests", "end_reason", request.uid)
        request.end_reason = vaults.seal_text(sealing.desk_of(request.site_uid), reason, at_place)
    trail.record(f"request-{as_}", "request", request.uid, person_uid=request.person_uid)


def reopen(request: Request, *, at: datetime) -> None:
    """Take the closing of a request back, and the place on a waiting list that answered it."""
    if request.stay_uid:
        stay = db.session.get_one(Membership, request.stay_uid)
        group = db.session.get_one(Group, stay.group_uid, with_for_update={"of": Group})
        db.session.refresh(stay)
        if stay.ended_as is None and stay.joined_on is None:
            on = day(at, request.site.zone)
            roster.leave(group, stay, on=on, today=on, reason="")
    rules.reopen_request(request)
    trail.record("request-reopened", "request", request.uid, person_uid=request.person_uid)


def place_in_group(viewer: Viewer, asked: Asked, group_uid: str, *, at: datetime) -> None:
    """Put the person on a group's waiting list; the request is answered with that."""
    group = groups.get_or_404(viewer, group_uid, lock=True)
    stay = roster.wait(group, person_uid=asked.request.person_uid, card=asked.card, at=at)
    end(asked.request, PLACED, "", at=at)
    asked.request.stay_uid = stay.uid
