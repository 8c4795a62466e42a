"""Places, for administrators: name, time zone, closed days."""

from __future__ import annotations

from flask import Response, abort, request

from app.clock import today
from app.people import places, queries
from app.people.forms import ClosedDayForm, PlaceForm
from app.people.views import bp
from app.policy import allow
from app.web.answers import back_to, changed, page
from app.web.forms import day_from
from app.web.idempotency import idempotent


@bp.get("/places")
@allow("places.manage")
def place_list() -> Response:
    """All places."""
    return page("people/places.html", sites=queries.every_site())


@bp.get("/places/new")
@allow("places.manage")
def new_place() -> Response:
    """An empty place."""
    return page("people/place.html", form=PlaceForm.shown(), site=None)


@bp.post("/places/new")
@allow("places.manage")
@idempotent
@back_to("people.new_place")
def create_place() -> Response:
    """The new place, where closed days can be added."""
    form = PlaceForm.checked()
    site = places.fill(None, **_typed(form))
    return changed("people.place", uid=site.uid, said="saved")


@bp.get("/places/<uid>")
@allow("places.manage")
def place(uid: str) -> Response:
    """A place, to be changed, and its closed days."""
    site = queries.place_or_404(uid)
    return page(
        "people/place.html",
        form=PlaceForm.shown(site),
        closed_form=ClosedDayForm.shown(),
        site=site,
        closed=sorted(day for day in queries.closed_days(uid) if day >= today(site.zone)),
    )


@bp.post("/places/<uid>")
@allow("places.manage")
@idempotent
@back_to("people.place")
def change_place(uid: str) -> Response:
    """The changed place."""
    site = queries.place_or_404(uid)
    form = PlaceForm.checked()
    places.fill(site, **_typed(form))
    return changed("people.place", uid=uid, said="saved")


@bp.post("/places/<uid>/closed-days")
@allow("places.manage")
@back_to("people.place")
def close(uid: str) -> Response:
    """The place with one more closed day."""
    site = queries.place_or_404(uid)
    form = ClosedDayForm.checked()
    places.close(site, form.closed_on.day)
    return changed("people.place", uid=uid, said="saved")


@bp.post("/places/<uid>/closed-days/removal")
@allow("places.manage")
def open_again(uid: str) -> Response:
    """The place without that closed day."""
    site = queries.place_or_404(uid)
    day = day_from(request.form.get("day", ""))
    if day is None:
        abort(400)
    places.open_again(site, day)
    return changed("people.place", uid=uid, said="undone")


def _typed(form: PlaceForm) -> dict[str, str]:
    return {
        "name": form.name.data or "",
        "name_en": form.name_en.data or "",
        "zone": form.zone.data,
        "phone_region": form.phone_region.data,
        "rooms": form.rooms.data or "",
    }
