"""The meetings of a group: their dates, one meeting, what did not happen, and the sheet to print."""

from __future__ import annotations

from flask import Blueprint, Response, request

from app.accounts.viewer import viewer
from app.audit import trail
from app.clock import now, today
from app.groups import queries as groups
from app.groups import roster
from app.notes import queries as notes
from app.notes.models import NOTE
from app.policy import allow
from app.sessions import follow_up_queries, planning, queries, rules
from app.sessions.forms import DatesForm, GuestsForm, MissForm, MoveForm, NewDateForm
from app.web.answers import back_to, changed, page
from app.web.idempotency import idempotent

bp = Blueprint("sessions", __name__)


@bp.get("/groups/<uid>/dates")
@allow("groups.manage")
def dates(uid: str) -> Response:
    """The third page of a new group: the proposed dates, closed days skipped, each to be moved."""
    group = groups.get_or_404(viewer(), uid)
    existing = queries.meetings(group)
    form = DatesForm.shown(dates=planning.proposal(group, existing))
    return page("sessions/dates.html", form=form, group=group, existing=existing)


@bp.post("/groups/<uid>/dates")
@allow("groups.manage")
@idempotent
@back_to("sessions.dates")
def plan(uid: str) -> Response:
    """The group's page with its dates; people can be enrolled."""
    group = groups.get_or_404(viewer(), uid, lock=True)
    form = DatesForm.checked()
    planning.plan(group, [field.data for field in form.dates if field.data], at=now())
    return changed("notebook.group", uid=uid, said="planned")


@bp.get("/groups/<uid>/dates/new")
@allow("sessions.plan")
def new(uid: str) -> Response:
    """One more date for a group."""
    group = groups.get_or_404(viewer(), uid)
    proposed = planning.proposal(group, queries.meetings(group))
    form = NewDateForm.shown(on=proposed[0] if proposed else today(group.site.zone), at=group.at)
    return page("sessions/new.html", form=form, group=group)


@bp.post("/groups/<uid>/dates/new")
@allow("sessions.plan")
@idempotent
@back_to("sessions.new")
def create(uid: str) -> Response:
    """The group's page with the new date."""
    group = groups.get_or_404(viewer(), uid, lock=True)
    form = NewDateForm.checked()
    planning.add(group, on=form.on.day, hour=form.at.hour, at=now())
    return changed("notebook.group", uid=uid, said="planned")


@bp.get("/sessions/<uid>")
@allow("sessions.view")
def show(uid: str) -> Response:
    """One meeting: its facts, how far the attendance is, its notes and follow-ups, and what can be done."""
    meeting, group, parts = queries.with_parts_or_404(viewer(), uid)
    meetings = queries.meetings(group)
    sees_people = parts != {"supervisor"}
    to_do = follow_up_queries.to_follow_up(viewer(), meeting, group) if sees_people else []
    reads_notes = bool(parts & {"facilitator", "supervisor"})
    of_meeting = notes.of_occasion(viewer(), uid) if reads_notes else []
    written = [(note, author) for note, author in of_meeting if note.kind == NOTE]
    trail.saw("session-opened", "session", uid)
    return page(
        "sessions/show.html",
        totals=queries.totals([uid]).get(uid, []) if group.let_go_at else [],
        meeting=meeting,
        group=group,
        number=rules.numbers(meetings).get(uid),
        of=rules.planned_number(group, meetings),
        today=today(group.site.zone),
        tally=queries.tally(meeting) if sees_people else (0, 0),
        sees_people=sees_people,
        reads=bool(groups.roster_vault(viewer(), group)),
        facilitates="facilitator" in parts,
        reads_notes=reads_notes,
        notes=written,
        has_own=any(n.author_uid == viewer().uid and not n.error_at for n, _author in written),
        follow_ups=to_do,
        form=GuestsForm.shown(meeting),
    )


@bp.post("/sessions/<uid>/holding")
@allow("sessions.plan")
@back_to("sessions.show")
def hold(uid: str) -> Response:
    """The meeting's page: it took place."""
    meeting, group = queries.meeting_or_404(viewer(), uid, lock=True)
    planning.hold(group, meeting, today=today(group.site.zone), at=now())
    return changed("sessions.show", uid=uid, said="held")


@bp.get("/sessions/<uid>/cancellation")
@allow("sessions.plan")
def missing(uid: str) -> Response:
    """Why the meeting does not or did not happen."""
    meeting, group = queries.meeting_or_404(viewer(), uid)
    return page(
        "sessions/miss.html",
        form=MissForm.shown(),
        meeting=meeting,
        group=group,
        today=today(group.site.zone),
    )


@bp.post("/sessions/<uid>/cancellation")
@allow("sessions.plan")
@back_to("sessions.missing")
def miss(uid: str) -> Response:
    """The meeting's page: it did not happen; a strip takes that back, a button makes it up."""
    meeting, group = queries.meeting_or_404(viewer(), uid, lock=True)
    form = MissForm.checked()
    planning.miss(group, meeting, reason=form.reason.data, today=today(group.site.zone), at=now())
    return changed("sessions.show", uid=uid, said="cancelled", of=uid)


@bp.post("/sessions/<uid>/cancellation/undo")
@allow("sessions.plan")
@back_to("sessions.show")
def undo_miss(uid: str) -> Response:
    """The meeting's page as it was before."""
    meeting, group = queries.meeting_or_404(viewer(), uid, lock=True)
    planning.undo_miss(group, meeting)
    return changed("sessions.show", uid=uid, said="undone")


@bp.post("/sessions/<uid>/make-up")
@allow("sessions.plan")
@idempotent
@back_to("sessions.show")
def make_up(uid: str) -> Response:
    """The appended meeting's page, where its day can be changed."""
    meeting, group = queries.meeting_or_404(viewer(), uid, lock=True)
    appended = planning.make_up(group, meeting)
    return changed("sessions.show", uid=appended.uid, said="made-up")


@bp.get("/sessions/<uid>/move")
@allow("sessions.plan")
def moving(uid: str) -> Response:
    """Another day or hour."""
    meeting, group = queries.meeting_or_404(viewer(), uid)
    return page("sessions/move.html", form=MoveForm.shown(meeting), meeting=meeting, group=group)


@bp.post("/sessions/<uid>/move")
@allow("sessions.plan")
@back_to("sessions.moving")
def move(uid: str) -> Response:
    """The meeting's page on its new day."""
    meeting, group = queries.meeting_or_404(viewer(), uid, lock=True)
    form = MoveForm.checked()
    planning.move(group, meeting, on=form.on.day, at=form.at.hour)
    return changed("sessions.show", uid=uid, said="moved")


@bp.post("/sessions/<uid>/guests")
@allow("attendance.mark")
@back_to("sessions.show")
def count_guests(uid: str) -> Response:
    """The meeting's page with the number of guests who want no record."""
    meeting, _group = queries.meeting_or_404(viewer(), uid, lock=True)
    form = GuestsForm.checked()
    meeting.guests = form.guests.data or 0
    trail.record("guests-counted", "session", uid)
    return changed("sessions.show", uid=uid, said="saved")


@bp.get("/sessions/<uid>/sheet")
@allow("attendance.mark")
def sheet(uid: str) -> Response:
    """A sheet to print and sign: codes, or names when asked for."""
    meeting, group = queries.meeting_or_404(viewer(), uid)
    with_names = request.args.get("names") == "yes"
    meetings = queries.meetings(group)
    trail.saw("sheet-with-names" if with_names else "sheet", "session", uid)
    return page(
        "sessions/sheet.html",
        meeting=meeting,
        group=group,
        number=rules.numbers(meetings).get(uid),
        of=rules.planned_number(group, meetings),
        expected=queries.expected(viewer(), meeting, group),
        reads=bool(groups.roster_vault(viewer(), group)),
        with_names=with_names,
    )


@bp.post("/groups/<uid>/completion")
@allow("groups.manage")
@back_to("notebook.group")
def complete(uid: str) -> Response:
    """The group's page: the cycle is over, each stay completed or left; a strip takes it back."""
    group = groups.get_or_404(viewer(), uid, lock=True)
    ended = planning.complete(group, today=today(group.site.zone), at=now())
    roster.end_shares(group, [stay.person_uid for stays in ended.values() for stay in stays])
    return changed("notebook.group", uid=uid, said="group-completed", of=uid)
