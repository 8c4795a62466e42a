"""Appointments of a file: booking, moving, what became of them, what is owed."""

from __future__ import annotations

from datetime import timedelta

from flask import Response, abort

from app.accounts.queries import myself
from app.accounts.viewer import viewer
from app.audit import trail
from app.cases import appointment_queries, files, queries, rules
from app.cases.forms import AppointmentForm
from app.cases.models import ENDINGS, FEES, Appointment
from app.cases.views import bp
from app.clock import now, today
from app.notes import queries as notes
from app.policy import allow
from app.requests.models import CLOSED
from app.web.answers import back_to, changed, page
from app.web.idempotency import idempotent
from app.web.kept_forms import shown_again

# What an address says of an ending whose own word would tell; "none" takes it back.
IN_ADDRESSES: dict[str, str | None] = {"away": "no-show", "none": None}


@bp.get("/files/<uid>/appointments/new")
@allow("files.keep")
def new_appointment(uid: str) -> Response:
    """When the next appointment is: the same weekday and hour as the last one, a week on."""
    case = queries.own_or_404(viewer(), uid).case
    last = next(iter(appointment_queries.appointments(uid)), None)
    zone = case.site.zone
    proposed = max(last.on(zone), today(zone)) if last else today(zone)
    form = AppointmentForm.shown(on=proposed + timedelta(days=7))
    if last and not shown_again():
        form.at.data, form.minutes.data = last.at(zone), last.minutes
    return page("cases/booking.html", form=form, case=case, appointment=None)


@bp.post("/files/<uid>/appointments/new")
@allow("files.keep")
@idempotent
@back_to("cases.new_appointment")
def book(uid: str) -> Response:
    """The file with one more appointment; a collision is asked about first."""
    case = queries.own_or_404(viewer(), uid, lock=True).case
    form = AppointmentForm.checked()
    myself(viewer().uid)  # one booking at a time: two devices cannot both find the hour free
    begins = rules.begins_at(form.on.day, form.at.hour, case.site.zone)
    appointment = Appointment(starts_at=begins, minutes=form.minutes.data or 0)
    files.book(case, appointment, anyway=form.anyway.data, at=now())
    return changed("cases.show", uid=uid, said="appointment-booked")


@bp.get("/appointments/<uid>")
@allow("files.open")
def appointment(uid: str) -> Response:
    """An appointment: when, what became of it, what is owed, its notes."""
    found, file = appointment_queries.appointment_or_404(viewer(), uid)
    case = file.case
    supervises, closed = case.supervisor_uid == viewer().uid, case.state == CLOSED
    trail.saw("appointment-opened", "file", file.uid, person_uid=case.person_uid)
    return page(
        "cases/appointment.html",
        appointment=found,
        file=file,
        case=case,
        keeps=case.counsellor_uid == viewer().uid,
        closed=closed,
        notes=notes.of_occasion(viewer(), uid) if supervises or not closed else [],
        has_come=found.starts_at <= now(),
    )


@bp.get("/appointments/<uid>/move")
@allow("files.keep")
def moving(uid: str) -> Response:
    """When it is instead."""
    found, file = appointment_queries.own_appointment_or_404(viewer(), uid)
    zone = file.case.site.zone
    form = AppointmentForm.shown(on=found.on(zone), at=found.at(zone), minutes=found.minutes)
    return page("cases/booking.html", form=form, case=file.case, appointment=found)


@bp.post("/appointments/<uid>/move")
@allow("files.keep")
@idempotent
@back_to("cases.moving")
def move(uid: str) -> Response:
    """The file, with the appointment at its new time."""
    found, file = appointment_queries.own_appointment_or_404(viewer(), uid, lock=True)
    case, form = file.case, AppointmentForm.checked()
    myself(viewer().uid)
    found.starts_at = rules.begins_at(form.on.day, form.at.hour, case.site.zone)
    found.minutes = form.minutes.data or 0
    files.book(case, found, anyway=form.anyway.data, at=now())
    return changed("cases.show", uid=case.uid, said="appointment-moved")


@bp.post("/appointments/<uid>/ending/<as_>")
@allow("files.keep")
@back_to("cases.appointment")
def end_appointment(uid: str, as_: str) -> Response:
    """The appointment, with what became of it; another tap changes it."""
    found, file = appointment_queries.own_appointment_or_404(viewer(), uid, lock=True)
    ended_as = IN_ADDRESSES.get(as_, as_)
    if ended_as not in (*ENDINGS, None):
        abort(404)
    files.end_appointment(file.case, found, ended_as, at=now())
    return changed("cases.appointment", uid=uid, said="saved")


@bp.post("/appointments/<uid>/fee/<as_>")
@allow("files.keep")
@back_to("cases.appointment")
def settle_fee(uid: str, as_: str) -> Response:
    """The appointment, with its fee due, paid or waived; what is owed after a closing can be settled too."""
    found, file = appointment_queries.appointment_or_404(viewer(), uid, lock=True)
    if as_ not in FEES or file.case.counsellor_uid != viewer().uid:
        abort(404)
    if file.case.state == CLOSED and not found.owes:
        abort(404)
    files.settle_fee(file.case, found, as_)
    return changed("cases.appointment", uid=uid, said="saved")
