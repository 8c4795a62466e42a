"""Appointments of a file: booking, moving, what became of them, what is owed; their notes."""

from __future__ import annotations

from datetime import timedelta

from flask import Response, abort, request, url_for
from flask_login import current_user

from app.accounts.queries import myself
from app.accounts.viewer import viewer
from app.audit import trail
from app.clock import now, today
from app.errors import RuleBroken
from app.extensions import new_uid
from app.policy import allow
from app.support import case_note_queries, case_queries, case_sealing, files, rules
from app.support.forms import AppointmentForm, CaseAdditionForm, CaseNoteForm, CaseReviewForm
from app.support.models import ENDINGS, FEES, Appointment, Case, CaseNote
from app.support.views import bp
from app.web.answers import changed, leave_for, page, refused
from app.web.kept import shown_again
from app.web.once import once


@bp.get("/files/<uid>/appointments/new")
@allow("files.keep")
def new_appointment(uid: str) -> Response:
    """When the next appointment is: the same weekday and hour as the last one, a week on."""
    case = _kept(case_queries.file_or_404(viewer(), uid).case)
    last = next(iter(case_queries.appointments(uid)), None)
    zone = case.site.zone
    proposed = max(last.on(zone), today(zone)) if last else today(zone)
    form = AppointmentForm.shown(on=proposed + timedelta(days=7))
    if last and not shown_again():
        form.at.data, form.minutes.data = last.at(zone), last.minutes
    return page("support/appointment.html", form=form, case=case, appointment=None)


@bp.post("/files/<uid>/appointments/new")
@allow("files.keep")
@once
def book(uid: str) -> Response:
    """The file with one more appointment; a collision is asked about first."""
    case = _kept(case_queries.file_or_404(viewer(), uid, lock=True).case)
    form = AppointmentForm.typed()
    if not form.validate():
        return refused("support.new_appointment", form=form, uid=uid)
    myself(viewer().uid)  # one booking at a time: two devices cannot both find the hour free
    try:
        begins = rules.begins_at(form.on.day, form.at.hour, case.site.zone)
        appointment = Appointment(starts_at=begins, minutes=form.minutes.data or 0)
        files.book(case, appointment, anyway=form.anyway.data, at=now())
    except RuleBroken as broken:
        form.refuse(broken.message, broken.field)
        return refused("support.new_appointment", form=form, uid=uid)
    return changed("support.file", uid=uid, said="appointment-booked")


@bp.get("/appointments/<uid>")
@allow("files.open")
def appointment(uid: str) -> Response:
    """An appointment: when, what became of it, what is owed, its notes."""
    found, file = case_queries.appointment_or_404(viewer(), uid)
    trail.saw("appointment-opened", "file", file.uid, person_uid=file.case.person_uid)
    return page(
        "support/one.html",
        appointment=found,
        file=file,
        case=file.case,
        keeps=file.case.counsellor_uid == viewer().uid,
        notes=case_note_queries.notes_of(viewer(), file.case).get(uid, []),
        has_come=found.on(file.case.site.zone) <= today(file.case.site.zone),
    )


@bp.get("/appointments/<uid>/move")
@allow("files.keep")
def moving(uid: str) -> Response:
    """When it is instead."""
    found, file = case_queries.appointment_or_404(viewer(), uid)
    zone = _kept(file.case).site.zone
    form = AppointmentForm.shown(on=found.on(zone), at=found.at(zone), minutes=found.minutes)
    return page("support/appointment.html", form=form, case=file.case, appointment=found)


@bp.post("/appointments/<uid>/move")
@allow("files.keep")
@once
def move(uid: str) -> Response:
    """The file, with the appointment at its new time."""
    found, file = case_queries.appointment_or_404(viewer(), uid, lock=True)
    case, form = _kept(file.case), AppointmentForm.typed()
    if not form.validate():
        return refused("support.moving", form=form, uid=uid)
    myself(viewer().uid)
    try:
        found.starts_at = rules.begins_at(form.on.day, form.at.hour, case.site.zone)
        found.minutes = form.minutes.data or 0
        files.book(case, found, anyway=form.anyway.data, at=now())
    except RuleBroken as broken:
        form.refuse(broken.message, broken.field)
        return refused("support.moving", form=form, uid=uid)
    return changed("support.file", uid=case.uid, said="appointment-moved")


@bp.post("/appointments/<uid>/ending/<as_>")
@allow("files.keep")
def end_appointment(uid: str, as_: str) -> Response:
    """The appointment, with what became of it; another tap changes it."""
    found, file = case_queries.appointment_or_404(viewer(), uid, lock=True)
    case = _kept(file.case)
    if as_ not in (*ENDINGS, "none"):
        abort(404)
    try:
        files.end_appointment(
            case, found, None if as_ == "none" else as_, today=today(case.site.zone), at=now()
        )
    except RuleBroken as broken:
        return refused("support.appointment", message=broken, uid=uid)
    return changed("support.appointment", uid=uid, said="saved")


@bp.post("/appointments/<uid>/fee/<as_>")
@allow("files.keep")
def settle_fee(uid: str, as_: str) -> Response:
    """The appointment, with its fee due, paid or waived."""
    found, file = case_queries.appointment_or_404(viewer(), uid, lock=True)
    if as_ not in FEES:
        abort(404)
    try:
        files.settle_fee(_kept(file.case), found, as_)
    except RuleBroken as broken:
        return refused("support.appointment", message=broken, uid=uid)
    return changed("support.appointment", uid=uid, said="saved")


@bp.get("/appointments/<uid>/note")
@allow("files.keep")
def write_note(uid: str) -> Response:
    """The boxes of one's own note, saved as one writes; last time's note folded above."""
    found, file = case_queries.appointment_or_404(viewer(), uid)
    case = _kept(file.case)
    note = case_note_queries.own_note(viewer(), found)
    if note is not None and note.state != "draft" and not shown_again():
        return leave_for(url_for("support.read_note", uid=note.uid))
    saved = case_sealing.boxes_of(viewer(), case, note) if note else None
    form = CaseNoteForm.shown(saved, version=str(note.version if note else 0))
    form.page.data = form.page.data or new_uid()
    opened = case_note_queries.open_note(viewer(), case, note, "") if note else None
    trail.saw("case-note-opened", "file", case.uid, person_uid=case.person_uid)
    return page(
        "support/note.html",
        region="note-state",
        form=form,
        file=file,
        case=case,
        appointment=found,
        note=note,
        other=saved if _is_conflict(note, form) else None,
        comments=[r for r in reversed(opened.remarks) if r[0].kind == "comment"] if opened else [],
        last=case_note_queries.last_note(viewer(), case, found),
    )


@bp.post("/appointments/<uid>/note")
@allow("files.keep", while_locked=True)
def save_note(uid: str) -> Response:
    """The same page and when it was saved; after signing, the note as it is read."""
    found, file = case_queries.appointment_or_404(viewer(), uid, lock=True)
    case, form = _kept(file.case), CaseNoteForm.typed()
    if not form.validate():
        return refused("support.write_note", form=form, uid=uid)
    locked = not current_user.is_authenticated  # such a page may save what it shows, no more
    over = "" if locked else request.form.get("over", "")
    version = int(over if over.isdecimal() and len(over) < 7 else form.version.data or 0)
    try:
        note = files.save_note(
            viewer(),
            case,
            found,
            form.boxes(),
            version=-1 if locked else version,
            page=form.page.data or new_uid(),
            at=now(),
        )
        if "sign" in request.form and not locked:
            files.sign_note(case, note, form.boxes(), at=now())
            said = "signed" if note.signed_at else "sent-for-review"
            return changed("support.read_note", uid=note.uid, said=said)
    except RuleBroken as broken:
        form.refuse(broken.message, broken.field)
        return refused("support.write_note", form=form, uid=uid)
    return changed(
        "support.write_note",
        uid=uid,
        region="note-state",
        lighter=lambda: _state(case, form, note),
    )


@bp.get("/case-notes/<uid>")
@allow("files.open")
def read_note(uid: str) -> Response:
    """A note of a file with its additions; its text only for those who hold the file."""
    opened, found, file = case_note_queries.note_or_404(viewer(), uid)
    note = opened.note
    if note.state == "draft":
        return leave_for(url_for("support.write_note", uid=found.uid))
    trail.saw("case-note-read", "file", file.uid, person_uid=file.case.person_uid)
    return page(
        "support/read.html",
        opened=opened,
        note=note,
        appointment=found,
        file=file,
        case=file.case,
        is_author=note.author_uid == viewer().uid,
        may_review=note.state == "awaiting"
        and file.case.supervisor_uid == viewer().uid
        and opened.boxes is not None,
        form=CaseAdditionForm.shown(),
        review_form=CaseReviewForm.shown(),
    )


@bp.post("/case-notes/<uid>/additions")
@allow("files.keep")
def add_to_note(uid: str) -> Response:
    """The note with what was added below it."""
    opened, _found, file = case_note_queries.note_or_404(viewer(), uid)
    form = CaseAdditionForm.typed()
    if not form.validate():
        return refused("support.read_note", form=form, uid=uid)
    try:
        files.add_to_note(viewer(), file.case, opened.note, form.text.data or "", at=now())
    except RuleBroken as broken:
        return refused("support.read_note", form=form, message=broken, uid=uid)
    return changed("support.read_note", uid=uid, said="added")


@bp.post("/case-notes/<uid>/error")
@allow("files.keep")
def mark_note_in_error(uid: str) -> Response:
    """The note struck out; a new one can be written."""
    opened, _found, file = case_note_queries.note_or_404(viewer(), uid)
    try:
        files.mark_in_error(viewer(), file.case, opened.note, at=now())
    except RuleBroken as broken:
        return refused("support.read_note", message=broken, uid=uid)
    return changed("support.read_note", uid=uid, said="in-error")


@bp.post("/case-notes/<uid>/review")
@allow("files.review")
def review_note(uid: str) -> Response:
    """Today: the note is signed off, or returned to its author with a comment."""
    opened, _found, file = case_note_queries.note_or_404(viewer(), uid, lock=True)
    if opened.boxes is None or file.case.supervisor_uid != viewer().uid:
        abort(404)  # nobody signs off what they cannot read
    form = CaseReviewForm.typed()
    returns = "return" in request.form
    if form.validate() and returns and not form.comment.data:
        form.refuse(CaseReviewForm.SAY_WHY, "comment")
    if form.comment.errors:
        return refused("support.read_note", form=form, uid=uid)
    try:
        if returns:
            files.return_note(viewer(), file.case, opened.note, form.comment.data or "", at=now())
        else:
            files.sign_off(viewer(), file.case, opened.note, at=now())
    except RuleBroken as broken:
        return refused("notebook.today", message=broken)
    return changed("notebook.today", said="returned" if returns else "signed-off")


def _state(case: Case, form: CaseNoteForm, note: CaseNote) -> Response:
    """The line under the boxes that tells the truth: when it was saved."""
    form.version.data = str(note.version)
    return page(
        "support/note.html", region="note-state", form=form, case=case, note=note, other=None
    )


def _is_conflict(note: CaseNote | None, form: CaseNoteForm) -> bool:
    """Whether the form shown again was refused because another page saved meanwhile."""
    if note is None or note.state != "draft" or not form.form_errors:
        return False
    return bool(str(note.version) != form.version.data)


def _kept(case: Case) -> Case:
    """The same file, where the viewer is its counsellor; otherwise 404."""
    if case.counsellor_uid != viewer().uid:
        abort(404)
    return case
