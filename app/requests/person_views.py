"""A request of somebody whom the organisation knows: taken at the desk, or sent to it by a facilitator."""

from __future__ import annotations

from flask import Response

from app.accounts.viewer import viewer
from app.audit import trail
from app.clock import now
from app.errors import or_404
from app.groups import queries as groups
from app.groups.models import Group
from app.people import queries as people
from app.policy import allow
from app.requests import requesting
from app.requests.forms import WishForm
from app.requests.requesting import Wish
from app.requests.views import bp
from app.web.answers import back_to, changed, page
from app.web.idempotency import idempotent


@bp.get("/people/<uid>/requests/new")
@allow("requests.keep")
def new_of_person(uid: str) -> Response:
    """What is wanted, and how urgent; who it is and how to reach them is known."""
    person = people.get_or_404(viewer(), uid)
    trail.saw("person-opened", "person", uid, person_uid=uid)
    return page("requests/ask.html", form=WishForm.shown(), person=person)


@bp.post("/people/<uid>/requests/new")
@allow("requests.keep")
@idempotent
@back_to("requests.new_of_person")
def create_of_person(uid: str) -> Response:
    """The request's page."""
    person = people.get_or_404(viewer(), uid)
    form = WishForm.checked()
    wish, site_uid = form.wish(viewer().uid), person.site.uid
    request = requesting.open_request(viewer(), wish, person_uid=uid, site_uid=site_uid, at=now())
    return changed("requests.show", uid=request.uid, said="request-taken")


@bp.get("/groups/<uid>/members/<person_uid>/request")
@allow("requests.send")
def write(uid: str, person_uid: str) -> Response:
    """What a facilitator asks the desk to do for a member."""
    group = groups.get_or_404(viewer(), uid)
    member = _member_or_404(group, person_uid)
    trail.saw("person-opened", "person", person_uid, person_uid=person_uid)
    form = WishForm.shown(came_from="facilitator")
    return page("requests/send.html", form=form, group=group, member=member)


@bp.post("/groups/<uid>/members/<person_uid>/request")
@allow("requests.send")
@idempotent
@back_to("requests.write")
def send(uid: str, person_uid: str) -> Response:
    """The person's page: the desk has it, and its sender cannot read it back."""
    group = groups.get_or_404(viewer(), uid)
    _member_or_404(group, person_uid)
    form = WishForm.checked()
    wish = Wish("facilitator", form.wants.data, form.urgency.data, form.remark.data or "")
    requesting.open_request(
        viewer(), wish, person_uid=person_uid, site_uid=group.site_uid, at=now()
    )
    said = "request-sent-now" if wish.urgency == "urgent" else "request-sent"
    return changed("notebook.person", uid=person_uid, said=said)


def _member_or_404(group: Group, person_uid: str) -> groups.Member:
    active = (one for one in groups.roster(viewer(), group, at=now()) if one.state == "active")
    return or_404(next((one for one in active if one.person_uid == person_uid), None))
