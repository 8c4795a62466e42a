"""Giving access to a colleague who was assigned and cannot read yet."""

from __future__ import annotations

from flask import Response, abort

from app.accounts import confirmation
from app.accounts.queries import myself
from app.accounts.viewer import Viewer, viewer
from app.notebook import access
from app.notebook.access import Waiting
from app.notebook.views import bp
from app.policy import allow
from app.web.answers import back_to, changed, page


@bp.get("/access")
@allow("access.give")
def waiting() -> Response:
    """Those who wait for something that one holds."""
    return page("notebook/access.html", waiting=access.waiting(viewer()))


@bp.get("/access/<of_uid>/<user_uid>")
@allow("access.give")
def giving(of_uid: str, user_uid: str) -> Response:
    """Four check words to compare with the colleague, and one's own passphrase."""
    to = _waiting_or_404(viewer(), of_uid, user_uid)
    return page("notebook/giving.html", to=to, form=confirmation.shown())


@bp.post("/access/<of_uid>/<user_uid>")
@allow("access.give")
@back_to("notebook.giving")
def give(of_uid: str, user_uid: str) -> Response:
    """The list without them: they can read from their next request on."""
    _waiting_or_404(viewer(), of_uid, user_uid)
    giver = confirmation.giver()
    myself(user_uid)  # what the other waits for may end at this moment
    to = _waiting_or_404(giver, of_uid, user_uid)
    confirmation.compared(to.check_words)
    access.give(giver, to)
    return changed("notebook.waiting", said="access-given")


def _waiting_or_404(giver: Viewer, of_uid: str, user_uid: str) -> Waiting:
    for to in access.waiting(giver):
        if (to.of_uid, to.uid) == (of_uid, user_uid):
            return to
    abort(404)
