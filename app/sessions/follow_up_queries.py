"""What is to be followed up after a meeting, with whom it is for."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import and_

from app.accounts.viewer import Viewer
from app.extensions import read
from app.follow_ups import queries as follow_ups
from app.follow_ups.models import FollowUp
from app.groups.models import Group, Membership
from app.groups.queries import roster_vault, scope_of_members
from app.people.models import Person
from app.people.queries import BY_VAULT, CARD, SHARE_COLUMNS, card_or_none
from app.people.rules import Card
from app.sessions.models import GroupSession
from app.sessions.queries import COVERS
from app.vault.models import Share

# The open follow-ups of a meeting, with the card of whoever was expected at it.
FOLLOWED_UP = (
    follow_ups.OF_MEETING.add_columns(*CARD, *SHARE_COLUMNS)
    .join(GroupSession, GroupSession.uid == FollowUp.session_uid)
    .outerjoin(
        Membership,
        and_(
            Membership.group_uid == FollowUp.group_uid,
            Membership.person_uid == FollowUp.person_uid,
            *COVERS,
        ),
    )
    .outerjoin(Person, Person.uid == Membership.person_uid)
    .outerjoin(Share, BY_VAULT)
)


@dataclass(frozen=True)
class ToFollowUp:
    """An open follow-up of a meeting, whose it is, and whom it is for, as far as their card opens."""

    follow_up: FollowUp
    owner: str
    is_expected: bool
    """Whether they were expected at the meeting; the page of another leads to the person."""
    card: Card | None


def to_follow_up(viewer: Viewer, meeting: GroupSession, group: Group) -> list[ToFollowUp]:
    """What is to be followed up after a meeting of a group whose members the viewer sees."""
    of = {"meeting_uid": meeting.uid, "vault_uid": roster_vault(viewer, group)}
    found = []
    for row in read(FOLLOWED_UP, of | scope_of_members(viewer)):
        is_expected, card = row.card_of is not None, card_or_none(viewer, row)
        follow_up = follow_ups.FOLLOW_UP.of(row)
        found.append(ToFollowUp(follow_up, row.working_name, is_expected, card))
    return found
