"""Who waits for a key, and giving it: the desk with all rosters of a place, or a group's notes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, exists, select
from sqlalchemy.orm import aliased

from app.accounts import rules
from app.accounts.models import User
from app.accounts.viewer import Viewer
from app.audit import trail
from app.extensions import db
from app.groups.models import Facilitation, Group
from app.i18n import language
from app.people.models import Coordination, Site
from app.vault import vaults
from app.vault.models import Grant, Vault, VaultKey
from app.workshops.models import Workshop

TOLD_FOR = timedelta(days=7)  # colleagues learn of a recovery
HOLDS = exists().where(
    Grant.user_uid == User.uid, Grant.key_uid == VaultKey.uid, VaultKey.vault_uid == Vault.uid
)


@dataclass(frozen=True)
class Waiting:
    """Someone who was assigned and cannot read yet."""

    user: User
    kind: str
    """desk, or notes."""
    of_uid: str
    name: str
    """Of the place or the group."""
    vault_uid: str

    @property
    def check_words(self) -> str:
        """Four words to compare with the receiver, on another way than this page."""
        return rules.check_words(self.user.public_key)


def waiting(viewer: Viewer) -> list[Waiting]:
    """Those to whom this viewer may give what they hold themselves."""
    found = []
    if "coordinator" in viewer.roles:
        desks = db.session.execute(
            select(User, Site, Vault.uid)
            .join(Coordination, Coordination.user_uid == User.uid)
            .join(Site, Site.uid == Coordination.site_uid)
            .join(Vault, and_(Vault.kind == "desk", Vault.of_uid == Site.uid))
            .where(
                Coordination.ended_at.is_(None),
                User.left_at.is_(None),
                Site.uid.in_(viewer.keys.vaults("desk")),
                ~HOLDS,
            )
        )
        found += [
            Waiting(row[0], "desk", row[1].uid, row[1].called(language()), row[2]) for row in desks
        ]
    if viewer.roles & {"facilitator", "supervisor"}:
        notes = db.session.execute(
            select(User, Group.uid, Group.name, Vault.uid)
            .join(Facilitation, Facilitation.user_uid == User.uid)
            .join(Group, Group.uid == Facilitation.group_uid)
            .join(Vault, and_(Vault.kind == "notes", Vault.of_uid == Group.uid))
            .where(
                Facilitation.ended_at.is_(None),
                User.left_at.is_(None),
                Group.uid.in_(viewer.keys.vaults("notes")),
                ~HOLDS,
            )
            .distinct()
        )
        found += [Waiting(row[0], "notes", row[1], row[2], row[3]) for row in notes]
    return sorted(found, key=lambda w: (w.name, w.user.working_name))


def recovered(viewer: Viewer, *, at: datetime) -> Sequence[User]:
    """Colleagues whose printed code was used within a week, for administrators and co-holders.

    Whoever found the code opens what they open: the others learn of it.
    """
    theirs, mine = aliased(Grant), aliased(Grant)
    shares_a_vault = exists().where(
        theirs.user_uid == User.uid, mine.key_uid == theirs.key_uid, mine.user_uid == viewer.uid
    )
    query = (
        select(User)
        .where(User.recovered_at > at - TOLD_FOR, User.left_at.is_(None), User.uid != viewer.uid)
        .order_by(User.recovered_at.desc())
    )
    if "administrator" not in viewer.roles:
        query = query.where(shares_a_vault)
    return db.session.scalars(query).all()


def give(viewer: Viewer, to: Waiting) -> None:
    """Give what someone waits for; with a desk all rosters of the place that the giver holds."""
    vaults.give(viewer.keys, to.vault_uid, to.user)
    trail.record("access-given", to.kind, to.user.uid, vault_uid=to.vault_uid)
    if to.kind == "desk":
        rosters = viewer.keys.vaults("roster")
        groups = select(Group.uid).where(Group.site_uid == to.of_uid)
        workshops = select(Workshop.uid).where(Workshop.site_uid == to.of_uid)
        for uid in db.session.scalars(groups.union_all(workshops)).all():
            if uid in rosters:
                vaults.give(viewer.keys, rosters[uid], to.user)
                trail.record("access-given", "roster", to.user.uid, vault_uid=rosters[uid])
