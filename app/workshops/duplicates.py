"""Two cards that may be one person's: finding them, and saying that they are not."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, or_, select

from app.accounts.viewer import Viewer
from app.audit import trail
from app.extensions import db
from app.people import queries as people
from app.people import rules as people_rules
from app.people.rules import Card
from app.workshops.models import DifferentPeople, Workshop
from app.workshops.queries import Listed

NAMES_ONE_OF = or_(
    DifferentPeople.one_uid.in_(bindparam("uids", expanding=True)),
    DifferentPeople.other_uid.in_(bindparam("uids", expanding=True)),
)
DIFFERENT = select(DifferentPeople).where(NAMES_ONE_OF)
FORGET = delete(DifferentPeople).where(NAMES_ONE_OF).execution_options(synchronize_session="fetch")


@dataclass(frozen=True)
class Duplicate:
    """Somebody who signed up from outside, and a known person who may be the same."""

    of: str
    """The uid of whoever signed up."""
    of_card: Card
    person_uid: str
    card: Card
    same_phone: bool


def found(viewer: Viewer, workshop: Workshop, on_list: Iterable[Listed]) -> list[Duplicate]:
    """Known people with the phone or the folded name of somebody who signed up from outside."""
    desk = viewer.keys.vault("desk", workshop.site_uid) if "coordinator" in viewer.roles else None
    outside = [
        one
        for one in on_list
        if one.card and one.sign_up.source == "public" and one.sign_up.ended_as is None
    ]
    if desk is None or not outside:
        return []
    by_phone: dict[str, list[people_rules.Listed]] = {}
    by_name: dict[str, list[people_rules.Listed]] = {}
    for known in people.listed(viewer, [desk]):
        by_name.setdefault(known.folded, []).append(known)
        if known.phone:
            by_phone.setdefault(known.phone, []).append(known)
    dismissed = _different({one.person_uid for one in outside})
    pairs: dict[tuple[str, str], Duplicate] = {}
    for one in outside:
        card = one.card or Card()
        same_phone = by_phone.get(card.phone, []) if card.phone else []
        for known in [*by_name.get(card.folded, []), *same_phone]:
            pair = _pair(one.person_uid, known.uid)
            if known.uid != one.person_uid and pair not in pairs and pair not in dismissed:
                pairs[pair] = Duplicate(
                    one.person_uid, card, known.uid, known.card, known in same_phone
                )
    return list(pairs.values())


def dismiss(one_uid: str, other_uid: str, *, at: datetime) -> None:
    """They are two people: nobody is asked about them again."""
    first, second = _pair(one_uid, other_uid)
    if db.session.get(DifferentPeople, (first, second)) is None:
        db.session.add(DifferentPeople(one_uid=first, other_uid=second, said_at=at))
    trail.record("two-people", "person", one_uid, person_uid=one_uid)


def forget(person_uid: str) -> None:
    """Before a card goes: what was said of it goes too."""
    db.session.execute(FORGET, {"uids": [person_uid]})


def _different(person_uids: Collection[str]) -> set[tuple[str, str]]:
    rows = db.session.scalars(DIFFERENT, {"uids": list(person_uids)})
    return {(row.one_uid, row.other_uid) for row in rows}


def _pair(one_uid: str, other_uid: str) -> tuple[str, str]:
    return min(one_uid, other_uid), max(one_uid, other_uid)
