"""Reading files, and what became of them; every read starts from the viewer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import abort
from sqlalchemy import and_, bindparam, or_, select

from app.accounts.models import User
from app.accounts.viewer import Viewer
from app.assignments.queries import REACHED, SUPERVISED
from app.assignments.queries import scope as reached
from app.cases.models import WITHDRAWN, Appointment, Case
from app.errors import or_404
from app.extensions import db
from app.notes.models import Note
from app.notes.queries import AWAITS_ME
from app.people.models import Person
from app.people.queries import BY_VAULTS, CARD, SHARE_COLUMNS, card_or_none
from app.people.rules import Card
from app.requests.models import CLOSED, Referral
from app.requests.queries import once_each, reach, scope
from app.vault.models import Share

# Also once it was closed and the part ended with it: the page of their file stays, without its texts.
WAS_REFERRED = Case.referral_uid.in_(
    select(Referral.uid).where(Referral.receiver_uid == bindparam("as_counsellor"))
)
# A file is reached by its counsellor and its supervisor; coordinators reach its numbers and dates.
CONTENT_REACHABLE = and_(
    or_(WAS_REFERRED, Case.referral_uid.in_(SUPERVISED)),
    or_(Case.closed_as.is_(None), Case.closed_as != "revoked"),
)
CASES = (
    select(Case, *CARD, *SHARE_COLUMNS)
    .join(Person, Person.uid == Case.person_uid)
    .outerjoin(Share, BY_VAULTS)
)
REACHABLE = or_(CONTENT_REACHABLE, Case.site_uid.in_(REACHED))
FILES = CASES.where(REACHABLE)
FILE = CASES.where(Case.uid == bindparam("uid"), CONTENT_REACHABLE)
LOCKED = select(Case.uid).where(Case.uid == bindparam("uid")).with_for_update()
OF_PLACE_LOCKED = (
    select(Case)
    .where(Case.uid == bindparam("uid"), Case.site_uid.in_(REACHED))
    .with_for_update(of=Case)
)
OF_REFERRAL = select(Case).where(Case.referral_uid == bindparam("referral_uid"))
OF_REFERRAL_LOCKED = OF_REFERRAL.with_for_update(of=Case)
OF_PERSON = (
    select(Case)
    .where(Case.person_uid == bindparam("person_uid"), REACHABLE)
    .order_by(Case.opened_at.desc())
)
AWAITING = (
    select(Note, Case, User.working_name)
    .join(Case, Case.referral_uid == Note.in_uid)
    .join(User, User.uid == Note.author_uid)
    .where(AWAITS_ME)
    .order_by(Note.awaiting_at)
    .limit(50)
)
STOPPED = (
    select(Referral, Case.uid, Case.closed_at)
    .outerjoin(Case, Case.referral_uid == Referral.uid)
    .where(
        Referral.receiver_uid == bindparam("me"),
        Referral.sent_at.is_not(None),
        or_(
            Referral.revoked_at >= bindparam("since"),
            and_(Case.closed_as == WITHDRAWN, Case.closed_at >= bindparam("since")),
        ),
    )
)
CANCELLED = (
    select(Appointment)
    .join(Case, Case.uid == Appointment.case_uid)
    .where(
        Case.uid.in_(bindparam("uids", expanding=True)),
        Appointment.ended_at == Case.closed_at,
        Appointment.starts_at > Case.closed_at,
    )
    .order_by(Appointment.starts_at)
)

MOST = 8


@dataclass(slots=True)
class File:
    """A file with the person's card, as far as the viewer may open it."""

    case: Case
    card: Card | None

    @property
    def uid(self) -> str:
        return self.case.uid


def files(viewer: Viewer) -> list[File]:
    """The viewer's own files, those they supervise, and the numbers of their places' files."""
    rows = once_each(db.session.execute(FILES, scope(viewer)))
    found = [_file(viewer, row) for row in rows]
    return sorted(found, key=lambda f: (f.case.state == "closed", f.card.folded if f.card else ""))


def file_or_404(viewer: Viewer, uid: str, *, lock: bool = False) -> File:
    """A file the viewer keeps or supervises."""
    if lock:  # first, and alone: who supervises is then read as it is after the wait
        db.session.execute(LOCKED, {"uid": uid})
    rows = once_each(db.session.execute(FILE, {"uid": uid, **scope(viewer)}))
    return _file(viewer, or_404(next(iter(rows), None)))


def own_or_404(viewer: Viewer, uid: str, *, lock: bool = False) -> File:
    """A file that goes on, and that the viewer keeps as its counsellor."""
    return open_to_its_counsellor(viewer, file_or_404(viewer, uid, lock=lock))


def open_to_its_counsellor(viewer: Viewer, file: File) -> File:
    """This file, where it goes on and the viewer is its counsellor; 404 otherwise."""
    if file.case.counsellor_uid != viewer.uid or file.case.state == CLOSED:
        abort(404)
    return file


def case_of_place_or_404(viewer: Viewer, uid: str) -> Case:
    """A file of one of the places the viewer coordinates, for its numbers and dates alone."""
    return or_404(db.session.scalar(OF_PLACE_LOCKED, {"uid": uid, **reached(viewer)}))


def file_of_referral(referral_uid: str, *, lock: bool = False) -> Case | None:
    """The file that a referral opened."""
    query = OF_REFERRAL_LOCKED if lock else OF_REFERRAL
    return db.session.scalar(query, {"referral_uid": referral_uid})


def cases_of_person(viewer: Viewer, person_uid: str) -> Sequence[Case]:
    """A person's files that the viewer keeps, supervises or counts."""
    return db.session.scalars(OF_PERSON, {"person_uid": person_uid, **reach(viewer)}).all()


def awaiting(viewer: Viewer) -> list[tuple[Note, Case, str]]:
    """Notes of files that await this supervisor's review, the longest first."""
    rows = db.session.execute(AWAITING, reached(viewer))
    return [(row[0], row[1], row[2]) for row in rows]


def _file(viewer: Viewer, row: Any) -> File:
    return File(row[0], card_or_none(viewer, row, through=_through(viewer, row[0])))


def _through(viewer: Viewer, case: Case) -> tuple[str, str] | None:
    """The vault that is to open a file's person for this viewer; none once their own was closed."""
    if viewer.uid not in (case.counsellor_uid, case.supervisor_uid):
        return "desk", case.site_uid
    return ("case", case.referral_uid) if case.closed_at is None else None


@dataclass(frozen=True)
class Stopped:
    """What was taken from a counsellor: why, when, and the hours that no longer take place. It names nobody."""

    as_: str
    service: str
    zone: str
    at: datetime
    cancelled: Sequence[Appointment]


def stopped(viewer: Viewer, *, since: datetime) -> list[Stopped]:
    """What this counsellor was sent or kept, and lost to a revocation or a withdrawn consent; the latest."""
    if "counsellor" not in viewer.roles:
        return []
    rows = db.session.execute(STOPPED, {"me": viewer.uid, "since": since}).all()
    cancelled: dict[str, list[Appointment]] = {}
    uids = [case_uid for _referral, case_uid, _at in rows if case_uid]
    for one in db.session.scalars(CANCELLED, {"uids": uids}):
        cancelled.setdefault(one.case_uid, []).append(one)
    found = [
        Stopped(
            "revoked" if referral.revoked_at else WITHDRAWN,
            referral.service,
            referral.site.zone,
            referral.revoked_at or closed_at or since,
            cancelled.get(case_uid, []),
        )
        for referral, case_uid, closed_at in rows
    ]
    return sorted(found, key=lambda one: one.at, reverse=True)[:MOST]
