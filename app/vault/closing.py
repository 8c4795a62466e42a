"""Wrapping what somebody was granted once more, so that they open nothing until a colleague lifts it.

The outer layer is sealed to a key pair of its own. Its private half is sealed to
the colleagues who may lift it and to the organisation's recovery key, never to
the member. Whoever lifts it takes that layer off and sees nothing: what is below
is sealed to the member.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TypeAlias

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from sqlalchemy import bindparam, delete, select

from app.errors import Locked
from app.extensions import db, new_uid
from app.vault import envelope
from app.vault.keyring import Keyring
from app.vault.models import Checkpoint, CheckpointKey, Grant, Organisation, Vault, VaultKey

Wrapped: TypeAlias = Grant | CheckpointKey

OF_USER = select(Checkpoint).where(Checkpoint.user_uid == bindparam("user_uid"))
OF_USER_LOCKED = OF_USER.with_for_update()
# A grant is made under the lock of its vault: whoever closes waits for it, or it finds the checkpoint.
VAULTS_OF = (
    select(Vault.uid)
    .where(
        Vault.uid.in_(
            select(VaultKey.vault_uid)
            .join(Grant, Grant.key_uid == VaultKey.uid)
            .where(Grant.user_uid == bindparam("user_uid"))
        )
    )
    .order_by(Vault.uid)
    .with_for_update()
)
GRANTS_OF = select(Grant).where(Grant.user_uid == bindparam("user_uid"))
LOCKED_KEYS = select(CheckpointKey).order_by(CheckpointKey.uid).with_for_update()
KEYS_OF = LOCKED_KEYS.where(CheckpointKey.user_uid == bindparam("user_uid"))
WRAPPED_GRANTS = select(Grant).where(Grant.closed_by == bindparam("checkpoint_uid"))
WRAPPED_KEYS = LOCKED_KEYS.where(CheckpointKey.closed_by == bindparam("checkpoint_uid"))
KEY = select(CheckpointKey).where(
    CheckpointKey.checkpoint_uid == bindparam("checkpoint_uid"),
    CheckpointKey.user_uid.is_not_distinct_from(bindparam("user_uid")),
    CheckpointKey.closed_by.is_(None),
)
RECOVERY_KEY = select(Organisation.recovery_public_key)
FORGET_KEYS = (
    delete(CheckpointKey)
    .where(CheckpointKey.checkpoint_uid == bindparam("checkpoint_uid"))
    .execution_options(synchronize_session="fetch")
)
FORGET_KEYS_OF = (
    delete(CheckpointKey)
    .where(CheckpointKey.user_uid == bindparam("user_uid"))
    .execution_options(synchronize_session="fetch")
)


def of_user(user_uid: str, *, lock: bool = False) -> Checkpoint | None:
    """The checkpoint under which somebody opens nothing for now, or None."""
    return db.session.scalar(OF_USER_LOCKED if lock else OF_USER, {"user_uid": user_uid})


def close(
    user_uid: str, lifters: Iterable[tuple[str, bytes]], *, by: str, at: datetime
) -> Checkpoint:
    """Wrap all that somebody was granted, the key of their own vault and what they may lift included.

    `lifters`: those who may lift it, and their public keys; the recovery key may as well.
    Their row is locked by whoever calls.
    """
    private, public = envelope.new_pair()
    checkpoint = Checkpoint(
        uid=new_uid(), user_uid=user_uid, public_key=public, began_at=at, begun_by=by
    )
    db.session.add(checkpoint)
    db.session.flush()
    for wrapped in _theirs(user_uid):
        _wrap(wrapped, checkpoint)
    offline = db.session.scalars(RECOVERY_KEY).one()
    for lifter_uid, their_public in [*lifters, (None, offline)]:
        sealed = envelope.seal_to(their_public, private, _key_place(checkpoint.uid, lifter_uid))
        key = CheckpointKey(
            uid=new_uid(), checkpoint_uid=checkpoint.uid, user_uid=lifter_uid, sealed_key=sealed
        )
        db.session.add(key)
    db.session.flush()
    return checkpoint


def lift(keyring: Keyring, checkpoint: Checkpoint) -> None:
    """Take the outer layer off again. Raises Locked where this keyring's user may not."""
    lifter = keyring.user_uid or None  # nobody: the recovery key
    asked = {"checkpoint_uid": checkpoint.uid, "user_uid": lifter}
    key = db.session.scalar(KEY, asked)
    if key is None:
        raise Locked
    opened = keyring.open_own(key.sealed_key, _key_place(checkpoint.uid, lifter))
    private = X25519PrivateKey.from_private_bytes(opened)
    db.session.scalars(VAULTS_OF, {"user_uid": checkpoint.user_uid}).all()
    for statement in (WRAPPED_GRANTS, WRAPPED_KEYS):
        rows: Iterable[Wrapped] = db.session.scalars(
            statement, {"checkpoint_uid": checkpoint.uid}
        ).all()
        for row in rows:
            at = _outer_place(row, checkpoint)
            row.sealed_key = envelope.open_with(private, row.sealed_key, at)
            row.closed_by = None
    forget(checkpoint)


def forget(checkpoint: Checkpoint) -> None:
    """Delete a checkpoint and its keys: it was lifted, or there is nobody left to whom it matters."""
    db.session.flush()
    db.session.execute(FORGET_KEYS, {"checkpoint_uid": checkpoint.uid})
    db.session.delete(checkpoint)
    db.session.flush()


def forget_keys_of(user_uid: str) -> None:
    """Somebody has another key pair: what was sealed to the old one lifts nothing."""
    db.session.execute(FORGET_KEYS_OF, {"user_uid": user_uid})


def forget_all_of(user_uid: str) -> None:
    """Somebody left: they lift nobody's any more, and theirs closes nothing."""
    forget_keys_of(user_uid)
    if checkpoint := of_user(user_uid, lock=True):
        forget(checkpoint)


def wrap_where_closed(grant: Grant) -> None:
    """Wrap a grant that is made while its receiver is closed: it opens once that is lifted."""
    checkpoint = of_user(grant.user_uid) if grant.user_uid else None
    if checkpoint is not None:
        _wrap(grant, checkpoint)


def _theirs(user_uid: str) -> list[Wrapped]:
    db.session.scalars(VAULTS_OF, {"user_uid": user_uid}).all()
    grants = db.session.scalars(GRANTS_OF, {"user_uid": user_uid}).all()
    keys = db.session.scalars(KEYS_OF, {"user_uid": user_uid}).all()
    return [*grants, *keys]


def _wrap(wrapped: Wrapped, checkpoint: Checkpoint) -> None:
    outer = _outer_place(wrapped, checkpoint)
    wrapped.sealed_key = envelope.seal_to(checkpoint.public_key, wrapped.sealed_key, outer)
    wrapped.closed_by = checkpoint.uid


def _outer_place(wrapped: Wrapped, checkpoint: Checkpoint) -> bytes:
    return envelope.place(wrapped.__tablename__, "sealed_key", wrapped.uid, checkpoint.uid)


def _key_place(checkpoint_uid: str, lifter_uid: str | None) -> bytes:
    return envelope.place(
        "checkpoint_keys", "sealed_key", f"{checkpoint_uid}/{lifter_uid or 'recovery'}"
    )
