"""Reading appointments, and how far their notes are; every read starts from the viewer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import and_, bindparam, case, func, or_, select

from app.accounts.viewer import Viewer
from app.cases.models import Appointment, Case
from app.cases.queries import REACHABLE, WAS_REFERRED, File, file_or_404, open_to_its_counsellor
from app.errors import or_404
from app.extensions import db, read
from app.notes.models import Note
from app.notes.queries import HOW_FAR, IS_MINE, STANDS, TO_BE_WRITTEN, Mine
from app.people.models import Person
from app.people.queries import BY_VAULTS, CARD, SHARE_COLUMNS, card_or_none
from app.people.rules import Card
from app.requests.models import Referral
from app.requests.queries import reach, scope
from app.vault.models import Share

ATTENDED = Appointment.ended_as == "attended"
WAS = and_(ATTENDED, Appointment.starts_at <= bindparam("at"))
COMES = and_(Appointment.ended_as.is_(None), Appointment.starts_at > bindparam("at"))
OF_FILES = (
    select(
        Appointment.case_uid,
        func.count(),
        func.count(case((ATTENDED, 1))),
        func.max(case((WAS, Appointment.starts_at))),
        func.min(case((COMES, Appointment.starts_at))),
    )
    .join(Case, Case.uid == Appointment.case_uid)
    .where(REACHABLE)
    .group_by(Appointment.case_uid)
)
APPOINTMENTS = (
    select(Appointment)
    .where(Appointment.case_uid == bindparam("case_uid"))
    .order_by(Appointment.starts_at.desc())
)
APPOINTMENT = select(Appointment).where(Appointment.uid == bindparam("uid"))
APPOINTMENT_LOCKED = APPOINTMENT.with_for_update()
REFERRAL_LOCKED = select(Referral.uid).where(Referral.uid == bindparam("uid")).with_for_update()
WHOSE = (
    select(Case.uid, Case.referral_uid)
    .join(Appointment, Appointment.case_uid == Case.uid)
    .where(Appointment.uid == bindparam("uid"))
)
BOOKED = (
    select(Appointment)
    .join(Case, Case.uid == Appointment.case_uid)
    .where(WAS_REFERRED, Case.closed_at.is_(None), Appointment.ended_as.is_(None))
)
OF_COUNSELLOR = (
    select(Case, *CARD, *SHARE_COLUMNS, Appointment)
    .join(Person, Person.uid == Case.person_uid)
    .join(Appointment, Appointment.case_uid == Case.uid)
    .outerjoin(Share, BY_VAULTS)
    .where(WAS_REFERRED, Case.closed_at.is_(None))
)
IN_SPAN = OF_COUNSELLOR.where(
    Appointment.starts_at.between(bindparam("since"), bindparam("until"))
).order_by(Appointment.starts_at)
WITHOUT_NOTE = (
    OF_COUNSELLOR.add_columns(HOW_FAR.label("note"))
    .outerjoin(Mine, and_(Mine.of_uid == Appointment.uid, IS_MINE))
    .where(
        or_(
            and_(Appointment.starts_at <= bindparam("before"), Appointment.ended_as.is_(None)),
            Appointment.ended_as == "attended",
        ),
        TO_BE_WRITTEN,
    )
    .order_by(Appointment.starts_at.desc())
    .limit(8)
)
UNSIGNED = (
    select(Appointment)
    .join(Mine, and_(Mine.of_uid == Appointment.uid, IS_MINE))
    .where(Appointment.case_uid == bindparam("case_uid"), TO_BE_WRITTEN)
    .order_by(Appointment.starts_at)
)
WRITTEN_BEFORE = (
    select(Appointment.uid)
    .join(Note, Note.of_uid == Appointment.uid)
    .where(
        Appointment.case_uid == bindparam("case_uid"),
        Appointment.starts_at < bindparam("before"),
        STANDS,
    )
    .order_by(Appointment.starts_at.desc())
    .limit(1)
)


class InFigures(NamedTuple):
    """The appointments of a file in figures: how many, when the last was held, when the next is booked."""

    number: int = 0
    attended: int = 0
    last: datetime | None = None
    next: datetime | None = None


def appointments(case_uid: str) -> Sequence[Appointment]:
    """The appointments of a file, the latest first."""
    return db.session.scalars(APPOINTMENTS, {"case_uid": case_uid}).all()


def of_files(viewer: Viewer, *, at: datetime) -> defaultdict[str, InFigures]:
    """The appointments of the files that `queries.files` finds, in figures: file -> figures."""
    found: defaultdict[str, InFigures] = defaultdict(InFigures)
    for case_uid, *figures in read(OF_FILES, {"at": at, **reach(viewer)}):
        found[case_uid] = InFigures(*figures)
    return found


def appointment_or_404(viewer: Viewer, uid: str, *, lock: bool = False) -> tuple[Appointment, File]:
    """An appointment of a file the viewer keeps or supervises."""
    whose = or_404(db.session.execute(WHOSE, {"uid": uid}).one_or_none())
    if lock:  # first what hangs above it, in the order in which a withdrawn consent locks
        db.session.execute(REFERRAL_LOCKED, {"uid": whose.referral_uid})
    file = file_or_404(viewer, whose.uid, lock=lock)
    query = APPOINTMENT_LOCKED if lock else APPOINTMENT
    return db.session.scalars(query, {"uid": uid}).one(), file


def own_appointment_or_404(
    viewer: Viewer, uid: str, *, lock: bool = False
) -> tuple[Appointment, File]:
    """An appointment of a file that goes on, and that the viewer keeps as its counsellor."""
    appointment, file = appointment_or_404(viewer, uid, lock=lock)
    return appointment, open_to_its_counsellor(viewer, file)


def booked_by(counsellor_uid: str) -> Sequence[Appointment]:
    """Every booked appointment of a counsellor, in all their files that go on."""
    return db.session.scalars(BOOKED, {"as_counsellor": counsellor_uid}).all()


def of_counsellor(
    viewer: Viewer, since: datetime, until: datetime
) -> list[tuple[Appointment, Case, Card | None]]:
    """A counsellor's appointments in a span of time, with the names."""
    rows = db.session.execute(IN_SPAN, {"since": since, "until": until, **scope(viewer)})
    return [(row.Appointment, row[0], card_or_none(viewer, row)) for row in rows]


def without_note(
    viewer: Viewer, *, before: datetime
) -> list[tuple[Appointment, Case, Card | None, str]]:
    """A counsellor's appointments that are past or were held, and how far their note is.

    That is "none", "draft" or "returned" by the supervisor; signed ones and
    those that await review are left out.
    """
    rows = db.session.execute(WITHOUT_NOTE, {"before": before, **scope(viewer)})
    return [(row.Appointment, row[0], card_or_none(viewer, row), row.note) for row in rows]


def unsigned_of(viewer: Viewer, case: Case) -> Sequence[Appointment]:
    """The appointments of a file with a draft of the viewer's that is not signed."""
    return db.session.scalars(UNSIGNED, {"case_uid": case.uid, "me": viewer.uid}).all()


def written_before(appointment: Appointment) -> str | None:
    """The latest appointment of a file before this one that has a signed note."""
    asked = {"case_uid": appointment.case_uid, "before": appointment.starts_at}
    return db.session.scalar(WRITTEN_BEFORE, asked)
