"""The keys that one signed-in user holds, opened one by one as a request needs them.

A keyring lives on the request and nowhere else.
"""

from __future__ import annotations

from functools import cached_property

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Executable, bindparam, select, type_coerce, update

from app.errors import Locked
from app.extensions import Sealed, db, read
from app.vault import envelope
from app.vault.models import Grant, Share, Vault, VaultKey
from app.web.transaction import in_any_case

EVERY_GRANT = (
    select(VaultKey.vault_uid, VaultKey.uid, Grant.sealed_key, Vault.kind, Vault.of_uid)
    .join(VaultKey, VaultKey.uid == Grant.key_uid)
    .join(Vault, Vault.uid == VaultKey.vault_uid)
    .order_by(VaultKey.version)
)
GRANTS = EVERY_GRANT.where(Grant.user_uid == bindparam("user_uid"), Grant.closed_by.is_(None))
GRANTS_TO_RECOVERY = EVERY_GRANT.where(Grant.user_uid.is_(None))
# A share that the session holds reads its key anew: the parameter is no value to fill it with.
REWRAP = (
    update(Share)
    .where(
        Share.vault_uid == bindparam("of_vault"),
        Share.person_uid == bindparam("of_person"),
        Share.sealed_key == bindparam("before"),
    )
    .values(sealed_key=type_coerce(bindparam("after"), Sealed), boxed=False)
    .execution_options(synchronize_session="fetch")
)


def grant_place(key_uid: str, vault_uid: str, user_uid: str | None) -> bytes:
    """Where a granted vault key lives."""
    return envelope.place("grants", "sealed_key", f"{key_uid}/{user_uid or 'recovery'}", vault_uid)


def share_place(person_uid: str, vault_uid: str) -> bytes:
    """Where a shared person key lives."""
    return envelope.place("shares", "sealed_key", person_uid, vault_uid)


class Keyring:
    """What one user can open, from their private key down."""

    def __init__(self, user_uid: str, private_key: bytes) -> None:
        self.user_uid = user_uid
        self.private_key = private_key
        self._sealed: dict[str, dict[str, bytes]] | None = None
        self._vaults: dict[tuple[str, str], str] = {}
        self._opened: dict[str, bytes] = {}
        self._ciphers: dict[str, AESGCM] = {}
        self._in_vain: set[str] = set()

    @classmethod
    def without_key(cls, user_uid: str) -> Keyring:
        """A keyring that opens nothing: of someone whose sign-in is locked."""
        keyring = cls(user_uid, envelope.new_key())
        keyring._sealed = {}
        return keyring

    @classmethod
    def of_the_organisation(cls, private_key: bytes) -> Keyring:
        """What the organisation's printed recovery key opens: every vault but the members' own."""
        keyring = cls("", private_key)
        keyring._load(GRANTS_TO_RECOVERY)
        return keyring

    def vault(self, kind: str, of_uid: str) -> str | None:
        """The uid of a vault this user holds, or None."""
        self._load()
        found = self._vaults.get((kind, of_uid))
        if found is None:
            self._in_vain.add(f"{kind} {of_uid}")
        return found

    def vaults(self, kind: str) -> dict[str, str]:
        """The vaults of one kind this user holds: whose they are -> vault uid."""
        self._load()
        return {of_uid: uid for (k, of_uid), uid in self._vaults.items() if k == kind}

    def holds(self, vault_uid: str) -> bool:
        """Whether this user was granted the vault."""
        return vault_uid in self._load()

    def opens(self, vault_uid: str, key_uid: str) -> bool:
        """Whether this user was granted this very version of the vault's key."""
        if key_uid in self._load().get(vault_uid, ()):
            return True
        self._in_vain.add(vault_uid)
        return False

    def versions(self, vault_uid: str) -> dict[str, bytes]:
        """Every version of the vault's private key this user holds: key uid -> 32 bytes."""
        return {uid: self._private(vault_uid, uid) for uid in self._load().get(vault_uid, {})}

    def private(self, vault_uid: str, key_uid: str) -> X25519PrivateKey:
        """One version of a vault's private key. Raises Locked if this user does not hold it."""
        return X25519PrivateKey.from_private_bytes(self._private(vault_uid, key_uid))

    def share_key(self, vault_uid: str, key_uid: str) -> bytes:
        """The shared key under which the vault's holders keep person keys."""
        return envelope.derived(self._private(vault_uid, key_uid), "shares")

    def person_key(
        self, vault_uid: str, key_uid: str, person_uid: str, boxed: bool, sealed: bytes
    ) -> bytes:
        """Open a person's key from a share, and rewrap one that came sealed with HPKE.

        HPKE opens in some 50 µs and AES-GCM in 2: a search over 5,000 names depends on it.
        """
        at = share_place(person_uid, vault_uid)
        if not boxed:
            cipher = self._ciphers.get(key_uid)
            if cipher is None:
                cipher = self._ciphers[key_uid] = AESGCM(self.share_key(vault_uid, key_uid))
            return envelope.unseal(cipher, sealed, at)
        key = envelope.open_with(self.private(vault_uid, key_uid), sealed, at)
        rewrapped = envelope.seal(self.share_key(vault_uid, key_uid), key, at)
        in_any_case(lambda: _rewrap(vault_uid, person_uid, sealed, rewrapped))
        return key

    @property
    def was_asked_in_vain(self) -> bool:
        """Whether this request asked for a key that this user does not hold."""
        return bool(self._in_vain)

    def asked_in_vain(self, kind: str, of_uid: str, vault_uid: str) -> bool:
        """Whether it asked in vain for this vault, or for a version of its key."""
        return not self._in_vain.isdisjoint((f"{kind} {of_uid}", vault_uid))

    def open_own(self, sealed: bytes, at: bytes) -> bytes:
        """Open what was sealed to the user's own public key. Raises Locked."""
        return envelope.open_with(self._own, sealed, at)

    @cached_property
    def _own(self) -> X25519PrivateKey:
        return X25519PrivateKey.from_private_bytes(self.private_key)

    def _private(self, vault_uid: str, key_uid: str) -> bytes:
        if key_uid not in self._opened:
            sealed = self._load().get(vault_uid, {}).get(key_uid)
            if sealed is None:
                self._in_vain.add(vault_uid)
                raise Locked
            at = grant_place(key_uid, vault_uid, self.user_uid)
            self._opened[key_uid] = envelope.open_with(self._own, sealed, at)
        return self._opened[key_uid]

    def _load(self, grants: Executable = GRANTS) -> dict[str, dict[str, bytes]]:
        if self._sealed is None:
            self._sealed = {}
            asked = {"user_uid": self.user_uid} if grants is GRANTS else {}
            for vault_uid, key_uid, sealed, kind, of_uid in read(grants, asked):
                self._sealed.setdefault(vault_uid, {})[key_uid] = sealed
                self._vaults[kind, of_uid] = vault_uid
        return self._sealed


def _rewrap(vault_uid: str, person_uid: str, before: bytes, after: bytes) -> None:
    share = {"of_vault": vault_uid, "of_person": person_uid}
    db.session.execute(REWRAP, {**share, "before": before, "after": after})
