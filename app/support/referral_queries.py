"""Lists of referrals: a place's, those that need the desk, those that await a counsellor or were taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import abort
from sqlalchemy import and_, bindparam, exists, or_, select
from sqlalchemy.orm import aliased

from app.accounts.viewer import Viewer
from app.assignments.queries import REACHED
from app.assignments.queries import scope as reached
from app.extensions import db
from app.support.models import WITHDRAWN, Appointment, Case, Referral, Request
from app.support.queries import (
    REFERRAL_REACHABLE,
    REFERRALS,
    Referred,
    once_each,
    opened_referral,
    scope,
)

DECLINED_SINCE = timedelta(days=30)
MOST = 8
Later = aliased(Referral)
SOME = REFERRALS.where(Referral.uid.in_(bindparam("uids", expanding=True)))
IS_SENT = and_(
    Referral.sent_at.is_not(None),
    Referral.accepted_at.is_(None),
    Referral.declined_at.is_(None),
    Referral.revoked_at.is_(None),
)
IS_TO_BE_SENT = and_(Referral.sent_at.is_(None), Referral.revoked_at.is_(None))
# Declined, and neither proposed anew nor answered otherwise.
IS_LEFT_OVER = and_(
    Referral.declined_at >= bindparam("declined_since"),
    ~exists().where(
        Later.person_uid == Referral.person_uid, Later.proposed_at > Referral.proposed_at
    ),
    or_(
        Referral.request_uid.is_(None),
        exists().where(Request.uid == Referral.request_uid, Request.ended_at.is_(None)),
    ),
)


@dataclass(frozen=True)
class Stopped:
    """What was taken from a counsellor: why, when, and the hours that no longer take place. It names nobody."""

    as_: str
    service: str
    zone: str
    at: datetime
    cancelled: Sequence[Appointment]


def uids(viewer: Viewer) -> Sequence[str]:
    """The referrals of the viewer's places and those sent to the viewer, the newest first."""
    query = select(Referral.uid).where(REFERRAL_REACHABLE)
    parameters = {k: v for k, v in scope(viewer).items() if k != "vaults"}
    return db.session.scalars(
        query.order_by(Referral.proposed_at.desc(), Referral.uid), parameters
    ).all()


def referred(viewer: Viewer, uids: Sequence[str]) -> list[Referred]:
    """These referrals with their cards, in this order."""
    if not uids:
        return []
    rows = once_each(db.session.execute(SOME, {"uids": uids, **scope(viewer)}))
    found = {row[0].uid: opened_referral(viewer, row) for row in rows}
    return [found[uid] for uid in uids if uid in found]


def needing_the_desk(viewer: Viewer, *, at: datetime) -> list[Referred]:
    """Referrals of the viewer's places that are to be sent, or were declined and left, the longest first."""
    query = (
        select(Referral.uid)
        .where(Referral.site_uid.in_(REACHED), or_(IS_TO_BE_SENT, IS_LEFT_OVER))
        .order_by(Referral.proposed_at, Referral.uid)
        .limit(MOST)
    )
    parameters = reached(viewer) | {"declined_since": at - DECLINED_SINCE}
    return referred(viewer, db.session.scalars(query, parameters).all())


def sent_to(viewer: Viewer) -> list[Referred]:
    """The referrals that await this counsellor's answer, the longest first."""
    if "counsellor" not in viewer.roles:
        return []
    query = (
        select(Referral.uid)
        .where(Referral.receiver_uid == viewer.uid, IS_SENT)
        .order_by(Referral.sent_at, Referral.uid)
        .limit(MOST)
    )
    return referred(viewer, db.session.scalars(query).all())


def received_or_404(viewer: Viewer, uid: str) -> Referral:
    """A referral that was sent to this counsellor, whatever became of it since; its row is locked."""
    referral = db.session.scalar(
        select(Referral)
        .where(
            Referral.uid == uid,
            Referral.receiver_uid == scope(viewer)["as_counsellor"],
            Referral.sent_at.is_not(None),
        )
        .with_for_update(of=Referral)
    )
    if referral is None:
        abort(404)
    return referral


def awaiting_an_answer(request_uids: Sequence[str]) -> set[str]:
    """Which of these requests have a referral that was sent and not answered yet."""
    query = select(Referral.request_uid).where(Referral.request_uid.in_(request_uids), IS_SENT)
    return {uid for uid in db.session.scalars(query) if uid}


def stopped(viewer: Viewer, *, since: datetime) -> list[Stopped]:
    """What this counsellor was sent or kept, and lost to a revocation or a withdrawn consent; the latest."""
    if "counsellor" not in viewer.roles:
        return []
    rows = db.session.execute(
        select(Referral, Case.uid, Case.closed_at)
        .outerjoin(Case, Case.referral_uid == Referral.uid)
        .where(
            Referral.receiver_uid == viewer.uid,
            Referral.sent_at.is_not(None),
            or_(
                Referral.revoked_at >= since,
                and_(Case.closed_as == WITHDRAWN, Case.closed_at >= since),
            ),
        )
    ).all()
    cancelled: dict[str, list[Appointment]] = {}
    for one in db.session.scalars(
        select(Appointment)
        .join(Case, Case.uid == Appointment.case_uid)
        .where(
            Case.uid.in_([case_uid for _referral, case_uid, _at in rows if case_uid]),
            Appointment.ended_at == Case.closed_at,
            Appointment.starts_at > Case.closed_at,
        )
        .order_by(Appointment.starts_at)
    ):
        cancelled.setdefault(one.case_uid, []).append(one)
    found = [
        Stopped(
            "revoked" if referral.revoked_at else WITHDRAWN,
            referral.service,
            referral.site.zone,
            referral.revoked_at or closed_at or since,
            cancelled.get(case_uid, []),
        )
        for referral, case_uid, closed_at in rows
    ]
    return sorted(found, key=lambda one: one.at, reverse=True)[:MOST]
