"""Passphrases, recovery codes, when a sign-in ends, when guessing is slowed down."""

from __future__ import annotations

import base64
import hashlib
import hmac
import math
import secrets
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from ipaddress import ip_address, ip_network

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from diceware.wordlist import WordList, get_wordlist_path
from zxcvbn import zxcvbn

from app.accounts.models import User
from app.extensions import new_uid
from app.vault import envelope
from app.web.forms import western

ENDS_AFTER = timedelta(hours=8)
HALF_ENDS_AFTER = timedelta(minutes=5)
TOUCH_IDLE = timedelta(minutes=10)
INVITATION_LASTS = timedelta(hours=72)
SHOWN_FOR = timedelta(minutes=10)
PASSPHRASE_BITS = 64
MOST_WORDS, MOST_SIGNS = 8, 24  # of a passphrase, as far as its strength is estimated
CODE_SECONDS = 30
TRIES_WINDOW = timedelta(minutes=15)
TRIES_KEPT = timedelta(days=1)
# Failed tries in one window. From outside: per account, per network prefix, in all. Whoever has
# a cookie of ours has a counter that no outsider reaches: of a device that an account signed in
# from before, of a sign-in's passphrase, of an account's codes.
TRIES_ALLOWED = {"account": 10, "network": 50, "all": 500} | dict.fromkeys(
    ("device", "sign-in", "code"), 10
)
SHARED = ("network", "all")  # counters that a success does not clear


def folded_passphrase(text: str) -> str:
    """A passphrase as it is stretched: a phone's capitals, digits and double spaces don't matter."""
    return " ".join(unicodedata.normalize("NFKC", western(text)).casefold().split())


def new_recovery_code() -> str:
    """128 random bits in Base32, in groups of four, to be printed once."""
    text = base64.b32encode(secrets.token_bytes(16)).decode().rstrip("=")
    return "-".join(text[i : i + 4] for i in range(0, len(text), 4))


def key_of_recovery_code(code: str) -> bytes:
    """The key behind a recovery code, however it was typed."""
    letters = "".join(c for c in western(code).upper() if c.isalnum())
    letters = letters.replace("0", "O").replace("1", "I").replace("8", "B")
    return envelope.derived(letters.encode(), "recovery code")


@dataclass(frozen=True)
class Cost:
    """Argon2id's parameters; they stand in each user's row, so that they can rise."""

    memory: int
    iterations: int
    lanes: int


def new_user(
    *,
    username: str,
    working_name: str,
    language: str,
    passphrase: str,
    recovery_code: str,
    cost: Cost,
    joined_at: datetime,
) -> User:
    """A member of staff with a fresh key pair, sealed under the passphrase and the printed code."""
    uid = new_uid()
    private, public = envelope.new_pair()
    salt = secrets.token_bytes(envelope.SALT_BYTES)
    key = envelope.stretched(
        folded_passphrase(passphrase),
        salt,
        memory=cost.memory,
        iterations=cost.iterations,
        lanes=cost.lanes,
    )
    recovery = key_of_recovery_code(recovery_code)
    return User(
        uid=uid,
        username=username,
        working_name=working_name,
        language=language,
        joined_at=joined_at,
        public_key=public,
        private_key=envelope.seal(key, private, private_key_place(uid)),
        salt=salt,
        memory=cost.memory,
        iterations=cost.iterations,
        lanes=cost.lanes,
        private_key_for_recovery=envelope.seal(recovery, private, recovery_place(uid)),
    )


def private_key_place(user_uid: str) -> bytes:
    """Where a user's private key lives, sealed under the passphrase."""
    return envelope.place("users", "private_key", user_uid)


def recovery_place(user_uid: str) -> bytes:
    """Where a user's private key lives, sealed under the recovery code."""
    return envelope.place("users", "private_key_for_recovery", user_uid)


def sign_in_place(digest: str) -> bytes:
    """Where a user's private key lives, wrapped for one sign-in."""
    return envelope.place("sign_ins", "wrapped_key", digest)


def digest_of(cookie: bytes) -> str:
    """The name under which a sign-in is found; says nothing of the cookie."""
    return envelope.derived(cookie, "sign-in digest").hex()[:32]


def wrapping_key_of(cookie: bytes) -> bytes:
    """The key that opens the private key for one sign-in."""
    return envelope.derived(cookie, "sign-in key")


def has_ended(began_at: datetime, *, is_half: bool, at: datetime) -> bool:
    """Whether a sign-in is over: eight hours old, or five minutes without its code."""
    return at - began_at > (HALF_ENDS_AFTER if is_half else ENDS_AFTER)


def has_locked(seen_at: datetime, *, on_touch: bool, idle: timedelta, at: datetime) -> bool:
    """Whether a sign-in was idle for so long that it asks for the passphrase again."""
    return at - seen_at > (min(TOUCH_IDLE, idle) if on_touch else idle)


def passphrase_bits(passphrase: str) -> float:
    """How many bits a passphrase is worth, word by word: a word of our list 12.9, others by zxcvbn.

    A word counts once, and what stands between words for nothing. zxcvbn takes
    seconds over a long text made to slow it down, so it sees a few signs at a time.
    """
    ours, typed = _known_words(), folded_passphrase(passphrase).replace("-", " ").split()
    bits = 0.0
    for word in list(dict.fromkeys(typed))[:MOST_WORDS]:
        if word in ours:
            bits += math.log2(len(ours))
        else:
            bits += zxcvbn(word[:MOST_SIGNS])["guesses_log10"] / math.log10(2)
    return bits


@cache
def _known_words() -> frozenset[str]:
    return frozenset(word_list())


def step_of(code: str, seed: bytes, *, last_step: int, at: datetime) -> int | None:
    """The time step (RFC 6238) a code belongs to, or None.

    The step now, before and after are taken, but none that was used or passed.
    """
    digits = "".join(c for c in western(code) if c.isdigit())
    totp = TOTP(seed, 6, SHA1(), CODE_SECONDS, enforce_key_length=False)  # noqa: S303 - RFC 6238
    now_step = int(at.timestamp()) // CODE_SECONDS
    for step in (now_step - 1, now_step, now_step + 1):
        right = totp.generate(step * CODE_SECONDS).decode()
        if step > last_step and hmac.compare_digest(right.encode(), digits.encode()):
            return step
    return None


def looks_like_code(text: str) -> bool:
    """Whether six digits were typed, in any digits and with any spaces."""
    signs = "".join(western(text).split())
    return len(signs) == 6 and signs.isdecimal()


def code_address(seed: bytes, username: str) -> str:
    """What the QR code holds; it names the notebook and the user name, nothing else."""
    secret = base64.b32encode(seed).decode().rstrip("=")
    return f"otpauth://totp/Daftar:{username}?secret={secret}&issuer=Daftar"


def check_words(public_key: bytes) -> str:
    """Four words of a public key, to be compared aloud before access is given: 51 bits."""
    number = int.from_bytes(hashlib.sha256(b"check words" + public_key).digest())
    words = word_list()
    return " ".join(words[(number // len(words) ** place) % len(words)] for place in range(4))


@cache
def word_list() -> list[str]:
    """The 7,776 words of the EFF's long list."""
    return list(WordList(get_wordlist_path("en_eff")))


def new_words(number: int) -> list[str]:
    """Random words, for passphrases and user names: five are 64 bits."""
    return [secrets.choice(word_list()) for _ in range(number)]


def digest_of_link(token: str) -> str:
    """The name under which an invitation is found; says nothing of the link."""
    return envelope.derived(token.encode(), "invitation").hex()[:32]


def reseal_private_key(user: User, private: bytes, passphrase: str, cost: Cost) -> None:
    """Seal a user's private key under a new passphrase."""
    user.salt = secrets.token_bytes(envelope.SALT_BYTES)
    user.memory, user.iterations, user.lanes = cost.memory, cost.iterations, cost.lanes
    key = envelope.stretched(
        folded_passphrase(passphrase),
        user.salt,
        memory=cost.memory,
        iterations=cost.iterations,
        lanes=cost.lanes,
    )
    user.private_key = envelope.seal(key, private, private_key_place(user.uid))


def reseal_for_recovery(user: User, private: bytes, code: str) -> None:
    """Seal a user's private key under a new printed code; the old code is worth nothing."""
    user.private_key_for_recovery = envelope.seal(
        key_of_recovery_code(code), private, recovery_place(user.uid)
    )


def seed_place(user_uid: str) -> bytes:
    """Where the seed of the sign-in codes lives."""
    return envelope.place("users", "second_factor", user_uid)


def network_of(address: str) -> str:
    """The network an address belongs to: a /24 of IPv4, a /56 of IPv6."""
    try:
        ip = ip_address(address)
    except ValueError:
        return "unknown"
    return str(ip_network(f"{ip}/{24 if ip.version == 4 else 56}", strict=False))


def window_of(at: datetime, window: timedelta) -> datetime:
    """When the window that a moment falls into began: on the hour, at a quarter past…"""
    return at - (at - datetime.fromtimestamp(0, at.tzinfo)) % window


def must_wait(tries: Sequence[tuple[str, datetime, int]], *, at: datetime) -> timedelta:
    """How long signing in is refused, given (kind, since, failed) of each counter; zero: not."""
    waits = [
        since + TRIES_WINDOW - at
        for kind, since, failed in tries
        if failed >= TRIES_ALLOWED[kind] and at - since < TRIES_WINDOW
    ]
    return max(waits, default=timedelta())
