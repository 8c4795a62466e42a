"""Accounts and their keys, recovery codes, when a sign-in ends, which tries count."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from itertools import pairwise
from urllib.parse import quote

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from app.accounts.line import Cost, Stretched
from app.accounts.models import User
from app.accounts.passphrases import WITHOUT_SEPARATORS, word_list
from app.extensions import new_uid
from app.vault import envelope
from app.web.forms import western

ENDS_AFTER = timedelta(hours=8)
HALF_ENDS_AFTER = timedelta(minutes=5)
TOUCH_IDLE = timedelta(minutes=10)
AHEAD = timedelta(minutes=5)  # what is from later than that was written by a clock that was wrong
INVITATION_LASTS = timedelta(hours=72)
REFUSED_WITHIN = timedelta(hours=48)  # of a recovery by colleagues, by any of them
SHOWN_FOR = timedelta(minutes=10)
CODE_SECONDS = 30
# Wrong tries of a passphrase refuse nobody, for it has 64 bits: those of today say who goes first
# in the line, and administrators see them. Under its own cookie a device goes first so often.
COUNTED_FOR = timedelta(days=1)
KNOWN_UNTIL = 10
# Six digits are guessed: so often in a quarter of an hour, by whoever got as far as being asked.
CODES_WINDOW = timedelta(minutes=15)
CODES_ALLOWED = 10
SHORT_CODE_DIGITS, SHORT_CODE_TRIES = 6, 5
# 30 ms: of a million codes eight hours of one processor, for whoever has both cookie and server.
SHORT_CODE_COST = Cost(19_456, 2, 1)


def new_recovery_code() -> str:
    """128 random bits in Base32, in groups of four, to be printed once."""
    text = base64.b32encode(secrets.token_bytes(16)).decode().rstrip("=")
    return "-".join(text[i : i + 4] for i in range(0, len(text), 4))


def key_of_recovery_code(code: str) -> bytes:
    """The key behind a recovery code, however it was typed."""
    letters = "".join(c for c in western(code).upper() if c.isalnum())
    letters = letters.replace("0", "O").replace("1", "I").replace("8", "B")
    return envelope.derived(letters.encode(), "recovery code")


def new_user(
    *,
    username: str,
    working_name: str,
    language: str,
    passphrase: Stretched,
    recovery_code: str,
    joined_at: datetime,
) -> User:
    """A member of staff with a fresh key pair, sealed under the passphrase and the printed code."""
    uid, cost = new_uid(), passphrase.cost
    public, private_key, for_recovery = new_keys(uid, passphrase, recovery_code)
    return User(
        uid=uid,
        username=username,
        working_name=working_name,
        language=language,
        joined_at=joined_at,
        public_key=public,
        private_key=private_key,
        private_key_for_recovery=for_recovery,
        salt=passphrase.salt,
        reading=WITHOUT_SEPARATORS,
        memory=cost.memory,
        iterations=cost.iterations,
        lanes=cost.lanes,
    )


def new_keys(uid: str, passphrase: Stretched, recovery_code: str) -> tuple[bytes, bytes, bytes]:
    """A fresh key pair: its public half, and the private one under the passphrase and under the printed code."""
    private, public = envelope.new_pair()
    code = key_of_recovery_code(recovery_code)
    return (
        public,
        envelope.seal(passphrase.key, private, private_key_place(uid)),
        envelope.seal(code, private, recovery_place(uid)),
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


def digits_of(typed: str) -> str:
    """Digits as they are typed, in any script and with any spaces; empty where other signs are."""
    signs = "".join(western(typed).replace("-", " ").split())
    return signs if signs.isascii() and signs.isdecimal() else ""


def is_too_simple(code: str) -> bool:
    """Whether digits are among those that anybody tries first: 111111, 123456, 121212, 123123."""
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(code)}
    repeats = any(code == code[:n] * (len(code) // n) for n in (1, 2, 3))
    return repeats or steps in ({1}, {9})


def short_key_of(cookie: bytes, code: str) -> bytes:
    """The key that cookie and short code open together."""
    salt, cost = envelope.derived(cookie, "short code salt"), SHORT_CODE_COST
    key = envelope.stretched(
        code, salt, memory=cost.memory, iterations=cost.iterations, lanes=cost.lanes
    )
    return envelope.derived(cookie + key, "short code key")


def short_key_place(digest: str) -> bytes:
    """Where a user's private key lives, wrapped for one sign-in and its short code."""
    return envelope.place("sign_ins", "short_key", digest)


def short_code_place(digest: str) -> bytes:
    """Where a short code lives until its half sign-in is whole."""
    return envelope.place("sign_ins", "short_code", digest)


def has_ended(began_at: datetime, *, is_half: bool, at: datetime) -> bool:
    """Whether a sign-in is over: eight hours old, or five minutes without its code."""
    return not -AHEAD <= at - began_at <= (HALF_ENDS_AFTER if is_half else ENDS_AFTER)


def has_locked(seen_at: datetime, *, on_touch: bool, idle: timedelta, at: datetime) -> bool:
    """Whether a sign-in was idle for so long that it asks for the passphrase again."""
    return not -AHEAD <= at - seen_at <= (min(TOUCH_IDLE, idle) if on_touch else idle)


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
    return len(digits_of(text)) == 6


def code_secret(seed: bytes) -> str:
    """A seed as it is typed into an app that makes codes."""
    return base64.b32encode(seed).decode().rstrip("=")


def code_address(seed: bytes, name: str) -> str:
    """What the QR code holds: the seed, and what its entry on the phone is called.

    Neither notebook nor user name: whoever opens the app reads its entries.
    """
    return f"otpauth://totp/{quote(name, safe='')}?secret={code_secret(seed)}"


def check_words(public_key: bytes) -> str:
    """Four words of a public key, to be compared aloud before access is given: 51 bits."""
    number = int.from_bytes(hashlib.sha256(b"check words" + public_key).digest())
    words = word_list()
    return " ".join(words[(number // len(words) ** place) % len(words)] for place in range(4))


def digest_of_link(token: str) -> str:
    """The name under which an invitation is found; says nothing of the link."""
    return envelope.derived(token.encode(), "invitation").hex()[:32]


def reseal_private_key(user: User, private: bytes, passphrase: Stretched) -> None:
    """Seal a user's private key under a new passphrase."""
    cost = passphrase.cost
    user.salt, user.reading = passphrase.salt, WITHOUT_SEPARATORS
    user.memory, user.iterations, user.lanes = cost.memory, cost.iterations, cost.lanes
    user.private_key = envelope.seal(passphrase.key, private, private_key_place(user.uid))


def reseal_for_recovery(user: User, private: bytes, code: str) -> None:
    """Seal a user's private key under a new printed code; the old code is worth nothing."""
    user.private_key_for_recovery = envelope.seal(
        key_of_recovery_code(code), private, recovery_place(user.uid)
    )


def seed_place(user_uid: str) -> bytes:
    """Where the seed of the sign-in codes lives."""
    return envelope.place("users", "second_factor", user_uid)


def networks_of(address: str) -> tuple[str, str]:
    """The networks an address belongs to, wide and narrow: a /16 and /24 of IPv4, a /32 and /56 of IPv6."""
    try:
        ip = ip_address(address)
    except ValueError:
        return "unknown", "unknown"
    if isinstance(ip, IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    wide, narrow = (16, 24) if ip.version == 4 else (32, 56)
    return (
        str(ip_network(f"{ip}/{wide}", strict=False)),
        str(ip_network(f"{ip}/{narrow}", strict=False)),
    )


def network_of(address: str) -> str:
    """The network in which tries are counted: the narrow one."""
    return networks_of(address)[1]


def window_of(at: datetime, window: timedelta) -> datetime:
    """When the window that a moment falls into began: on the hour, at a quarter past…"""
    return at - (at - datetime.fromtimestamp(0, at.tzinfo)) % window


def must_wait(tries: Sequence[tuple[datetime, int]], *, at: datetime) -> timedelta:
    """How long a code is refused, given (since, failed) of each counter; zero: not."""
    waits = [
        since + CODES_WINDOW - at
        for since, failed in tries
        if failed >= CODES_ALLOWED and at - since < CODES_WINDOW
    ]
    return max(waits, default=timedelta())


def may_be_used(begun_at: datetime, asked_at: datetime | None, *, at: datetime) -> bool:
    """Whether the link of a recovery leads anywhere: it opens for 72 hours, and once used until that is over."""
    return asked_at is not None or at - begun_at <= INVITATION_LASTS


def theirs_from(asked_at: datetime | None) -> datetime | None:
    """From when the new key pair is the user's, unless somebody refuses; None before the link was used."""
    return asked_at and asked_at + REFUSED_WITHIN
