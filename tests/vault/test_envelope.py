"""Sealing: against the standards' own test vectors, and against what was sealed by earlier versions."""

from __future__ import annotations

import hmac
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given
from hypothesis import strategies as st

from app.errors import Locked
from app.vault import envelope

HERE = envelope.place("people", "card", "k7wq3n9d22", "v4ult23456")
ELSEWHERE = [
    envelope.place("persons", "card", "k7wq3n9d22", "v4ult23456"),
    envelope.place("people", "name", "k7wq3n9d22", "v4ult23456"),
    envelope.place("people", "card", "k7wq3n9d23", "v4ult23456"),
    envelope.place("people", "card", "k7wq3n9d22", "v4ult23457"),
]
PRIVATE = X25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = PRIVATE.public_key().public_bytes_raw()
KEY = bytes(range(32, 64))

# Sealed once, with the keys above: whatever changes, what was kept must go on opening.
KEPT_TO = (
    "010745285efd17e7dc38147f45f0af6b19b9e0ac23563c76201c761e1388e5a956b9dc38470d39d3"
    "e1b0eafb26547bd76a7ca02c32e7a96c2da3524276d6aee8f8ce28235004b4711e"
)
KEPT_UNDER = (
    "01de7b83b474e56bdc08289660afffe4bbbfbd59a59c71ee171adca4842fc04b86271337e9af3bb6"
    "96a2ecfceb59dafea128c0ae83"
)


class Rfc9180:
    """HPKE in base mode with X25519 and HKDF-SHA256, written out from RFC 9180 to compare with."""

    def __init__(self, aead_id: int, key_bytes: int) -> None:
        self.aead_id, self.key_bytes = aead_id, key_bytes
        self.kem = b"KEM" + (0x20).to_bytes(2, "big")
        self.suite = b"HPKE" + b"".join(n.to_bytes(2, "big") for n in (0x20, 1, aead_id))

    def open(self, private: X25519PrivateKey, sealed: bytes, info: bytes, aad: bytes) -> bytes:
        encapsulated, text = sealed[:32], sealed[32:]
        secret = self._decapsulated(private, encapsulated)
        context = (
            b"\x00"
            + self._extract(self.suite, b"", b"psk_id_hash", b"")
            + self._extract(self.suite, b"", b"info_hash", info)
        )
        scheduled = self._extract(self.suite, secret, b"secret", b"")
        key = self._expand(self.suite, scheduled, b"key", context, self.key_bytes)
        nonce = self._expand(self.suite, scheduled, b"base_nonce", context, 12)
        return AESGCM(key).decrypt(nonce, text, aad)

    def _decapsulated(self, private: X25519PrivateKey, encapsulated: bytes) -> bytes:
        shared = private.exchange(X25519PublicKey.from_public_bytes(encapsulated))
        context = encapsulated + private.public_key().public_bytes_raw()
        extracted = self._extract(self.kem, b"", b"eae_prk", shared)
        return self._expand(self.kem, extracted, b"shared_secret", context, 32)

    @staticmethod
    def _extract(suite: bytes, salt: bytes, label: bytes, secret: bytes) -> bytes:
        return hmac.digest(salt or bytes(32), b"HPKE-v1" + suite + label + secret, "sha256")

    @staticmethod
    def _expand(suite: bytes, key: bytes, label: bytes, info: bytes, length: int) -> bytes:
        labelled = length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + info
        return hmac.digest(key, labelled + b"\x01", "sha256")[:length]


def test_our_reading_of_hpke_opens_the_standards_own_example() -> None:
    # RFC 9180, appendix A.1.1: base mode, X25519, HKDF-SHA256, AES-128-GCM, sequence number 0.
    private = "4612c550263fc8ad58375df3f557aac531d26850903e55a9f23f21d8534e8ac8"
    encapsulated = "37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431"
    text = (
        "f938558b5d72f1a23810b4be2ab4f84331acc02fc97babc53a52ae8218a355a96d8770ac83d07bea87e13c512a"
    )
    opened = Rfc9180(1, 16).open(
        X25519PrivateKey.from_private_bytes(bytes.fromhex(private)),
        bytes.fromhex(encapsulated + text),
        info=b"Ode on a Grecian Urn",
        aad=b"Count-0",
    )
    assert opened == b"Beauty is truth, truth beauty"


def test_what_is_sealed_to_a_key_is_hpke_as_the_standard_has_it() -> None:
    sealed = envelope.seal_to(PUBLIC, b"only for you", HERE)
    assert sealed[:1] == envelope.VERSION
    opened = Rfc9180(2, 32).open(PRIVATE, sealed[1:], info=envelope.VERSION + HERE, aad=b"")
    assert opened == b"only for you"


def test_what_is_sealed_under_a_key_is_aes_gcm_with_its_place_as_associated_data() -> None:
    sealed = envelope.seal(KEY, b"only for us", HERE)
    nonce, text = sealed[1:13], sealed[13:]
    assert AESGCM(KEY).decrypt(nonce, text, envelope.VERSION + HERE) == b"only for us"


def test_what_was_sealed_long_ago_still_opens() -> None:
    assert envelope.open_with(PRIVATE, bytes.fromhex(KEPT_TO), HERE) == b"kept since the first day"
    assert envelope.unseal(KEY, bytes.fromhex(KEPT_UNDER), HERE) == b"kept since the first day"


@pytest.mark.parametrize("place", ELSEWHERE)
def test_moved_to_another_place_it_does_not_open(place: bytes) -> None:
    with pytest.raises(Locked):
        envelope.open_with(PRIVATE, envelope.seal_to(PUBLIC, b"x", HERE), place)
    with pytest.raises(Locked):
        envelope.unseal(KEY, envelope.seal(KEY, b"x", HERE), place)


def test_the_wrong_key_finds_it_locked() -> None:
    stranger = X25519PrivateKey.generate()
    with pytest.raises(Locked):
        envelope.open_with(stranger, envelope.seal_to(PUBLIC, b"x", HERE), HERE)
    with pytest.raises(Locked):
        envelope.unseal(envelope.new_key(), envelope.seal(KEY, b"x", HERE), HERE)


@pytest.mark.parametrize("cut", [0, 1, 2, 20, 33, 40])
def test_a_piece_of_it_is_locked_and_not_an_error_of_another_kind(cut: int) -> None:
    with pytest.raises(Locked):
        envelope.open_with(PRIVATE, envelope.seal_to(PUBLIC, b"text", HERE)[:cut], HERE)
    with pytest.raises(Locked):
        envelope.unseal(KEY, envelope.seal(KEY, b"text", HERE)[: min(cut, 20)], HERE)


def test_a_changed_byte_anywhere_is_noticed() -> None:
    for sealed, opens in (
        (envelope.seal_to(PUBLIC, b"text", HERE), lambda s: envelope.open_with(PRIVATE, s, HERE)),
        (envelope.seal(KEY, b"text", HERE), lambda s: envelope.unseal(KEY, s, HERE)),
    ):
        for at in range(len(sealed)):
            changed = sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]
            with pytest.raises(Locked):
                opens(changed)


def test_the_same_text_sealed_twice_looks_different() -> None:
    assert envelope.seal(KEY, b"x", HERE) != envelope.seal(KEY, b"x", HERE)
    assert envelope.seal_to(PUBLIC, b"x", HERE) != envelope.seal_to(PUBLIC, b"x", HERE)


@given(st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=300))
def test_padding_takes_nothing_away_and_hides_short_lengths(text: str) -> None:
    padded = envelope.padded(text)
    assert envelope.unpadded(padded) == text
    assert len(padded) % envelope.PAD_TO == 0
    if len(text.encode()) < envelope.PAD_TO:
        assert len(padded) == envelope.PAD_TO


def test_argon2id_is_that_of_the_standard_and_of_the_reference_program() -> None:
    # RFC 9106, section 5.3.
    kdf = Argon2id(
        salt=b"\x02" * 16,
        length=32,
        iterations=3,
        lanes=4,
        memory_cost=32,
        ad=b"\x04" * 12,
        secret=b"\x03" * 8,
    )
    tag = "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659"
    assert kdf.derive(b"\x01" * 32).hex() == tag
    # The reference implementation's tests: 2 iterations, 256 KiB, 1 lane.
    stretched = envelope.stretched("password", b"somesalt", memory=256, iterations=2, lanes=1)
    assert stretched.hex() == "9dfeb910e80bad0311fee20f9c0e2b12c17987b4cac90c2ef54d5b3021c68bfe"


def test_hkdf_is_that_of_the_standard() -> None:
    # RFC 5869, appendix A.3: no salt, no info.
    long = HKDF(SHA256(), 42, salt=None, info=b"").derive(b"\x0b" * 22)
    assert long.hex() == (
        "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"
    )
    extracted = hmac.new(bytes(32), KEY, sha256).digest()
    expected = hmac.new(extracted, b"daftar shares\x01", sha256).digest()
    assert envelope.derived(KEY, "shares") == expected


def test_a_key_for_one_purpose_says_nothing_of_another() -> None:
    assert envelope.derived(KEY, "sign-in key") != envelope.derived(KEY, "sign-in digest")
