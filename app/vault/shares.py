"""Giving many people's keys to those who hold a vault, in a few statements."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, select

from app.extensions import db, read
from app.vault import envelope, vaults
from app.vault.keyring import Keyring, share_place
from app.vault.models import Share

SHARED = select(Share.person_uid).where(Share.vault_uid == bindparam("vault_uid"))


def share_all(vault_uid: str, keys: Sequence[tuple[str, bytes]], keyring: Keyring) -> list[str]:
    """Give each of these people's keys, as `vaults.share` gives one; the uids of those who were not shared there."""
    newest = vaults.newest_key(vault_uid)
    opened = newest.uid in keyring.versions(vault_uid)
    shared_key = keyring.share_key(vault_uid, newest.uid) if opened else b""
    there = {uid for (uid,) in read(SHARED, {"vault_uid": vault_uid})}
    made = []
    for person_uid, key in keys:
        if person_uid in there:
            vaults.share(vault_uid, person_uid, key, keyring)
            continue
        at = share_place(person_uid, vault_uid)
        sealed = (
            envelope.seal(shared_key, key, at)
            if opened
            else envelope.seal_to(newest.public_key, key, at)
        )
        row = Share(vault_uid=vault_uid, person_uid=person_uid, key_uid=newest.uid)
        row.boxed, row.sealed_key = not opened, sealed
        db.session.add(row)
        made.append(person_uid)
    db.session.flush()
    return made
