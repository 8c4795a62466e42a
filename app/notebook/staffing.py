"""Roles, places and leaving: what ends with an assignment, ends in the keys too."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _
from sqlalchemy import delete, func, select

from app.accounts import devices
from app.accounts import queries as accounts
from app.accounts.models import User, UserRole
from app.audit import trail
from app.errors import RuleBroken
from app.extensions import db
from app.groups.models import Facilitation, Group
from app.groups.roster import unassign
from app.notebook import calendar
from app.people.models import Coordination
from app.support import files, referring, stopping
from app.support.models import LEFT, Case, Referral
from app.vault import vaults
from app.workshops import planning
from app.workshops.models import Workshop, WorkshopFacilitation

CHOOSE_A_ROLE = _("Choose at least one role, or end the account instead.")


def set_roles(user: User, roles: set[str], *, at: datetime) -> None:
    """Give a colleague these roles and no others; assignments of a lost role end."""
    if not roles:
        raise RuleBroken(CHOOSE_A_ROLE)
    user = accounts.myself(user.uid)
    before = set(db.session.scalars(select(UserRole.role).where(UserRole.user_uid == user.uid)))
    if "administrator" in before - roles:
        _keep_an_administrator(user)
    db.session.execute(
        delete(UserRole).where(UserRole.user_uid == user.uid, UserRole.role.in_(before - roles))
    )
    db.session.add_all(UserRole(user_uid=user.uid, role=role) for role in roles - before)
    db.session.flush()
    if "administrator" in before - roles:
        accounts.end_invitations_by(user.uid, at=at)
    for lost in before - roles:
        _end_assignments(user, lost, at=at)
    trail.record("roles-changed", "user", user.uid)


def end_coordination(user: User, coordination: Coordination, *, at: datetime) -> None:
    """End a coordinator's assignment to a place: its desk and rosters close for them."""
    accounts.myself(user.uid)
    coordination.ended_at = at
    db.session.flush()
    desk = vaults.find("desk", coordination.site_uid)
    if desk:
        vaults.take_away(desk, user.uid)
    facilitated = set(
        db.session.scalars(
            select(Facilitation.group_uid)
            .where(
                Facilitation.user_uid == user.uid,
                Facilitation.part == "facilitator",
                Facilitation.ended_at.is_(None),
            )
            .union(
                select(WorkshopFacilitation.workshop_uid).where(
                    WorkshopFacilitation.user_uid == user.uid,
                    WorkshopFacilitation.ended_at.is_(None),
                )
            )
        )
    )
    groups = select(Group.uid).where(Group.site_uid == coordination.site_uid)
    workshops = select(Workshop.uid).where(Workshop.site_uid == coordination.site_uid)
    for uid in db.session.scalars(groups.union_all(workshops)).all():
        roster = vaults.find("roster", uid)
        if roster and uid not in facilitated:
            vaults.take_away(roster, user.uid)
    trail.record("coordination-ended", "user", user.uid)


def depart(user: User, *, at: datetime) -> None:
    """End an account: nothing opens for it from the next request on.

    Every vault it held gets a new key version for those who remain.
    """
    user = accounts.myself(user.uid)
    _keep_an_administrator(user)
    for role in ("coordinator", "facilitator", "supervisor", "counsellor"):
        _end_assignments(user, role, at=at)
    for vault_uid in vaults.held_by(user.uid):
        vaults.take_away(vault_uid, user.uid)
    calendar.turn_off(user.uid)
    user.left_at = at
    accounts.end_invitations_by(user.uid, at=at)
    accounts.end_sign_ins_of(user.uid)
    devices.forget_all_of(user.uid)
    trail.record("staff-left", "user", user.uid)


def _end_assignments(user: User, role: str, *, at: datetime) -> None:
    if role == "coordinator":
        for coordination in db.session.scalars(
            select(Coordination).where(
                Coordination.user_uid == user.uid, Coordination.ended_at.is_(None)
            )
        ).all():
            end_coordination(user, coordination, at=at)
    if role in ("counsellor", "supervisor"):
        _end_files(user, role, at=at)
    for group, assignment in db.session.execute(
        select(Group, Facilitation)
        .join(Facilitation, Facilitation.group_uid == Group.uid)
        .where(
            Facilitation.user_uid == user.uid,
            Facilitation.part == role,
            Facilitation.ended_at.is_(None),
        )
    ).all():
        unassign(group, assignment, at=at)
    if role == "facilitator":
        for workshop, facilitation in db.session.execute(
            select(Workshop, WorkshopFacilitation)
            .join(WorkshopFacilitation, WorkshopFacilitation.workshop_uid == Workshop.uid)
            .where(
                WorkshopFacilitation.user_uid == user.uid, WorkshopFacilitation.ended_at.is_(None)
            )
        ).all():
            planning.unassign(workshop, facilitation, at=at)


def _end_files(user: User, role: str, *, at: datetime) -> None:
    """Who is no counsellor or supervisor any more opens no file.

    A counsellor's open files are closed; they, and what awaited their answer, are proposed to the desk anew.
    """
    if role == "counsellor":
        for referral in db.session.scalars(
            select(Referral)
            .where(
                Referral.receiver_uid == user.uid,
                Referral.sent_at.is_not(None),
                Referral.accepted_at.is_(None),
                Referral.declined_at.is_(None),
                Referral.revoked_at.is_(None),
            )
            .with_for_update(of=Referral)
        ).all():
            referring.revoke(referral, at=at)
            referring.hand_on(referral, at=at)
    column = Case.counsellor_uid if role == "counsellor" else Case.supervisor_uid
    for case in db.session.scalars(
        select(Case).where(column == user.uid).with_for_update(of=Case)
    ).all():
        if role == "supervisor":
            files.end_supervision(case)
        elif case.closed_at is None:
            stopping.stop(case, LEFT, at=at)
            referring.hand_on(db.session.get_one(Referral, case.referral_uid), at=at)


def _keep_an_administrator(user: User) -> None:
    others = db.session.scalar(
        select(func.count())
        .select_from(UserRole)
        .join(User, User.uid == UserRole.user_uid)
        .where(UserRole.role == "administrator", User.left_at.is_(None), User.uid != user.uid)
    )
    is_one = db.session.get(UserRole, (user.uid, "administrator")) is not None
    if is_one and not others:
        raise RuleBroken(_("This is the last administrator. Make another one first."))
