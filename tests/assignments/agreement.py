"""Grants held against assignments, asked of the whole database in plain SQL: none without the other."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import text

from app.extensions import db

# docs/SECURITY.md once more, in the database's words: that a part `a` opens the vault `v`.
OPENS = """(
    (a.of_kind = 'place' AND a.part = 'coordinator' AND (
        (v.kind = 'desk' AND v.of_uid = a.of_uid)
        OR (v.kind = 'roster' AND a.of_uid IN (
            SELECT site_uid FROM groups WHERE uid = v.of_uid
            UNION SELECT site_uid FROM workshops WHERE uid = v.of_uid))))
    OR (a.of_kind = 'group' AND v.of_uid = a.of_uid AND (
        v.kind = 'notes' OR (v.kind = 'roster' AND a.part = 'facilitator')))
    OR (a.of_kind = 'workshop' AND a.part = 'facilitator' AND v.kind = 'roster' AND v.of_uid = a.of_uid)
    OR (a.of_kind = 'case' AND v.kind = 'case' AND v.of_uid = a.of_uid))"""
WITHOUT_ASSIGNMENT = f"""
    SELECT DISTINCT u.username, v.kind, v.of_uid FROM grants g
    JOIN vault_keys k ON k.uid = g.key_uid JOIN vaults v ON v.uid = k.vault_uid
    JOIN users u ON u.uid = g.user_uid
    WHERE NOT (v.kind = 'own' AND v.of_uid = u.uid) AND NOT EXISTS (
        SELECT 1 FROM assignments a
        WHERE a.user_uid = u.uid AND a.ended_at IS NULL AND u.left_at IS NULL AND {OPENS})"""
WITHOUT_GRANT = f"""
    SELECT DISTINCT u.username, v.kind, v.of_uid FROM assignments a
    JOIN vaults v ON {OPENS} JOIN users u ON u.uid = a.user_uid
    JOIN vault_keys k ON k.vault_uid = v.uid
    WHERE a.ended_at IS NULL AND NOT EXISTS (
        SELECT 1 FROM grants g WHERE g.key_uid = k.uid AND g.user_uid = a.user_uid)"""
# Whose part stands although its role, or the account, is gone.
WITHOUT_ROLE = """
    SELECT u.username, a.part, a.of_uid FROM assignments a JOIN users u ON u.uid = a.user_uid
    WHERE a.ended_at IS NULL AND (u.left_at IS NOT NULL OR NOT EXISTS (
        SELECT 1 FROM user_roles r WHERE r.user_uid = a.user_uid AND r.role = a.part))"""

# What opens for somebody whose access is closed, and what they could still lift.
OPEN_TO_THE_CLOSED = """
    SELECT u.username, 'grant', g.uid FROM grants g JOIN users u ON u.uid = g.user_uid
    JOIN checkpoints c ON c.user_uid = u.uid WHERE g.closed_by IS NULL OR g.closed_by <> c.uid
    UNION SELECT u.username, 'key', k.uid FROM checkpoint_keys k JOIN users u ON u.uid = k.user_uid
    JOIN checkpoints c ON c.user_uid = u.uid WHERE k.closed_by IS NULL OR k.closed_by <> c.uid"""
# What stays closed although nobody closes it any more.
CLOSED_FOR_NOTHING = """
    SELECT COALESCE(u.username, ''), 'grant', g.uid FROM grants g LEFT JOIN users u ON u.uid = g.user_uid
    WHERE g.closed_by IS NOT NULL AND u.left_at IS NULL
    AND NOT EXISTS (SELECT 1 FROM checkpoints c WHERE c.uid = g.closed_by)"""
# A key version that not even the printed recovery key opens, own vaults apart; a checkpoint it cannot lift.
OPENED_BY_NOBODY = """
    SELECT v.kind, v.of_uid, k.uid FROM vault_keys k JOIN vaults v ON v.uid = k.vault_uid
    WHERE v.kind <> 'own' AND NOT EXISTS (
        SELECT 1 FROM grants g WHERE g.key_uid = k.uid AND g.user_uid IS NULL)
    UNION SELECT 'checkpoint', c.user_uid, c.uid FROM checkpoints c WHERE NOT EXISTS (
        SELECT 1 FROM checkpoint_keys k WHERE k.checkpoint_uid = c.uid AND k.user_uid IS NULL)"""

Found = set[tuple[str, str, str]]


def grants_without_assignment() -> Found:
    """Who can open what although no open part of theirs says so: (user name, kind, of what)."""
    return _found(WITHOUT_ASSIGNMENT)


def assignments_without_grant() -> Found:
    """Who waits: for a vault that a part of theirs opens, or for some versions of its key."""
    return _found(WITHOUT_GRANT)


def parts_without_role() -> Found:
    """Open parts of somebody who no longer has the role for them, or left: (user name, part, of what)."""
    return _found(WITHOUT_ROLE)


def open_to_the_closed() -> Found:
    """What a colleague whose access is closed could open all the same."""
    return _found(OPEN_TO_THE_CLOSED)


def closed_for_nothing() -> Found:
    """What stays closed to a colleague although nothing closes it."""
    return _found(CLOSED_FOR_NOTHING)


def opened_by_nobody() -> Found:
    """What nobody could ever open again, with the printed recovery key either."""
    return _found(OPENED_BY_NOBODY)


def assert_they_agree(app: Flask) -> None:
    """Nobody opens, and nobody has a part in, what they have no longer to do with."""
    with app.app_context():
        assert not grants_without_assignment(), "Somebody can open what they are not assigned to."
        assert not parts_without_role(), "Somebody has a part without the role for it."
        db.session.remove()


def _found(statement: str) -> Found:
    return {(row[0], row[1], row[2]) for row in db.session.execute(text(statement))}
