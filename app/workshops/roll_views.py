"""Who came to a workshop: two taps each, and everybody else at once."""

from __future__ import annotations

from flask import Response

from app.accounts.viewer import viewer
from app.audit import trail
from app.clock import now, today
from app.policy import allow
from app.web import taps
from app.web.answers import changed, page, refused
from app.workshops import attendance, attendance_rules, queries, rules, signing_up
from app.workshops.models import CAME
from app.workshops.views import bp

TAKEN_BACK = "none"


@bp.get("/workshops/<uid>/attendance")
@allow("workshops.keep")
def roll(uid: str) -> Response:
    """On the day: everybody with a seat, and two taps each."""
    workshop, at = queries.get_or_404(viewer(), uid), now()
    signing_up.settle_first([workshop], at=at)
    on_list = queries.listed(viewer(), workshop, at=at)
    sign_ups = [one.sign_up for one in on_list]
    trail.saw("list-opened", "workshop", uid)
    return page(
        "workshops/roll.html",
        region="tally",
        workshop=workshop,
        reads=bool(queries.list_vault(viewer(), workshop)),
        on_list=[one for one in on_list if one.state in ("confirmed", *CAME)],
        tally=attendance_rules.tally(sign_ups, at=at),
        left=rules.seats_left(workshop, sign_ups, at=at),
        **taps.led_to(CAME),
    )


@bp.post("/workshops/<uid>/attendance")
@allow("workshops.keep")
def mark(uid: str) -> Response:
    """The taps, saved: htmx gets the rows that changed and the count, a browser the list at the same place."""
    at = now()
    waiting = signing_up.begin(viewer(), uid, at=at)
    wanted = (*CAME, TAKEN_BACK)
    typed = taps.typed(lambda name, value: value in wanted or name == taps.UNDO)
    taken = attendance.take(
        viewer(), waiting, typed, today=today(waiting.workshop.site.zone), at=at
    )
    if taken.was_in_vain:
        return refused("workshops.roll", message=taken.refused[0], uid=uid)

    def rows_and_count() -> Response:
        return page(
            "workshops/roll.html",
            region="tally",
            workshop=waiting.workshop,
            tally=attendance_rules.tally(waiting.sign_ups, at=at),
            **taken.rows({one.uid: one.came_as for one in waiting.sign_ups}, CAME),
        )

    return changed(
        "workshops.roll", region="tally", lighter=rows_and_count, uid=uid, **taken.address()
    )
