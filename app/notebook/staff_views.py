"""Staff, for administrators: inviting, roles, places, leaving. No content anywhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Response, abort, url_for

from app.accounts import joining, queries, short_codes, shown_once, tries
from app.accounts.models import User
from app.accounts.viewer import viewer
from app.audit import trail
from app.clock import now
from app.errors import RuleBroken, or_404
from app.notebook import staffing
from app.notebook.forms import InviteForm, PlaceOfStaffForm, RolesForm
from app.notebook.views import bp
from app.people import places
from app.people import queries as people
from app.people.rules import folded
from app.policy import ROLES, allow
from app.web import lists
from app.web.answers import back_to, changed, leave_for, page, query
from app.web.idempotency import idempotent
from app.web.origin import own_origin
from app.web.paging import Page

LINK = "invitation"  # what is shown once after inviting
# The words of an address, which are neutral, for a role.
ROLE_WORDS = {
    "house": "administrator",
    "desk": "coordinator",
    "groups": "facilitator",
    "files": "counsellor",
    "review": "supervisor",
}
STATES: Mapping[str, Callable[[User], bool]] = {
    "open": lambda user: user.left_at is None,
    "no-code": lambda user: user.left_at is None and user.second_factor is None,
    "over": lambda user: user.left_at is not None,
}
ORDERS: Mapping[str, Callable[[User], Any]] = {
    "name": lambda user: folded(user.working_name),
    "joined": lambda user: user.joined_at,
}


@bp.get("/staff")
@allow("staff.manage")
def staff() -> Response:
    """Everybody on the staff, who tried to sign in in vain today, and the invitations that are open."""
    everybody, roles = queries.everybody(), queries.roles_by_user()
    coordinated = people.coordinated_by_each()
    places = dict(people.places_to_choose(site for sites in coordinated.values() for site in sites))
    asked_for = lists.asked(sort=ORDERS, state=STATES, role=ROLE_WORDS, place=places)
    is_so = STATES.get(asked_for.get("state", ""))
    role, place = ROLE_WORDS.get(asked_for.get("role", "")), asked_for.get("place")
    found = [
        user
        for user in everybody
        if (is_so is None or is_so(user))
        and (role is None or role in roles.get(user.uid, ()))
        and (place is None or place in {site.uid for site in coordinated.get(user.uid, ())})
    ]
    shown = Page.of(lists.in_order(found, asked_for, ORDERS))
    in_vain, in_vain_in_all = tries.of_accounts_today([user.uid for user in shown.rows], at=now())
    return page(
        "notebook/staff.html",
        shown=shown,
        asked_for=asked_for,
        whole=len(everybody),
        in_vain=in_vain,
        in_vain_in_all=in_vain_in_all,
        roles=roles,
        coordinated=coordinated,
        places=sorted(places.items(), key=lambda place: place[1]),
        invitations=queries.open_invitations(),
        short_codes=short_codes.are_allowed(),
    )


@bp.post("/staff/short-codes/<any(on, off):as_>")
@allow("staff.manage")
def allow_short_codes(as_: str) -> Response:
    """The staff page: whether six digits open a locked sign-in, from now on."""
    short_codes.allow(as_ == "on")
    trail.record(f"short-codes-{as_}", "organisation", "")
    return changed("notebook.staff", said="saved")


@bp.get("/staff/new")
@allow("staff.manage")
def inviting() -> Response:
    """A working name, a language and roles."""
    return page("notebook/invite.html", form=InviteForm.shown(), roles=ROLES)


@bp.post("/staff/new")
@allow("staff.manage")
@idempotent
@back_to("notebook.inviting")
def invite() -> Response:
    """The link, shown once: to be handed over in person."""
    form = InviteForm.checked()
    if not form.chosen():
        raise RuleBroken(staffing.CHOOSE_A_ROLE, "administrator")
    invitation, token = joining.invite(
        working_name=form.name.data or "",
        language=form.language.data,
        roles=form.chosen(),
        by=viewer().uid,
        at=now(),
    )
    link = own_origin() + url_for("accounts.join", token=token)
    of = shown_once.keep(viewer().uid, link, LINK, at=now())
    return leave_for(url_for("notebook.invited", uid=invitation.uid, of=of))


@bp.get("/invitations/<uid>")
@allow("staff.manage")
def invited(uid: str) -> Response:
    """The link of an invitation, for ten minutes after it was made."""
    link = shown_once.read(viewer().keys, query("of"), LINK, at=now())
    invitation = next((i for i in queries.open_invitations() if i.uid == uid), None)
    if link is None or invitation is None:
        abort(404)
    return page("notebook/invited.html", link=link, invitation=invitation)


@bp.post("/invitations/<uid>/end")
@allow("staff.manage")
def take_back(uid: str) -> Response:
    """The staff page: the link no longer works."""
    invitation = or_404(next((i for i in queries.open_invitations() if i.uid == uid), None))
    invitation.ended_at = now()
    trail.record("invitation-taken-back", "invitation", uid)
    return changed("notebook.staff", said="undone")


@bp.get("/staff/<uid>")
@allow("staff.manage")
def member(uid: str) -> Response:
    """One colleague: roles, places, and ending the account."""
    user = or_404(queries.by_uid(uid))
    held = queries.roles_by_user().get(uid, set())
    coordinated = people.coordinated_by(uid)
    taken = {site.uid for _c, site in coordinated}
    free = [site for site in people.every_site() if site.uid not in taken]
    return page(
        "notebook/member.html",
        user=user,
        form=RolesForm.shown(**{role: role in held for role in ROLES}),
        roles=ROLES,
        held=held,
        coordinated=coordinated,
        place_form=PlaceOfStaffForm.shown().offering(site=people.places_to_choose(free)),
    )


@bp.post("/staff/<uid>/roles")
@allow("staff.manage")
@back_to("notebook.member")
def set_roles(uid: str) -> Response:
    """The colleague with these roles, from their next request on."""
    user, form = or_404(queries.by_uid(uid)), RolesForm.typed()
    staffing.set_roles(user, form.chosen(), at=now())
    return changed("notebook.member", uid=uid, said="saved")


@bp.post("/staff/<uid>/places")
@allow("staff.manage")
@back_to("notebook.member")
def assign_place(uid: str) -> Response:
    """The colleague with one more place; a coordinator who holds its desk gives it to them."""
    user = or_404(queries.by_uid(uid))
    form = PlaceOfStaffForm.checked(site=people.places_to_choose(people.every_site()))
    try:
        places.coordinate(user, people.place_or_404(form.site.data), at=now())
    except RuleBroken as broken:
        raise RuleBroken(broken.message, "site") from broken
    return changed("notebook.member", uid=uid, said="assigned")


@bp.post("/staff/<uid>/places/<coordination_uid>/end")
@allow("staff.manage")
def end_place(uid: str, coordination_uid: str) -> Response:
    """The colleague without that place: its desk and rosters close for them at once."""
    or_404(queries.by_uid(uid))
    found = (c for c, _site in people.coordinated_by(uid) if c.uid == coordination_uid)
    places.end_coordination(or_404(next(found, None)), at=now())
    return changed("notebook.member", uid=uid, said="unassigned")


@bp.post("/staff/<uid>/end")
@allow("staff.manage")
@back_to("notebook.member")
def end_account(uid: str) -> Response:
    """The staff page: the account opens nothing any more."""
    user = or_404(queries.by_uid(uid))
    staffing.depart(user, at=now())
    return changed("notebook.staff", said="account-ended")
