"""Leaving people alone: what ends where somebody asks not to be contacted any more, or takes a consent back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime

from flask import Flask, current_app

from app.audit import trail
from app.people import cards, rules
from app.people.models import Consent
from app.people.queries import OpenPerson, consents, withdrew_contact
from app.people.rules import Card

Ends = Callable[[str, datetime], None]
EndsWith = Callable[[Consent, datetime], None]


def init_app(app: Flask, endings: Sequence[Ends], of_consents: Sequence[EndsWith]) -> None:
    """Let these end what waits for a contact, and what rests on a consent: the features lie above us."""
    app.extensions["contact_stopped"] = endings
    app.extensions["consent_withdrawn"] = of_consents


def is_stopped(card: Card | None, person_uid: str) -> bool:
    """Whether somebody is not to be contacted: by their card, or because they took that back."""
    return rules.not_to_be_contacted(card, withdrew=withdrew_contact(person_uid))


def refuse_stopped(card: Card | None, person_uid: str) -> None:
    """Raise RuleBroken where somebody is not to be contacted: what would lead to it is not begun."""
    rules.contact(card, withdrew=withdrew_contact(person_uid))


def stop(
    person: OpenPerson,
    *,
    card: Card | None = None,
    version: int | None = None,
    by: str,
    on: date,
    at: datetime,
) -> None:
    """They ask not to be contacted any more: on the card, in their consent, in all that waits for it.

    Whoever says so, and on which page, it is this one act. `card` is what else
    was changed on it, in that version. Raises Stale.
    """
    card = replace(card or person.card, do_not_contact=True)
    version = person.version if version is None else version
    cards.change(person, card, version=version, at=at)
    cards.agree(person.uid, set(consents(person.uid)) - {"contact"}, by=by, on=on)
    for end in current_app.extensions["contact_stopped"]:
        end(person.uid, at)
    trail.record("contact-stopped", "person", person.uid, person_uid=person.uid)


def withdraw(consent: Consent, *, on: date, at: datetime) -> None:
    """A person takes a consent back: what rests on it ends at once."""
    if consent.withdrawn_on is not None:
        return
    consent.withdrawn_on = on
    trail.record("consent-withdrawn", "person", consent.person_uid, person_uid=consent.person_uid)
    for end in current_app.extensions["consent_withdrawn"]:
        end(consent, at)
