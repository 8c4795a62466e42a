"""Enrolling people, the waiting list, leaving."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask import Response, abort, request

from app.accounts.viewer import viewer
from app.audit import trail
from app.clock import now, today
from app.errors import RuleBroken
from app.groups import queries, roster, rules
from app.groups.forms import CandidateForm, LeaveForm, OfferForm
from app.groups.views import bp
from app.people import cards
from app.people import queries as people
from app.people.forms import PersonForm
from app.policy import allow
from app.web.answers import asked, back_to, changed, page, refused
from app.web.idempotency import idempotent
from app.web.paging import Page


@bp.get("/groups/<uid>/members/new")
@allow("groups.enrol")
def candidates(uid: str) -> Response:
    """A box to look for someone of the place, and for each a button to enrol or to wait."""
    group = queries.get_or_404(viewer(), uid)
    form = CandidateForm.shown()
    stays = queries.stays(uid)
    inside = {stay.person_uid for stay in stays if stay.ended_as is None}
    desk = viewer().keys.vault("desk", group.site_uid)
    found = people.search_in(viewer(), [desk] if desk else [], form.q.data or "")
    rows = [person for person in found if person.uid not in inside]
    trail.saw("people-searched", "list", "")
    return page(
        "groups/candidates.html",
        region="found",
        group=group,
        form=form,
        reads=desk is not None,
        found=Page.of(rows),
        left=rules.places_left(group, stays, at=now()),
        line=len(rules.waiting_line(stays, at=now())),
    )


@bp.post("/groups/<uid>/members/new")
@allow("groups.enrol")
@back_to("groups.candidates")
def find_candidates(uid: str) -> Response:
    """The same page with those whose name, code or phone holds what was typed."""
    queries.get_or_404(viewer(), uid)
    form = CandidateForm.checked()
    return asked("groups.candidates", form=form, uid=uid)


@bp.post("/groups/<uid>/members/<person_uid>/<as_>")
@allow("groups.enrol")
@back_to("notebook.group")
def enrol(uid: str, person_uid: str, as_: str) -> Response:
    """The group's page with the new member, or with one more who waits."""
    group = queries.get_or_404(viewer(), uid, lock=True)
    person = people.get_or_404(viewer(), person_uid)
    if person.site.uid != group.site_uid or as_ not in ("member", "waiting"):
        abort(404)
    if as_ == "member":
        stay = roster.enrol(
            viewer(),
            group,
            person_uid=person_uid,
            person_key=person.key,
            on=today(group.site.zone),
            at=now(),
        )
    else:
        stay = roster.wait(group, person_uid=person_uid, card=person.card, at=now())
    said = "enrolled" if as_ == "member" else "waiting"
    return changed("notebook.group", uid=uid, said=said, of=stay.uid, at="roster")


@bp.get("/groups/<uid>/people/new")
@allow("groups.enrol")
def newcomer(uid: str) -> Response:
    """An empty card of somebody not known yet, who joins the group or its waiting list."""
    group = queries.get_or_404(viewer(), uid)
    stays = queries.stays(uid)
    return page(
        "groups/newcomer.html",
        form=_card(PersonForm.shown()),
        group=group,
        reads=viewer().keys.vault("desk", group.site_uid) is not None,
        left=rules.places_left(group, stays, at=now()),
        line=len(rules.waiting_line(stays, at=now())),
    )


@bp.post("/groups/<uid>/people/new")
@allow("groups.enrol")
@idempotent
@back_to("groups.newcomer")
def enrol_newcomer(uid: str) -> Response:
    """The group's page with somebody new as a member, or as one more who waits."""
    group = queries.get_or_404(viewer(), uid, lock=True)
    form = _card(PersonForm.typed()).check()
    on, as_ = today(group.site.zone), request.form.get("as", "")
    people.refuse_without_desk(viewer(), group.site)
    person_uid, key = cards.add(viewer(), form.card(), site=group.site, at=now())
    if as_ == "member":
        stay = roster.enrol(viewer(), group, person_uid=person_uid, person_key=key, on=on, at=now())
    else:
        stay = roster.wait(group, person_uid=person_uid, card=form.card(), at=now())
    cards.agree(person_uid, form.agreed(), by=viewer().uid, on=on)
    said = "enrolled" if as_ == "member" else "waiting"
    return changed("notebook.group", uid=uid, said=said, of=stay.uid, at="roster")


@bp.get("/stays/<uid>/offer")
@allow("groups.enrol")
def offer(uid: str) -> Response:
    """Until when the offered place is held."""
    stay, group = queries.stay_and_group_or_404(viewer(), uid)
    proposed = today(group.site.zone) + timedelta(days=rules.OFFER_DAYS)
    form = OfferForm.shown(until=proposed)
    member = queries.member(viewer(), group, stay, at=now())
    trail.saw("person-opened", "person", stay.person_uid, person_uid=stay.person_uid)
    return page("groups/offer.html", form=form, group=group, member=member)


@bp.post("/stays/<uid>/offer")
@allow("groups.enrol")
@back_to("groups.offer")
def make_offer(uid: str) -> Response:
    """The group's page: the place is held until the end of that day."""
    stay, group = queries.stay_and_group_or_404(viewer(), uid, lock=True)
    form = OfferForm.checked()
    until = datetime.combine(form.until.day, time(23, 59), ZoneInfo(group.site.zone))
    member = queries.member(viewer(), group, stay, at=now())
    roster.offer(group, stay, member.card, until=until, at=now())
    return changed("notebook.group", uid=group.uid, said="offered", at="waiting")


@bp.post("/stays/<uid>/acceptance")
@allow("groups.enrol")
def accept(uid: str) -> Response:
    """The group's page with one more member: who waited or was offered a place joins today."""
    stay, group = queries.stay_and_group_or_404(viewer(), uid, lock=True)
    person = people.get_or_404(viewer(), stay.person_uid)
    try:
        roster.accept(
            viewer(), group, stay, person_key=person.key, on=today(group.site.zone), at=now()
        )
    except RuleBroken as broken:
        return refused("notebook.group", message=broken, uid=group.uid)
    return changed("notebook.group", uid=group.uid, said="enrolled", of=uid, at="roster")


@bp.get("/stays/<uid>/end")
@allow("groups.enrol")
def departure(uid: str) -> Response:
    """The last day of a stay, and why it ends."""
    stay, group = queries.stay_and_group_or_404(viewer(), uid)
    form = LeaveForm.shown(on=today(group.site.zone))
    member = queries.member(viewer(), group, stay, at=now())
    trail.saw("person-opened", "person", stay.person_uid, person_uid=stay.person_uid)
    return page("groups/departure.html", form=form, group=group, member=member)


@bp.post("/stays/<uid>/end")
@allow("groups.enrol")
@back_to("groups.departure")
def depart(uid: str) -> Response:
    """The group's page without them, and a strip that takes it back."""
    stay, group = queries.stay_and_group_or_404(viewer(), uid, lock=True)
    form = LeaveForm.checked()
    roster.leave(
        group, stay, on=form.on.day, today=today(group.site.zone), reason=form.reason.data or ""
    )
    return changed("notebook.group", uid=group.uid, said="stay-ended", of=uid)


@bp.post("/stays/<uid>/end/undo")
@allow("groups.enrol")
def undo_departure(uid: str) -> Response:
    """The group's page with them in it, as if they had not left."""
    stay, group = queries.stay_and_group_or_404(viewer(), uid, lock=True)
    try:
        roster.undo_leave(group, stay, at=now())
    except RuleBroken as broken:
        return refused("notebook.group", message=broken, uid=group.uid)
    return changed("notebook.group", uid=group.uid, said="undone")


def _card(form: PersonForm) -> PersonForm:
    """The card without the choice of a place: it is the group's."""
    del form.site
    return form
