"""The list of a workshop: signing somebody up, offering seats."""

from __future__ import annotations

from datetime import time, timedelta
from zoneinfo import ZoneInfo

from flask import Response, request

from app.accounts.viewer import viewer
from app.audit import trail
from app.clock import now, today
from app.errors import RuleBroken
from app.policy import allow
from app.web.answers import asked, back_to, changed, page
from app.web.idempotency import idempotent
from app.web.paging import Page
from app.workshops import duplicates, finding, queries, rules, signing_up
from app.workshops.forms import FindForm, OfferForm, SignUpForm
from app.workshops.views import bp


@bp.get("/workshops/<uid>/sign-ups/new")
@allow("workshops.find_people")
def candidates(uid: str) -> Response:
    """A box to look for somebody of the place, and for each a button to sign them up."""
    workshop, at = queries.get_or_404(viewer(), uid), now()
    signing_up.settle_first([workshop], at=at)
    sign_ups = queries.sign_ups(uid)
    form = FindForm.shown()
    inside = {sign_up.person_uid for sign_up in sign_ups if sign_up.ended_as is None}
    found = finding.search(viewer(), workshop, form.q.data or "")
    trail.saw("people-searched", "list", "")
    return page(
        "workshops/candidates.html",
        region="found",
        workshop=workshop,
        form=form,
        reads=bool(queries.list_vault(viewer(), workshop)),
        found=Page.of([person for person in found if person.uid not in inside]),
        left=rules.seats_left(workshop, sign_ups, at=at),
        line=len(rules.waiting_line(sign_ups, at=at)),
        has_come=today(workshop.site.zone) >= workshop.on,
    )


@bp.post("/workshops/<uid>/sign-ups/new")
@allow("workshops.find_people")
@back_to("workshops.candidates")
def find(uid: str) -> Response:
    """The same page with those whose name, code or phone holds what was typed."""
    queries.get_or_404(viewer(), uid)
    form = FindForm.checked()
    return asked("workshops.candidates", form=form, uid=uid)


@bp.post("/workshops/<uid>/sign-ups/<person_uid>/<any('sign-up','walk-in'):as_>")
@allow("workshops.find_people")
@back_to("workshops.show")
def sign_up(uid: str, person_uid: str, as_: str) -> Response:
    """The workshop's page with them on the list: a seat, or their place in the waiting line."""
    at = now()
    person_key = finding.person_key_or_404(viewer(), person_uid)
    waiting = signing_up.begin(viewer(), uid, at=at)
    zone = waiting.workshop.site.zone
    signing_up.sign_up_known(
        viewer(),
        waiting,
        person_uid=person_uid,
        person_key=person_key,
        walk_in_on=today(zone) if as_ == "walk-in" else None,
        at=at,
    )
    return changed("workshops.show", uid=uid, said="signed-up", at="sign-ups")


@bp.get("/workshops/<uid>/sign-ups/person")
@allow("workshops.keep")
def newcomer(uid: str) -> Response:
    """A name, and perhaps how to reach them."""
    workshop, at = queries.get_or_404(viewer(), uid), now()
    signing_up.settle_first([workshop], at=at)
    sign_ups = queries.sign_ups(uid)
    return page(
        "workshops/newcomer.html",
        form=SignUpForm.shown(),
        workshop=workshop,
        reads=bool(queries.list_vault(viewer(), workshop)),
        left=rules.seats_left(workshop, sign_ups, at=at),
        line=len(rules.waiting_line(sign_ups, at=at)),
        has_come=today(workshop.site.zone) >= workshop.on,
    )


@bp.post("/workshops/<uid>/sign-ups/person")
@allow("workshops.keep")
@idempotent
@back_to("workshops.newcomer")
def sign_up_newcomer(uid: str) -> Response:
    """The workshop's page with somebody new on the list."""
    at = now()
    waiting = signing_up.begin(viewer(), uid, at=at)
    form = SignUpForm.checked()
    here = "walk-in" in request.form
    zone = waiting.workshop.site.zone
    signing_up.sign_up_new(
        viewer(), waiting, form.card(), walk_in_on=today(zone) if here else None, at=at
    )
    return changed("workshops.show", uid=uid, said="signed-up", at="sign-ups")


@bp.get("/sign-ups/<uid>")
@allow("workshops.view")
def one(uid: str) -> Response:
    """One sign-up: where it stands, how to reach the person, and what can be done."""
    sign_up, at = queries.sign_up_or_404(viewer(), uid), now()
    workshop = queries.get_or_404(viewer(), sign_up.workshop_uid)
    signing_up.settle_first([workshop], at=at)
    sign_ups = queries.sign_ups(workshop.uid)
    found = queries.one_listed(viewer(), workshop, sign_up, at=at)
    line = [s.uid for s in rules.waiting_line(sign_ups, at=at)]
    trail.saw("person-opened", "person", found.person_uid, person_uid=found.person_uid)
    return page(
        "workshops/sign_up.html",
        one=found,
        workshop=workshop,
        left=rules.seats_left(workshop, sign_ups, at=at),
        position=line.index(uid) + 1 if uid in line else 0,
        others=[
            (other, date, other.state(at))
            for other, date in queries.other_sign_ups(viewer(), workshop, found.person_uid)
        ],
        to_be_told=sign_up.is_to_be_told(at),
        has_come=today(workshop.site.zone) >= workshop.on,
        duplicates=duplicates.found(viewer(), workshop, [found]),
    )


@bp.post("/sign-ups/<uid>/<as_>")
@allow("workshops.keep")
@back_to("workshops.one")
def act(uid: str, as_: str) -> Response:
    """The list again; what was taken off it can be put back."""
    at = now()
    waiting = signing_up.begin(viewer(), queries.sign_up_or_404(viewer(), uid).workshop_uid, at=at)
    whole = signing_up.act(waiting, waiting.one(uid), as_, at=at)
    said = f"sign-up-{as_}" if whole else "undone-but-waiting"
    workshop, person_uid = waiting.workshop, waiting.one(uid).person_uid
    if as_ in ("acceptance", "approval") and queries.other_sign_ups(viewer(), workshop, person_uid):
        return changed("workshops.one", uid=uid, said=said)
    return changed("workshops.show", uid=workshop.uid, said=said, of=uid, at="sign-ups")


@bp.get("/sign-ups/<uid>/offer")
@allow("workshops.keep")
def offer(uid: str) -> Response:
    """Until when the seat is held."""
    sign_up, at = queries.sign_up_or_404(viewer(), uid), now()
    workshop = queries.get_or_404(viewer(), sign_up.workshop_uid)
    signing_up.settle_first([workshop], at=at)
    latest = min(at + rules.OFFER_LASTS, workshop.starts_at)
    local = latest.astimezone(ZoneInfo(workshop.site.zone))
    hour = time(20) if latest < workshop.starts_at - timedelta(days=1) else local.time()
    found = queries.one_listed(viewer(), workshop, sign_up, at=at)
    trail.saw("person-opened", "person", found.person_uid, person_uid=found.person_uid)
    form = OfferForm.shown(on=local.date(), at=hour)
    return page("workshops/offer.html", form=form, one=found, workshop=workshop)


@bp.post("/sign-ups/<uid>/offer")
@allow("workshops.keep")
@back_to("workshops.offer")
def make_offer(uid: str) -> Response:
    """The list again: the seat is held for them until that moment."""
    at = now()
    waiting = signing_up.begin(viewer(), queries.sign_up_or_404(viewer(), uid).workshop_uid, at=at)
    form = OfferForm.checked()
    until = form.until(waiting.workshop.site.zone)
    sign_up = waiting.one(uid)
    card = queries.one_listed(viewer(), waiting.workshop, sign_up, at=at).card
    try:
        signing_up.offer(waiting, sign_up, card, until=until, at=at)
    except RuleBroken as broken:
        raise RuleBroken(
            broken.message, "on" if broken.field == "until" else broken.field
        ) from broken
    back = waiting.workshop.uid
    return changed("workshops.show", uid=back, said="seat-offered", at="sign-ups")
