"""What is sealed opens in its own place alone: swapped, moved, copied, whoever has every key there is.

Six kinds of moving, each tried on so many random pairs of rows of the whole
database; DAFTAR_TEST_ASTRAY=1000 tries more.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from flask import Flask
from sqlalchemy import text

from app.accounts import joining
from app.errors import Locked
from app.extensions import db
from app.vault import envelope
from tests.access.opening import UNIT, Piece, Table, private_key, raw
from tests.organisation import Organisation

TRIES = int(os.environ.get("DAFTAR_TEST_ASTRAY", "100"))


@dataclass
class Everything:
    """The raw database and every key in it, as nobody on the staff has them."""

    table: Table
    own: dict[str, bytes]
    """User -> private key; that of the printed recovery key too."""
    versions: dict[str, bytes]
    """Version of a vault's key -> private key."""
    people: dict[str, bytes]
    """Person -> key."""
    cards: dict[str, bytes]

    def opens(self, piece: Piece, at: bytes) -> bool:
        """Whether a sealed piece opens at a place, with the very key that it was sealed to."""
        key = self.versions[piece.key_uid]
        try:
            if piece.boxed:
                envelope.open_with(X25519PrivateKey.from_private_bytes(key), piece.sealed, at)
            else:
                envelope.unseal(envelope.derived(key, "shares"), piece.sealed, at)
        except Locked:
            return False
        return True


@pytest.fixture
def everything(app: Flask, organisation: Organisation) -> Everything:
    table = raw(app)
    own = {one.uid: private_key(table, one) for one in organisation.staff.values()}
    with app.app_context():
        own["recovery"] = joining.recovery_keyring(organisation.recovery_key).private_key
        db.session.remove()
    versions = {}
    for vault, version, _of, to, sealed in table.grants:
        mine = X25519PrivateKey.from_private_bytes(own[to or "recovery"])
        at = envelope.place("grants", "sealed_key", f"{version}/{to or 'recovery'}", vault)
        versions[version] = envelope.open_with(mine, sealed, at)
    people = {}
    for piece in shares(table):
        key = versions[piece.key_uid]
        people[person_of(piece)] = (
            envelope.open_with(X25519PrivateKey.from_private_bytes(key), piece.sealed, piece.at)
            if piece.boxed
            else envelope.unseal(envelope.derived(key, "shares"), piece.sealed, piece.at)
        )
    with app.app_context():
        cards = {uid: bytes(card) for uid, card in db.session.execute(text(CARDS))}
        db.session.remove()
    return Everything(table, own, versions, people, cards)


CARDS = "SELECT uid, card FROM people"


def shares(table: Table) -> list[Piece]:
    return [piece for piece in table.pieces if piece.where.startswith("share ")]


def texts(table: Table) -> list[Piece]:
    return [piece for piece in table.pieces if not piece.where.startswith("share ")]


def person_of(share: Piece) -> str:
    return share.where.split()[1]


def parts(piece: Piece) -> list[str]:
    """Table, column, row, and so on to the vault."""
    return piece.at.decode().split(UNIT)


def at(words: list[str]) -> bytes:
    return UNIT.join(words).encode()


def rows_swapped(all_: Everything, chance: random.Random) -> bool:
    one, other = chance.sample(texts(all_.table), 2)
    return all_.opens(one, other.at)


def vaults_changed(all_: Everything, chance: random.Random) -> bool:
    one = chance.choice(texts(all_.table))
    *rest, vault = parts(one)
    other = chance.choice([uid for uid in all_.table.kinds if uid != vault])
    return all_.opens(one, at([*rest, other]))


def columns_changed(all_: Everything, chance: random.Random) -> bool:
    one = chance.choice(texts(all_.table))
    table, column, *rest = parts(one)
    columns = {tuple(parts(piece)[:2]) for piece in texts(all_.table)} - {(table, column)}
    return all_.opens(one, at([*chance.choice(sorted(columns)), *rest]))


def shares_moved(all_: Everything, chance: random.Random) -> bool:
    one, other = chance.sample(shares(all_.table), 2)
    return all_.opens(one, other.at)


def grants_moved(all_: Everything, chance: random.Random) -> bool:
    """A grant of somebody's in the row of another vault, or of another colleague of theirs."""
    mine = [grant for grant in all_.table.grants if grant[3] in all_.own]
    (vault, version, _of, to, sealed), other = chance.sample(mine, 2)
    there = envelope.place("grants", "sealed_key", f"{other[1]}/{other[3]}", other[0])
    try:
        envelope.open_with(X25519PrivateKey.from_private_bytes(all_.own[to]), sealed, there)
    except Locked:
        return False
    return (vault, version, to) != (other[0], other[1], other[3])


def cards_moved(all_: Everything, chance: random.Random) -> bool:
    """A card in another person's row, with its own key or with the one that stands there."""
    one, other = chance.sample(sorted(set(all_.cards) & set(all_.people)), 2)
    there = envelope.place("people", "card", other)
    for key in (all_.people[one], all_.people[other]):
        try:
            envelope.unseal(key, all_.cards[one], there)
        except Locked:
            continue
        return True
    return False


KINDS = (
    *(rows_swapped, vaults_changed, columns_changed),
    *(shares_moved, grants_moved, cards_moved),
)


@pytest.mark.parametrize("moved", KINDS, ids=lambda kind: kind.__name__)
def test_moved_elsewhere_nothing_opens(
    everything: Everything, moved: Callable[[Everything, random.Random], bool]
) -> None:
    chance = random.Random(moved.__name__)
    assert not [number for number in range(TRIES) if moved(everything, chance)]


def test_in_its_own_place_all_of_it_opens(everything: Everything) -> None:
    """With these very keys: what does not open elsewhere does not for want of a key."""
    assert all(everything.opens(piece, piece.at) for piece in everything.table.pieces)
    for uid, key in everything.people.items():
        assert envelope.unseal(key, everything.cards[uid], envelope.place("people", "card", uid))
