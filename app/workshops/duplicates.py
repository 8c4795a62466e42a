"""Finding two cards of one person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.accounts.viewer import Viewer
from app.people import queries as people
from app.people import rules as people_rules
from app.people.rules import Card
from app.workshops.models import Workshop
from app.workshops.queries import Listed


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
    pairs = {}
    for one in outside:
        card = one.card or Card()
        same_phone = by_phone.get(card.phone, []) if card.phone else []
        for known in [*by_name.get(card.folded, []), *same_phone]:
            if known.uid != one.person_uid:
                pairs[one.person_uid, known.uid] = Duplicate(
                    one.person_uid, card, known.uid, known.card, known in same_phone
                )
    return list(pairs.values())
