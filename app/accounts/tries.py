"""How often something was tried in vain: kept a day, under keyed hashes that name nobody."""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from datetime import datetime, timedelta

from flask import current_app
from flask_babel import lazy_ngettext as _n
from sqlalchemy import bindparam, delete, select

from app.accounts import rules
from app.accounts.models import Tries
from app.errors import RuleBroken
from app.extensions import db, insert_once

FRESH = select(Tries.who, Tries.failed).where(
    Tries.who.in_(bindparam("whos", expanding=True)), Tries.since >= bindparam("since")
)
TRIED = select(Tries.since, Tries.failed).where(Tries.who == bindparam("who"))
LOCKED = select(Tries).where(Tries.who == bindparam("who")).with_for_update()
END = delete(Tries).execution_options(synchronize_session="fetch")
CLEAR = END.where(Tries.who == bindparam("who"))
FORGET = END.where(Tries.until <= bindparam("at"))


def name(kind: str, value: str = "") -> str:
    """The name of a counter, such as ("network", "10.0.0.0/24"): a keyed hash."""
    key = current_app.config["DAFTAR"].server_key
    return hmac.digest(key, f"tries {kind} {value}".encode(), "sha256").hex()[:32]


def count(whos: Iterable[str], *, at: datetime, window: timedelta = rules.COUNTED_FOR) -> None:
    """Count one more in vain under each name."""
    forget(at=at)
    for who in sorted(whos):
        locked(who, at=at, window=window).failed += 1
    db.session.flush()


def today(who: str, *, at: datetime) -> int:
    """How often it was in vain today."""
    return _fresh([who], at=at).get(who, 0)


def of_accounts_today(user_uids: Iterable[str], *, at: datetime) -> tuple[dict[str, int], int]:
    """How often it was in vain today, for administrators: user uid -> times, and in all."""
    names = {name("account", uid): uid for uid in user_uids}
    everybody = name("all")
    found = _fresh([*names, everybody], at=at)
    in_all = found.pop(everybody, 0)
    return {names[who]: failed for who, failed in found.items()}, in_all


def refuse_too_many_codes(who: str, *, at: datetime) -> None:
    """Raise RuleBroken while too many codes were wrong here."""
    rows = db.session.execute(TRIED, {"who": who})
    wait = rules.must_wait([(row.since, row.failed) for row in rows], at=at)
    if wait:
        raise too_many(wait)


def too_many(wait: timedelta) -> RuleBroken:
    """What somebody reads who tried too often."""
    minutes = -(-int(wait.total_seconds()) // 60)
    return RuleBroken(
        _n(
            "Too many tries. Wait %(num)s minute, then try again.",
            "Too many tries. Wait %(num)s minutes, then try again.",
            minutes,
        )
    )


def locked(who: str, *, at: datetime, window: timedelta) -> Tries:
    """One counter with its row locked, back at nothing once its window is over.

    Made first where it is not there: of two who fail for the first time at the
    same moment, both count. Windows begin with the clock's, so that no moment
    of a try stands there.
    """
    since = rules.window_of(at, window)
    db.session.execute(insert_once(Tries, who=who, since=since, until=since + window, failed=0))
    row = db.session.scalars(LOCKED, {"who": who}).one()
    if at - row.since >= window:
        row.since, row.until, row.failed = since, since + window, 0
    return row


def clear(who: str) -> None:
    """What works clears a counter that is one's own."""
    db.session.execute(CLEAR, {"who": who})


def forget(*, at: datetime) -> None:
    """Forget what counts no more: whoever has the server's key could tell a network, and when, by it."""
    db.session.execute(FORGET, {"at": at})


def _fresh(whos: list[str], *, at: datetime) -> dict[str, int]:
    since = rules.window_of(at, rules.COUNTED_FOR)
    rows = db.session.execute(FRESH, {"whos": whos, "since": since})
    return {row.who: row.failed for row in rows}
