"""Writing, signing and reading notes; the author's own reflection."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, request, url_for
from flask_login import current_user

from app.accounts.viewer import viewer
from app.audit import trail
from app.clock import now
from app.errors import RuleBroken
from app.extensions import new_uid
from app.groups import queries as groups
from app.groups.models import Group
from app.policy import allow
from app.sessions import note_queries, notes, queries, rules, sealing
from app.sessions.forms import AdditionForm, NoteForm, ReflectionForm, ReviewForm
from app.sessions.models import GroupSession, SessionNote
from app.sessions.views import bp
from app.web.answers import asked, changed, leave_for, page, query, refused
from app.web.kept import shown_again
from app.web.once import once

KINDS: dict[str, type[NoteForm]] = {"note": NoteForm, "reflection": ReflectionForm}


@bp.get("/sessions/<uid>/<any(note, reflection):kind>")
@allow("notes.write")
def write(uid: str, kind: str) -> Response:
    """The boxes of one's own note or reflection, saved as one writes; last time's note folded above."""
    meeting, group = queries.meeting_or_404(viewer(), uid)
    note = note_queries.own_note(viewer(), meeting, kind)
    if note is not None and note.state != "draft" and not shown_again():
        return leave_for(url_for("sessions.read", uid=note.uid))
    # Typed on another device while the note was signed: it is shown, to be added to the note.
    saved = sealing.boxes_of(viewer(), group, note) if note else None
    form = KINDS[kind].shown(saved, version=str(note.version if note else 0))
    form.version.data = rules.version_shown(note, form.page.data or "", form.version.data or "0")
    form.page.data = new_uid()  # whose saves are numbered from one
    meetings = queries.meetings(group)
    _vault, readers = groups.reading_team(group)
    last = note_queries.last_notes(viewer(), meeting, group) if kind == "note" else []
    trail.saw("note-opened", "note" if note else "session", note.uid if note else uid)
    for earlier in last:
        trail.saw("note-read", "note", earlier.note.uid)
    return page(
        "sessions/note.html",
        region="note-state",
        form=form,
        kind=kind,
        meeting=meeting,
        group=group,
        number=rules.numbers(meetings).get(uid),
        of=rules.planned_number(group, meetings),
        note=note,
        other=saved if _is_conflict(note, form) else None,
        comments=note_queries.comments(viewer(), group, note.uid) if note else [],
        last=last,
        warned=_warned(group, form.boxes().whole) if kind == "note" else [],
        asks=bool(query("ask")),
        can_sign=_vault is not None,
        is_reader=viewer().uid in readers,
    )


@bp.post("/sessions/<uid>/<any(note, reflection):kind>")
@allow("notes.write", while_locked=True)
def save(uid: str, kind: str) -> Response:
    """The same page and when it was saved; after signing, the note as it is read."""
    meeting, group = queries.meeting_or_404(viewer(), uid, lock=True)
    form = KINDS[kind].typed()
    here: dict[str, Any] = {"uid": uid, "kind": kind}
    if not form.validate():
        return refused("sessions.write", form=form, **here)
    locked = not current_user.is_authenticated  # such a page may save what it shows, no more
    over = "" if locked else request.form.get("over", "")
    version = int(over if over.isdecimal() and len(over) < 7 else form.version.data or 0)
    try:
        note = notes.save(
            viewer(),
            meeting,
            form.boxes(),
            kind=kind,
            version=-1 if locked else version,
            page=form.page.data or new_uid(),
            at=now(),
        )
        if kind == "note" and "sign" in request.form and not locked:
            if _warned(group, form.boxes().whole) and request.form["sign"] != "as-it-is":
                return changed("sessions.write", ask=1, **here)
            notes.sign(group, note, form.boxes(), at=now())
            said = "signed" if note.signed_at else "sent-for-review"
            return changed("sessions.read", uid=note.uid, said=said)
    except RuleBroken as broken:
        done = note_queries.own_note(viewer(), meeting, kind)
        if done and "sign" in request.form and rules.is_closed_by(done, form.page.data or ""):
            return changed("sessions.read", uid=done.uid)  # sent twice: the first did it
        form.refuse(broken.message, broken.field)
        return refused("sessions.write", form=form, **here)
    return changed(
        "sessions.write",
        region="note-state",
        lighter=lambda: _state(meeting, group, form, note, kind),
        **here,
    )


@bp.get("/notes/<uid>")
@allow("notes.read")
def read(uid: str) -> Response:
    """A signed note with its additions; its text only for those who hold the group's notes."""
    opened, meeting, group = note_queries.note_or_404(viewer(), uid)
    note = opened.note
    if note.state == "draft":
        return leave_for(url_for("sessions.write", uid=meeting.uid, kind=note.kind))
    meetings = queries.meetings(group)
    form = AdditionForm.shown()
    trail.saw("note-read", "note", uid)
    return page(
        "sessions/read.html",
        opened=opened,
        note=note,
        meeting=meeting,
        group=group,
        number=rules.numbers(meetings).get(meeting.uid),
        of=rules.planned_number(group, meetings),
        is_author=note.author_uid == viewer().uid,
        may_review=note.state == "awaiting"
        and "supervisor" in viewer().roles
        and opened.boxes is not None
        and note.author_uid != viewer().uid,
        form=form,
        warned=_warned(group, form.text.data or ""),
        review_form=ReviewForm.shown(),
    )


@bp.post("/notes/<uid>/additions")
@allow("notes.write")
@once
def add(uid: str) -> Response:
    """The note with what was added below it; first, a question where a name stands in it."""
    opened, _meeting, group = note_queries.note_or_404(viewer(), uid)
    form = AdditionForm.typed()
    if not form.validate():
        return refused("sessions.read", form=form, uid=uid)
    if "as-it-is" not in request.form and _warned(group, form.text.data or ""):
        return asked("sessions.read", form=form, uid=uid)
    try:
        notes.add(viewer(), group, opened.note, form.text.data or "", at=now())
    except RuleBroken as broken:
        return refused("sessions.read", form=form, message=broken, uid=uid)
    return changed("sessions.read", uid=uid, said="added")


@bp.post("/notes/<uid>/draft")
@allow("notes.write")
def take_back(uid: str) -> Response:
    """One's own note as a draft again, while no supervisor has answered."""
    opened, meeting, _group = note_queries.note_or_404(viewer(), uid, lock=True)
    try:
        notes.take_back(viewer(), opened.note)
    except RuleBroken as broken:
        return refused("sessions.read", message=broken, uid=uid)
    return changed("sessions.write", uid=meeting.uid, kind="note", said="taken-back")


@bp.post("/notes/<uid>/review")
@allow("notes.review")
def review(uid: str) -> Response:
    """Today: the note is signed off, or returned to its author; with a comment either way."""
    opened, _meeting, group = note_queries.note_or_404(viewer(), uid, lock=True)
    if opened.boxes is None:
        abort(404)  # nobody signs off what they cannot read
    form = ReviewForm.typed()
    if not form.validate():
        return refused("sessions.read", form=form, uid=uid)
    returns = "return" in request.form
    if returns and not form.comment.data:
        form.refuse(ReviewForm.SAY_WHY, "comment")
        return refused("sessions.read", form=form, uid=uid)
    try:
        if returns:
            notes.return_to_author(viewer(), group, opened.note, form.comment.data or "", at=now())
        else:
            notes.sign_off(viewer(), group, opened.note, form.comment.data or "", at=now())
    except RuleBroken as broken:
        return refused("notebook.today", message=broken)
    return changed("notebook.today", said="returned" if returns else "signed-off")


@bp.post("/notes/<uid>/error")
@allow("notes.write")
def mark_in_error(uid: str) -> Response:
    """The note struck out; a new one can be written."""
    opened, _meeting, _group = note_queries.note_or_404(viewer(), uid)
    try:
        notes.mark_in_error(viewer(), opened.note, at=now())
    except RuleBroken as broken:
        return refused("sessions.read", message=broken, uid=uid)
    return changed("sessions.read", uid=uid, said="in-error")


def _state(
    meeting: GroupSession, group: Group, form: NoteForm, note: SessionNote, kind: str
) -> Response:
    """The line under the boxes that tells the truth: when it was saved, and what stands in it."""
    form.version.data = str(note.version)
    return page(
        "sessions/note.html",
        region="note-state",
        form=form,
        kind=kind,
        meeting=meeting,
        group=group,
        note=note,
        other=None,
        warned=_warned(group, form.boxes().whole) if kind == "note" else [],
        asks=False,
        can_sign=True,
    )


def _warned(group: Group, text: str) -> list[rules.Warned]:
    """The names of everybody who is or was in the group, and the phone numbers, in a text."""
    if not text.strip():
        return []
    people = groups.roster(viewer(), group, at=now())
    return rules.names_and_phones(text, [person.card for person in people if person.card])


def _is_conflict(note: SessionNote | None, form: NoteForm) -> bool:
    """Whether the form shown again was refused because another page saved meanwhile."""
    if note is None or note.state != "draft" or not form.form_errors:
        return False
    if not str(form.version.data).isdecimal():
        abort(400)
    return bool(str(note.version) != form.version.data)
