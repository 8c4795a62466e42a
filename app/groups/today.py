"""What Today says of groups: places that are held for somebody and run out soon."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import bindparam

from app.accounts.viewer import Viewer
from app.assignments.queries import scope
from app.extensions import read
from app.groups.models import Membership
from app.groups.queries import GROUP, STAY, WITH_GROUP
from app.web.sections import Rank, Section

SOON = timedelta(days=2)
OFFERS_RUNNING_OUT = WITH_GROUP.where(
    Membership.offered_until > bindparam("at"),
    Membership.offered_until <= bindparam("until"),
    Membership.ended_as.is_(None),
    Membership.joined_on.is_(None),
).order_by(Membership.offered_until)


def sections(viewer: Viewer, at: datetime) -> Iterator[Section]:
    """For coordinators."""
    if "coordinator" in viewer.roles:
        asked = scope(viewer) | {"at": at, "until": at + SOON}
        found = read(OFFERS_RUNNING_OUT, asked)
        rows = [(STAY.of(row), GROUP.of(row, STAY.width)) for row in found]
        yield Section("groups/_today.html", "offers", rows, Rank.RUNS_OUT, _("Offers running out"))
