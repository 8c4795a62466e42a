"""What only a person can tick off in the first hour."""

from __future__ import annotations

from flask import Response

from app.audit import trail
from app.clock import now
from app.notebook import first_hour
from app.notebook.views import bp
from app.policy import allow
from app.web.answers import changed


@bp.post("/first-hour/printed")
@allow("staff.manage")
def keys_printed() -> Response:
    """Today, where the printed keys are ticked off."""
    first_hour.printed(at=now())
    trail.record("keys-printed", "organisation", "")
    return changed("notebook.today", said="saved")
