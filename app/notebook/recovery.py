"""Giving back what assignments entitle a colleague to, with the organisation's printed recovery key.

For the day on which nobody is left who holds a vault, or somebody lost both
their passphrase and their printed code.
"""

from __future__ import annotations

from sqlalchemy import select

from app.accounts.models import User
from app.audit import trail
from app.extensions import db
from app.notebook.entitled import ENTITLED
from app.vault import vaults
from app.vault.keyring import Keyring


def entitled_to(user: User) -> list[tuple[str, str]]:
    """The vaults that a colleague's assignments open: their kind, and whose they are."""
    query = select(ENTITLED.c.kind, ENTITLED.c.of_uid).where(ENTITLED.c.user_uid == user.uid)
    return [(row[0], row[1]) for row in db.session.execute(query)]


def give_back(recovery: Keyring, user: User) -> int:
    """Give a colleague every vault they are entitled to and do not hold whole; how many there were."""
    given = 0
    for kind, of_uid in dict.fromkeys(entitled_to(user)):
        vault_uid = vaults.find(kind, of_uid)
        if vault_uid and vaults.give(recovery, vault_uid, user):
            given += 1
            trail.record("access-recovered", kind, user.uid, vault_uid=vault_uid)
    return given
