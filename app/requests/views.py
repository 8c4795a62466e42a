"""Requests for support: the queue, one request, taking one, and what becomes of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import Blueprint, Response, abort, current_app

from app.accounts.queries import working_names
from app.accounts.viewer import viewer
from app.assignments.queries import team
from app.audit import trail
from app.clock import now, today
from app.groups import queries as groups
from app.people import cards, contact
from app.people import queries as people
from app.people.models import Site
from app.policy import allow
from app.requests import queries, referral_queries, requesting, rules, sealing
from app.requests.forms import NOBODY, EndForm, FollowForm, PlaceForm, RequestForm
from app.requests.models import ATTEMPTS, URGENCIES
from app.web import lists
from app.web.answers import back_to, changed, page, query
from app.web.idempotency import idempotent
from app.web.paging import Page

bp = Blueprint("requests", __name__)
ORDERS: Mapping[str, Callable[[queries.Waiting], Any]] = {
    "wait": lambda one: one.opened_at,
    "next": lambda one: one.next_contact_on,
}


@bp.get("/requests")
@allow("requests.keep")
def index() -> Response:
    """Who waits: urgency first, then the longest wait; with the longest wait in words."""
    queue, at, sites = queries.queue(viewer()), now(), people.sites(viewer())
    asked_for = lists.asked(
        sort=ORDERS, place=[site.uid for site in sites], urgency=URGENCIES, who=["mine"]
    )
    longest = min((one.opened_at for one in queue), default=None)
    waiting = Page.of(lists.in_order(_narrowed(queue, asked_for), asked_for, ORDERS))
    trail.saw("requests-opened", "list", "")
    asked = queries.asked(viewer(), [one.uid for one in waiting.rows])
    return page(
        "requests/index.html",
        asked=asked,
        waiting=waiting,
        waits={one.uid: rules.waiting_words(one.opened_at, at=at) for one in waiting.rows},
        asked_for=asked_for,
        places=people.places_to_choose(sites),
        whole=len(queue),
        longest=rules.waiting_words(longest, at=at) if longest else None,
        owners=working_names({o for one in asked if (o := one.request.owner_uid)}),
        referred=referral_queries.awaiting_an_answer([one.uid for one in asked]),
        today=min((today(one.request.site.zone) for one in asked), default=None),
    )


def _narrowed(queue: list[queries.Waiting], to: dict[str, str]) -> list[queries.Waiting]:
    mine = viewer().uid if "who" in to else None
    return [
        one
        for one in queue
        if to.get("place", one.site_uid) == one.site_uid
        and to.get("urgency", one.urgency) == one.urgency
        and (mine is None or one.owner_uid == mine)
    ]


@bp.get("/requests/answered")
@allow("requests.keep")
def answered() -> Response:
    """The requests that were placed, declined or closed, the latest first."""
    ended = Page.of(queries.ended(viewer()))
    trail.saw("requests-opened", "list", "")
    return page("requests/answered.html", ended=ended, asked=queries.asked(viewer(), ended.rows))


@bp.get("/requests/new")
@allow("requests.keep")
def new() -> Response:
    """A name to use, what is wanted, how urgent, how to reach them safely; at a place whose desk one holds."""
    sites = people.open_sites(viewer())
    form = RequestForm.shown(site=sites[0].uid if sites else "", owner=viewer().uid)
    return page("requests/new.html", form=form.offering(**_choices(sites)))


@bp.post("/requests/new")
@allow("requests.keep")
@idempotent
@back_to("requests.new")
def create() -> Response:
    """The request's page."""
    form = RequestForm.checked(**_choices(people.sites(viewer())))
    site = people.open_site(viewer(), form.site.data)
    wish = form.wish(form.owner.data or None, form.next_contact_on.data)
    request = requesting.take(viewer(), wish, form.card(), site=site, at=now())
    if form.agrees_contact.data:
        on = today(site.zone)
        cards.agree(request.person_uid, {"contact"}, by=viewer().uid, on=on)
    return changed("requests.show", uid=request.uid, said="request-taken")


@bp.get("/requests/<uid>")
@allow("requests.keep")
def show(uid: str) -> Response:
    """A request: what is wanted, how long they wait, who tried to reach them, what can be done."""
    asked = queries.request_or_404(viewer(), uid)
    request, at = asked.request, now()
    attempts = queries.attempts(uid)
    form = FollowForm.shown(
        urgency=request.urgency,
        owner=request.owner_uid or "",
        next_contact_on=request.next_contact_on,
    )
    trail.saw("request-read", "request", uid, person_uid=request.person_uid)
    return page(
        "requests/show.html",
        asked=asked,
        request_=request,
        remark=sealing.at_desk(viewer(), request, "remark"),
        end_reason=sealing.at_desk(viewer(), request, "end_reason"),
        wait=rules.waiting_words(request.opened_at, at=at),
        attempts=attempts,
        names=working_names({request.sent_by, *(one.made_by for one in attempts)}),
        form=form.offering(owner=_owners(request.site_uid)),
        place_form=PlaceForm.shown().offering(group=_open_groups(request.site_uid)),
        referrals=referral_queries.referrals_of_person(viewer(), request.person_uid),
        same_phone=queries.same_phone(viewer(), asked) if query("said") == "request-taken" else [],
        urgent_contact=current_app.config["DAFTAR"].urgent_contact,
    )


@bp.post("/requests/<uid>")
@allow("requests.keep")
@back_to("requests.show")
def follow(uid: str) -> Response:
    """The request, looked after by somebody until a date."""
    asked = _of_desk_or_404(uid)
    form = FollowForm.checked(owner=_owners(asked.request.site_uid))
    requesting.follow(
        asked.request,
        urgency=form.urgency.data,
        owner_uid=form.owner.data or None,
        on=form.next_contact_on.data,
    )
    return changed("requests.show", uid=uid, said="saved")


@bp.post("/requests/<uid>/attempts/<as_>")
@allow("requests.keep")
@idempotent
@back_to("requests.show")
def attempt(uid: str, as_: str) -> Response:
    """The request with one more attempt to reach them."""
    asked = _of_desk_or_404(uid)
    if as_ not in ATTEMPTS or asked.card is None:
        abort(404)
    requesting.attempt(viewer(), asked.request, asked.card, as_, at=now())
    return changed("requests.show", uid=uid, said="saved", at="attempts")


@bp.post("/requests/<uid>/placement")
@allow("requests.keep")
@back_to("requests.show")
def place(uid: str) -> Response:
    """The queue: the person is on a group's waiting list."""
    asked = _of_desk_or_404(uid)
    form = PlaceForm.checked(group=_open_groups(asked.request.site_uid))
    requesting.place_in_group(viewer(), asked, form.group.data, at=now())
    return changed("requests.index", said="request-placed", of=uid)


@bp.get("/requests/<uid>/answer")
@allow("requests.keep")
def refusal(uid: str) -> Response:
    """Why a request is declined."""
    asked = queries.request_or_404(viewer(), uid)
    trail.saw("request-read", "request", uid, person_uid=asked.request.person_uid)
    return page("requests/decline.html", form=EndForm.shown(), asked=asked)


@bp.post("/requests/<uid>/answer")
@allow("requests.keep")
@back_to("requests.refusal")
def decline(uid: str) -> Response:
    """The queue without it, and a strip that takes it back."""
    asked = _of_desk_or_404(uid)
    form = EndForm.checked()
    requesting.end(asked.request, "declined", form.reason.data or "", at=now())
    return changed("requests.index", said="request-ended", of=uid)


@bp.post("/requests/<uid>/<any(closing, reopening, silence):as_>")
@allow("requests.keep")
@back_to("requests.show")
def end(uid: str, as_: str) -> Response:
    """The queue without it; or open again; or nobody contacts them any more."""
    asked = _of_desk_or_404(uid)
    if as_ == "reopening":
        requesting.reopen(asked.request, at=now())
        return changed("requests.show", uid=uid, said="undone")
    if as_ == "closing":
        requesting.end(asked.request, "closed", "", at=now())
        return changed("requests.index", said="request-ended", of=uid)
    person = people.get_or_404(viewer(), asked.request.person_uid, lock=True)
    contact.stop(person, by=viewer().uid, on=today(person.site.zone), at=now())
    return changed("notebook.person", uid=person.uid, said="contact-changed")


def _of_desk_or_404(uid: str) -> queries.Asked:
    """A request to a place whose desk the viewer holds; its row is locked.

    Who was assigned to the place and cannot open it yet moves and closes nothing there.
    """
    asked = queries.request_or_404(viewer(), uid, lock=True)
    if viewer().keys.vault("desk", asked.request.site_uid) is None:
        abort(404)
    return asked


def _choices(sites: Sequence[Site]) -> dict[str, Any]:
    """Where a new request can be taken, and who may look after it."""
    owners = {uid: name for site in sites for uid, name in _owners(site.uid)}
    return {"site": people.places_to_choose(sites), "owner": list(owners.items())}


def _owners(site_uid: str) -> list[tuple[str, object]]:
    """Who may look after a request: the coordinators of its place."""
    return [NOBODY, *((owner.user_uid, name) for owner, name in team(site_uid))]


def _open_groups(site_uid: str) -> list[tuple[str, str]]:
    """The groups of a place that somebody can wait for."""
    return [
        (g.uid, g.name) for g in groups.groups(viewer()) if g.is_open and g.site_uid == site_uid
    ]
