"""Taking a request of somebody who is known already."""

from __future__ import annotations

from flask import Response

from app.accounts.viewer import viewer
from app.audit import trail
from app.clock import now
from app.people import queries as people
from app.policy import allow
from app.support import requesting
from app.support.forms import WishForm
from app.support.requesting import Wish
from app.support.views import bp
from app.web.answers import changed, page, refused
from app.web.once import once


@bp.get("/people/<uid>/requests/new")
@allow("requests.keep")
def new_of_known(uid: str) -> Response:
    """What is wanted, and how urgent; who it is and how to reach them is known."""
    person = people.get_or_404(viewer(), uid)
    trail.saw("person-opened", "person", uid, person_uid=uid)
    return page("support/ask.html", form=WishForm.shown(), person=person)


@bp.post("/people/<uid>/requests/new")
@allow("requests.keep")
@once
def create_of_known(uid: str) -> Response:
    """The request's page."""
    person = people.get_or_404(viewer(), uid)
    form = WishForm.typed()
    if not form.validate():
        return refused("support.new_of_known", form=form, uid=uid)
    wish = Wish(
        form.came_from.data,
        form.wants.data,
        form.urgency.data,
        form.remark.data or "",
        viewer().uid,
    )
    request = requesting.open_request(
        viewer(), wish, person_uid=uid, site_uid=person.site.uid, at=now()
    )
    return changed("support.show", uid=request.uid, said="request-taken")
