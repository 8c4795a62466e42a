"""Workshops as staff see them: the list, one workshop, making, changing and repeating it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import time, timedelta
from typing import Any

from flask import Blueprint, Response

from app.accounts.viewer import viewer
from app.assignments.queries import team as team_of
from app.audit import trail
from app.clock import now, today
from app.i18n import language
from app.people import queries as people
from app.people.rules import folded
from app.policy import allow
from app.web import lists
from app.web.answers import back_to, changed, page
from app.web.idempotency import idempotent
from app.web.paging import Page
from app.workshops import duplicates, life_rules, planning, queries, rules, signing_up
from app.workshops.forms import RepeatForm, WorkshopForm
from app.workshops.models import Workshop

bp = Blueprint("workshops", __name__)
ORDERS: Mapping[str, Callable[[Workshop], Any]] = {
    "name": lambda workshop: folded(workshop.title(language())),
    "day": lambda workshop: workshop.starts_at,
}


@bp.get("/workshops")
@allow("workshops.view")
def index() -> Response:
    """One's workshops: those to come, soonest first, then those that are over."""
    at, everything = now(), queries.workshops(viewer())
    signing_up.settle_first(everything, at=at)
    coming = [w for w in reversed(everything) if not w.is_over() and w.starts_at > at]
    past = [w for w in everything if w.is_over() or w.starts_at <= at]
    places = {w.site_uid: w.site.called(language()) for w in everything}
    asked_for = lists.asked(sort=ORDERS, place=places, state=("coming", "over"))
    found = {"coming": coming, "over": past}.get(asked_for.get("state", ""), [*coming, *past])
    found = [w for w in found if asked_for.get("place", w.site_uid) == w.site_uid]
    shown = Page.of(lists.in_order(found, asked_for, ORDERS))
    sign_ups = queries.sign_ups_of([workshop.uid for workshop in shown.rows])
    return page(
        "workshops/index.html",
        workshops=shown,
        asked_for=asked_for,
        places=sorted(places.items(), key=lambda place: place[1]),
        states={w.uid: w.state(at) for w in shown.rows},
        left={w.uid: rules.seats_left(w, sign_ups[w.uid], at=at) for w in shown.rows},
        waiting={w.uid: len(rules.waiting_line(sign_ups[w.uid], at=at)) for w in shown.rows},
    )


@bp.get("/workshops/new")
@allow("workshops.create")
def new() -> Response:
    """An empty workshop, a fortnight from now."""
    sites = queries.places_to_hold(viewer())
    proposed = today(sites[0].zone if sites else "Asia/Jerusalem") + timedelta(days=14)
    form = WorkshopForm.shown(
        site=sites[0].uid if sites else "",
        on=proposed,
        at=time(17, 0),
        closes_on=proposed - timedelta(days=1),
    )
    return page("workshops/edit.html", form=form.offer_places(sites), workshop=None)


@bp.post("/workshops/new")
@allow("workshops.create")
@idempotent
@back_to("workshops.new")
def create() -> Response:
    """The new workshop's page: a draft, until somebody opens it."""
    sites = queries.places_to_hold(viewer())
    form = WorkshopForm.typed().offer_places(sites).check()
    site = next(site for site in sites if site.uid == form.site.data)
    form.check_whole(site)
    workshop = Workshop(seats=form.seats.data or 1, room="")
    form.fill(workshop, site)
    planning.create(viewer(), workshop, site, at=now())
    return changed("workshops.show", uid=workshop.uid, said="saved")


@bp.get("/workshops/<uid>")
@allow("workshops.view")
def show(uid: str) -> Response:
    """A workshop: its facts, the seats in words, everybody on the list, and what can be done."""
    workshop, at = queries.get_or_404(viewer(), uid), now()
    signing_up.settle_first([workshop], at=at)
    on_list = queries.listed(viewer(), workshop, at=at)
    sign_ups = [one.sign_up for one in on_list]
    trail.saw("list-opened", "workshop", uid)
    return page(
        "workshops/show.html",
        region="sign-ups",
        workshop=workshop,
        state=workshop.state(at),
        team=team_of(uid),
        other_dates=queries.other_dates(workshop),
        on_list=Page.of(on_list),
        totals=queries.totals(workshop),
        reads=bool(queries.list_vault(viewer(), workshop)),
        left=rules.seats_left(workshop, sign_ups, at=at),
        line=[sign_up.uid for sign_up in rules.waiting_line(sign_ups, at=at)],
        to_be_told=[sign_up.uid for sign_up in sign_ups if sign_up.is_to_be_told(at)],
        has_come=today(workshop.site.zone) >= workshop.on,
        closes_today=today(workshop.site.zone) == workshop.closes_on,
        link=planning.link_address(workshop) if workshop.link_answers(at) else "",
        duplicates=duplicates.found(viewer(), workshop, on_list),
    )


@bp.get("/workshops/<uid>/edit")
@allow("workshops.keep")
def edit(uid: str) -> Response:
    """The workshop, to be changed."""
    workshop = queries.get_or_404(viewer(), uid)
    form = WorkshopForm.of(workshop).offer_places([workshop.site], workshop.room)
    return page("workshops/edit.html", form=form, workshop=workshop)


@bp.post("/workshops/<uid>/edit")
@allow("workshops.keep")
@idempotent
@back_to("workshops.edit")
def update(uid: str) -> Response:
    """The workshop's page; more seats go to those who wait."""
    at = now()
    waiting = signing_up.begin(viewer(), uid, at=at)
    workshop = waiting.workshop
    form = WorkshopForm.typed().offer_places([workshop.site], workshop.room).check()
    form.check_whole(workshop.site)
    form.fill(workshop, workshop.site)
    planning.change(waiting, seats=form.seats.data or 0, at=at)
    return changed("workshops.show", uid=uid, said="saved")


@bp.post("/workshops/<uid>/state/<as_>")
@allow("workshops.keep")
@back_to("workshops.show")
def turn(uid: str, as_: str) -> Response:
    """The workshop's page: opened, closed, held or cancelled."""
    waiting = signing_up.begin(viewer(), uid, at=now())
    zone = waiting.workshop.site.zone
    planning.turn(waiting, as_, today=today(zone), at=now())
    return changed("workshops.show", uid=uid, said=f"workshop-{as_}", of=uid)


@bp.get("/workshops/<uid>/repetition")
@allow("workshops.keep")
def repetition(uid: str) -> Response:
    """Where and when the same workshop takes place again."""
    workshop = queries.get_or_404(viewer(), uid)
    form = RepeatForm.shown(
        site=workshop.site_uid, on=workshop.on + timedelta(days=7), at=workshop.at
    )
    form.offering(site=people.places_to_choose(queries.places_to_hold(viewer())))
    return page("workshops/repeat.html", form=form, workshop=workshop)


@bp.post("/workshops/<uid>/repetition")
@allow("workshops.keep")
@idempotent
@back_to("workshops.repetition")
def repeat(uid: str) -> Response:
    """The workshop's page with its further dates, each a draft."""
    workshop = queries.get_or_404(viewer(), uid, lock=True)
    sites = queries.places_to_hold(viewer())
    form = RepeatForm.checked(site=people.places_to_choose(sites))
    days = [form.on.day, *life_rules.days_of_series(form.on.day, weeks=(form.times.data or 1) - 1)]
    site = next(site for site in sites if site.uid == form.site.data)
    planning.repeat(viewer(), workshop, site, days=days, hour=form.at.hour, at=now())
    return changed("workshops.show", uid=uid, said="repeated")
