"""Two cards side by side, and making one person of them."""

from __future__ import annotations

from flask import Response, abort

from app.accounts.viewer import viewer
from app.audit import trail
from app.clock import now
from app.people import queries as people
from app.policy import allow
from app.web.answers import back_to, changed, page
from app.workshops import duplicates, merging
from app.workshops.forms import MergeForm
from app.workshops.views import bp


@bp.get("/people/<uid>/merging/<other_uid>")
@allow("people.merge")
def comparison(uid: str, other_uid: str) -> Response:
    """Two cards side by side, to decide whether they are one person's."""
    known, other = people.get_or_404(viewer(), uid), people.get_or_404(viewer(), other_uid)
    if uid == other_uid:
        abort(404)
    trail.saw("person-opened", "person", uid, person_uid=uid)
    trail.saw("person-opened", "person", other_uid, person_uid=other_uid)
    return page("workshops/merge.html", form=MergeForm.shown(), known=known, other=other)


@bp.post("/people/<uid>/merging/<other_uid>")
@allow("people.merge")
@back_to("workshops.comparison")
def merge(uid: str, other_uid: str) -> Response:
    """The one person that is left, with the sign-ups of both."""
    if uid == other_uid:
        abort(404)
    kept, gone = merging.both_locked(viewer(), uid, other_uid)
    form = MergeForm.typed()
    merging.merge(viewer(), kept, gone, take_contact=form.take_contact.data, at=now())
    return changed("notebook.person", uid=uid, said="merged")


@bp.post("/people/<uid>/merging/<other_uid>/difference")
@allow("people.merge")
def keep_apart(uid: str, other_uid: str) -> Response:
    """The workshops: nobody is asked about these two again."""
    if uid == other_uid:
        abort(404)
    for one in (uid, other_uid):
        people.get_or_404(viewer(), one)
    duplicates.dismiss(uid, other_uid, at=now())
    return changed("workshops.index", said="two-people")
