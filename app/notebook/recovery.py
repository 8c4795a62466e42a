"""Giving back what assignments entitle a colleague to, with the organisation's printed recovery key.

For the day on which nobody is left who holds a vault, or somebody lost both
their passphrase and their printed code.
"""

from __future__ import annotations

from sqlalchemy import and_, or_, select, union_all
from sqlalchemy.sql.expression import literal

from app.accounts.models import User
from app.audit import trail
from app.extensions import db
from app.groups.models import Facilitation, Group
from app.people.models import Coordination
from app.support.models import Case, Referral
from app.vault import vaults
from app.vault.keyring import Keyring
from app.workshops.models import Workshop, WorkshopFacilitation


def entitled_to(user: User) -> list[tuple[str, str]]:
    """The vaults that a colleague's assignments open: their kind, and whose they are."""
    places = select(Coordination.site_uid).where(
        Coordination.user_uid == user.uid, Coordination.ended_at.is_(None)
    )
    groups = select(Facilitation.group_uid).where(
        Facilitation.user_uid == user.uid, Facilitation.ended_at.is_(None)
    )
    files = select(Case.referral_uid).where(
        Case.closed_at.is_(None),
        or_(Case.counsellor_uid == user.uid, Case.supervisor_uid == user.uid),
    )
    awaited = select(Referral.uid).where(
        and_(
            Referral.receiver_uid == user.uid,
            Referral.sent_at.is_not(None),
            Referral.accepted_at.is_(None),
            Referral.declined_at.is_(None),
            Referral.revoked_at.is_(None),
        )
    )
    workshops = select(WorkshopFacilitation.workshop_uid).where(
        WorkshopFacilitation.user_uid == user.uid, WorkshopFacilitation.ended_at.is_(None)
    )
    parts = (
        ("desk", places),
        ("roster", select(Group.uid).where(Group.site_uid.in_(places))),
        ("roster", select(Workshop.uid).where(Workshop.site_uid.in_(places))),
        ("roster", groups.where(Facilitation.part == "facilitator")),
        ("roster", workshops),
        ("notes", groups),
        ("case", files),
        ("case", awaited),
    )
    found = union_all(
        *(
            select(literal(kind).label("kind"), of.subquery().c[0].label("of_uid"))
            for kind, of in parts
        )
    )
    return [(row[0], row[1]) for row in db.session.execute(found)]


def give_back(recovery: Keyring, user: User) -> int:
    """Give a colleague every vault they are entitled to and do not hold whole; how many there were."""
    given = 0
    for kind, of_uid in dict.fromkeys(entitled_to(user)):
        vault_uid = vaults.find(kind, of_uid)
        if vault_uid and vaults.give(recovery, vault_uid, user):
            given += 1
            trail.record("access-recovered", kind, user.uid, vault_uid=vault_uid)
    return given
