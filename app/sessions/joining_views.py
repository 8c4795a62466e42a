"""Someone who came for the first time, or came back, and from which day a stay counts."""

from __future__ import annotations

from flask import Response, abort

from app.accounts.viewer import viewer
from app.audit import trail
from app.clock import now, today
from app.groups import queries as groups
from app.people import cards
from app.policy import allow
from app.sessions import attendance, queries
from app.sessions.forms import JoiningForm, NewcomerForm
from app.sessions.views import bp
from app.web.answers import back_to, changed, page
from app.web.idempotency import idempotent


@bp.get("/sessions/<uid>/people/new")
@allow("attendance.add_person")
def newcomer(uid: str) -> Response:
    """The least that is asked of someone who came for the first time; first, who was here before."""
    meeting, group = queries.meeting_or_404(viewer(), uid)
    trail.saw("roster-opened", "session", uid)
    return page(
        "sessions/newcomer.html",
        form=NewcomerForm.shown(),
        meeting=meeting,
        group=group,
        earlier=queries.may_return(viewer(), meeting, group, at=now()),
    )


@bp.post("/sessions/<uid>/people/new")
@allow("attendance.add_person")
@idempotent
@back_to("sessions.newcomer")
def add_newcomer(uid: str) -> Response:
    """The list with one more person in it, marked as present."""
    meeting, group = queries.meeting_or_404(viewer(), uid, lock=True, with_group=True)
    form = NewcomerForm.checked()
    stay = attendance.add_person(
        viewer(), group, meeting, form.card(), today=today(group.site.zone), at=now()
    )
    agreed = {"contact"} if form.agrees_contact.data else set()
    cards.agree(stay.person_uid, agreed, by=viewer().uid, on=today(group.site.zone))
    return changed("sessions.roll", uid=uid, said="person-added", at=f"p{stay.uid}")


@bp.post("/sessions/<uid>/people/<stay_uid>/return")
@allow("attendance.add_person")
@back_to("sessions.newcomer")
def let_return(uid: str, stay_uid: str) -> Response:
    """The list with someone in it again who had left, marked as present."""
    meeting, group = queries.meeting_or_404(viewer(), uid, lock=True, with_group=True)
    earlier = queries.stay_of_group_or_404(group, stay_uid)
    if earlier.joined_on is None:
        abort(404)  # who only waited was never shared with the roster
    stay = attendance.come_back(
        viewer(), group, meeting, earlier, today=today(group.site.zone), at=now()
    )
    return changed("sessions.roll", uid=uid, said="returned-to-group", at=f"p{stay.uid}")


@bp.get("/stays/<uid>/joining")
@allow("groups.enrol")
def joining(uid: str) -> Response:
    """The first day of a stay."""
    stay, group = groups.stay_and_group_or_404(viewer(), uid)
    member = groups.member(viewer(), group, stay, at=now())
    trail.saw("person-opened", "person", stay.person_uid, person_uid=stay.person_uid)
    form = JoiningForm.shown(on=stay.joined_on)
    return page("sessions/joining.html", form=form, group=group, member=member)


@bp.post("/stays/<uid>/joining")
@allow("groups.enrol")
@back_to("sessions.joining")
def set_joining(uid: str) -> Response:
    """The group's page: they are expected from that day on, and can be marked."""
    stay, group = groups.stay_and_group_or_404(viewer(), uid, lock=True)
    form = JoiningForm.checked()
    attendance.join_from(group, stay, on=form.on.day)
    return changed("notebook.group", uid=group.uid, said="saved", at="roster")
