"""Reading appointments, and how far their notes are; every read starts from the viewer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask import abort
from sqlalchemy import and_, case, func, or_, select

from app.accounts.viewer import Viewer
from app.cases.models import Appointment, Case
from app.cases.queries import WAS_REFERRED, File, file_or_404, open_to_its_counsellor
from app.extensions import db
from app.notes.models import Note
from app.notes.queries import HOW_FAR, IS_MINE, STANDS, TO_BE_WRITTEN, Mine
from app.people.models import Person
from app.people.queries import BY_VAULTS, CARD, SHARE_COLUMNS, card_or_none
from app.people.rules import Card
from app.requests.models import Referral
from app.requests.queries import scope
from app.vault.models import Share


def appointments(case_uid: str) -> Sequence[Appointment]:
    """The appointments of a file, the latest first."""
    return db.session.scalars(
        select(Appointment)
        .where(Appointment.case_uid == case_uid)
        .order_by(Appointment.starts_at.desc())
    ).all()


def numbers(case_uids: Sequence[str]) -> dict[str, dict[str, int]]:
    """How many appointments of each state a file has: file -> state -> number."""
    found: dict[str, dict[str, int]] = {uid: {} for uid in case_uids}
    state = func.coalesce(Appointment.ended_as, "booked")
    rows = db.session.execute(
        select(Appointment.case_uid, state, func.count())
        .where(Appointment.case_uid.in_(case_uids))
        .group_by(Appointment.case_uid, state)
    )
    for case_uid, of, number in rows:
        found[case_uid][of] = number
    return found


def last_and_next(
    case_uids: Sequence[str], *, at: datetime
) -> dict[str, tuple[datetime | None, datetime | None]]:
    """When a file's last appointment was held, and when the next one is booked."""
    was = and_(Appointment.ended_as == "attended", Appointment.starts_at <= at)
    comes = and_(Appointment.ended_as.is_(None), Appointment.starts_at > at)
    rows = db.session.execute(
        select(
            Appointment.case_uid,
            func.max(case((was, Appointment.starts_at))),
            func.min(case((comes, Appointment.starts_at))),
        )
        .where(Appointment.case_uid.in_(case_uids))
        .group_by(Appointment.case_uid)
    )
    return {row[0]: (row[1], row[2]) for row in rows}


def appointment_or_404(viewer: Viewer, uid: str, *, lock: bool = False) -> tuple[Appointment, File]:
    """An appointment of a file the viewer keeps or supervises."""
    case_uid, referral_uid = _whose(uid)
    if lock:  # first what hangs above it, in the order in which a withdrawn consent locks
        db.session.execute(
            select(Referral.uid).where(Referral.uid == referral_uid).with_for_update()
        )
    file = file_or_404(viewer, case_uid, lock=lock)
    query = select(Appointment).where(Appointment.uid == uid)
    return db.session.scalars(query.with_for_update() if lock else query).one(), file


def own_appointment_or_404(
    viewer: Viewer, uid: str, *, lock: bool = False
) -> tuple[Appointment, File]:
    """An appointment of a file that goes on, and that the viewer keeps as its counsellor."""
    appointment, file = appointment_or_404(viewer, uid, lock=lock)
    return appointment, open_to_its_counsellor(viewer, file)


def _whose(appointment_uid: str) -> tuple[str, str]:
    """The file of an appointment, and the referral of that file; 404 where there is none."""
    row = db.session.execute(
        select(Case.uid, Case.referral_uid)
        .join(Appointment, Appointment.case_uid == Case.uid)
        .where(Appointment.uid == appointment_uid)
    ).one_or_none()
    if row is None:
        abort(404)
    return row.uid, row.referral_uid


def booked_by(counsellor_uid: str) -> Sequence[Appointment]:
    """Every booked appointment of a counsellor, in all their files that go on."""
    return db.session.scalars(
        select(Appointment)
        .join(Case, Case.uid == Appointment.case_uid)
        .where(
            WAS_REFERRED,
            Case.closed_at.is_(None),
            Appointment.ended_as.is_(None),
        ),
        {"as_counsellor": counsellor_uid},
    ).all()


def of_counsellor(
    viewer: Viewer, since: datetime, until: datetime
) -> list[tuple[Appointment, Case, Card | None]]:
    """A counsellor's appointments in a span of time, with the names."""
    query = (
        select(Case, *CARD, *SHARE_COLUMNS, Appointment)
        .join(Person, Person.uid == Case.person_uid)
        .join(Appointment, Appointment.case_uid == Case.uid)
        .outerjoin(Share, BY_VAULTS)
        .where(
            WAS_REFERRED,
            Case.closed_at.is_(None),
            Appointment.starts_at.between(since, until),
        )
        .order_by(Appointment.starts_at)
    )
    rows = db.session.execute(query, scope(viewer))
    return [(row.Appointment, row[0], card_or_none(viewer, row)) for row in rows]


def without_note(
    viewer: Viewer, *, before: datetime
) -> list[tuple[Appointment, Case, Card | None, str]]:
    """A counsellor's appointments that are past or were held, and how far their note is.

    That is "none", "draft" or "returned" by the supervisor; signed ones and
    those that await review are left out.
    """
    query = (
        select(Case, *CARD, *SHARE_COLUMNS, Appointment, HOW_FAR.label("note"))
        .join(Person, Person.uid == Case.person_uid)
        .join(Appointment, Appointment.case_uid == Case.uid)
        .outerjoin(Share, BY_VAULTS)
        .outerjoin(Mine, and_(Mine.of_uid == Appointment.uid, IS_MINE))
        .where(
            WAS_REFERRED,
            Case.closed_at.is_(None),
            or_(
                and_(Appointment.starts_at <= before, Appointment.ended_as.is_(None)),
                Appointment.ended_as == "attended",
            ),
            TO_BE_WRITTEN,
        )
        .order_by(Appointment.starts_at.desc())
        .limit(8)
    )
    rows = db.session.execute(query, scope(viewer))
    return [(row.Appointment, row[0], card_or_none(viewer, row), row.note) for row in rows]


def unsigned_of(viewer: Viewer, case: Case) -> Sequence[Appointment]:
    """The appointments of a file with a draft of the viewer's that is not signed."""
    return db.session.scalars(
        select(Appointment)
        .join(Mine, and_(Mine.of_uid == Appointment.uid, IS_MINE))
        .where(Appointment.case_uid == case.uid, TO_BE_WRITTEN)
        .order_by(Appointment.starts_at),
        {"me": viewer.uid},
    ).all()


def written_before(appointment: Appointment) -> str | None:
    """The latest appointment of a file before this one that has a signed note."""
    return db.session.scalar(
        select(Appointment.uid)
        .join(Note, Note.of_uid == Appointment.uid)
        .where(
            Appointment.case_uid == appointment.case_uid,
            Appointment.starts_at < appointment.starts_at,
            STANDS,
        )
        .order_by(Appointment.starts_at.desc())
        .limit(1)
    )
