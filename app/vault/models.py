"""Vaults, the versions of their keys, who was granted them, and what is shared into them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model, Moment, Sealed, Uid, new_uid

KINDS = ("desk", "roster", "notes", "case", "own")


class Vault(Model):
    """A key pair to which texts are sealed, and the one thing whose texts it holds."""

    __tablename__ = "vaults"
    __table_args__ = (
        Index("uq_vaults_kind_of_uid", "kind", "of_uid", unique=True),
        Index("ix_vaults_of_uid", "of_uid"),
        Index("ix_vaults_site_uid", "site_uid"),
    )

    uid: Mapped[str] = mapped_column(Uid, primary_key=True, default=new_uid)
    kind: Mapped[str] = mapped_column(String(8))
    of_uid: Mapped[str] = mapped_column(Uid)
    """The place, group, workshop, referral or user whose vault this is."""
    site_uid: Mapped[str | None] = mapped_column(Uid)
    """Of a roster: the place with whose desk it comes."""


class VaultKey(Model):
    """One version of a vault's key pair; the newest is the one to seal to."""

    __tablename__ = "vault_keys"

    uid: Mapped[str] = mapped_column(Uid, primary_key=True, default=new_uid)
    vault_uid: Mapped[str] = mapped_column(ForeignKey("vaults.uid"))
    version: Mapped[int]
    public_key: Mapped[bytes] = mapped_column(LargeBinary(32))
    made_at: Mapped[datetime] = mapped_column(Moment)

    __table_args__ = (Index("uq_vault_keys_vault_version", "vault_uid", "version", unique=True),)


class Grant(Model):
    """A vault's private key, sealed to one user's public key.

    `user_uid` empty: sealed to the organisation's offline recovery key.
    """

    __tablename__ = "grants"
    __table_args__ = (
        Index("uq_grants_key_user", "key_uid", "user_uid", unique=True),
        Index("ix_grants_user_uid", "user_uid"),
    )

    uid: Mapped[str] = mapped_column(Uid, primary_key=True, default=new_uid)
    key_uid: Mapped[str] = mapped_column(ForeignKey("vault_keys.uid"))
    user_uid: Mapped[str | None] = mapped_column(Uid)
    public_key: Mapped[bytes] = mapped_column(LargeBinary(32))
    """The receiver's public key, so that a new version can be granted without any key."""
    given_by: Mapped[str | None] = mapped_column(Uid)
    given_at: Mapped[datetime] = mapped_column(Moment)
    sealed_key: Mapped[bytes] = mapped_column(Sealed)
    closed_by: Mapped[str | None] = mapped_column(Uid)
    """The checkpoint that wrapped it once more: not even its receiver opens it until that is lifted."""


class Checkpoint(Model):
    """A member of staff who opens nothing for now: each of their grants is wrapped to this key pair."""

    __tablename__ = "checkpoints"

    uid: Mapped[str] = mapped_column(Uid, primary_key=True, default=new_uid)
    user_uid: Mapped[str] = mapped_column(Uid, unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary(32))
    """So that what is granted to them meanwhile is wrapped too, in a request that needs no key."""
    began_at: Mapped[datetime] = mapped_column(Moment)
    begun_by: Mapped[str] = mapped_column(Uid)


class CheckpointKey(Model):
    """A checkpoint's private key, sealed to one colleague who may lift it.

    `user_uid` empty: sealed to the organisation's offline recovery key.
    """

    __tablename__ = "checkpoint_keys"
    __table_args__ = (
        Index("uq_checkpoint_keys_user", "checkpoint_uid", "user_uid", unique=True),
        Index("ix_checkpoint_keys_user_uid", "user_uid"),
    )

    uid: Mapped[str] = mapped_column(Uid, primary_key=True, default=new_uid)
    checkpoint_uid: Mapped[str] = mapped_column(ForeignKey("checkpoints.uid"))
    user_uid: Mapped[str | None] = mapped_column(Uid)
    sealed_key: Mapped[bytes] = mapped_column(Sealed)
    closed_by: Mapped[str | None] = mapped_column(Uid)
    """The checkpoint of the colleague themselves, which wrapped it once more."""


class Share(Model):
    """A person's key, for those who hold one vault.

    `boxed` shares were sealed with HPKE by someone who could not open the
    vault; whoever opens one rewraps it under the vault's own shared key.
    """

    __tablename__ = "shares"
    __table_args__ = (
        Index("uq_shares_vault_person", "vault_uid", "person_uid", unique=True),
        Index("ix_shares_person_uid", "person_uid"),
    )

    uid: Mapped[str] = mapped_column(Uid, primary_key=True, default=new_uid)
    vault_uid: Mapped[str] = mapped_column(ForeignKey("vaults.uid"))
    key_uid: Mapped[str] = mapped_column(ForeignKey("vault_keys.uid"))
    person_uid: Mapped[str] = mapped_column(Uid)
    boxed: Mapped[bool]
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    """When the person left: the name still opens, the contact is no longer shown."""
    sealed_key: Mapped[bytes] = mapped_column(Sealed)


class Organisation(Model):
    """The organisation itself: one row, with the public half of its offline recovery key."""

    __tablename__ = "organisation"

    id: Mapped[int] = mapped_column(primary_key=True, server_default=text("1"))
    recovery_public_key: Mapped[bytes] = mapped_column(LargeBinary(32))
    short_codes: Mapped[bool] = mapped_column(default=True)
    """Whether six digits may open a locked sign-in again; administrators say so."""
    backup_key: Mapped[str | None] = mapped_column(String(80))
    """The public half of the key that backups are sealed to; the other is printed."""
