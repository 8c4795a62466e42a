"""Reading people and places; every read starts from the viewer."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NoReturn

from flask import abort
from sqlalchemy import and_, bindparam, exists, select

from app.accounts.models import User
from app.accounts.queries import receiver
from app.accounts.viewer import Viewer
from app.assignments.models import Assignment
from app.assignments.queries import OPEN, REACHED, scope
from app.errors import RuleBroken, or_404
from app.extensions import Reading, db, read, read_one
from app.i18n import language
from app.people import rules
from app.people.models import ClosedDay, Consent, Person, Site
from app.people.rules import Card, Listed
from app.vault import vaults
from app.vault.models import Share

SITE = Reading(Site)
SITES = select(*SITE.columns).where(Site.uid.in_(REACHED)).order_by(Site.name)
EVERY_SITE = select(*SITE.columns).order_by(Site.name)
COORDINATED = (
    select(Assignment, Site)
    .join(Site, Site.uid == Assignment.of_uid)
    .where(Assignment.user_uid == bindparam("user_uid"), OPEN)
    .order_by(Site.name)
)
EVERY_COORDINATION = (
    select(Assignment.user_uid, *SITE.columns)
    .join(Site, Site.uid == Assignment.of_uid)
    .where(OPEN)
    .order_by(Site.name)
)
ASKED_ABOUT_CONTACT = exists().where(Consent.person_uid == Person.uid, Consent.purpose == "contact")
# In a query that joins Person: took back that they may be contacted, and did not agree again since.
WITHDREW = and_(
    ASKED_ABOUT_CONTACT, ~ASKED_ABOUT_CONTACT.where(Consent.withdrawn_on.is_(None))
).label("withdrew")
# In one that joins Person too: what a vault opens of them, or any of several.
BY_VAULT = and_(Share.person_uid == Person.uid, Share.vault_uid == bindparam("vault_uid"))
BY_VAULTS = and_(
    Share.person_uid == Person.uid, Share.vault_uid.in_(bindparam("vaults", expanding=True))
)
# A person's card, with whose it is, and the key to it.
CARD = (Person.uid.label("card_of"), Person.card)
SHARE_COLUMNS = (Share.vault_uid, Share.key_uid, Share.boxed, Share.sealed_key)
WHO = (*CARD, WITHDREW, *SHARE_COLUMNS)
CLOSED_DAYS = select(ClosedDay.closed_on).where(ClosedDay.site_uid == bindparam("site_uid"))
OF_PLACES = (
    select(Person.uid, Person.version, Person.card, *SITE.columns, *SHARE_COLUMNS)
    .join(Site, Site.uid == Person.site_uid)
    .join(Share, BY_VAULTS)
    .where(Person.uid == bindparam("uid"))
)
OF_PLACES_LOCKED = OF_PLACES.with_for_update(of=Person)
DID_WITHDRAW = select(WITHDREW).where(Person.uid == bindparam("uid"))
CONSENTS = select(Consent.purpose, Consent.given_on).where(
    Consent.person_uid == bindparam("person_uid"), Consent.withdrawn_on.is_(None)
)
ALL_CONSENTS = (
    select(Consent)
    .where(Consent.person_uid == bindparam("person_uid"))
    .order_by(Consent.given_on.desc())
)
CARDS_OF_VAULTS = (
    select(Person.uid, Person.card, *SHARE_COLUMNS)
    .join(Share, Share.person_uid == Person.uid)
    .where(Share.vault_uid.in_(bindparam("vaults", expanding=True)))
)


@dataclass
class OpenPerson:
    """A person with their card opened, and the key to seal it again."""

    uid: str
    site: Site
    version: int
    card: Card
    key: bytes


def sites(viewer: Viewer) -> Sequence[Site]:
    """The places this viewer coordinates."""
    if "coordinator" not in viewer.roles:
        return []
    return [SITE.of(row) for row in read(SITES, scope(viewer))]


def site_or_404(viewer: Viewer, uid: str) -> Site:
    """One of the places this viewer coordinates."""
    return or_404(next((site for site in sites(viewer) if site.uid == uid), None))


def places_to_choose(sites: Iterable[Site]) -> list[tuple[str, str]]:
    """The choices of a field for a place, as the reader's language calls them."""
    return [(site.uid, site.called(language())) for site in sites]


def open_sites(viewer: Viewer) -> list[Site]:
    """Those of them whose desk the viewer holds; of the others the page says that it was not given yet."""
    return [site for site in sites(viewer) if viewer.keys.vault("desk", site.uid)]


def open_site(viewer: Viewer, uid: str) -> Site:
    """One of the places this viewer coordinates. Raises RuleBroken where they cannot open its desk."""
    site = site_or_404(viewer, uid)
    refuse_without_desk(viewer, site)
    return site


def refuse_without_desk(viewer: Viewer, site: Site) -> None:
    """Raise RuleBroken where the viewer could not read what they are about to write."""
    if viewer.keys.vault("desk", site.uid) is None:
        raise RuleBroken(rules.DESK_NOT_GIVEN, "site")


def every_site() -> Sequence[Site]:
    """All places, for those who look after them."""
    return [SITE.of(row) for row in read(EVERY_SITE)]


def place_or_404(uid: str) -> Site:
    """A place, for those who look after them."""
    return db.get_or_404(Site, uid)


def coordinated_by(user_uid: str) -> Sequence[tuple[Assignment, Site]]:
    """The places someone coordinates now."""
    rows = db.session.execute(COORDINATED, {"user_uid": user_uid})
    return [(row[0], row[1]) for row in rows]


def coordinated_by_each() -> dict[str, list[Site]]:
    """The places that everybody coordinates now: user uid -> places."""
    found: dict[str, list[Site]] = {}
    for row in read(EVERY_COORDINATION):
        found.setdefault(row.user_uid, []).append(SITE.of(row, 1))
    return found


def closed_days(site_uid: str) -> set[date]:
    """The days on which a place is closed."""
    return {day for (day,) in read(CLOSED_DAYS, {"site_uid": site_uid})}


def desk_readers(site_uid: str) -> list[User]:
    """The coordinators to whom a place's desk was given, with their rows locked: assigned alone is not enough."""
    desk = vaults.find("desk", site_uid)
    if desk is None:
        return []
    users = [receiver(uid, "coordinator") for uid in sorted(vaults.holders(desk))]
    still = vaults.holders(desk)
    return [user for user in users if user and user.uid in still]


def listed(viewer: Viewer, vault_uids: Iterable[str]) -> list[Listed]:
    """Everybody the viewer opens through these vaults, in one query; in no order."""
    wanted = [uid for uid in vault_uids if viewer.keys.holds(uid)]
    if not wanted:
        return []
    rows = read(CARDS_OF_VAULTS, {"vaults": wanted})
    person_key, card_text = viewer.keys.person_key, rules.card_text
    found = {  # somebody may be shared into two of these vaults
        uid: Listed(uid, card_text(person_key(vault, key, uid, boxed, sealed), card, uid))
        for uid, card, vault, key, boxed, sealed in rows
        if viewer.keys.opens(vault, key)
    }
    return list(found.values())


def keys_of(viewer: Viewer, vault_uid: str, person_uids: Collection[str]) -> dict[str, bytes]:
    """The keys of some of those whom the viewer opens through a vault, by uid."""
    rows = read(CARDS_OF_VAULTS, {"vaults": [vault_uid]})
    return {row.uid: person_key(viewer, row.uid, row) for row in rows if row.uid in person_uids}


def desks(viewer: Viewer) -> list[str]:
    """The desk vaults of the places this viewer coordinates."""
    held = viewer.keys.vaults("desk")
    return [held[site.uid] for site in sites(viewer) if site.uid in held]


def search_in(viewer: Viewer, vault_uids: Iterable[str], text: str) -> list[Listed]:
    """Those whom these vaults open and whose name, code or phone holds `text`, by name."""
    return rules.found(listed(viewer, vault_uids), text)


def get_or_404(viewer: Viewer, uid: str, *, lock: bool = False) -> OpenPerson:
    """A person of one of the viewer's places, opened through its desk."""
    asked = {"uid": uid, "vaults": desks(viewer)}
    rows = db.session.execute(OF_PLACES_LOCKED, asked).all() if lock else read(OF_PLACES, asked)
    row = next(iter(rows), None)
    if row is None:
        not_found(viewer)
    key = person_key(viewer, uid, row)
    return OpenPerson(uid, SITE.of(row[3:]), row.version, rules.open_card(key, row.card, uid), key)


def not_found(viewer: Viewer) -> NoReturn:
    """404, on a page that says of which place the desk was not given yet, where that may be why."""
    open_sites(viewer)
    abort(404)


def consents(person_uid: str) -> dict[str, date]:
    """What a person agreed to and did not withdraw: purpose -> since when."""
    rows = read(CONSENTS, {"person_uid": person_uid})
    return {row.purpose: row.given_on for row in rows}


def withdrew_contact(person_uid: str) -> bool:
    """Whether a person took back that they may be contacted, and did not agree again since."""
    row = read_one(DID_WITHDRAW, {"uid": person_uid})
    return bool(row and row.withdrew)


def person_key(viewer: Viewer, person_uid: str, row: Any) -> bytes:
    """A person's key out of a database row that carries SHARE_COLUMNS. Raises Locked."""
    return viewer.keys.person_key(row.vault_uid, row.key_uid, person_uid, row.boxed, row.sealed_key)


def opened_card(viewer: Viewer, row: Any) -> Card:
    """The card in a row that carries CARD and SHARE_COLUMNS."""
    return rules.open_card(person_key(viewer, row.card_of, row), row.card, row.card_of)


def card_or_none(
    viewer: Viewer, row: Any, *, through: tuple[str, str] | None = None
) -> Card | None:
    """The card in such a row, or None where the viewer has no share or no key.

    `through`: kind and owner of the vault that is to open it, for the page to say whose lacks.
    """
    if row.sealed_key is None or not viewer.keys.opens(row.vault_uid, row.key_uid):
        if through:
            viewer.keys.vault(*through)
        return None
    return opened_card(viewer, row)


def known(
    viewer: Viewer, row: Any, *, through: tuple[str, str] | None = None
) -> tuple[Card | None, bool]:
    """The card in a row that carries WHO, as `card_or_none`; and whether they are not to be contacted."""
    card = card_or_none(viewer, row, through=through)
    return card, rules.not_to_be_contacted(card, withdrew=bool(row.withdrew))


def consent(uid: str | None) -> Consent | None:
    """One consent."""
    return db.session.get(Consent, uid) if uid else None


def all_consents(person_uid: str) -> Sequence[Consent]:
    """Everything a person agreed to, withdrawn or not, the newest first."""
    return db.session.scalars(ALL_CONSENTS, {"person_uid": person_uid}).all()
