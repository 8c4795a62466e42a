"""Staff, for administrators: inviting, roles, places, leaving. No content anywhere."""

from __future__ import annotations

from flask import Response, abort, url_for

from app.accounts import joining, queries, short_codes, shown_once, tries
from app.accounts.viewer import viewer
from app.audit import trail
from app.clock import now
from app.errors import RuleBroken, or_404
from app.notebook import staffing
from app.notebook.forms import InviteForm, PlaceOfStaffForm, RolesForm
from app.notebook.views import bp
from app.people import places
from app.people import queries as people
from app.policy import ROLES, allow
from app.web.answers import back_to, changed, leave_for, page, query
from app.web.idempotency import idempotent
from app.web.origin import own_origin

LINK = "invitation"  # what is shown once after inviting


@bp.get("/staff")
@allow("staff.manage")
def staff() -> Response:
    """Everybody on the staff, who tried to sign in in vain today, and the invitations that are open."""
    everybody = queries.everybody()
    in_vain, in_vain_in_all = tries.of_accounts_today([user.uid for user in everybody], at=now())
    return page(
        "notebook/staff.html",
        everybody=everybody,
        in_vain=in_vain,
        in_vain_in_all=in_vain_in_all,
        roles=queries.roles_by_user(),
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
