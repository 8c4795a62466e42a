"""Writing the trail: what is said during a request is written when it ends."""

from __future__ import annotations

from datetime import timedelta

from flask import g, has_request_context
from sqlalchemy import bindparam, func, select

from app.audit import head
from app.audit.models import AuditRow
from app.audit.rules import Entry
from app.clock import now
from app.extensions import UID_SIGNS, db
from app.web import transaction

QUIET = timedelta(minutes=15)
LOOKED_THROUGH = 500  # rows of strangers and of the server, of which a quarter of an hour has few
# Of those whom nobody knows: looking through all of theirs, a stranger could make it slow.
STRANGERS = (
    select(AuditRow.at, AuditRow.action, AuditRow.kind, AuditRow.result)
    .where(AuditRow.actor_uid == "")
    .order_by(AuditRow.seq.desc())
    .limit(LOOKED_THROUGH)
    .subquery()
)
SAID = select(func.max(STRANGERS.c.at)).where(
    STRANGERS.c.action == bindparam("action"),
    STRANGERS.c.kind == bindparam("kind"),
    STRANGERS.c.result == bindparam("result"),
)


def record(
    action: str,
    kind: str,
    subject_uid: str,
    *,
    actor_uid: str | None = None,
    vault_uid: str = "",
    person_uid: str = "",
) -> None:
    """Write that something was done, in the transaction that does it.

    `actor_uid` is the signed-in user's unless given. If the row cannot be
    written, the page is refused.
    """
    _say("done", action, kind, subject_uid, actor_uid, vault_uid, person_uid)
    transaction.afterwards(_write_done)


def saw(action: str, kind: str, subject_uid: str, *, person_uid: str = "") -> None:
    """Write that something was shown, whatever becomes of the request.

    A page that shows a refused form again has shown all the rest as well.
    """
    _say("seen", action, kind, subject_uid, person_uid=person_uid)
    transaction.in_any_case(_write_seen)


def record_refusal(action: str, subject_uid: str, result: str) -> None:
    """Write that something was refused; it is kept although the request is undone.

    Of what nobody in particular was refused again and again (a sign-in, a link)
    one row in a quarter of an hour says that it happens: outsiders bury nothing.
    """
    # An address that names no record may hold anything, even a name.
    opaque = len(subject_uid) == 10 and set(subject_uid) <= set(UID_SIGNS)
    _say("refused", action, "refusal", subject_uid if opaque else "", result=result)
    transaction.after_refusal(_write_refused)


def _was_said(entry: Entry) -> bool:
    asked = {"action": entry.action, "kind": entry.kind, "result": entry.result}
    last = db.session.scalar(SAID, asked)
    return last is not None and entry.at - last < QUIET


def _say(
    when: str,
    action: str,
    kind: str,
    subject_uid: str,
    actor_uid: str | None = None,
    vault_uid: str = "",
    person_uid: str = "",
    result: str = "done",
) -> None:
    """Keep an entry until the request ends; outside a request it is written at once."""
    asked = has_request_context()
    if actor_uid is None:
        actor_uid = g.get("actor_uid", "") if asked else ""
    entry = Entry(now(), actor_uid, action, kind, subject_uid, vault_uid, person_uid, result)
    if asked:
        g.setdefault("entries", {}).setdefault(when, []).append(entry)
    elif when != "refused":
        _append([entry])


def _said(when: str) -> list[Entry]:
    entries: list[Entry] = g.get("entries", {}).pop(when, []) if has_request_context() else []
    return entries


def _write_done() -> None:
    _append(_said("done"))


def _write_seen() -> None:
    _append(_said("seen"))


def _write_refused() -> None:
    for entry in _said("refused"):
        if entry.actor_uid or not _was_said(entry):
            _append([entry])


def _append(entries: list[Entry]) -> None:
    if entries:
        head.append(entries)
