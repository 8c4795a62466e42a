"""Cycles that ended in figures: how many, and who completed them."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import lazy_gettext as _
from sqlalchemy import and_, distinct, func, select

from app.accounts.viewer import Viewer
from app.extensions import read
from app.groups.models import COMPLETED, LEFT, Group, Membership
from app.people.figures import asked, at_moments, of_places
from app.web.figures import PERCENT, STRIP, Figure, Part, Period, percent

# A cycle that was completed in the period, at a place of the viewer's.
ENDED_CYCLE = and_(
    Group.kind == "support", at_moments(Group.completed_at), of_places(Group.site_uid)
)
ENDED = (
    select(Membership.ended_as, func.count().label("stays"))
    .join(Group, Group.uid == Membership.group_uid)
    .where(ENDED_CYCLE, Membership.joined_on.is_not(None))
    .group_by(Membership.ended_as)
)
CYCLES = select(func.count(distinct(Group.uid))).where(ENDED_CYCLE)


def figures(viewer: Viewer, period: Period, place: str) -> Iterator[Figure]:
    """Cycles completed, and how the stays in them ended."""
    parameters = asked(viewer, period, place)
    ((cycles,),) = read(CYCLES, parameters)
    stays = {row.ended_as: row.stays for row in read(ENDED, parameters)}
    completed, left = stays.get(COMPLETED, 0), stays.get(LEFT, 0)
    yield Figure(
        _("Cycles completed"),
        cycles,
        _("Support groups whose cycle was completed in the period."),
    )
    yield Figure(
        _("Stays in these cycles"),
        completed + left,
        _(
            "Everybody who was ever in one of these groups. Completed: present at the group's share of "
            "its sessions, or because a facilitator says so. Who left and returned has two stays."
        ),
        parts=(Part(_("completed"), completed), Part(_("left"), left)),
        drawn=STRIP,
    )
    yield Figure(
        _("Completion"),
        percent(completed, completed + left),
        _("Of these stays, those that were completed."),
        PERCENT,
    )
