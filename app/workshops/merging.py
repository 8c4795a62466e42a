"""Two cards of one person: finding them, and making one of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from flask_babel import lazy_gettext as _
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from app.accounts.viewer import Viewer
from app.audit import trail
from app.errors import RuleBroken
from app.extensions import db
from app.groups.models import Membership
from app.people import cards
from app.people import queries as people
from app.people import rules as people_rules
from app.people.models import Consent, Person
from app.people.queries import OpenPerson
from app.people.rules import Card
from app.vault import vaults
from app.vault.models import Share
from app.workshops import queries, rules, signing_up
from app.workshops.models import CANCELLED, SignUp, Workshop
from app.workshops.queries import Listed

MORE_THAN_SIGN_UPS = _("More than sign-ups hangs on this person. Merge the other one into them.")


@dataclass(frozen=True)
class Duplicate:
    """Somebody who signed up from outside, and a known person who may be the same."""

    of: str
    """The uid of whoever signed up."""
    of_card: Card
    person_uid: str
    card: Card
    same_phone: bool


def duplicates(viewer: Viewer, workshop: Workshop, on_list: Iterable[Listed]) -> list[Duplicate]:
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
    found = {}
    for one in outside:
        card = one.card or Card()
        same_phone = by_phone.get(card.phone, []) if card.phone else []
        for known in [*by_name.get(card.folded, []), *same_phone]:
            if known.uid != one.person_uid:
                found[one.person_uid, known.uid] = Duplicate(
                    one.person_uid, card, known.uid, known.card, known in same_phone
                )
    return list(found.values())


def merge(viewer: Viewer, kept: OpenPerson, gone: OpenPerson, *, at: datetime) -> None:
    """Make one person of two: the sign-ups go on under `kept`, the card and key of `gone` are deleted.

    Whoever could open the one opens the other; an empty contact is filled in.
    Raises RuleBroken where `gone` is in a group, or on a list beyond the viewer's places.
    """
    if db.session.scalar(select(Membership.uid).where(Membership.person_uid == gone.uid).limit(1)):
        raise RuleBroken(MORE_THAN_SIGN_UPS)
    workshop_uids = sorted(
        set(db.session.scalars(select(SignUp.workshop_uid).where(SignUp.person_uid == gone.uid)))
    )
    within_reach = {workshop.uid for workshop in queries.workshops(viewer)}
    if not set(workshop_uids) <= within_reach:
        raise RuleBroken(_("This person is also on a list of a place that you do not coordinate."))
    queries.locked(workshop_uids)
    for uid in workshop_uids:
        _merge_in(signing_up.begin(viewer, uid, at=at), kept.uid, gone.uid, at=at)
    _share_as_widely(viewer, kept, gone)
    cards.change(kept, _filled(kept.card, gone.card), version=kept.version, at=at)
    db.session.execute(delete(Consent).where(Consent.person_uid == gone.uid))
    db.session.execute(delete(Share).where(Share.person_uid == gone.uid))
    try:
        db.session.execute(delete(Person).where(Person.uid == gone.uid))
    except IntegrityError:  # a request, a referral or a file names them
        raise RuleBroken(MORE_THAN_SIGN_UPS) from None
    trail.record("people-merged", "person", kept.uid, person_uid=kept.uid)


def _merge_in(
    waiting: signing_up.WaitingList, kept_uid: str, gone_uid: str, *, at: datetime
) -> None:
    """One list: where both are on it, the sign-up that is further along goes on."""
    still = {s.person_uid: s for s in waiting.sign_ups if s.ended_as is None}
    first, second = still.get(kept_uid), still.get(gone_uid)
    if first and second:
        _goes_on, ends = rules.same_person(first, second, at=at)
        ends.ended_as, ends.ended_at, ends.came_as = CANCELLED, at, None
        db.session.flush()
    for sign_up in waiting.sign_ups:
        if sign_up.person_uid == gone_uid:
            sign_up.person_uid, sign_up.source = kept_uid, "staff"
    db.session.flush()
    waiting.settle(at=at)


def _share_as_widely(viewer: Viewer, kept: OpenPerson, gone: OpenPerson) -> None:
    """Share the kept person's key wherever the other's was; public keys are enough for that."""
    has = set(db.session.scalars(select(Share.vault_uid).where(Share.person_uid == kept.uid)))
    for vault_uid in db.session.scalars(
        select(Share.vault_uid).where(Share.person_uid == gone.uid)
    ).all():
        if vault_uid not in has:
            vaults.share(vault_uid, kept.uid, kept.key, viewer.keys)


def _filled(card: Card, other: Card) -> Card:
    """The card with the other's contact where it has none; a wish not to be contacted outlives both."""
    card = replace(card, do_not_contact=card.do_not_contact or other.do_not_contact)
    if card.has_contact:
        return replace(card, hours=card.hours or other.hours)
    return replace(
        card,
        channel=other.channel,
        number=other.number,
        hours=other.hours,
        if_another_answers=other.if_another_answers,
        may_leave_message=other.may_leave_message,
    )
