"""Beginning and ending a part in something, and the keys that end with it or come back."""

from __future__ import annotations

from datetime import datetime

from app.accounts.models import User
from app.accounts.queries import myself, receiver
from app.assignments import queries
from app.assignments.models import Assignment
from app.assignments.rules import HAS_PART, WITHOUT_ROLE
from app.audit import trail
from app.errors import RuleBroken
from app.extensions import db
from app.vault import vaults
from app.vault.keyring import Keyring


def begin(of_kind: str, of_uid: str, user: User, part: str, *, at: datetime) -> Assignment:
    """Give somebody a part; what it opens is given by whoever holds it.

    Raises RuleBroken where they have no such role, or that part already.
    """
    refuse(of_uid, user.uid, part)
    assignment = Assignment(
        of_kind=of_kind, of_uid=of_uid, user_uid=user.uid, part=part, began_at=at
    )
    db.session.add(assignment)
    db.session.flush()
    return assignment


def refuse(of_uid: str, user_uid: str, part: str) -> None:
    """Raise RuleBroken where somebody has no such role, or that part already; their row is locked."""
    if receiver(user_uid, part) is None:
        raise RuleBroken(WITHOUT_ROLE, "user")
    if any(a.user_uid == user_uid and a.part == part for a, _name in queries.team(of_uid)):
        raise RuleBroken(HAS_PART, "user")


def end(assignment: Assignment, *, at: datetime) -> None:
    """End a part. What no other part of theirs opens closes for them, in a request that needs no key."""
    myself(assignment.user_uid)
    standing = db.session.get_one(Assignment, assignment.uid)
    if standing.ended_at is not None:
        return  # by somebody else, while this waited
    standing.ended_at = at
    db.session.flush()
    keeps = queries.entitled(assignment.user_uid, only_come=True)
    for vault_uid in sorted(vaults.held_by(assignment.user_uid)):
        if vault_uid not in keeps:
            vaults.take_away(vault_uid, assignment.user_uid)


def end_all(of_uid: str, *parts: str, at: datetime) -> None:
    """End everybody's parts of that name in something."""
    for assignment, _name in queries.team(of_uid):
        if assignment.part in parts:
            end(assignment, at=at)


def give_back(recovery: Keyring, user: User) -> int:
    """Give somebody every vault their parts open and they do not hold whole; how many there were.

    `recovery`: of the organisation's printed key, for the day on which nobody is left who holds a
    vault, or somebody lost both their passphrase and their printed code.
    """
    given = 0
    for vault_uid, kind in queries.entitled(user.uid).items():
        if vaults.give(recovery, vault_uid, user):
            given += 1
            trail.record("access-recovered", kind, user.uid, vault_uid=vault_uid)
    return given
