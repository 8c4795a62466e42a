"""Referrals: proposing one, the person's consent, sending, the receiver's answer, taking it back."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from flask import Response, abort

from app.accounts.models import User
from app.accounts.queries import by_uid, receiver, staff, working_names
from app.accounts.viewer import viewer
from app.audit import trail
from app.clock import now, today
from app.errors import RuleBroken
from app.i18n import language
from app.people import contact
from app.people import queries as people
from app.policy import allow
from app.requests import queries, referral_queries, referring, rules, sealing
from app.requests.forms import NOBODY, DeclineForm, ReceiverForm, ReferralForm
from app.requests.models import (
    ACCEPTED,
    AGREED,
    DECLINED,
    DONE,
    PROPOSED,
    REVOKED,
    SENT,
    Referral,
)
from app.requests.views import bp
from app.web import lists
from app.web.answers import back_to, changed, page, query, refused
from app.web.idempotency import idempotent
from app.web.paging import Page

OUTSIDE = "outside"
# The words of an address, which are neutral, for what becomes of one.
STATES: Mapping[str, Collection[str]] = {
    "to-send": (PROPOSED, AGREED),
    "sent": (SENT,),
    "yes": (ACCEPTED, DONE),
    "no": (DECLINED,),
    "back": (REVOKED,),
}
ORDERS: Mapping[str, Callable[[Referral], Any]] = {
    "made": lambda one: one.proposed_at,
    "sent": lambda one: one.sent_at,
    "wait": lambda one: one.waits_since,
}


@bp.get("/letters")
@allow("referrals.view")
def referrals() -> Response:
    """The referrals of one's places, and those sent to oneself: to whom, since when, what became of them."""
    everything, at = referral_queries.lines(viewer()), now()
    names = working_names({one.receiver_uid for one in everything if one.receiver_uid})
    places = {one.site_uid: one.site.called(language()) for one in everything}
    asked_for = lists.asked(sort=ORDERS, state=STATES, place=places, who=[*names, OUTSIDE])
    found = [one for one in everything if _fits(one, asked_for)]
    shown = Page.of(lists.in_order(found, asked_for, ORDERS))
    trail.saw("referrals-opened", "list", "")
    return page(
        "requests/referrals.html",
        shown=shown,
        referrals=referral_queries.referred(viewer(), [one.uid for one in shown.rows]),
        waits={
            one.uid: rules.waiting_words(one.waits_since, at=at)
            for one in shown.rows
            if one.waits_since
        },
        asked_for=asked_for,
        whole=len(everything),
        names=names,
        places=sorted(places.items(), key=lambda place: place[1]),
    )


def _fits(one: Referral, to: dict[str, str]) -> bool:
    """Whether it is one of those that the address asks for."""
    receiver = OUTSIDE if one.is_outside else one.receiver_uid
    return (
        to.get("place", one.site_uid) == one.site_uid
        and to.get("who", receiver) == receiver
        and ("state" not in to or one.state in STATES[to["state"]])
    )


@bp.get("/people/<uid>/letters/new")
@allow("referrals.keep")
def new_referral(uid: str) -> Response:
    """To whom a person is referred, and why."""
    person = people.get_or_404(viewer(), uid)
    trail.saw("person-opened", "person", uid, person_uid=uid)
    form = ReferralForm.shown().offering(receiver=_receivers())
    return page("requests/refer.html", form=form, person=person, of=query("of"))


@bp.post("/people/<uid>/letters/new")
@allow("referrals.keep")
@idempotent
def propose(uid: str) -> Response:
    """The referral, proposed; the person is asked before anything is sent.

    It answers the request it was opened from, or else the newest one that is open.
    """
    person = people.get_or_404(viewer(), uid)
    form = ReferralForm.typed(receiver=_receivers())
    if not form.validate():
        return refused("requests.new_referral", form=form, uid=uid, of=query("of") or None)
    asked = [r.uid for r in queries.requests_of_person(viewer(), uid) if r.ended_at is None]
    referral = referring.propose(
        viewer(),
        person_uid=uid,
        site_uid=person.site.uid,
        service=form.service.data,
        reason=form.reason.data or "",
        receiver_uid=form.receiver.data or None,
        outside="" if form.receiver.data else form.outside.data or "",
        request_uid=query("of") if query("of") in asked else next(iter(asked), None),
        at=now(),
    )
    return changed("requests.referral", uid=referral.uid, said="letter-made")


@bp.get("/letters/<uid>")
@allow("referrals.view")
def referral(uid: str) -> Response:
    """A referral: to whom, why, where it stands, and what can be done."""
    found = referral_queries.referral_or_404(viewer(), uid)
    one = found.referral
    form = ReceiverForm.shown(receiver=one.receiver_uid or "").offering(receiver=_receivers())
    trail.saw("referral-opened", "referral", uid, person_uid=one.person_uid)
    return page(
        "requests/referral.html",
        found=found,
        referral=one,
        coordinates="coordinator" in viewer().roles
        and viewer().keys.vault("desk", one.site_uid) is not None,
        receives=one.receiver_uid == viewer().uid,
        names=working_names({one.proposed_by, one.receiver_uid or ""}),
        outside=sealing.outside_name(viewer(), found.referral),
        reason=sealing.why(viewer(), found.referral),
        decline_reason=sealing.at_desk(viewer(), found.referral, "decline_reason") or "",
        consent=people.consent(one.consent_uid),
        form=form,
        decline_form=DeclineForm.shown(),
    )


@bp.post("/letters/<uid>/receiver")
@allow("referrals.keep")
@back_to("requests.referral")
def redirect(uid: str) -> Response:
    """The referral, to somebody else; what was agreed before no longer counts."""
    found = referral_queries.of_desk_or_404(viewer(), uid)
    form = ReceiverForm.checked(receiver=_receivers())
    to = by_uid(form.receiver.data) if form.receiver.data else None
    outside = "" if to else form.outside.data or ""
    referring.redirect(found.referral, to, outside)
    return changed("requests.referral", uid=uid, said="saved")


@bp.post("/letters/<uid>/<any(agreement, sending, yes, no, completion):as_>")
@allow("referrals.keep")
@back_to("requests.referral")
def move_on(uid: str, as_: str) -> Response:
    """The referral one step further; of a service outside its answer is noted here too."""
    found, at = referral_queries.of_desk_or_404(viewer(), uid), now()
    one = found.referral
    if as_ == "agreement":
        contact.refuse_stopped(found.card, one.person_uid)
        referring.agree(viewer(), one, on=today(one.site.zone))
    elif as_ == "sending":
        person = people.get_or_404(viewer(), one.person_uid)
        referring.send(viewer(), one, person, _receiver(one.receiver_uid), at=at)
    elif not one.is_outside:
        abort(404)
    elif as_ == "yes":
        referring.accept(one, at=at)
    elif as_ == "no":
        referring.decline(one, "", at=at)
    else:
        referring.finish(one, at=at)
    return changed("requests.referral", uid=uid, said=f"letter-{as_}")


@bp.post("/letters/<uid>/answer/no")
@allow("referrals.answer")
def turn_down(uid: str) -> Response:
    """Today: it is declined and closed to whom it was sent, or was revoked meanwhile."""
    one = referral_queries.received_or_404(viewer(), uid)
    form = DeclineForm.typed()
    if not form.validate():
        return refused("requests.referral", form=form, uid=uid)
    try:
        referring.decline(one, form.reason.data or "", at=now())
    except RuleBroken as broken:
        return refused("notebook.today", message=broken)
    return changed("notebook.today", said="letter-no")


def _receivers() -> list[tuple[str, object]]:
    return [NOBODY, *((user.uid, user.working_name) for user in staff("counsellor"))]


def _receiver(uid: str | None) -> User | None:
    """The counsellor a referral goes to. Raises RuleBroken where they left or are none any more."""
    if uid is None:
        return None
    user = receiver(uid, "counsellor")
    if user is None:
        raise RuleBroken(rules.RECEIVER_LEFT)
    return user
