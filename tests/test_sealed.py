"""What anybody typed about anybody is sealed; each column that is not was looked at, and says why."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import JSON, Column, LargeBinary, String, select
from sqlalchemy.types import TypeDecorator

from app.extensions import Model, Sealed, db
from tests.organisation import Organisation

# Every column of text or bytes that is not sealed, and the word that says why it may be clear.
CLEAR = {
    "audit": {
        "actor_uid": "id",
        "action": "code",
        "kind": "code",
        "subject_uid": "id",
        "vault_uid": "id",
        "person_uid": "id",
        "result": "code",
        "mac": "mac",
        "hash": "digest",
    },
    "assignments": {
        "uid": "id",
        "of_kind": "code",
        "of_uid": "id",
        "user_uid": "id",
        "part": "code",
    },
    "audit_head": {"mac": "digest", "acts_hash": "digest", "openings_hash": "digest"},
    "audit_marks": {"kind": "code", "chain": "code", "hash": "digest"},
    "attendance": {
        "session_uid": "id",
        "membership_uid": "id",
        "mark": "state",
        "marked_by": "id",
    },
    "appointments": {"uid": "id", "case_uid": "id", "ended_as": "state", "fee_state": "state"},
    "calendar_feeds": {"user_uid": "id", "digest": "digest"},
    "cases": {
        "uid": "id",
        "referral_uid": "id",
        "site_uid": "id",
        "person_uid": "id",
        "service": "code",
        "closed_as": "code",
    },
    "checkpoint_keys": {"uid": "id", "checkpoint_uid": "id", "user_uid": "id", "closed_by": "id"},
    "checkpoints": {"uid": "id", "user_uid": "id", "public_key": "public", "begun_by": "id"},
    "chores": {"name": "code"},
    "closed_days": {"site_uid": "id"},
    "consents": {
        "uid": "id",
        "person_uid": "id",
        "purpose": "code",
        "receiver_uid": "id",
        "recorded_by": "id",
    },
    "contact_attempts": {"uid": "id", "request_uid": "id", "result": "code", "made_by": "id"},
    "done": {"user_uid": "id", "key": "random", "location": "address"},
    "follow_ups": {
        "uid": "id",
        "group_uid": "id",
        "session_uid": "id",
        "person_uid": "id",
        "owner_uid": "id",
        "opened_by": "id",
        "ended_as": "state",
    },
    "grants": {
        "uid": "id",
        "key_uid": "id",
        "user_uid": "id",
        "public_key": "public",
        "given_by": "id",
        "closed_by": "id",
    },
    "group_sessions": {
        "uid": "id",
        "group_uid": "id",
        "reason": "code",
        "made_up_by": "id",
    },
    "groups": {"uid": "id", "site_uid": "id", "kind": "code", "name": "neutral", "room": "public"},
    "invitations": {
        "uid": "id",
        "digest": "digest",
        "working_name": "working name",
        "language": "code",
        "roles": "code",
        "invited_by": "id",
    },
    "shown_once": {"uid": "id", "user_uid": "id"},
    "kept_forms": {"uid": "id", "owner_uid": "id"},
    "memberships": {"uid": "id", "group_uid": "id", "person_uid": "id", "ended_as": "state"},
    "next_steps": {
        "uid": "id",
        "membership_uid": "id",
        "group_uid": "id",
        "person_uid": "id",
        "choice": "code",
        "recorded_by": "id",
        "referral_uid": "id",
        "stay_uid": "id",
        "request_uid": "id",
    },
    "organisation": {"recovery_public_key": "public", "backup_key": "public"},
    "people": {"uid": "id", "site_uid": "id", "came_by": "code"},
    "recoveries": {
        "uid": "id",
        "user_uid": "id",
        "digest": "digest",
        "begun_by": "id",
        "refused_by": "id",
        "public_key": "public",
        "salt": "salt",
    },
    "referrals": {
        "uid": "id",
        "site_uid": "id",
        "person_uid": "id",
        "request_uid": "id",
        "service": "code",
        "receiver_uid": "id",
        "proposed_by": "id",
        "consent_uid": "id",
    },
    "requests": {
        "uid": "id",
        "site_uid": "id",
        "person_uid": "id",
        "came_from": "code",
        "wants": "code",
        "urgency": "code",
        "owner_uid": "id",
        "sent_by": "id",
        "ended_as": "state",
        "stay_uid": "id",
    },
    "notes": {
        "uid": "id",
        "of_kind": "code",
        "of_uid": "id",
        "in_uid": "id",
        "author_uid": "id",
        "signed_off_by": "id",
        "kind": "code",
        "page": "random",
    },
    "note_remarks": {"uid": "id", "note_uid": "id", "kind": "code", "author_uid": "id"},
    "different_people": {"one_uid": "id", "other_uid": "id"},
    "shares": {"uid": "id", "vault_uid": "id", "key_uid": "id", "person_uid": "id"},
    "reports": {"uid": "id", "published_by": "id"},
    "imports": {"uid": "id", "user_uid": "id", "kind": "code", "of_uid": "id"},
    "imported": {
        "import_uid": "id",
        "of": "code",
        "uid": "id",
        "also": "id",
        "stood": "hash",
        "was": "state",
    },
    "report_cells": {
        "report_uid": "id",
        "part": "code",
        "row": "code",
        "name": "public",
        "name_en": "public",
        "told": "state",
    },
    "sign_ups": {
        "marked_by": "id",
        "uid": "id",
        "workshop_uid": "id",
        "person_uid": "id",
        "source": "code",
        "code_digest": "hash",
        "ended_as": "state",
        "came_as": "state",
    },
    "sign_ins": {"digest": "hash", "user_uid": "id"},
    "devices": {"digest": "hash", "user_uid": "id"},
    "sites": {
        "uid": "id",
        "name": "public",
        "name_en": "public",
        "zone": "code",
        "phone_region": "code",
        "rooms": "public",
    },
    "terms": {"name": "code"},
    "totals": {"of_uid": "id", "what": "state"},
    "tries": {"who": "hash"},
    # Of twenty minutes, and only what lies in a browser opens with it.
    "turn_keys": {"key": "key without a lock"},
    "user_roles": {"user_uid": "id", "role": "code"},
    "workshops": {
        "uid": "id",
        "site_uid": "id",
        "series_uid": "id",
        "kind": "code",
        "title_ar": "published",
        "title_en": "published",
        "about_ar": "published",
        "about_en": "published",
        "room": "public",
        "link": "published",
    },
    "users": {
        "uid": "id",
        "username": "random",
        "working_name": "staff",
        "language": "preference",
        "digits": "preference",
        "theme": "preference",
        "public_key": "public",
        "salt": "salt",
    },
    "vault_keys": {"uid": "id", "vault_uid": "id", "public_key": "public"},
    "vaults": {"uid": "id", "kind": "code", "of_uid": "id", "site_uid": "id"},
}


def holds_text(column: Column) -> bool:
    """Whether a column could hold what somebody typed, and is not sealed."""
    kind = column.type
    if isinstance(kind, Sealed):
        return False
    if isinstance(kind, TypeDecorator):
        kind = kind.impl_instance
    return isinstance(kind, String | LargeBinary | JSON)


def test_every_column_of_text_is_sealed_or_was_looked_at(application: Flask) -> None:
    found = {
        (table.name, column.name)
        for table in Model.metadata.tables.values()
        for column in table.columns
        if holds_text(column)
    }
    listed = {(table, column) for table, columns in CLEAR.items() for column in columns}
    assert not found - listed, (
        "Could somebody type something about a person into these? Then make them Sealed; else "
        f"list them in tests/test_sealed.py with a word that says why: {sorted(found - listed)}"
    )
    assert not listed - found, (
        "These columns are gone, or sealed by now: take them out of CLEAR in tests/test_sealed.py. "
        f"{sorted(listed - found)}"
    )


def test_nothing_that_was_typed_can_be_read_in_the_database(
    app: Flask, organisation: Organisation
) -> None:
    with app.app_context():
        content = b"\n".join(
            value if isinstance(value, bytes) else str(value).encode()
            for table in Model.metadata.tables.values()
            for row in db.session.execute(select(table))
            for value in row
        )
    assert organisation.a.uid.encode() in content
    legible = [text for text in organisation.typed if text.encode() in content]
    assert not legible, (
        "Whoever takes the disk reads this: make the column Sealed and write what app/vault seals. "
        f"{legible}"
    )


def test_no_passphrase_or_recovery_code_can_be_read_in_the_database(
    app: Flask, organisation: Organisation
) -> None:
    with app.app_context():
        rows = db.session.execute(select(Model.metadata.tables["users"]))
        content = b"\n".join(str(value).encode() for row in rows for value in row)
    for account in organisation.staff.values():
        for secret in (account.passphrase, account.recovery_code):
            assert secret.encode() not in content, (
                f"A secret of {account.key} stands in the table of users: keep what is derived "
                "from it, never itself."
            )
