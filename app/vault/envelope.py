"""How bytes are sealed: HPKE, AES-256-GCM, Argon2id and HKDF, composed and nothing more.

Every sealed value begins with one byte, the version of this format, and is
bound to its place: moved to another row, column or vault it does not open.
"""

from __future__ import annotations

import secrets
from contextlib import nullcontext
from threading import Lock

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.errors import Locked

VERSION = b"\x01"
KEY_BYTES = 32
SALT_BYTES = 16
NONCE_BYTES = 12
# OpenSSL takes one thread per lane from a pool as large as the machine has processors: two
# derivations that each hold one and want another wait for each other for ever.
_lanes = Lock()
PAD_TO = 64  # short texts of different length look alike

# RFC 9180, base mode.
SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


def place(table: str, column: str, row: str, vault: str = "") -> bytes:
    """Where a sealed value lives, in words that never change during its life."""
    return f"{table}\x1f{column}\x1f{row}\x1f{vault}".encode()


def new_key() -> bytes:
    """A fresh key for AES-256-GCM."""
    return secrets.token_bytes(KEY_BYTES)


def new_pair() -> tuple[bytes, bytes]:
    """A fresh X25519 pair: (private, public), 32 bytes each."""
    private = X25519PrivateKey.generate()
    return private.private_bytes_raw(), private.public_key().public_bytes_raw()


def public_of(private: bytes) -> bytes:
    """The public key of a private one (32 bytes each). Raises ValueError for another length."""
    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def seal_to(public: bytes, text: bytes, at: bytes) -> bytes:
    """Seal `text` to whoever holds the private key that belongs to `public`."""
    key = X25519PublicKey.from_public_bytes(public)
    return VERSION + SUITE.encrypt(text, key, info=VERSION + at)


def open_with(private: X25519PrivateKey, sealed: bytes, at: bytes) -> bytes:
    """Open what `seal_to` sealed. Raises Locked if this is the wrong key or the wrong place."""
    try:
        _check_version(sealed)
        return SUITE.decrypt(sealed[1:], private, info=VERSION + at)
    except (InvalidTag, ValueError) as error:
        raise Locked from error


def seal(key: bytes, text: bytes, at: bytes) -> bytes:
    """Seal `text` under a shared key with AES-256-GCM."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return VERSION + nonce + AESGCM(key).encrypt(nonce, text, VERSION + at)


def unseal(cipher: AESGCM | bytes, sealed: bytes, at: bytes) -> bytes:
    """Open what `seal` sealed; `cipher` may be prepared once for many. Raises Locked."""
    cipher = AESGCM(cipher) if isinstance(cipher, bytes) else cipher
    try:
        _check_version(sealed)
        return cipher.decrypt(sealed[1:13], sealed[13:], VERSION + at)
    except (InvalidTag, ValueError) as error:
        raise Locked from error


def padded(text: str, to: int = PAD_TO) -> bytes:
    """The text in UTF-8, filled with zero bytes to a multiple of `to`."""
    data = text.encode()
    return data + b"\x00" * (-(len(data) + 1) % to + 1)


def unpadded(data: bytes) -> str:
    """The text that `padded` filled."""
    return data.rstrip(b"\x00").decode()


def stretched(passphrase: str, salt: bytes, *, memory: int, iterations: int, lanes: int) -> bytes:
    """The key behind a passphrase: Argon2id (RFC 9106), `memory` in KiB."""
    kdf = Argon2id(
        salt=salt, length=KEY_BYTES, iterations=iterations, lanes=lanes, memory_cost=memory
    )
    with _lanes if lanes > 1 else nullcontext():
        return kdf.derive(passphrase.encode())


def derived(secret: bytes, purpose: str) -> bytes:
    """A key for one purpose out of a high-entropy secret: HKDF-SHA256 (RFC 5869)."""
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=b"daftar " + purpose.encode()).derive(secret)


def _check_version(sealed: bytes) -> None:
    if sealed[:1] != VERSION:
        raise Locked
