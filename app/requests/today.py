"""What Today says of requests and referrals."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial

from flask_babel import gettext as _
from sqlalchemy import and_, bindparam, func, literal, or_, select

from app.accounts.viewer import Viewer
from app.assignments.queries import COORDINATED
from app.clock import day
from app.requests import queries, referral_queries
from app.requests.models import Referral, Request
from app.requests.referral_queries import IS_LEFT_OVER, IS_SENT, IS_TO_BE_SENT
from app.requests.rules import waiting_words
from app.web.sections import Rank, Section

# How many there are behind the links to them: open requests, referrals to be moved on or answered.
WAITING = (
    select(literal("requests"), func.count(Request.uid)).where(
        Request.site_uid.in_(COORDINATED), Request.ended_at.is_(None)
    ),
    select(literal("letters"), func.count(Referral.uid)).where(
        or_(
            and_(Referral.site_uid.in_(COORDINATED), or_(IS_TO_BE_SENT, IS_LEFT_OVER)),
            and_(Referral.receiver_uid == bindparam("me"), IS_SENT),
        )
    ),
)


def sections(viewer: Viewer, at: datetime) -> Iterator[Section]:
    """For counsellors who was referred to them; for coordinators whom to contact, and what needs the desk."""
    section = partial(Section, "requests/_today.html", rank=Rank.WAITS)
    people = partial(section, names_people=True)
    if "coordinator" in viewer.roles:
        numbers = queries.open_numbers(viewer)
        yield section("requests", numbers, rank=Rank.TOLD)
    if "counsellor" in viewer.roles:
        sent = referral_queries.sent_to(viewer)
        yield people("referrals", sent, heading=_("Referrals to answer"))
    if "coordinator" in viewer.roles:
        first = queries.first(viewer) if numbers else []
        waits = {one.uid: waiting_words(one.request.opened_at, at=at) for one in first}
        yield people("first", first, heading=_("First in the queue"), more={"waits": waits})
        to_contact = queries.to_contact(viewer, on=day(at))
        yield people("to_contact", to_contact, heading=_("To contact"))
        left = referral_queries.needing_the_desk(viewer, at=at)
        yield people("to_move_on", left, heading=_("Referrals that need you"))
