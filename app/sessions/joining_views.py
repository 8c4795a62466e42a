"""Someone who came for the first time, or came back, and from which day a stay counts."""

from __future__ import annotations

from flask import Response

from app.accounts.viewer import viewer
from app.clock import now, today
from app.errors import RuleBroken
from app.groups import queries as groups
from app.people import cards
from app.policy import allow
from app.sessions import attendance, queries
from app.sessions.forms import NewcomerForm
from app.sessions.views import bp
from app.web.answers import changed, page, refused
from app.web.once import once


@bp.get("/sessions/<uid>/people/new")
@allow("attendance.add_person")
def newcomer(uid: str) -> Response:
    """The least that is asked of someone who came for the first time."""
    meeting, group = queries.meeting_or_404(viewer(), uid)
    return page("sessions/newcomer.html", form=NewcomerForm.shown(), meeting=meeting, group=group)


@bp.post("/sessions/<uid>/people/new")
@allow("attendance.add_person")
@once
def add_newcomer(uid: str) -> Response:
    """The list with one more person in it, marked as present."""
    meeting, group = queries.meeting_or_404(viewer(), uid, lock=True)
    groups.get_or_404(viewer(), group.uid, lock=True)
    form = NewcomerForm.typed()
    if not form.validate():
        return refused("sessions.newcomer", form=form, uid=uid)
    try:
        stay = attendance.add_person(
            viewer(), group, meeting, form.card(), today=today(group.site.zone), at=now()
        )
    except RuleBroken as broken:
        return refused("sessions.newcomer", form=form, message=broken, uid=uid)
    agreed = {"contact"} if form.agrees_contact.data else set()
    cards.agree(stay.person_uid, agreed, by=viewer().uid, on=today(group.site.zone))
    return changed("sessions.roll", uid=uid, said="person-added", at=f"p{stay.uid}")
