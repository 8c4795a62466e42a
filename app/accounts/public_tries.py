"""How often somebody without an account may try something: per network, and all together."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.accounts import queries, rules
from app.accounts.sign_in import too_many
from app.extensions import db
from app.web import transaction

WINDOW = timedelta(hours=1)
# In one hour: per network prefix, and from everywhere. A hundred thousand guesses are nothing
# against 2^46 code words, and fewer would let some dozens of networks shut everybody out.
ALLOWED = {"code": (60, 100_000), "sign-up": (120, 3000)}


def claim(what: str, address: str, *, at: datetime) -> None:
    """Count one try before anything is looked up; it counts whatever becomes of the request.

    Raises RuleBroken where too many were counted. Begins a new transaction.
    """
    waits: list[timedelta] = []

    def count() -> None:
        queries.forget_old_tries(at=at)
        rows = [
            (queries.counter(who, at=at, window=WINDOW), allowed)
            for who, allowed in sorted(_names(what, address).items())
        ]
        waits.extend(row.since + WINDOW - at for row, allowed in rows if row.failed >= allowed)
        if not waits:
            for row, _allowed in rows:
                row.failed += 1

    transaction.beforehand(count)
    if waits:
        raise too_many(max(waits))


def give_back(what: str, address: str, *, at: datetime) -> None:
    """It was no guess: the try does not count, once this request is done."""

    def uncount() -> None:
        for who in sorted(_names(what, address)):
            row = queries.counter(who, at=at, window=WINDOW)
            row.failed = max(0, row.failed - 1)
        db.session.flush()

    transaction.in_any_case(uncount)


def _names(what: str, address: str) -> dict[str, int]:
    per_network, in_all = ALLOWED[what]
    return {
        queries.counter_name(what, rules.network_of(address)): per_network,
        queries.counter_name(f"all {what}s", ""): in_all,
    }
