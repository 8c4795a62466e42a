"""What Today says of requests and referrals."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial

from flask_babel import gettext as _

from app.accounts.viewer import Viewer
from app.clock import day
from app.requests import queries, referral_queries
from app.web.sections import Rank, Section


def sections(viewer: Viewer, at: datetime) -> Iterator[Section]:
    """For counsellors who was referred to them; for coordinators whom to contact, and what needs the desk."""
    section = partial(Section, "requests/_today.html", rank=Rank.WAITS)
    people = partial(section, names_people=True)
    if "coordinator" in viewer.roles:
        yield section("requests", queries.open_numbers(viewer), rank=Rank.TOLD)
    if "counsellor" in viewer.roles:
        sent = referral_queries.sent_to(viewer)
        yield people("referrals", sent, heading=_("Referrals to answer"))
    if "coordinator" in viewer.roles:
        to_contact = queries.to_contact(viewer, on=day(at))
        yield people("to_contact", to_contact, heading=_("To contact"))
        left = referral_queries.needing_the_desk(viewer, at=at)
        yield people("to_move_on", left, heading=_("Referrals that need you"))
