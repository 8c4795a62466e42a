"""Reading requests; every read starts from the viewer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, case, func, select

from app.accounts.viewer import Viewer
from app.assignments.queries import REACHED
from app.assignments.queries import scope as reached
from app.errors import or_404
from app.extensions import db, read
from app.people import queries as people
from app.people.models import Person
from app.people.queries import BY_VAULTS, WHO, desks, known
from app.people.rules import Card, Listed
from app.requests import rules
from app.requests.models import URGENCIES, ContactAttempt, Request
from app.vault.models import Share

REQUESTS = (
    select(Request, *WHO)
    .join(Person, Person.uid == Request.person_uid)
    .outerjoin(Share, BY_VAULTS)
    .where(Request.site_uid.in_(REACHED))
)
SOME_REQUESTS = REQUESTS.where(Request.uid.in_(bindparam("uids", expanding=True)))
QUEUE = select(
    Request.uid,
    Request.urgency,
    Request.opened_at,
    Request.site_uid,
    Request.owner_uid,
    Request.next_contact_on,
).where(Request.site_uid.in_(REACHED), Request.ended_at.is_(None))
FIRST = (
    QUEUE.with_only_columns(Request.uid)
    .order_by(
        case({urgency: at for at, urgency in enumerate(URGENCIES)}, value=Request.urgency),
        Request.opened_at,
        Request.uid,
    )
    .limit(3)
)
OPEN_NUMBERS = (
    select(Request.urgency, func.count())
    .where(Request.site_uid.in_(REACHED), Request.ended_at.is_(None))
    .group_by(Request.urgency)
)
ONE_REQUEST = REQUESTS.where(Request.uid == bindparam("uid"))
ONE_REQUEST_LOCKED = ONE_REQUEST.with_for_update(of=Request)
ENDED = (
    select(Request.uid)
    .where(Request.site_uid.in_(REACHED), Request.ended_at.is_not(None))
    .order_by(Request.ended_at.desc(), Request.uid)
)
TO_CONTACT = (
    select(Request.uid)
    .where(
        Request.site_uid.in_(REACHED),
        Request.ended_at.is_(None),
        Request.owner_uid == bindparam("me"),
        Request.next_contact_on <= bindparam("on"),
    )
    .order_by(Request.next_contact_on, Request.uid)
    .limit(8)
)
OF_PERSON = (
    select(Request)
    .where(Request.person_uid == bindparam("person_uid"), Request.site_uid.in_(REACHED))
    .order_by(Request.opened_at.desc())
)
LATEST_ATTEMPTS = (
    select(ContactAttempt)
    .where(ContactAttempt.request_uid == bindparam("request_uid"))
    .order_by(ContactAttempt.made_at.desc())
)
ATTEMPTS = (
    select(ContactAttempt)
    .where(ContactAttempt.request_uid.in_(bindparam("request_uids", expanding=True)))
    .order_by(ContactAttempt.made_at)
)


class Waiting(NamedTuple):
    """A request in the queue, by what the queue is ordered and narrowed by."""

    uid: str
    urgency: str
    opened_at: datetime
    site_uid: str
    owner_uid: str | None
    next_contact_on: date | None


@dataclass(slots=True)
class Asked:
    """A request with the person's card, as far as the viewer may open it."""

    request: Request
    card: Card | None
    stopped: bool
    """Whether they are not to be contacted."""

    @property
    def uid(self) -> str:
        return self.request.uid


def reach(viewer: Viewer) -> dict[str, Any]:
    """The parameters of what a viewer reaches here."""
    as_counsellor = viewer.uid if "counsellor" in viewer.roles else ""
    return reached(viewer) | {"as_counsellor": as_counsellor}


def scope(viewer: Viewer) -> dict[str, Any]:
    """The same, and the vaults through which cards open."""
    return reach(viewer) | {"vaults": vaults_of(viewer)}


def vaults_of(viewer: Viewer) -> list[str]:
    """The vaults through which this viewer opens people here: desks, and files."""
    found = desks(viewer) if "coordinator" in viewer.roles else []
    if viewer.roles & {"counsellor", "supervisor"}:
        found = [*found, *viewer.keys.vaults("case").values()]
    return found or [""]


def queue(viewer: Viewer) -> list[Waiting]:
    """The open requests of the viewer's places, urgency first, then who waits longest."""
    rows = [Waiting(*row) for row in read(QUEUE, reached(viewer))]
    return sorted(rows, key=lambda row: rules.waiting_order(row.urgency, row.opened_at))


def open_numbers(viewer: Viewer) -> dict[str, int]:
    """How many open requests of each urgency the viewer's places have."""
    rows = db.session.execute(OPEN_NUMBERS, reached(viewer))
    return {row[0]: row[1] for row in rows}


def asked(viewer: Viewer, uids: Sequence[str]) -> list[Asked]:
    """These requests with their cards, in this order."""
    if not uids:
        return []
    rows = once_each(db.session.execute(SOME_REQUESTS, {"uids": uids, **_of_desk(viewer)}))
    found = {row[0].uid: _asked(viewer, row) for row in rows}
    return [found[uid] for uid in uids if uid in found]


def first(viewer: Viewer) -> list[Asked]:
    """The first few of the queue."""
    return asked(viewer, db.session.scalars(FIRST, reached(viewer)).all())


def ended(viewer: Viewer) -> Sequence[str]:
    """The requests that were placed, declined or closed, the latest first: their uids."""
    return db.session.scalars(ENDED, reached(viewer)).all()


def to_contact(viewer: Viewer, *, on: date) -> list[Asked]:
    """Open requests that the viewer looks after, whose next contact has come due."""
    uids = db.session.scalars(TO_CONTACT, {"on": on, **reached(viewer)}).all()
    return asked(viewer, uids)


def same_phone(viewer: Viewer, one: Asked) -> list[Listed]:
    """Others of the place who have the phone of whoever a request is about."""
    desk = viewer.keys.vault("desk", one.request.site_uid)
    if desk is None or one.card is None or not one.card.phone:
        return []
    return [
        known
        for known in people.listed(viewer, [desk])
        if known.phone == one.card.phone and known.uid != one.request.person_uid
    ]


def request_or_404(viewer: Viewer, uid: str, *, lock: bool = False) -> Asked:
    """A request to one of the viewer's places."""
    query = ONE_REQUEST_LOCKED if lock else ONE_REQUEST
    rows = once_each(db.session.execute(query, {"uid": uid, **_of_desk(viewer)}))
    return _asked(viewer, or_404(next(iter(rows), None)))


def requests_of_person(viewer: Viewer, person_uid: str) -> Sequence[Request]:
    """A person's requests to the viewer's places, the newest first."""
    return db.session.scalars(OF_PERSON, {"person_uid": person_uid, **reached(viewer)}).all()


def attempts(request_uid: str) -> Sequence[ContactAttempt]:
    """Who tried to reach the person, the latest first."""
    return db.session.scalars(LATEST_ATTEMPTS, {"request_uid": request_uid}).all()


def attempts_of(request_uids: Sequence[str]) -> dict[str, list[ContactAttempt]]:
    """The attempts of some requests, the earliest first: request -> attempts."""
    found: dict[str, list[ContactAttempt]] = {uid: [] for uid in request_uids}
    for one in db.session.scalars(ATTEMPTS, {"request_uids": request_uids}):
        found[one.request_uid].append(one)
    return found


def _asked(viewer: Viewer, row: Any) -> Asked:
    return Asked(row[0], *known(viewer, row, through=("desk", row[0].site_uid)))


def _of_desk(viewer: Viewer) -> dict[str, Any]:
    return reached(viewer) | {"vaults": vaults_of(viewer)}


def once_each(rows: Any) -> list[Any]:
    """Each record once; of two shares of its person, always the one that opens with less work."""
    same: dict[str, list[Any]] = {}
    for row in rows:
        same.setdefault(row[0].uid, []).append(row)
    return [min(each, key=lambda r: (r.boxed is not False, r.vault_uid)) for each in same.values()]
