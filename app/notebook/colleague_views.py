"""Colleagues: closing what one of them, or oneself, may open, and recovery for whoever lost their keys."""

from __future__ import annotations

from flask import Response, abort, request, url_for

from app.accounts import confirmation, leaving, shown_once
from app.accounts import recovering as links
from app.accounts.viewer import viewer
from app.assignments import closing
from app.clock import ZONE, now
from app.errors import or_404
from app.notebook import colleagues as reads
from app.notebook import recovering
from app.notebook.views import bp
from app.policy import allow
from app.web.answers import back_to, changed, leave_for, page, query
from app.web.origin import own_origin

LINK = "renewal"  # what is shown once


@bp.get("/colleagues")
@allow("colleagues")
def colleagues() -> Response:
    """Those one works with, and one button beside each that closes all they may open."""
    return page("notebook/colleagues.html", places=reads.by_place(viewer()), zone=ZONE)


@bp.get("/colleagues/<uid>/pause")
@allow("colleagues")
def asking(uid: str) -> Response:
    """One's own passphrase, of whoever closed others just before."""
    colleague = reads.colleague_or_404(viewer(), uid)
    return page("notebook/asking.html", colleague=colleague, form=confirmation.shown())


@bp.post("/colleagues/<uid>/pause")
@allow("colleagues")
@back_to("notebook.asking")
def close(uid: str) -> Response:
    """The colleagues again; with their next request that one opens nothing any more."""
    reads.colleague_or_404(viewer(), uid)
    by = viewer().uid
    if closing.asks_again(by, at=now()):
        if "passphrase" not in request.form:
            return leave_for(url_for("notebook.asking", uid=uid))
        by = confirmation.giver().uid
    closing.close(uid, reads.coordinators_of(uid), by=by, at=now())
    return changed("notebook.colleagues", said="paused")


@bp.get("/colleagues/<uid>/resumption")
@allow("colleagues")
def opening(uid: str) -> Response:
    """Who closed it and when, and one's own passphrase to open it again."""
    colleague = reads.to_open_again_or_404(viewer(), uid)
    return page("notebook/opening.html", colleague=colleague, form=confirmation.shown(), zone=ZONE)


@bp.post("/colleagues/<uid>/resumption")
@allow("colleagues")
@back_to("notebook.opening")
def open_again(uid: str) -> Response:
    """The colleagues again: that one opens what they opened before, once they have signed in."""
    reads.to_open_again_or_404(viewer(), uid)
    closing.lift(confirmation.giver().keys, uid)
    return changed("notebook.colleagues", said="resumed")


@bp.get("/colleagues/<uid>/anew")
@allow("colleagues.recover")
def renewing(uid: str) -> Response:
    """What recovery by colleagues means, what only this one opens, and one's own passphrase."""
    return page(
        "notebook/renewing.html",
        colleague=reads.to_recover_or_404(viewer(), uid),
        alone=bool(recovering.held_alone(uid)),
        form=confirmation.shown(),
    )


@bp.post("/colleagues/<uid>/anew")
@allow("colleagues.recover")
@back_to("notebook.renewing")
def renew(uid: str) -> Response:
    """The link, shown once: to be handed over in person."""
    reads.to_recover_or_404(viewer(), uid)
    by = confirmation.giver().uid
    link = own_origin() + url_for("accounts.anew", token=links.begin(uid, by=by, at=now()))
    of = shown_once.keep(by, link, LINK, at=now())
    return leave_for(url_for("notebook.renewed", uid=uid, of=of))


@bp.get("/colleagues/<uid>/anew/link")
@allow("colleagues.recover")
def renewed(uid: str) -> Response:
    """The link, for ten minutes after it was made."""
    colleague = reads.to_recover_or_404(viewer(), uid)
    link = or_404(shown_once.read(viewer().keys, query("of"), LINK, at=now()))
    return page("notebook/renewed.html", colleague=colleague, link=link)


@bp.post("/colleagues/<uid>/anew/end")
@allow("colleagues")
def refuse_renewal(uid: str) -> Response:
    """Today: nothing changes for that colleague, and the link opens no more."""
    if uid != viewer().uid:
        reads.colleague_or_404(viewer(), uid)
    if not recovering.refuse(uid, by=viewer().uid, at=now()):
        abort(404)
    return changed("notebook.today", said="undone")


@bp.get("/pause")
@allow("colleagues")
def pausing() -> Response:
    """What closing one's own access means, and who can open it again: nobody oneself."""
    me = viewer().uid
    return page("notebook/pause.html", lifters=closing.lifters(me, reads.coordinators_of(me)))


@bp.post("/pause")
@allow("colleagues")
def pause() -> Response:
    """The page where one signs in: nothing opens any more, on this phone and on every other."""
    me = viewer().uid
    closing.close(me, reads.coordinators_of(me), by=me, at=now())
    response = leave_for(url_for("accounts.sign_in"))
    leaving.take_cookies(response)
    return response
