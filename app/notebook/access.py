"""Who waits for a key, who gives it, and giving it.

Whoever was assigned waits until a colleague who holds the vault has given it:
on the giver's pages they are `waiting`, on their own what they lack is `awaited`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import Flask
from flask_login import current_user
from sqlalchemy import and_, bindparam, func, select
from sqlalchemy.orm import aliased

from app.accounts import rules
from app.accounts.models import User
from app.accounts.queries import staff
from app.accounts.viewer import Viewer
from app.assignments.queries import ENTITLED, IS_LACKING, of_user
from app.audit import trail
from app.extensions import db, read
from app.groups.models import Group
from app.i18n import language
from app.notebook import told
from app.people.models import Site
from app.policy import MAY
from app.vault import vaults
from app.vault.envelope import public_of
from app.vault.models import Grant, Vault, VaultKey
from app.web.sections import Rank, Section
from app.workshops.models import Workshop

Held = aliased(Grant)
# What a vault is of, as it is called in either language; a file has no name.
NAMES = (
    func.coalesce(Site.name, Group.name, Workshop.title_ar, "").label("name"),
    func.coalesce(Site.name_en, Group.name, Workshop.title_en, "").label("name_en"),
)
VERSIONS = (
    select(*ENTITLED.c, *NAMES)
    .join(VaultKey, VaultKey.vault_uid == ENTITLED.c.vault_uid)
    .outerjoin(Site, Site.uid == ENTITLED.c.of_uid)
    .outerjoin(Group, Group.uid == ENTITLED.c.of_uid)
    .outerjoin(Workshop, Workshop.uid == ENTITLED.c.of_uid)
    .where(IS_LACKING)
)
WAITING = (
    VERSIONS.add_columns(User.working_name, User.public_key)
    .join(User, and_(User.uid == ENTITLED.c.user_uid, User.left_at.is_(None)))
    .join(Held, and_(Held.key_uid == VaultKey.uid, Held.user_uid == bindparam("holder_uid")))
)
# Each version of a key that somebody lacks, once for every colleague who can give it, or once.
AWAITED = (
    VERSIONS.add_columns(User.working_name)
    .outerjoin(
        Held,
        and_(Held.key_uid == VaultKey.uid, Held.user_uid.is_not(None), Held.closed_by.is_(None)),
    )
    .outerjoin(User, and_(User.uid == Held.user_uid, User.left_at.is_(None)))
    .where(ENTITLED.c.user_uid == bindparam("user_uid"))
)
ROSTERS = select(Vault.uid).where(Vault.site_uid == bindparam("site_uid"))


@dataclass
class Waiting:
    """Someone who was assigned and cannot read yet, or not all."""

    uid: str
    working_name: str
    public_key: bytes
    of_uid: str
    name: str
    """Of the place, the group or the workshop; empty for a file."""
    vaults: dict[str, str] = field(default_factory=dict)
    """What they wait for: desk, roster, notes or case -> the vault."""

    @property
    def check_words(self) -> str:
        """Four words to compare with the receiver, on another way than this page."""
        return rules.check_words(self.public_key)


@dataclass(frozen=True)
class Awaited:
    """What the viewer's role or assignments are for and does not open to them yet, and who gives it."""

    kind: str
    """desk, roster, notes or case; or the assignment itself: place or group."""
    names: tuple[str, ...]
    """Of the places, groups or workshops."""
    is_earlier: bool
    """They read what was written since they came, and nothing from before."""
    givers: tuple[str, ...]
    """The working names of the colleagues who hold it; empty where the recovery key alone does."""
    check_words: str
    """The viewer's own four, to compare with the giver."""


def waiting(viewer: Viewer) -> list[Waiting]:
    """Those to whom this viewer may give what they hold themselves."""
    if not viewer.roles & MAY["access.give"]:
        return []
    found: dict[tuple[str, str], Waiting] = {}
    for row in read(WAITING, {"holder_uid": viewer.uid}):
        to = Waiting(row.user_uid, row.working_name, row.public_key, row.of_uid, _called(row))
        found.setdefault((row.of_uid, row.user_uid), to).vaults[row.kind] = row.vault_uid
    return sorted(found.values(), key=lambda w: (w.name, w.working_name))


def awaited(viewer: Viewer, *, on_page: bool = False) -> list[Awaited]:
    """What this viewer waits for; `on_page`: as far as this request asked for it in vain."""
    givers: dict[str, set[str]] = {}
    lacking: dict[str, Any] = {}
    for row in read(AWAITED, {"user_uid": viewer.uid}):
        if not on_page or viewer.keys.asked_in_vain(row.kind, row.of_uid, row.vault_uid):
            lacking[row.vault_uid] = row
            givers.setdefault(row.vault_uid, set()).update(filter(None, [row.working_name]))
    alike: dict[tuple[str, bool, tuple[str, ...]], list[str]] = {}
    for uid, row in lacking.items():
        part = row.kind, viewer.keys.holds(uid), tuple(sorted(givers[uid]))
        alike.setdefault(part, []).append(_called(row))
    words = _check_words(viewer) if alike else ""
    return [
        Awaited(kind, tuple(sorted(filter(None, names))), is_earlier, by, words)
        for (kind, is_earlier, by), names in sorted(alike.items())
    ]


def unassigned(viewer: Viewer) -> list[Awaited]:
    """What somebody with a role still has to be assigned to: a coordinator to a place, others to a group.

    Who assigns is named to coordinators alone: they see everybody on the staff. Whoever
    holds a key of that kind is assigned, and the database is not asked.
    """
    keys, roles = viewer.keys, viewer.roles
    without_key = (
        "coordinator" in roles and not keys.vaults("desk"),
        "facilitator" in roles and not keys.vaults("roster"),
        "supervisor" in roles and not (keys.vaults("notes") or keys.vaults("case")),
    )
    if not any(without_key):
        return []
    has = {assignment.part for assignment in of_user(viewer.uid)}
    parts = ("coordinator", "facilitator", "supervisor")
    place, *groups = (lacks and p not in has for lacks, p in zip(without_key, parts, strict=True))
    words, found = _check_words(viewer), []
    if place:
        by = tuple(user.working_name for user in staff("administrator"))
        found.append(Awaited("place", (), False, by, words))
    if any(groups):
        found.append(Awaited("group", (), False, (), words))
    return found


def sections(viewer: Viewer, at: datetime) -> Iterator[Section]:
    """On Today: whose code was used, whose keys are to change, whose access is closed, how many wait."""
    yield from told.sections(viewer, at)
    yield Section("notebook/_today.html", "waiting", waiting(viewer), Rank.TOLD)


def give(viewer: Viewer, to: Waiting) -> None:
    """Give what someone waits for; with a desk all rosters of the place that the giver holds."""
    for kind, vault_uid in sorted(to.vaults.items()):
        vaults.give(viewer.keys, vault_uid, to)
        trail.record("access-given", kind, to.uid, vault_uid=vault_uid)
    if "desk" in to.vaults:
        for roster in db.session.scalars(ROSTERS, {"site_uid": to.of_uid}).all():
            if viewer.keys.holds(roster):
                vaults.give(viewer.keys, roster, to)
                trail.record("access-given", "roster", to.uid, vault_uid=roster)


def init_app(app: Flask) -> None:
    """Let every page ask what it could not open, and every empty list why it is empty.

    They belong to the features below us.
    """
    for environment in app.extensions["environments"].values():
        environment.globals |= {"awaited": _awaited_on_page, "unassigned": _unassigned_as}


def _awaited_on_page() -> list[Awaited]:
    """What this page could not open although its viewer was assigned to it."""
    me = _whoever_asks()
    return awaited(me, on_page=True) if me and me.keys.was_asked_in_vain else []


def _unassigned_as(*kinds: str) -> list[Awaited]:
    """Of these assignments those that the viewer lacks."""
    me = _whoever_asks()
    return [one for one in unassigned(me) if one.kind in kinds] if me else []


def _whoever_asks() -> Viewer | None:
    if not current_user.is_authenticated:
        return None
    return Viewer(current_user.uid, current_user.roles, current_user.keys)


def _check_words(viewer: Viewer) -> str:
    return rules.check_words(public_of(viewer.keys.private_key))


def _called(row: Any) -> str:
    """The name in this request's language, or in the one there is."""
    first, second = row.name, row.name_en
    return str((first or second) if language() == "ar" else (second or first))
