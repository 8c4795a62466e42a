"""Reading referrals; every read starts from the viewer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import abort
from sqlalchemy import and_, bindparam, exists, or_, select
from sqlalchemy.orm import aliased

from app.accounts.viewer import Viewer
from app.assignments.queries import REACHED
from app.assignments.queries import scope as reached
from app.errors import or_404
from app.extensions import Reading, db, read
from app.people.models import Consent, Person, Site
from app.people.queries import BY_VAULTS, SITE, WHO, known
from app.people.rules import Card
from app.requests.models import Referral, Request
from app.requests.queries import once_each, reach, scope
from app.vault.models import Share

# A referral is reached through its place by coordinators, by its receiver once it was sent.
REFERRAL_REACHABLE = or_(
    Referral.site_uid.in_(REACHED),
    and_(
        Referral.receiver_uid == bindparam("as_counsellor"),
        Referral.sent_at.is_not(None),
        Referral.revoked_at.is_(None),
        Referral.declined_at.is_(None),
    ),
)
REFERRALS = (
    select(Referral, *WHO)
    .join(Person, Person.uid == Referral.person_uid)
    .outerjoin(Share, BY_VAULTS)
    .where(REFERRAL_REACHABLE)
)
ONE_REFERRAL = REFERRALS.where(Referral.uid == bindparam("uid"))
ONE_REFERRAL_LOCKED = ONE_REFERRAL.with_for_update(of=Referral)
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
LINE = Reading(Referral, site=SITE)
LINES = (
    select(*LINE.columns)
    .join(Site, Site.uid == Referral.site_uid)
    .where(REFERRAL_REACHABLE)
    .order_by(Referral.proposed_at.desc(), Referral.uid)
)
NEEDING_THE_DESK = (
    select(Referral.uid)
    .where(Referral.site_uid.in_(REACHED), or_(IS_TO_BE_SENT, IS_LEFT_OVER))
    .order_by(Referral.proposed_at, Referral.uid)
    .limit(MOST)
)
SENT_TO = (
    select(Referral.uid)
    .where(Referral.receiver_uid == bindparam("me"), IS_SENT)
    .order_by(Referral.sent_at, Referral.uid)
    .limit(MOST)
)
LOCKED = select(Referral).with_for_update(of=Referral)
BY_UID = LOCKED.where(Referral.uid == bindparam("uid"))
RECEIVED = BY_UID.where(
    Referral.receiver_uid == bindparam("as_counsellor"), Referral.sent_at.is_not(None)
)
RESTING_ON = LOCKED.where(Referral.consent_uid == bindparam("consent_uid"))
AWAITING = select(Referral.request_uid).where(
    Referral.request_uid.in_(bindparam("request_uids", expanding=True)), IS_SENT
)
OF_PERSON = (
    select(Referral)
    .where(Referral.person_uid == bindparam("person_uid"), REFERRAL_REACHABLE)
    .order_by(Referral.proposed_at.desc())
)


@dataclass(slots=True)
class Referred:
    """A referral with the person's card, as far as the viewer may open it."""

    referral: Referral
    card: Card | None
    stopped: bool
    """Whether they are not to be contacted."""

    @property
    def uid(self) -> str:
        return self.referral.uid


def lines(viewer: Viewer) -> list[Referral]:
    """The referrals of the viewer's places and those sent to the viewer, the newest first; with no name."""
    return [LINE.of(row) for row in read(LINES, reach(viewer))]


def referred(viewer: Viewer, uids: Sequence[str]) -> list[Referred]:
    """These referrals with their cards, in this order."""
    if not uids:
        return []
    rows = once_each(db.session.execute(SOME, {"uids": uids, **scope(viewer)}))
    found = {row[0].uid: opened_referral(viewer, row) for row in rows}
    return [found[uid] for uid in uids if uid in found]


def needing_the_desk(viewer: Viewer, *, at: datetime) -> list[Referred]:
    """Referrals of the viewer's places that are to be sent, or were declined and left, the longest first."""
    parameters = reached(viewer) | {"declined_since": at - DECLINED_SINCE}
    return referred(viewer, db.session.scalars(NEEDING_THE_DESK, parameters).all())


def sent_to(viewer: Viewer) -> list[Referred]:
    """The referrals that await this counsellor's answer, the longest first."""
    if "counsellor" not in viewer.roles:
        return []
    return referred(viewer, db.session.scalars(SENT_TO, {"me": viewer.uid}).all())


def received_or_404(viewer: Viewer, uid: str) -> Referral:
    """A referral that was sent to this counsellor, whatever became of it since; its row is locked."""
    asked = {"uid": uid, "as_counsellor": reach(viewer)["as_counsellor"]}
    return or_404(db.session.scalar(RECEIVED, asked))


def awaiting_an_answer(request_uids: Sequence[str]) -> set[str]:
    """Which of these requests have a referral that was sent and not answered yet."""
    rows = db.session.scalars(AWAITING, {"request_uids": request_uids})
    return {uid for uid in rows if uid}


def referral_or_404(viewer: Viewer, uid: str, *, lock: bool = False) -> Referred:
    """A referral of one of the viewer's places, or one that was sent to the viewer."""
    query = ONE_REFERRAL_LOCKED if lock else ONE_REFERRAL
    rows = once_each(db.session.execute(query, {"uid": uid, **scope(viewer)}))
    return opened_referral(viewer, or_404(next(iter(rows), None)))


def of_desk_or_404(viewer: Viewer, uid: str) -> Referred:
    """A referral of a place whose desk the viewer holds; its row is locked.

    Who was assigned to the place and cannot open it yet moves and destroys nothing there.
    """
    found = referral_or_404(viewer, uid, lock=True)
    if viewer.keys.vault("desk", found.referral.site_uid) is None:
        abort(404)
    return found


def referral_locked(uid: str) -> Referral:
    """A referral with its row locked, whoever asks: something that it rests on ends."""
    return db.session.scalars(BY_UID, {"uid": uid}).one()


def resting_on(consent: Consent) -> Sequence[Referral]:
    """The referrals that somebody agreed to with this consent; their rows are locked."""
    return db.session.scalars(RESTING_ON, {"consent_uid": consent.uid}).all()


def referrals_of_person(viewer: Viewer, person_uid: str) -> list[Referral]:
    """A person's referrals as far as the viewer reaches them, the newest first."""
    return list(db.session.scalars(OF_PERSON, {"person_uid": person_uid, **reach(viewer)}))


def opened_referral(viewer: Viewer, row: Any) -> Referred:
    """A row of REFERRALS, with the card as far as the viewer may open it."""
    return Referred(row[0], *known(viewer, row, through=("desk", row[0].site_uid)))
