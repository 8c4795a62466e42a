"""What became of a follow-up. Where one is written stands beside the meeting it belongs to (`sessions`)."""

from __future__ import annotations

from flask import Blueprint, Response, abort

from app.accounts.viewer import viewer
from app.clock import now
from app.follow_ups import following_up, queries
from app.policy import allow
from app.web.answers import back_to, changed

bp = Blueprint("follow_ups", __name__)


@bp.post("/follow-ups/<uid>/<as_>")
@allow("follow_ups.keep")
@back_to("notebook.today")
def end(uid: str, as_: str) -> Response:
    """Today, without what is done or dropped; a strip takes it back."""
    found = queries.get_or_404(viewer(), uid)
    if as_ not in ("done", "dropped", "undo"):
        abort(404)
    if as_ == "undo":
        following_up.reopen(found)
        return changed("notebook.today", said="undone")
    following_up.end(found, as_=as_, at=now())
    return changed("notebook.today", said="follow-up-ended", of=uid)
