"""Roles, places and leaving: what ends with an assignment, ends in the keys too."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from flask_babel import lazy_gettext as _
from sqlalchemy import bindparam, delete, func, select

from app.accounts import devices, recovering
from app.accounts import queries as accounts
from app.accounts.models import User, UserRole
from app.assignments import queries as assignments
from app.audit import trail
from app.errors import RuleBroken
from app.extensions import db
from app.notebook import calendar, endings
from app.policy import MAY, ROLES
from app.vault import closing, vaults

CHOOSE_A_ROLE = _("Choose at least one role, or end the account instead.")
ROLES_OF = select(UserRole.role).where(UserRole.user_uid == bindparam("user_uid"))
END_ROLES = (
    delete(UserRole)
    .where(
        UserRole.user_uid == bindparam("user_uid"),
        UserRole.role.in_(bindparam("roles", expanding=True)),
    )
    .execution_options(synchronize_session="fetch")
)
OTHER_ADMINISTRATORS = (
    select(func.count())
    .select_from(UserRole)
    .join(User, User.uid == UserRole.user_uid)
    .where(
        UserRole.role == "administrator", User.left_at.is_(None), User.uid != bindparam("user_uid")
    )
)


def set_roles(user: User, roles: set[str], *, at: datetime) -> None:
    """Give a colleague these roles and no others; assignments of a lost role end."""
    if not roles:
        raise RuleBroken(CHOOSE_A_ROLE)
    user = _locked(user.uid)
    before = set(db.session.scalars(ROLES_OF, {"user_uid": user.uid}))
    if "administrator" in before - roles:
        _keep_an_administrator(user)
    db.session.execute(END_ROLES, {"user_uid": user.uid, "roles": list(before - roles)})
    db.session.add_all(UserRole(user_uid=user.uid, role=role) for role in roles - before)
    db.session.flush()
    if "administrator" in before - roles:
        accounts.end_invitations_by(user.uid, at=at)
    if not roles & MAY["colleagues.recover"]:
        recovering.end_begun_by(user.uid, at=at)
    _end_assignments(user, before - roles, at=at)
    trail.record("roles-changed", "user", user.uid)


def depart(user: User, *, at: datetime) -> None:
    """End an account: nothing opens for it from the next request on.

    Every vault it held gets a new key version for those who remain.
    """
    user = _locked(user.uid)
    _keep_an_administrator(user)
    _end_assignments(user, ROLES, at=at)
    for vault_uid in sorted(vaults.held_by(user.uid)):  # what no part of theirs explained, too
        vaults.take_away(vault_uid, user.uid)
    closing.forget_all_of(user.uid)
    calendar.turn_off(user.uid)
    user.left_at = at
    accounts.end_invitations_by(user.uid, at=at)
    recovering.end(user.uid, at=at)
    recovering.end_begun_by(user.uid, at=at)
    accounts.end_sign_ins_of(user.uid)
    devices.forget_all_of(user.uid)
    trail.record("staff-left", "user", user.uid)


def _locked(user_uid: str) -> User:
    """A colleague, locked after what they have a part in: whoever ends a single part locks in that order."""
    of_uids = [part.of_uid for part in assignments.of_user(user_uid)]
    for query in endings.LOCKED_FIRST:
        db.session.execute(query, {"of_uids": of_uids})
    return accounts.myself(user_uid)


def _end_assignments(user: User, roles: Collection[str], *, at: datetime) -> None:
    for ending in endings.PARTS:
        for assignment in assignments.of_user(user.uid):
            if assignment.of_kind == ending.of_kind and assignment.part in roles:
                ending.end(assignment, at)


def _keep_an_administrator(user: User) -> None:
    others = db.session.scalar(OTHER_ADMINISTRATORS, {"user_uid": user.uid})
    is_one = db.session.get(UserRole, (user.uid, "administrator")) is not None
    if is_one and not others:
        raise RuleBroken(_("This is the last administrator. Make another one first."))
