"""What a row of the trail says, and how it follows the one before: two chains, each with a key that moves on."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple

# What is a view of something rather than an act: a chain of its own, which may be kept for less long.
OPENINGS = frozenset(
    (
        "person-opened",
        "roster-opened",
        "group-opened",
        "session-opened",
        "note-opened",
        "note-read",
        "people-searched",
        "today-opened",
        "follow-up-opened",
        "attendance-opened",
        "list-opened",
        "requests-opened",
        "request-read",
        "referrals-opened",
        "referral-opened",
        "files-opened",
        "file-opened",
        "appointment-opened",
        "case-note-opened",
        "case-note-read",
    )
)
# Acts that an evening has hundreds of: written among the acts, left out of the administrators' page.
TAPS = ("attendance-marked", "sign-up-marked")
CHAINS = ACTS, OPENED = "acts", "openings"
START = bytes(32)
MAC_BYTES = 16


class Entry(NamedTuple):
    """What is written of one act."""

    at: datetime
    actor_uid: str
    action: str
    kind: str
    subject_uid: str
    vault_uid: str
    person_uid: str
    result: str

    @property
    def is_opening(self) -> bool:
        """Whether it belongs to the chain of openings."""
        return self.action in OPENINGS

    def mac_before(self, key: bytes, seq: int, before: bytes) -> bytes:
        """The MAC of rows that were written when the key did not move on yet."""
        return hmac.digest(key, before + self._said(seq), "sha256")

    def hash(self, chain: str, seq: int, before: bytes) -> bytes:
        """What ties the row to all that its chain held before; anybody can compute it."""
        return sha256(before + chain.encode() + b"\x1f" + self._said(seq)).digest()

    def _said(self, seq: int) -> bytes:
        at, *rest = self
        # No field holds the sign between them: with one more there would be a field too many.
        return "\x1f".join((str(seq), at.isoformat()[:19], *rest)).encode()


@dataclass
class Chain:
    """One of the two chains, as far as it is written or walked.

    The key of a row is made from the one before, which is then forgotten: who
    learns today's cannot compute yesterday's.
    """

    name: str
    rows: int = 0
    hash: bytes = START
    key: bytes = b""
    """Of the next row; empty while walking without it."""

    def begin(self, secret: bytes) -> None:
        """Go on under a key made of the recovery key and of all that was written before.

        Whoever lacks the recovery key can neither make it nor let a chain begin elsewhere.
        """
        self.hash = sha256(b"begun\x1f" + self.hash).digest()
        self.key = (
            hmac.digest(secret, b"daftar trail\x1f" + self.name.encode() + self.hash, "sha256")
            if secret
            else b""
        )

    def add(self, seq: int, entry: Entry) -> bytes:
        """Take in the next row; returns its MAC, or nothing where the key is not known."""
        self.rows += 1
        self.hash = entry.hash(self.name, seq, self.hash)
        mac = hmac.digest(self.key, b"row" + self.hash, "sha256")[:MAC_BYTES] if self.key else b""
        self.move_on()
        return mac

    def move_on(self, rows: int = 1) -> None:
        """Forget the key for the one that comes so many rows after it."""
        for _row in range(rows if self.key else 0):
            self.key = hmac.digest(self.key, b"next", "sha256")


def head_of(acts: Chain, openings: Chain) -> bytes:
    """One hash over both chains, to be kept elsewhere."""
    return sha256(acts.hash + openings.hash).digest()
