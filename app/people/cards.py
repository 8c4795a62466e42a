"""Adding people and changing their cards: what needs rows and keys together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from flask_babel import lazy_gettext as _
from sqlalchemy import bindparam, select

from app.accounts.viewer import Viewer
from app.audit import trail
from app.errors import Stale
from app.extensions import db, new_uid
from app.people import rules
from app.people.models import Consent, Person, Site
from app.people.queries import OpenPerson
from app.people.rules import Card
from app.vault import shares, vaults

TICKED = ("contact", "reports")  # of all purposes, those that a form asks for
AGREED = select(Consent).where(
    Consent.person_uid == bindparam("person_uid"), Consent.withdrawn_on.is_(None)
)


def add(
    viewer: Viewer, card: Card, *, site: Site, came_by: str | None = None, at: datetime
) -> tuple[str, bytes]:
    """Add a person to a place; whoever holds its desk can open the card.

    Returns the new uid and the person's key, for sharing further. A facilitator
    who cannot open the desk seals to it all the same.
    """
    uid = new_uid()
    person, key = rules.new_person(
        rules.tidied(card, region=site.phone_region), site_uid=site.uid, uid=uid, at=at
    )
    person.came_by = came_by
    db.session.add(person)
    db.session.flush()
    desk = vaults.made("desk", site.uid)
    vaults.share(desk, uid, key, viewer.keys)
    trail.record("person-added", "person", uid, vault_uid=desk, person_uid=uid)
    return uid, key


def add_all(
    viewer: Viewer,
    rows: Sequence[tuple[Card, Mapping[str, date]]],
    *,
    site: Site,
    came_by: str | None = None,
    at: datetime,
) -> list[tuple[str, bytes]]:
    """The same for many: each card with what its person agreed to, and since when."""
    added, people, agreed = list[tuple[str, bytes]](), list[Person](), list[Consent]()
    for card, purposes in rows:
        uid = new_uid()
        card = rules.tidied(card, region=site.phone_region)
        person, key = rules.new_person(card, site_uid=site.uid, uid=uid, at=at)
        person.came_by = came_by
        people.append(person)
        added.append((uid, key))
        agreed += [
            Consent(person_uid=uid, purpose=purpose, given_on=on, recorded_by=viewer.uid)
            for purpose, on in purposes.items()
        ]
    db.session.add_all(people)
    db.session.flush()
    db.session.add_all(agreed)
    desk = vaults.made("desk", site.uid)
    shares.share_all(desk, added, viewer.keys)
    for uid, _key in added:
        trail.record("person-added", "person", uid, vault_uid=desk, person_uid=uid)
    return added


def change(person: OpenPerson, card: Card, *, version: int, at: datetime) -> None:
    """Write a person's card anew. Raises Stale if it changed after the form was opened."""
    if person.version != version:
        raise Stale(
            _("Somebody changed this card meanwhile. Below is what you typed; compare, then save.")
        )
    card.code = person.card.code
    row = db.session.get_one(Person, person.uid)
    row.card = rules.seal_card(
        person.key, rules.tidied(card, region=person.site.phone_region), person.uid
    )
    row.version, row.changed_at = version + 1, at
    trail.record("person-changed", "person", person.uid, person_uid=person.uid)


def agree(person_uid: str, agreed: set[str], *, by: str, on: date) -> None:
    """Record what a person agrees to now; what is no longer agreed to is withdrawn, not deleted."""
    rows = db.session.scalars(AGREED, {"person_uid": person_uid})
    open_rows = {row.purpose: row for row in rows}
    for purpose in TICKED:
        if purpose in agreed and purpose not in open_rows:
            db.session.add(
                Consent(person_uid=person_uid, purpose=purpose, given_on=on, recorded_by=by)
            )
        elif purpose not in agreed and purpose in open_rows:
            open_rows[purpose].withdrawn_on = on
            trail.record("consent-withdrawn", "person", person_uid, person_uid=person_uid)
