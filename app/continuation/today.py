"""What Today says of what comes next: who is to be asked again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import bindparam, select

from app.accounts.viewer import Viewer
from app.clock import day
from app.continuation.models import NextStep
from app.continuation.queries import STEP
from app.extensions import read
from app.groups.models import Group, Membership
from app.groups.queries import GROUP, REACHABLE, STAY, scope_of_members
from app.groups.rules import stayed_to_the_end
from app.people.models import Person, Site
from app.people.queries import BY_VAULTS, WHO, known
from app.people.rules import Card
from app.vault.models import Share
from app.web.sections import Rank, Section

WEEK = timedelta(days=7)
TO_ASK_AGAIN = (
    select(*STEP.columns, *GROUP.columns, *STAY.columns, *WHO)
    .join(Group, Group.uid == NextStep.group_uid)
    .join(Site, Site.uid == Group.site_uid)
    .join(Membership, Membership.uid == NextStep.membership_uid)
    .join(Person, Person.uid == NextStep.person_uid)
    .outerjoin(Share, BY_VAULTS)
    .where(NextStep.ask_again_on <= bindparam("until"), REACHABLE)
    .order_by(NextStep.ask_again_on, NextStep.uid)
    .limit(50)
)


@dataclass(frozen=True)
class AskAgain:
    """An answer that is to be asked for again, with the name."""

    step: NextStep
    group: Group
    card: Card | None
    stopped: bool
    """Whether they are not to be contacted."""


def sections(viewer: Viewer, at: datetime) -> Iterator[Section]:
    """For those who lead or coordinate groups: members to be asked again within a week."""
    if viewer.leads:
        rows = _to_ask_again(viewer, until=day(at) + WEEK)
        heading, more = _("To be asked again"), {"day": day(at)}
        yield Section(
            "continuation/_today.html",
            "ask",
            rows,
            Rank.WAITS,
            heading,
            names_people=True,
            more=more,
        )


def _to_ask_again(viewer: Viewer, *, until: date) -> list[AskAgain]:
    held = [*viewer.keys.vaults("roster").values()]
    asked = scope_of_members(viewer) | {"until": until, "vaults": held}
    found: dict[str, AskAgain] = {}
    for row in read(TO_ASK_AGAIN, asked):
        step, group = STEP.of(row), GROUP.of(row, STEP.width)
        stay = STAY.of(row, STEP.width + GROUP.width)
        if step.uid not in found and stayed_to_the_end(stay, group):
            found[step.uid] = AskAgain(step, group, *known(viewer, row))
    return list(found.values())
