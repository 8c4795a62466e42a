"""What a watcher asks."""

from __future__ import annotations

from flask import Blueprint, Response

from app.clock import now
from app.policy import public
from app.upkeep import chores

bp = Blueprint("upkeep", __name__)


@bp.get("/healthz")
@public("A watcher asks whether the notebook is up.", host="both")
def healthz() -> Response:
    """ "ok", or 503 where nothing can be written."""
    if chores.can_write(at=now()):
        return Response("ok", mimetype="text/plain")
    return Response("unavailable", 503, mimetype="text/plain")
