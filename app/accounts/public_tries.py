"""How often somebody without an account may try something; over a minute or an hour later, again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from app.accounts import rules, tries
from app.extensions import db
from app.web import transaction

A_MINUTE, AN_HOUR = timedelta(minutes=1), timedelta(hours=1)
# So many in one window. A network is not a person: a carrier puts thousands behind one, so
# others there are served again a minute after the last flood. There is no count of everybody,
# which a few could fill for all: a server that answers nothing but guesses for a year meets one
# of a thousand of 2^46 code words with a chance of one in ten. A link has a count of its own:
# who floods it fills its list, and no other.
ALLOWED = {"code": (60, A_MINUTE), "sign-up": (120, A_MINUTE), "link": (500, AN_HOUR)}


def from_network(what: str, address: str) -> dict[str, str]:
    """What a try from an address counts for: kind -> of what."""
    return {what: rules.network_of(address)}


def claim(what: Mapping[str, str], *, at: datetime) -> None:
    """Count one try before anything is looked up; it counts whatever becomes of the request.

    Raises RuleBroken where too many were counted. Begins a new transaction.
    """
    waits: list[timedelta] = []

    def count() -> None:
        tries.forget(at=at)
        rows = []
        for kind, value in sorted(what.items()):
            allowed, window = ALLOWED[kind]
            row = tries.locked(tries.name(kind, value), at=at, window=window)
            rows.append(row)
            if row.failed >= allowed:
                waits.append(row.since + window - at)
        if not waits:
            for row in rows:
                row.failed += 1

    transaction.beforehand(count)
    if waits:
        raise tries.too_many(max(waits))


def give_back(what: Mapping[str, str], *, at: datetime) -> None:
    """It was no guess: the try does not count, once this request is done."""

    def uncount() -> None:
        for kind, value in sorted(what.items()):
            row = tries.locked(tries.name(kind, value), at=at, window=ALLOWED[kind][1])
            row.failed = max(0, row.failed - 1)
        db.session.flush()

    transaction.in_any_case(uncount)
