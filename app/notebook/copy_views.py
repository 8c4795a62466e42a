"""Printing a copy of one person's record, after saying again who one is."""

from __future__ import annotations

from flask import Response, abort, url_for

from app.accounts import confirmation, shown_once
from app.accounts.viewer import viewer
from app.audit import trail
from app.clock import now
from app.errors import or_404
from app.notebook import history, queries
from app.notebook.forms import CopyForm
from app.notebook.views import bp
from app.people import contact
from app.policy import allow
from app.web.answers import back_to, leave_for, page
from app.web.sections import headed

COPY = "copy"  # what is kept between the passphrase and the copy


@bp.get("/people/<uid>/copy")
@allow("people.copy")
def copy_page(uid: str) -> Response:
    """What the copy holds, and one's own passphrase or code."""
    seen = or_404(queries.person(viewer(), uid))
    trail.saw("person-opened", "person", uid, person_uid=uid)
    return page("notebook/copy.html", form=CopyForm.shown(), uid=uid, card=seen.card)


@bp.post("/people/<uid>/copy")
@allow("people.copy")
@back_to("notebook.copy_page")
def ask_for_copy(uid: str) -> Response:
    """Lead on to the copy, which can be printed for ten minutes."""
    me = viewer()
    if queries.person(me, uid) is None:
        abort(404)
    form = CopyForm.checked()
    confirmation.check(form)
    asked = shown_once.keep(me.uid, uid, COPY, at=now())
    trail.record("record-copy-asked", "person", uid, person_uid=uid)
    return leave_for(url_for("notebook.copy_of", uid=uid, asked=asked))


@bp.get("/people/<uid>/copy/<asked>")
@allow("people.copy")
def copy_of(uid: str, asked: str) -> Response:
    """The copy, to be printed and handed over."""
    me, at = viewer(), now()
    seen = queries.person(me, uid)
    if seen is None or shown_once.read(me.keys, asked, COPY, at=at) != uid:
        abort(404)
    trail.saw("record-printed", "person", uid, person_uid=uid)
    return page(
        "notebook/copy_of.html",
        uid=uid,
        card=seen.card,
        stopped=contact.is_stopped(seen.card, uid),
        contact_shown=seen.contact_shown,
        may_edit=seen.may_edit,
        facts=headed(history.told(history.FACTS, me, uid, at=at)) if seen.may_edit else [],
        events=history.events(me, uid, at=at),
        sections=headed(history.told(history.COPY, me, uid, at=at)),
    )
