"""What came next in figures: of those who completed a cycle, how many went on, and to what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from flask_babel import lazy_gettext as _
from sqlalchemy import and_, func, or_, select

from app.accounts.viewer import Viewer
from app.continuation.forms import CHOICE_WORDS
from app.continuation.models import NextStep
from app.extensions import read
from app.groups.figures import ENDED_CYCLE
from app.groups.models import COMPLETED, Group, Membership
from app.people.figures import asked
from app.web.figures import BARS, PERCENT, Figure, Part, Period, percent

HANDED_ON = or_(
    NextStep.referral_uid.is_not(None),
    NextStep.stay_uid.is_not(None),
    NextStep.request_uid.is_not(None),
).label("handed_on")
CHOSEN = (
    select(NextStep.choice, HANDED_ON, func.count().label("stays"))
    .select_from(Membership)
    .join(Group, Group.uid == Membership.group_uid)
    .outerjoin(NextStep, NextStep.membership_uid == Membership.uid)
    .where(and_(ENDED_CYCLE, Membership.ended_as == COMPLETED))
    .group_by(NextStep.choice, HANDED_ON)
)
ON = ("counselling", "group", "community")


def figures(viewer: Viewer, period: Period, place: str) -> Iterator[Figure]:
    """Of those who completed: who went on, and what everybody chose."""
    choices, handed_on = Counter[str](), 0
    for row in read(CHOSEN, asked(viewer, period, place)):
        choices[row.choice or ""] += row.stays
        handed_on += row.stays if row.handed_on else 0
    completed = sum(choices.values())
    went_on = sum(choices[choice] for choice in ON)
    yield Figure(
        _("What comes next"),
        completed,
        _("What those who completed chose, as it was last written down."),
        parts=(
            *(Part(word, choices[choice]) for choice, word in CHOICE_WORDS.items()),
            Part(_("Not asked"), choices[""]),
        ),
        drawn=BARS,
    )
    yield Figure(
        _("Went on"),
        percent(went_on, completed),
        _("Of those who completed, who chose counselling, another group or community activity."),
        PERCENT,
    )
    yield Figure(
        _("Taken further by the desk"),
        handed_on,
        _("Of these, for whom a referral, a place on a waiting list or a request was made."),
    )
