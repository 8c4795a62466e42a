"""Case notes: writing one as one goes, reading, adding, reviewing, striking out."""

from __future__ import annotations

from flask import Response, abort, request, url_for
from flask_login import current_user

from app.accounts.viewer import viewer
from app.audit import trail
from app.clock import now
from app.errors import RuleBroken
from app.extensions import new_uid
from app.policy import allow
from app.sessions import rules as note_rules
from app.support import case_note_queries, case_queries, case_sealing, files
from app.support.case_queries import File
from app.support.forms import CaseAdditionForm, CaseNoteForm, CaseReviewForm
from app.support.models import CLOSED, CaseNote
from app.support.views import bp
from app.web.answers import changed, leave_for, page, query, refused
from app.web.kept import shown_again
from app.web.once import once


@bp.get("/appointments/<uid>/note")
@allow("files.keep")
def write_note(uid: str) -> Response:
    """The boxes of one's own note, saved as one writes; last time's note folded above."""
    found, file = case_queries.own_appointment_or_404(viewer(), uid)
    case = file.case
    note = case_note_queries.own_note(viewer(), found)
    if note is not None and note.state != "draft" and not shown_again():
        return leave_for(url_for("support.read_note", uid=note.uid))
    saved = case_sealing.boxes_of(viewer(), case, note) if note else None
    form = CaseNoteForm.shown(saved, version=str(note.version if note else 0))
    form.version.data = note_rules.version_shown(
        note, form.page.data or "", form.version.data or "0"
    )
    form.page.data = new_uid()  # whose saves are numbered from one
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
        warned=_warned(file, form),
        asks=bool(query("ask")),
    )


@bp.post("/appointments/<uid>/note")
@allow("files.keep", while_locked=True)
def save_note(uid: str) -> Response:
    """The same page and when it was saved; after signing, the note as it is read.

    Where the file was closed meanwhile the draft is still saved, sealed to its author alone.
    """
    found, file = case_queries.appointment_or_404(viewer(), uid, lock=True)
    case, form = file.case, CaseNoteForm.typed()
    if case.counsellor_uid != viewer().uid:
        abort(404)
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
        if "sign" in request.form and not locked and case.state != CLOSED:
            if _warned(file, form) and request.form["sign"] != "as-it-is":
                return changed("support.write_note", uid=uid, ask=1)
            files.sign_note(case, note, form.boxes(), at=now())
            said = "signed" if note.signed_at else "sent-for-review"
            return changed("support.read_note", uid=note.uid, said=said)
    except RuleBroken as broken:
        done = case_note_queries.own_note(viewer(), found)
        if done and "sign" in request.form and note_rules.is_closed_by(done, form.page.data or ""):
            return changed("support.read_note", uid=done.uid)  # sent twice: the first did it
        form.refuse(broken.message, broken.field)
        return refused("support.write_note", form=form, uid=uid)
    closed = case.state == CLOSED
    return changed(
        "support.file" if closed else "support.write_note",
        uid=case.uid if closed else uid,
        said="saved" if closed else "",
        region="note-state",
        lighter=lambda: _state(file, form, note),
    )


@bp.get("/appointments/notes/<uid>")
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


@bp.post("/appointments/notes/<uid>/additions")
@allow("files.keep")
@once
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


@bp.post("/appointments/notes/<uid>/error")
@allow("files.keep")
def mark_note_in_error(uid: str) -> Response:
    """The note struck out; a new one can be written."""
    opened, _found, file = case_note_queries.note_or_404(viewer(), uid)
    try:
        files.mark_in_error(viewer(), file.case, opened.note, at=now())
    except RuleBroken as broken:
        return refused("support.read_note", message=broken, uid=uid)
    return changed("support.read_note", uid=uid, said="in-error")


@bp.post("/appointments/notes/<uid>/review")
@allow("files.review")
def review_note(uid: str) -> Response:
    """Today: the note is signed off, or returned to its author; with a comment either way."""
    opened, _found, file = case_note_queries.note_or_404(viewer(), uid, lock=True)
    if opened.boxes is None or file.case.supervisor_uid != viewer().uid:
        abort(404)  # nobody signs off what they cannot read
    form = CaseReviewForm.typed()
    returns = "return" in request.form
    if form.validate() and returns and not form.comment.data:
        form.refuse(CaseReviewForm.SAY_WHY, "comment")
    if form.comment.errors:
        return refused("support.read_note", form=form, uid=uid)
    comment = form.comment.data or ""
    try:
        if returns:
            files.return_note(viewer(), file.case, opened.note, comment, at=now())
        else:
            files.sign_off(viewer(), file.case, opened.note, comment, at=now())
    except RuleBroken as broken:
        return refused("notebook.today", message=broken)
    return changed("notebook.today", said="returned" if returns else "signed-off")


def _state(file: File, form: CaseNoteForm, note: CaseNote) -> Response:
    """The line under the boxes that tells the truth: when it was saved, and what stands in it."""
    form.version.data = str(note.version)
    return page(
        "support/note.html",
        region="note-state",
        form=form,
        case=file.case,
        note=note,
        other=None,
        warned=_warned(file, form),
        asks=False,
    )


def _warned(file: File, form: CaseNoteForm) -> list[note_rules.Warned]:
    """The person's own name, and phone numbers, in what is typed."""
    text = form.boxes().whole
    return note_rules.names_and_phones(text, [file.card] if file.card else [])


def _is_conflict(note: CaseNote | None, form: CaseNoteForm) -> bool:
    """Whether the form shown again was refused because another page saved meanwhile."""
    if note is None or note.state != "draft" or not form.form_errors:
        return False
    return bool(str(note.version) != form.version.data)
