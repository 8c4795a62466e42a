"""Reading case notes; every read starts from the viewer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from flask import abort
from sqlalchemy import Boolean, and_, bindparam, or_, select
from sqlalchemy.orm import aliased

from app.accounts.models import User
from app.accounts.viewer import Viewer
from app.assignments.queries import SUPERVISED, scope
from app.extensions import db
from app.sessions.sealing import Boxes
from app.support import case_queries, case_sealing
from app.support.models import CLOSED, Appointment, Case, CaseNote, CaseNoteRemark

Author = aliased(User)
# One's own notes in every state; another's once signed, or while they await one's review.
TO_BE_SEEN = or_(
    CaseNote.author_uid == bindparam("author"),
    CaseNote.signed_at.is_not(None),
    and_(CaseNote.awaiting_at.is_not(None), bindparam("reviews", type_=Boolean)),
)


@dataclass(slots=True)
class OpenCaseNote:
    """A case note as this viewer may see it; `boxes` is None where its text stays closed."""

    note: CaseNote
    author: str
    boxes: Boxes | None
    remarks: list[tuple[CaseNoteRemark, str | None]] = field(default_factory=list)


def own_note(viewer: Viewer, appointment: Appointment, *, lock: bool = False) -> CaseNote | None:
    """The viewer's own note of an appointment that is not marked as an error."""
    query = select(CaseNote).where(
        CaseNote.appointment_uid == appointment.uid,
        CaseNote.author_uid == viewer.uid,
        CaseNote.error_at.is_(None),
    )
    return db.session.scalar(query.with_for_update() if lock else query)


def notes_of(viewer: Viewer, case: Case) -> dict[str, list[CaseNote]]:
    """The notes of a file that the viewer may see: appointment -> notes."""
    found: dict[str, list[CaseNote]] = {}
    query = select(CaseNote).where(CaseNote.case_uid == case.uid, TO_BE_SEEN)
    for note in db.session.scalars(query.order_by(CaseNote.saved_at), _as_seen_by(viewer)):
        found.setdefault(note.appointment_uid, []).append(note)
    return found


def note_or_404(
    viewer: Viewer, uid: str, *, lock: bool = False
) -> tuple[OpenCaseNote, Appointment, case_queries.File]:
    """A note of a file the viewer keeps or supervises, opened where they hold the key."""
    query = (
        select(CaseNote, Author.working_name)
        .join(Author, Author.uid == CaseNote.author_uid)
        .where(CaseNote.uid == uid, TO_BE_SEEN)
    )
    if lock:
        query = query.with_for_update(of=CaseNote)
    row = db.session.execute(query, _as_seen_by(viewer)).one_or_none()
    if row is None:
        abort(404)
    note, author = row
    appointment, file = case_queries.appointment_or_404(viewer, note.appointment_uid)
    if file.case.state == CLOSED and file.case.supervisor_uid != viewer.uid:
        abort(404)  # a closed file is read by its supervisor alone
    return open_note(viewer, file.case, note, author), appointment, file


def open_note(viewer: Viewer, case: Case, note: CaseNote, author: str) -> OpenCaseNote:
    """A note with its text and what was added or commented, as far as the viewer may."""
    opened = OpenCaseNote(note, author, case_sealing.boxes_of(viewer, case, note))
    rows = db.session.scalars(
        select(CaseNoteRemark)
        .where(CaseNoteRemark.note_uid == note.uid)
        .order_by(CaseNoteRemark.written_at)
    )
    opened.remarks = [(row, case_sealing.remark_text(viewer, case, row)) for row in rows]
    return opened


def signed_notes(viewer: Viewer, case: Case) -> list[OpenCaseNote]:
    """Every signed note of a file that was not struck out, opened, in two statements."""
    rows = db.session.execute(
        select(CaseNote, Author.working_name)
        .join(Author, Author.uid == CaseNote.author_uid)
        .where(
            CaseNote.case_uid == case.uid,
            CaseNote.signed_at.is_not(None),
            CaseNote.error_at.is_(None),
        )
    )
    found = {
        row[0].uid: OpenCaseNote(row[0], row[1], case_sealing.boxes_of(viewer, case, row[0]))
        for row in rows
    }
    remarks = (
        select(CaseNoteRemark)
        .join(CaseNote, CaseNote.uid == CaseNoteRemark.note_uid)
        .where(CaseNote.case_uid == case.uid)
        .order_by(CaseNoteRemark.written_at)
    )
    for remark in db.session.scalars(remarks):
        if remark.note_uid in found:
            text = case_sealing.remark_text(viewer, case, remark)
            found[remark.note_uid].remarks.append((remark, text))
    return list(found.values())


def last_note(viewer: Viewer, case: Case, appointment: Appointment) -> OpenCaseNote | None:
    """The latest signed note of an earlier appointment."""
    row = db.session.execute(
        select(CaseNote, Author.working_name)
        .join(Author, Author.uid == CaseNote.author_uid)
        .join(Appointment, Appointment.uid == CaseNote.appointment_uid)
        .where(
            CaseNote.case_uid == case.uid,
            CaseNote.signed_at.is_not(None),
            CaseNote.error_at.is_(None),
            Appointment.starts_at < appointment.starts_at,
        )
        .order_by(Appointment.starts_at.desc())
        .limit(1)
    ).one_or_none()
    return open_note(viewer, case, row[0], row[1]) if row else None


def holds_notes(case: Case | None) -> bool:
    """Whether anything was written in a file that its readers open."""
    if case is None:
        return False
    query = select(CaseNote.uid).where(CaseNote.case_uid == case.uid, CaseNote.text.is_not(None))
    return db.session.scalar(query.limit(1)) is not None


def unsigned_of(viewer: Viewer, case: Case) -> Sequence[Appointment]:
    """The appointments of a file with a draft of the viewer's that is not signed."""
    return db.session.scalars(
        select(Appointment)
        .join(CaseNote, CaseNote.appointment_uid == Appointment.uid)
        .where(
            CaseNote.case_uid == case.uid,
            CaseNote.author_uid == viewer.uid,
            CaseNote.signed_at.is_(None),
            CaseNote.awaiting_at.is_(None),
        )
        .order_by(Appointment.starts_at)
    ).all()


def awaiting_of(case: Case) -> Sequence[CaseNote]:
    """The notes of a file that await review."""
    return db.session.scalars(
        select(CaseNote).where(
            CaseNote.case_uid == case.uid,
            CaseNote.awaiting_at.is_not(None),
            CaseNote.signed_at.is_(None),
        )
    ).all()


def awaiting(viewer: Viewer) -> list[tuple[CaseNote, Case, str]]:
    """Case notes that await this supervisor's review, the longest first."""
    if "supervisor" not in viewer.roles:
        return []
    rows = db.session.execute(
        select(CaseNote, Case, Author.working_name)
        .join(Case, Case.uid == CaseNote.case_uid)
        .join(Author, Author.uid == CaseNote.author_uid)
        .where(
            CaseNote.awaiting_at.is_not(None),
            CaseNote.signed_at.is_(None),
            Case.referral_uid.in_(SUPERVISED),
        )
        .order_by(CaseNote.awaiting_at)
        .limit(50),
        scope(viewer),
    )
    return [(row[0], row[1], row[2]) for row in rows]


def _as_seen_by(viewer: Viewer) -> dict[str, object]:
    return {"author": viewer.uid, "reviews": "supervisor" in viewer.roles}
