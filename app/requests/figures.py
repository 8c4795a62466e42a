"""Requests and referrals in figures: what was wanted, how urgent it was, how long people waited."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import and_, case, func, select

from app.accounts.viewer import Viewer
from app.extensions import read
from app.people.figures import SPANS, asked, at_moments, of_places, reached
from app.requests.forms import URGENCY_WORDS, WANTS_WORDS
from app.requests.models import (
    ACCEPTED,
    CLOSED,
    DECLINED,
    OPEN,
    PLACED,
    REVOKED,
    SENT,
    Referral,
    Request,
)
from app.web.figures import BARS, DAYS, STRIP, Figure, Part, Period, days_between, median

OPENED = (
    select(Request.wants, Request.urgency, Request.ended_as, func.count().label("number"))
    .where(at_moments(Request.opened_at), of_places(Request.site_uid))
    .group_by(Request.wants, Request.urgency, Request.ended_as)
)
WAIT = days_between(Request.opened_at, Request.ended_at).label("days")
# Of the requests that were placed in the period: how many waited for so many days.
WAITED = (
    select(WAIT, func.count().label("number"))
    .where(at_moments(Request.ended_at), Request.ended_as == PLACED, of_places(Request.site_uid))
    .group_by(WAIT)
)
STATE = case(
    (Referral.revoked_at.is_not(None), REVOKED),
    (Referral.declined_at.is_not(None), DECLINED),
    (Referral.accepted_at.is_not(None), ACCEPTED),
    else_=SENT,
).label("state")
REFERRED = (
    select(STATE, func.count().label("number"))
    .where(at_moments(Referral.sent_at), of_places(Referral.site_uid))
    .group_by(STATE)
)
REACHED = select(*reached(Request.person_uid, Request.site_uid, "requests")).join(
    SPANS, and_(Request.opened_at >= SPANS.c.begins, Request.opened_at < SPANS.c.ends)
)
# Up to how many days somebody waited.
WAITS = {
    7: _("a week at most"),
    14: _("two weeks at most"),
    31: _("a month at most"),
    92: _("three months at most"),
    100_000: _("longer"),
}


def figures(viewer: Viewer, period: Period, place: str) -> Iterator[Figure]:
    """Requests of the period, the waiting of those that were placed, referrals that were sent."""
    parameters = asked(viewer, period, place)
    yield from _opened(read(OPENED, parameters))
    yield from _waited({row.days: row.number for row in read(WAITED, parameters)})
    yield from _referred({row.state: row.number for row in read(REFERRED, parameters)})


def _opened(rows: Any) -> Iterator[Figure]:
    wants, urgency, became = Counter[str](), Counter[str](), Counter[str]()
    for row in rows:
        wants[row.wants] += row.number
        urgency[row.urgency] += row.number
        became[row.ended_as or OPEN] += row.number
    total = sum(became.values())
    yield Figure(
        _("Requests for support"),
        total,
        _("Requests that were taken in the period, by what became of them until now."),
        parts=(
            Part(_("placed"), became[PLACED]),
            Part(_("declined"), became[DECLINED]),
            Part(_("closed"), became[CLOSED]),
            Part(_("not answered yet"), became[OPEN]),
        ),
        drawn=STRIP,
    )
    yield Figure(
        _("What was wanted"),
        total,
        _("The same requests by what somebody asked for first."),
        parts=tuple(Part(word, wants[want]) for want, word in WANTS_WORDS.items()),
    )
    yield Figure(
        _("How urgent it was"),
        total,
        _("The same requests by their urgency as it stands now."),
        parts=tuple(Part(word, urgency[of]) for of, word in URGENCY_WORDS.items()),
    )


def _waited(days: dict[int, int]) -> Iterator[Figure]:
    yield Figure(
        _("Waiting time, median"),
        median(days),
        _("Half of those whose request was placed in the period waited no longer, in days."),
        DAYS,
    )
    yield Figure(
        _("Waiting time, longest"),
        max(days, default=None),
        _("Of those whose request was placed in the period, in days."),
        DAYS,
    )
    bands, shorter = [], 0
    for most, word in WAITS.items():
        upto = sum(number for day, number in days.items() if day <= most)
        bands.append(Part(word, upto - shorter))
        shorter = upto
    yield Figure(
        _("How long people waited"),
        sum(days.values()),
        _("Requests that were placed in the period, from when they were taken."),
        parts=tuple(bands),
        drawn=BARS,
    )


def _referred(states: dict[str, int]) -> Iterator[Figure]:
    yield Figure(
        _("Referrals"),
        sum(states.values()),
        _("Referrals that were sent in the period, by what became of them until now."),
        parts=(
            Part(_("accepted"), states.get(ACCEPTED, 0)),
            Part(_("declined"), states.get(DECLINED, 0)),
            Part(_("revoked"), states.get(REVOKED, 0)),
            Part(_("not answered yet"), states.get(SENT, 0)),
        ),
    )
