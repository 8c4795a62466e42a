"""One's own calendar address: turned on behind a warning, shown once, taken back at once."""

from __future__ import annotations

from flask import Response, current_app, request, url_for

from app.accounts import shown_once
from app.accounts.viewer import viewer
from app.clock import ZONE, now
from app.errors import or_404
from app.notebook import calendar
from app.notebook.views import bp
from app.policy import allow, public
from app.web.answers import changed, page
from app.web.forms import Form
from app.web.idempotency import idempotent
from app.web.origin import own_origin

ADDRESS = "calendar"  # what is shown once


@bp.get("/calendar")
@allow("calendar")
def calendar_page() -> Response:
    """What a calendar on a phone gives away, and a button to turn it on or off."""
    me = viewer()
    secret = shown_once.read(me.keys, request.args.get("of", ""), ADDRESS, at=now())
    address = url_for("notebook.calendar_feed", secret=secret) if secret else ""
    return page(
        "notebook/calendar.html",
        form=Form.shown(),
        made_at=calendar.made_at(me.uid),
        address=own_origin() + address if address else "",
        zone=ZONE,
    )


@bp.post("/calendar/<any(on, off):as_>")
@allow("calendar")
@idempotent
def turn_calendar(as_: str) -> Response:
    """The page again, with the new address once, or with none."""
    me = viewer()
    if as_ == "off":
        calendar.turn_off(me.uid)
        return changed("notebook.calendar_page", said="calendar-off")
    secret = calendar.turn_on(me.uid, at=now())
    of = shown_once.keep(me.uid, secret, ADDRESS, at=now())
    return changed("notebook.calendar_page", of=of)


@bp.get("/calendar/<secret>.ics")
@public("The secret address stands in for a sign-in: a phone's calendar cannot sign in.")
def calendar_feed(secret: str) -> Response:
    """The calendar, for the program that asks for it; unknown or taken back, nothing."""
    user_uid = or_404(calendar.owner(secret))
    response = current_app.response_class(
        calendar.written(user_uid, secret, at=now()), mimetype="text/calendar"
    )
    response.headers["Content-Disposition"] = 'inline; filename="c.ics"'
    return response
