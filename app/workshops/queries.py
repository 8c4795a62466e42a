"""Reading workshops and their sign-ups; every read by staff starts from the viewer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Executable, bindparam, or_, select

from app.accounts.viewer import Viewer
from app.assignments.queries import REACHED, scope
from app.errors import or_404
from app.extensions import Reading, db, read, read_one
from app.people.models import Person, Site, Total
from app.people.queries import BY_VAULT, SITE, WHO, every_site, known, sites
from app.people.rules import Card
from app.vault import vaults
from app.vault.models import Share
from app.workshops.models import SignUp, Workshop

REACHABLE = or_(Workshop.site_uid.in_(REACHED), Workshop.uid.in_(REACHED))
# A workshop as a page reads it, in a statement that joins its place; and a sign-up.
WORKSHOP, SIGN_UP = Reading(Workshop, site=SITE), Reading(SignUp)
EVERY = select(*WORKSHOP.columns).join(Site, Site.uid == Workshop.site_uid)
ONE = EVERY.where(Workshop.uid == bindparam("uid"), REACHABLE)
ONE_LOCKED = (
    select(Workshop).where(Workshop.uid == bindparam("uid"), REACHABLE).with_for_update(of=Workshop)
)
WORKSHOPS = EVERY.where(REACHABLE).order_by(Workshop.starts_at.desc())
OF_SERIES = EVERY.where(Workshop.series_uid == bindparam("series_uid")).order_by(Workshop.starts_at)
TO_CHANGE = select(SignUp).where(SignUp.workshop_uid == bindparam("workshop_uid"))
SIGN_UPS_OF = select(*SIGN_UP.columns).where(
    SignUp.workshop_uid.in_(bindparam("uids", expanding=True))
)
SIGN_UP_REACHED = (
    select(SignUp)
    .join(Workshop, Workshop.uid == SignUp.workshop_uid)
    .where(SignUp.uid == bindparam("uid"), REACHABLE)
)
DATES = (
    select(*SIGN_UP.columns, *WORKSHOP.columns)
    .join(Workshop, Workshop.uid == SignUp.workshop_uid)
    .join(Site, Site.uid == Workshop.site_uid)
)
DATES_OF_PERSON = DATES.where(SignUp.person_uid == bindparam("uid"), REACHABLE).order_by(
    Workshop.starts_at.desc()
)
BY_CODE = DATES.where(SignUp.code_digest == bindparam("digest")).order_by(Workshop.starts_at)
# Everybody ever on a list, with the card where the vault has a share of it.
LISTED = (
    select(*SIGN_UP.columns, *WHO)
    .join(Person, Person.uid == SignUp.person_uid)
    .outerjoin(Share, BY_VAULT)
    .where(SignUp.workshop_uid == bindparam("workshop_uid"))
)
TOTALS = (
    select(Total.what, Total.number)
    .where(Total.of_uid == bindparam("workshop_uid"))
    .order_by(Total.what)
)
BY_LINK = EVERY.where(Workshop.link == bindparam("link"))
FILL_THEMSELVES = EVERY.where(
    Workshop.fills_itself,
    Workshop.opened_at.is_not(None),
    Workshop.held_at.is_(None),
    Workshop.cancelled_at.is_(None),
)
BY_UIDS_LOCKED = (
    select(Workshop)
    .where(Workshop.uid.in_(bindparam("uids", expanding=True)))
    .order_by(Workshop.uid)
    .with_for_update(of=Workshop)
)


# In which order a list shows its sign-ups: a seat, a question, the waiting line, what is over.
PARTS = (
    ("confirmed", "attended", "no-show", "offered"),
    ("requested",),
    ("waiting", "expired"),
    ("declined", "cancelled"),
)


@dataclass(slots=True)
class Listed:
    """A sign-up with the person's card, as far as the viewer may open it."""

    sign_up: SignUp
    card: Card | None
    state: str
    stopped: bool
    """Whether they are not to be contacted."""
    uid: str = field(init=False)
    person_uid: str = field(init=False)

    def __post_init__(self) -> None:
        self.uid, self.person_uid = self.sign_up.uid, self.sign_up.person_uid


def workshops(viewer: Viewer) -> Sequence[Workshop]:
    """The viewer's workshops, the latest date first."""
    return [WORKSHOP.of(row) for row in read(WORKSHOPS, scope(viewer))]


def get_or_404(viewer: Viewer, uid: str, *, lock: bool = False) -> Workshop:
    """One of the viewer's workshops; `lock` to change it, or before counting its seats."""
    asked = {"uid": uid, **scope(viewer)}
    return or_404(db.session.scalar(ONE_LOCKED, asked) if lock else _one(ONE, asked))


def sign_ups(workshop_uid: str) -> list[SignUp]:
    """Every sign-up for a workshop."""
    return sign_ups_of([workshop_uid])[workshop_uid]


def to_change(workshop_uid: str) -> list[SignUp]:
    """Every sign-up for a workshop, for who may change some of them under its lock."""
    return list(db.session.scalars(TO_CHANGE, {"workshop_uid": workshop_uid}))


def sign_ups_of(workshop_uids: Sequence[str]) -> dict[str, list[SignUp]]:
    """Every sign-up for each of some workshops, in one query."""
    found: dict[str, list[SignUp]] = {uid: [] for uid in workshop_uids}
    for row in read(SIGN_UPS_OF, {"uids": list(workshop_uids)}) if found else ():
        found[row.workshop_uid].append(SIGN_UP.of(row))
    return found


def sign_up_or_404(viewer: Viewer, uid: str) -> SignUp:
    """A sign-up for one of the viewer's workshops."""
    return or_404(db.session.scalar(SIGN_UP_REACHED, {"uid": uid, **scope(viewer)}))


def list_vault(viewer: Viewer, workshop: Workshop) -> str:
    """The vault through which this viewer opens the list's names, or empty."""
    keys = viewer.keys
    through_desk = keys.vault("desk", workshop.site_uid) if "coordinator" in viewer.roles else None
    return through_desk or keys.vault("roster", workshop.uid) or ""


def opens_roster(viewer: Viewer, workshop: Workshop) -> bool:
    """Whether the viewer holds the list itself, which they give to whoever they assign."""
    if viewer.keys.vault("roster", workshop.uid) is None:
        # It would be given with the place's desk as well: the page says which of them lacks.
        list_vault(viewer, workshop)
        return False
    return True


def listed(viewer: Viewer, workshop: Workshop, *, at: datetime) -> list[Listed]:
    """Everybody on the list: who has a seat by name, who asked and who waits in order, then the others."""
    vault = list_vault(viewer, workshop)
    rows = read(LISTED, {"workshop_uid": workshop.uid, "vault_uid": vault})
    return sorted((_listed(viewer, row, at=at) for row in rows), key=_order)


def totals(workshop: Workshop) -> list[tuple[str, int]]:
    """What remains of a list once it was let go: how many there were of each state."""
    if not workshop.is_over():
        return []
    return [(row.what, row.number) for row in read(TOTALS, {"workshop_uid": workshop.uid})]


def one_listed(viewer: Viewer, workshop: Workshop, sign_up: SignUp, *, at: datetime) -> Listed:
    """One sign-up with its card."""
    return next(one for one in listed(viewer, workshop, at=at) if one.uid == sign_up.uid)


def places_to_hold(viewer: Viewer) -> Sequence[Site]:
    """Where this viewer can make a workshop: coordinators at their own places, facilitators anywhere."""
    return every_site() if "facilitator" in viewer.roles else sites(viewer)


def by_link(link: str) -> Workshop | None:
    """The workshop whose public address ends in `link`, whether or not it answers now."""
    return _one(BY_LINK, {"link": link})


def dates_open_to_the_public(workshop: Workshop, *, at: datetime) -> list[Workshop]:
    """The dates of the same workshop one can sign up for from outside, this one among them."""
    return [date for date in _of_series(workshop) if date.link_answers(at)]


def locked(uids: Sequence[str]) -> list[Workshop]:
    """Some workshops with their rows locked, always in the same order."""
    return list(db.session.scalars(BY_UIDS_LOCKED, {"uids": list(uids)}))


def by_code(digest: str) -> list[tuple[SignUp, Workshop]]:
    """What a code word opens: the sign-ups made with it, by date."""
    return _dated(read(BY_CODE, {"digest": digest}))


def dates_of_person(viewer: Viewer, person_uid: str) -> list[tuple[SignUp, Workshop]]:
    """What a person signed up for among the viewer's workshops, the latest first."""
    return _dated(read(DATES_OF_PERSON, {"uid": person_uid, **scope(viewer)}))


def other_sign_ups(
    viewer: Viewer, workshop: Workshop, person_uid: str
) -> list[tuple[SignUp, Workshop]]:
    """On which lists of other dates of a workshop a person is, among the viewer's."""
    return [
        (sign_up, date)
        for sign_up, date in dates_of_person(viewer, person_uid)
        if date.series_uid == workshop.series_uid
        and date.uid != workshop.uid
        and not sign_up.ended_as
        and not date.is_over()
    ]


def other_dates(workshop: Workshop) -> Sequence[Workshop]:
    """The other dates of the same workshop, soonest first."""
    return [date for date in _of_series(workshop) if date.uid != workshop.uid]


def roster_of(workshop: Workshop) -> str:
    """The vault of a workshop's list, made with the workshop."""
    return vaults.made("roster", workshop.uid)


def that_fill_themselves() -> Sequence[Workshop]:
    """The workshops to come in which a freed seat goes to whoever waited longest."""
    return [WORKSHOP.of(row) for row in read(FILL_THEMSELVES)]


def _one(statement: Executable, asked: Mapping[str, Any]) -> Workshop | None:
    row = read_one(statement, asked)
    return WORKSHOP.of(row) if row else None


def _of_series(workshop: Workshop) -> list[Workshop]:
    return [WORKSHOP.of(row) for row in read(OF_SERIES, {"series_uid": workshop.series_uid})]


def _dated(rows: Iterable[Any]) -> list[tuple[SignUp, Workshop]]:
    return [(SIGN_UP.of(row), WORKSHOP.of(row, SIGN_UP.width)) for row in rows]


def _listed(viewer: Viewer, row: Any, *, at: datetime) -> Listed:
    sign_up, (card, stopped) = SIGN_UP.of(row), known(viewer, row)
    return Listed(sign_up, card, sign_up.state(at), stopped)


def _order(one: Listed) -> tuple[int, int, str, str]:
    part = next(n for n, states in enumerate(PARTS) if one.state in states)
    in_line = (one.sign_up.line or 0) + (one.state == "expired") * 1_000_000 if part == 2 else 0
    name = one.card.folded if one.card and part != 2 else "\uffff"
    return part, in_line, name, one.uid
