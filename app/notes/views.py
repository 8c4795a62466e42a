"""Writing, signing, reviewing and reading notes; the author's own reflection."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, request, url_for
from flask_login import current_user

from app.accounts.viewer import viewer
from app.clock import now
from app.errors import RuleBroken
from app.extensions import new_uid
from app.notes import blanking, occasions, queries, rules, writing
from app.notes.forms import AdditionForm, BlankForm, NoteForm, ReviewForm
from app.notes.models import APPOINTMENT, AWAITING, DRAFT, MEETING, NOTE, REFLECTION, Note
from app.notes.occasions import Occasion, warned
from app.notes.queries import OpenNote
from app.policy import allow
from app.web.answers import asked, back_to, changed, leave_for, page, query, refused
from app.web.idempotency import idempotent
from app.web.kept_forms import shown_again

bp = Blueprint("notes", __name__)
# Which kind of note an address is of.
OF_MEETING, OF_APPOINTMENT = {"of_kind": MEETING}, {"of_kind": APPOINTMENT}


@bp.get("/sessions/<uid>/<any(note, reflection):kind>", defaults=OF_MEETING)
@bp.get("/appointments/<uid>/note", defaults=OF_APPOINTMENT | {"kind": NOTE})
@allow("notes.write")
def write(uid: str, kind: str, of_kind: str) -> Response:
    """The boxes of one's own note or reflection, saved as one writes; last time's note folded above."""
    occasion = occasions.get_or_404(viewer(), of_kind, uid)
    if not (occasion.may_write and occasion.goes_on):
        abort(404)
    note = queries.own(viewer(), uid, kind)
    if note is not None and note.state != DRAFT and not shown_again():
        return leave_for(url_for("notes.read", uid=note.uid, of_kind=of_kind))
    # Typed on another device while the note was signed: it is shown, to be added to the note.
    own = queries.opened(viewer(), [(note, "")])[0] if note else None
    saved = own.boxes if own else None
    form = NoteForm.shown(saved, version=str(note.version if note else 0)).called(occasion.boxes)
    form.version.data = rules.version_shown(note, form.page.data or "", form.version.data or "0")
    form.page.data = new_uid()  # whose saves are numbered from one
    last = occasion.before() if kind != REFLECTION else []
    occasion.opened(note, [earlier.note for earlier in last])
    return page(
        "notes/note.html",
        region="note-state",
        form=form,
        kind=kind,
        occasion=occasion,
        note=note,
        other=saved if _is_conflict(note, form) else None,
        comments=own.comments if own else [],
        last=last,
        warned=warned(occasion, kind, form.boxes().whole),
        asks=bool(query("ask")),
    )


@bp.post("/sessions/<uid>/<any(note, reflection):kind>", defaults=OF_MEETING)
@bp.post("/appointments/<uid>/note", defaults=OF_APPOINTMENT | {"kind": NOTE})
@allow("notes.write", while_locked=True)
def save(uid: str, kind: str, of_kind: str) -> Response:
    """The same page and when it was saved; after signing, the note as it is read.

    Where the file was closed meanwhile the draft is still saved, sealed to its author alone.
    """
    occasion = occasions.get_or_404(viewer(), of_kind, uid, lock=True)
    if not occasion.may_write:
        abort(404)
    form = NoteForm.typed().called(occasion.boxes)
    here: dict[str, Any] = {"uid": uid, "kind": kind, "of_kind": of_kind}
    if not form.validate():
        return refused("notes.write", form=form, **here)
    locked = not current_user.is_authenticated  # such a page may save what it shows, no more
    over = "" if locked else request.form.get("over", "")
    version = int(over if over.isdecimal() and len(over) < 7 else form.version.data or 0)
    signs = kind != REFLECTION and "sign" in request.form
    try:
        note = writing.save(
            viewer(),
            occasion,
            form.boxes(),
            kind=kind,
            version=-1 if locked else version,
            page=form.page.data or new_uid(),
            at=now(),
        )
        if signs and not locked and occasion.goes_on:
            if request.form["sign"] != "as-it-is" and warned(occasion, kind, form.boxes().whole):
                return changed("notes.write", ask=1, **here)
            writing.sign(occasion, note, form.boxes(), at=now())
            said = "signed" if note.signed_at else "sent-for-review"
            return changed("notes.read", uid=note.uid, of_kind=of_kind, said=said)
    except RuleBroken as broken:
        done = queries.own(viewer(), uid, kind)
        if done and "sign" in request.form and rules.is_closed_by(done, form.page.data or ""):
            # Sent twice: the first did it.
            return changed("notes.read", uid=done.uid, of_kind=of_kind)
        return refused("notes.write", form=form, message=broken, **here)
    endpoint, url = ("notes.write", here) if occasion.goes_on else occasion.way_back
    return changed(
        endpoint,
        said="" if occasion.goes_on else "saved",
        region="note-state",
        lighter=lambda: _state(occasion, form, note),
        **url,
    )


@bp.get("/notes/<uid>", defaults=OF_MEETING)
@bp.get("/appointments/notes/<uid>", defaults=OF_APPOINTMENT)
@allow("notes.read")
def read(uid: str, of_kind: str) -> Response:
    """A note with what was added and commented; its text only for those who hold the key."""
    opened = queries.get_or_404(viewer(), of_kind, uid)
    note, occasion = opened.note, occasions.of_note(viewer(), opened.note)
    if note.state == DRAFT:
        return leave_for(url_for("notes.write", **_boxes_of(note)))
    form = AdditionForm.shown()
    occasion.read(note)
    is_author = note.author_uid == viewer().uid
    return page(
        "notes/read.html",
        opened=opened,
        note=note,
        occasion=occasion,
        is_author=is_author,
        may_review=note.state == AWAITING and not is_author and opened.boxes is not None,
        form=form,
        warned=warned(occasion, note.kind, form.text.data or ""),
        review_form=ReviewForm.shown(),
        blank_form=BlankForm.shown(),
    )


@bp.post("/notes/<uid>/additions", defaults=OF_MEETING)
@bp.post("/appointments/notes/<uid>/additions", defaults=OF_APPOINTMENT)
@allow("notes.write")
@idempotent
@back_to("notes.read")
def add(uid: str, of_kind: str) -> Response:
    """The note with what was added below it; first, a question where a name stands in it."""
    note = queries.get_or_404(viewer(), of_kind, uid).note
    occasion, form = occasions.of_note(viewer(), note), AdditionForm.checked()
    text = form.text.data or ""
    if "as-it-is" not in request.form and warned(occasion, note.kind, text):
        return asked("notes.read", form=form, uid=uid, of_kind=of_kind)
    writing.add(viewer(), occasion, note, text, at=now())
    return changed("notes.read", uid=uid, of_kind=of_kind, said="added")


@bp.post("/notes/<uid>/bars", defaults=OF_MEETING)
@bp.post("/appointments/notes/<uid>/bars", defaults=OF_APPOINTMENT)
@allow("notes.write")
@back_to("notes.read")
def blank(uid: str, of_kind: str) -> Response:
    """The note with a bar wherever a word stood."""
    opened, occasion = _locked(of_kind, uid)
    blanking.blank(viewer(), occasion, opened, BlankForm.checked().word.data or "")
    return changed("notes.read", uid=uid, of_kind=of_kind, said="blanked")


@bp.post("/notes/<uid>/draft", defaults=OF_MEETING)
@bp.post("/appointments/notes/<uid>/draft", defaults=OF_APPOINTMENT)
@allow("notes.write")
@back_to("notes.read")
def take_back(uid: str, of_kind: str) -> Response:
    """One's own note as a draft again, while no supervisor has answered."""
    opened, occasion = _locked(of_kind, uid)
    note = opened.note
    writing.take_back(viewer(), occasion, note)
    return changed("notes.write", said="taken-back", **_boxes_of(note))


@bp.post("/notes/<uid>/review", defaults=OF_MEETING)
@bp.post("/appointments/notes/<uid>/review", defaults=OF_APPOINTMENT)
@allow("notes.review")
def review(uid: str, of_kind: str) -> Response:
    """Today: the note is signed off, or returned to its author; with a comment either way."""
    opened, occasion = _locked(of_kind, uid)
    if opened.boxes is None:
        abort(404)  # nobody signs off what they cannot read
    note, form = opened.note, ReviewForm.typed()
    returns = "return" in request.form
    if form.validate() and returns and not form.comment.data:
        form.refuse(ReviewForm.SAY_WHY, "comment")
    if form.errors:
        return refused("notes.read", form=form, uid=uid, of_kind=of_kind)
    comment = form.comment.data or ""
    try:
        if returns:
            writing.return_to_author(viewer(), occasion, note, comment, at=now())
        else:
            writing.sign_off(viewer(), occasion, note, comment, at=now())
    except RuleBroken as broken:
        return refused("notebook.today", message=broken)
    return changed("notebook.today", said="returned" if returns else "signed-off")


@bp.post("/notes/<uid>/error", defaults=OF_MEETING)
@bp.post("/appointments/notes/<uid>/error", defaults=OF_APPOINTMENT)
@allow("notes.write")
@back_to("notes.read")
def mark_in_error(uid: str, of_kind: str) -> Response:
    """The note struck out; a new one can be written."""
    opened, occasion = _locked(of_kind, uid)
    writing.mark_in_error(viewer(), occasion, opened.note, at=now())
    return changed("notes.read", uid=uid, of_kind=of_kind, said="in-error")


def _locked(of_kind: str, uid: str) -> tuple[OpenNote, Occasion]:
    """A note and what it is about, locked from above: what it stands in, then the note."""
    found = queries.get_or_404(viewer(), of_kind, uid)
    occasion = occasions.of_note(viewer(), found.note, lock=True)
    return queries.get_or_404(viewer(), of_kind, uid, lock=True), occasion


def _boxes_of(note: Note) -> dict[str, Any]:
    """What the page of a note's boxes is called with."""
    return {"uid": note.of_uid, "kind": note.kind, "of_kind": note.of_kind}


def _state(occasion: Occasion, form: NoteForm, note: Note) -> Response:
    """The line under the boxes that tells the truth: when it was saved, and what stands in it."""
    form.version.data = str(note.version)
    return page(
        "notes/note.html",
        region="note-state",
        form=form,
        kind=note.kind,
        occasion=occasion,
        note=note,
        other=None,
        warned=warned(occasion, note.kind, form.boxes().whole),
        asks=False,
    )


def _is_conflict(note: Note | None, form: NoteForm) -> bool:
    """Whether the form shown again was refused because another page saved meanwhile."""
    if note is None or note.state != DRAFT or not form.form_errors:
        return False
    if not str(form.version.data).isdecimal():
        abort(400)
    return bool(str(note.version) != form.version.data)
