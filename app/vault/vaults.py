"""Making vaults, giving them to a reader, taking them away, and sealing to them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from sqlalchemy import bindparam, delete, func, select
from sqlalchemy.orm import aliased

from app.clock import now
from app.errors import Locked
from app.extensions import db, new_uid, read
from app.vault import closing, envelope
from app.vault.keyring import Keyring, grant_place, share_place
from app.vault.models import Grant, Organisation, Share, Vault, VaultKey

KEY_NAMED = b"\x02"  # a sealed text that begins with the uid of the vault key it was sealed to


class Reader(Protocol):
    """Someone a vault can be granted to: a member of staff with a key pair of their own."""

    @property
    def uid(self) -> str: ...
    @property
    def public_key(self) -> bytes: ...


FIND = select(Vault.uid).where(Vault.kind == bindparam("kind"), Vault.of_uid == bindparam("of_uid"))
NEWEST_KEY = (
    select(VaultKey)
    .where(VaultKey.vault_uid == bindparam("vault_uid"))
    .order_by(VaultKey.version.desc())
    .limit(1)
)
LOCKED = select(Vault).where(Vault.uid == bindparam("uid")).with_for_update()
KEYS = select(VaultKey.uid).where(VaultKey.vault_uid == bindparam("vault_uid"))
GIVEN = (
    select(Grant.key_uid)
    .join(VaultKey, VaultKey.uid == Grant.key_uid)
    .where(VaultKey.vault_uid == bindparam("vault_uid"), Grant.user_uid == bindparam("user_uid"))
)
READERS = select(Grant.user_uid, Grant.public_key).where(
    Grant.key_uid == bindparam("key_uid"), Grant.user_uid.is_not(None)
)
Version = aliased(VaultKey)
HOLDERS = (
    select(Grant.user_uid)
    .join(VaultKey, VaultKey.uid == Grant.key_uid)
    .join(Vault, Vault.uid == VaultKey.vault_uid)
    .where(
        Vault.kind == bindparam("kind"),
        Vault.of_uid == bindparam("of_uid"),
        Grant.user_uid.is_not(None),
        VaultKey.version
        == select(func.max(Version.version))
        .where(Version.vault_uid == Vault.uid)
        .correlate(Vault)
        .scalar_subquery(),
    )
)
HELD_BY = (
    select(Vault.uid)
    .join(VaultKey, VaultKey.vault_uid == Vault.uid)
    .join(Grant, Grant.key_uid == VaultKey.uid)
    .where(Grant.user_uid == bindparam("user_uid"), Vault.kind != "own")
    .distinct()
)
SHARE = select(Share).where(
    Share.vault_uid == bindparam("vault_uid"), Share.person_uid == bindparam("person_uid")
)
RECOVERY_KEY = select(Organisation.recovery_public_key)
# Fetched, so that the session lets go of them: it cannot compare them with a parameter by itself.
END_GRANTS = (
    delete(Grant).where(Grant.key_uid.in_(KEYS)).execution_options(synchronize_session="fetch")
)
END_GRANTS_OF = END_GRANTS.where(Grant.user_uid == bindparam("user_uid"))
# All of a vault, in the order in which they hang on each other.
DESTROY = tuple(
    each.execution_options(synchronize_session="fetch")
    for each in (
        delete(Share).where(Share.vault_uid == bindparam("vault_uid")),
        END_GRANTS,
        delete(VaultKey).where(VaultKey.vault_uid == bindparam("vault_uid")),
        delete(Vault).where(Vault.uid == bindparam("vault_uid")),
    )
)


def find(kind: str, of_uid: str) -> str | None:
    """The uid of the vault of that kind, or None while nobody could be granted it."""
    return db.session.scalar(FIND, {"kind": kind, "of_uid": of_uid})


def made(kind: str, of_uid: str) -> str:
    """The vault that was made together with what it is of: a user's own, a roster, a desk."""
    vault = find(kind, of_uid)
    if vault is None:
        raise RuntimeError(f"Something without the vault it was to be made with: {kind}.")
    return vault


def newest_key(vault_uid: str) -> VaultKey:
    """The key to seal new texts to."""
    return db.session.scalars(NEWEST_KEY, {"vault_uid": vault_uid}).one()


def make(
    kind: str, of_uid: str, readers: Iterable[Reader], *, site_uid: str | None = None
) -> Vault:
    """Make a vault with its first key pair, granted to `readers`; the maker keeps nothing.

    `site_uid`: the place with whose desk a roster comes.

    Every vault but a user's own is also granted to the organisation's offline
    recovery key, so that nothing can end with nobody who opens it.
    """
    vault = Vault(uid=new_uid(), kind=kind, of_uid=of_uid, site_uid=site_uid)
    db.session.add(vault)
    db.session.flush()
    _add_key(vault.uid, 1, {r.uid: r.public_key for r in readers}, recovery=kind != "own")
    return vault


def give(keyring: Keyring, vault_uid: str, to: Reader) -> bool:
    """Grant `to` every version of the vault's key; whether one was lacking.

    Raises Locked if the giver holds none.
    """
    db.session.scalar(LOCKED, {"uid": vault_uid})
    given = set(db.session.scalars(GIVEN, {"vault_uid": vault_uid, "user_uid": to.uid}))
    held = keyring.versions(vault_uid)
    if not held:
        raise Locked
    lacking = held.keys() - given
    for key_uid in sorted(lacking):
        by = keyring.user_uid or None  # nobody: the recovery key gave it
        _grant(key_uid, vault_uid, held[key_uid], to.uid, to.public_key, by=by)
    db.session.flush()
    return bool(lacking)


def let_in(vault_uid: str, reader: Reader) -> None:
    """Let whoever is assigned now open what is sealed from now on, where nobody holds the vault.

    Where somebody does, they give it. What was sealed before stays with the
    organisation's recovery key (`assigning.give_back`).
    """
    if not holders(vault_uid):
        renew(vault_uid, reader)


def take_away(vault_uid: str, user_uid: str) -> None:
    """End a user's grants and start a new key version for those who remain.

    Needs no key: new texts go to the new version; old ones are not resealed.
    """
    db.session.scalar(LOCKED, {"uid": vault_uid})
    ended = db.session.execute(END_GRANTS_OF, {"vault_uid": vault_uid, "user_uid": user_uid})
    if not ended.rowcount:  # type: ignore[attr-defined]
        return
    last = newest_key(vault_uid)
    _add_key(vault_uid, last.version + 1, _readers(last.uid), recovery=True)


def renew(vault_uid: str, reader: Reader) -> None:
    """Start a new key version that `reader` opens too, with those who hold the vault now.

    Needs no key: what was sealed before opens for them only once a holder gives it.
    """
    db.session.scalar(LOCKED, {"uid": vault_uid})
    last = newest_key(vault_uid)
    readers = _readers(last.uid) | {reader.uid: reader.public_key}
    _add_key(vault_uid, last.version + 1, readers, recovery=True)


def destroy(vault_uid: str) -> None:
    """Delete a vault with all its keys: what was sealed to it opens for nobody any more."""
    for statement in DESTROY:
        db.session.execute(statement, {"vault_uid": vault_uid})


def held_by(user_uid: str) -> list[str]:
    """The vaults a user was granted, their own left out."""
    return list(db.session.scalars(HELD_BY, {"user_uid": user_uid}))


def holders(vault_uid: str) -> set[str]:
    """The users who can open the newest version of the vault's key."""
    return set(_readers(newest_key(vault_uid).uid))


def holders_of(kind: str, of_uid: str) -> set[str]:
    """The same of the vault of that kind, in one statement; nobody where there is none yet."""
    return {uid for (uid,) in read(HOLDERS, {"kind": kind, "of_uid": of_uid})}


def seal_text(vault_uid: str, text: str, at: bytes) -> bytes:
    """Seal a text to a vault's public key; whoever writes need not be able to read."""
    key = newest_key(vault_uid)
    sealed = envelope.seal_to(key.public_key, envelope.padded(text), _in_vault(at, vault_uid))
    return KEY_NAMED + key.uid.encode() + sealed


def open_text(keyring: Keyring, vault_uid: str, sealed: bytes, at: bytes) -> str:
    """Open what `seal_text` sealed. Raises Locked without the vault's key."""
    if sealed[:1] != KEY_NAMED:
        raise Locked
    private = keyring.private(vault_uid, sealed[1:11].decode())
    return envelope.unpadded(envelope.open_with(private, sealed[11:], _in_vault(at, vault_uid)))


def text_or_none(
    keyring: Keyring, kind: str, of_uid: str, sealed: bytes | None, at: bytes
) -> str | None:
    """The same of the vault of that kind; None where nothing was sealed, or without its key."""
    vault = keyring.vault(kind, of_uid) if sealed is not None else None
    if vault is None or sealed is None:
        return None
    try:
        return open_text(keyring, vault, sealed, at)
    except Locked:
        return None


def share(vault_uid: str, person_uid: str, person_key: bytes, keyring: Keyring | None) -> None:
    """Give a person's key to those who hold a vault; a share that had ended begins again.

    Who can open the vault seals under its shared key; who cannot, to its public key.
    """
    newest = newest_key(vault_uid)
    opened = bool(keyring and newest.uid in keyring.versions(vault_uid))
    at = share_place(person_uid, vault_uid)
    if opened and keyring:
        sealed = envelope.seal(keyring.share_key(vault_uid, newest.uid), person_key, at)
    else:
        sealed = envelope.seal_to(newest.public_key, person_key, at)
    row = db.session.scalar(SHARE, {"vault_uid": vault_uid, "person_uid": person_uid})
    if row is None:
        row = Share(vault_uid=vault_uid, person_uid=person_uid)
        db.session.add(row)
    row.key_uid, row.boxed, row.sealed_key, row.ended_at = newest.uid, not opened, sealed, None
    db.session.flush()


def end_share(vault_uid: str, person_uid: str) -> None:
    """From now on the person's name still opens for the vault's holders, the contact does not show."""
    row = db.session.scalar(SHARE, {"vault_uid": vault_uid, "person_uid": person_uid})
    if row is not None:
        row.ended_at = now()


def resume_share(vault_uid: str, person_uid: str) -> None:
    """Undo `end_share`."""
    row = db.session.scalar(SHARE, {"vault_uid": vault_uid, "person_uid": person_uid})
    if row is not None:
        row.ended_at = None


def _readers(key_uid: str) -> dict[str, bytes]:
    """Who was granted a version of a vault's key, with their public keys."""
    rows = db.session.execute(READERS, {"key_uid": key_uid})
    return {row.user_uid: row.public_key for row in rows}


def _in_vault(at: bytes, vault_uid: str) -> bytes:
    return at + b"\x1f" + vault_uid.encode()


def _add_key(vault_uid: str, version: int, readers: dict[str, bytes], *, recovery: bool) -> None:
    private, public = envelope.new_pair()
    key = VaultKey(
        uid=new_uid(), vault_uid=vault_uid, version=version, public_key=public, made_at=now()
    )
    db.session.add(key)
    db.session.flush()
    for user_uid, user_public in readers.items():
        _grant(key.uid, vault_uid, private, user_uid, user_public, by=None)
    if recovery:
        offline = db.session.scalars(RECOVERY_KEY).one()
        _grant(key.uid, vault_uid, private, None, offline, by=None)
    db.session.flush()


def _grant(
    key_uid: str, vault_uid: str, private: bytes, to: str | None, public: bytes, by: str | None
) -> None:
    grant = Grant(
        uid=new_uid(), key_uid=key_uid, user_uid=to, public_key=public, given_by=by, given_at=now()
    )
    grant.sealed_key = envelope.seal_to(public, private, grant_place(key_uid, vault_uid, to))
    closing.wrap_where_closed(grant)
    db.session.add(grant)
