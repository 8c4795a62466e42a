"""Giving access to a colleague who was assigned and cannot read yet."""

from __future__ import annotations

from flask import Response, abort
from flask_login import current_user

from app.accounts import gate
from app.accounts import sign_in as signing_in
from app.accounts.queries import myself
from app.accounts.viewer import Viewer, viewer
from app.clock import now
from app.errors import RuleBroken
from app.notebook import access
from app.notebook.access import Waiting
from app.notebook.forms import GivingForm
from app.notebook.views import bp
from app.policy import allow
from app.vault.keyring import Keyring
from app.web.answers import changed, page, refused


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
    return page("notebook/giving.html", to=to, form=GivingForm.shown())


@bp.post("/access/<of_uid>/<user_uid>")
@allow("access.give")
def give(of_uid: str, user_uid: str) -> Response:
    """The list without them: they can read from their next request on."""
    _waiting_or_404(viewer(), of_uid, user_uid)
    form = GivingForm.typed()
    url = {"of_uid": of_uid, "user_uid": user_uid}
    if not form.validate():
        return refused("notebook.giving", form=form, **url)
    try:
        signing_in.check_again(
            viewer().uid, form.passphrase.data or "", digest=current_user.sign_in, at=now()
        )
    except gate.Crowded:
        abort(503)
    except RuleBroken as broken:
        form.refuse(broken.message, broken.field)
        return refused("notebook.giving", form=form, **url)
    # Read anew: what the giver holds, or what the other waits for, may have ended meanwhile.
    me = viewer()
    myself(user_uid)
    giver = Viewer(me.uid, me.roles, Keyring(me.uid, me.keys.private_key))
    access.give(giver, _waiting_or_404(giver, of_uid, user_uid))
    return changed("notebook.waiting", said="access-given")


def _waiting_or_404(giver: Viewer, of_uid: str, user_uid: str) -> Waiting:
    for to in access.waiting(giver):
        if (to.of_uid, to.user.uid) == (of_uid, user_uid):
            return to
    abort(404)
