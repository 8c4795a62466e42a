"""What is held about people themselves; and how one is erased, and what is nobody's any more."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, delete, false, select

from app.extensions import db, new_uid
from app.people.models import NOBODY, Consent, Person
from app.vault.models import Share
from app.web.keeping import AboutPeople, any_of

BY_UID_LOCKED = select(Person).where(Person.uid == bindparam("uid")).with_for_update()
# Fetched, so that the session lets go of them: it cannot compare them with a parameter by itself.
FORGET = tuple(
    delete(model).where(column == bindparam("uid")).execution_options(synchronize_session="fetch")
    for model, column in (
        (Consent, Consent.person_uid),
        (Share, Share.person_uid),
        (Person, Person.uid),
    )
)
OF_VAULT = (
    delete(Share)
    .where(Share.vault_uid == bindparam("vault_uid"))
    .execution_options(synchronize_session="fetch")
)


def nobody(site_uid: str, *, at: datetime) -> str:
    """A row that stands for nobody any more, without a card and without a key; its uid.

    Marks, a stay, a request hang on it once whoever they were of is gone.
    """
    uid = new_uid()
    db.session.add(
        Person(uid=uid, site_uid=site_uid, added_at=at, changed_at=at, version=NOBODY, card=b"")
    )
    db.session.flush()
    return uid


def locked(person_uid: str) -> Person | None:
    """A person's row, locked; None where they are gone, or it is nobody's."""
    person = db.session.scalar(BY_UID_LOCKED, {"uid": person_uid})
    return person if person is not None and person.version != NOBODY else None


def is_nobody(person_uid: str) -> bool:
    """Whether whoever this was of is gone."""
    person = db.session.get(Person, person_uid)
    return person is None or person.version == NOBODY


def erase(person_uid: str, _nobody: str, _at: datetime) -> None:
    """The card, what they agreed to, and their key wherever it was shared: no copy of the card opens any more."""
    for statement in FORGET:
        db.session.execute(statement, {"uid": person_uid})


def forget_shares(vault_uid: str) -> int:
    """Nobody is opened through this vault any more; how many were."""
    done = db.session.execute(OF_VAULT, {"vault_uid": vault_uid})
    number: int = done.rowcount  # type: ignore[attr-defined]
    return number


ABOUT = AboutPeople(
    holds=false(),  # a card alone is nothing that somebody is here for
    is_open=false(),
    lately=(Person.changed_at >= bindparam("before"))
    | any_of(Consent, Consent.person_uid == Person.uid, Consent.given_on > bindparam("on"))
    | any_of(Consent, Consent.person_uid == Person.uid, Consent.withdrawn_on > bindparam("on")),
    erase=erase,
    tables=("people", "consents", "shares"),
)
IS_SOMEBODY = Person.version != NOBODY
