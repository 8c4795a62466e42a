"""What is to be done for a person, by whom and until when."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from flask_babel import lazy_gettext as _

from app.accounts.viewer import Viewer
from app.audit import trail
from app.errors import RuleBroken
from app.extensions import db, new_uid
from app.follow_ups import queries, sealing
from app.follow_ups.models import FollowUp
from app.groups.models import Group
from app.groups.queries import roster_of
from app.vault import vaults

DUE_AFTER = timedelta(days=7)


def flag(
    viewer: Viewer,
    group: Group,
    meeting_uid: str,
    person_uid: str,
    *,
    wanted: bool,
    since: date,
    at: datetime,
) -> None:
    """The tick *needs follow-up*: opens one of the viewer's own, due a week after `since`, or drops it."""
    existing = queries.open_of(viewer.uid, meeting_uid, person_uid, lock=True)
    if wanted and existing is None:
        keep(
            viewer,
            group,
            meeting_uid,
            person_uid,
            owner_uid=viewer.uid,
            due_on=since + DUE_AFTER,
            text="",
            at=at,
        )
    elif not wanted and existing is not None:
        end(existing, as_="dropped", at=at)


def owners(group: Group) -> set[str]:
    """Who may own a follow-up: those who hold the group's roster."""
    return vaults.holders(roster_of(group))


def keep(
    viewer: Viewer,
    group: Group,
    meeting_uid: str,
    person_uid: str,
    *,
    owner_uid: str,
    due_on: date,
    text: str,
    at: datetime,
    follow_up: FollowUp | None = None,
) -> FollowUp:
    """Open a follow-up, or change an open one."""
    if owner_uid not in owners(group):
        raise RuleBroken(_("Choose someone who knows this group's members."), "owner")
    same = queries.open_of(owner_uid, meeting_uid, person_uid)
    if same is not None and same is not follow_up:
        raise RuleBroken(_("There is already an open follow-up for this person."), "owner")
    if follow_up is None:
        follow_up = FollowUp(
            uid=new_uid(),
            group_uid=group.uid,
            session_uid=meeting_uid,
            person_uid=person_uid,
            opened_by=viewer.uid,
            opened_at=at,
        )
    elif follow_up.ended_at is not None:
        raise RuleBroken(_("This follow-up has ended."))
    follow_up.owner_uid, follow_up.due_on = owner_uid, due_on
    sealing.seal_what(group, follow_up, text)
    db.session.add(follow_up)
    db.session.flush()
    trail.record("follow-up-kept", "follow-up", follow_up.uid, person_uid=person_uid)
    return follow_up


def end(follow_up: FollowUp, *, as_: str, at: datetime) -> None:
    """Close a follow-up: done, or dropped; one that is closed stays as it was."""
    if follow_up.ended_at is not None:
        return
    follow_up.ended_at, follow_up.ended_as = at, as_
    trail.record("follow-up-ended", "follow-up", follow_up.uid, person_uid=follow_up.person_uid)


def reopen(follow_up: FollowUp) -> None:
    """Undo the closing of a follow-up, unless another was opened meanwhile."""
    other = queries.open_of(follow_up.owner_uid, follow_up.session_uid, follow_up.person_uid)
    if other is not None and other is not follow_up:
        raise RuleBroken(_("There is already an open follow-up for this person."))
    follow_up.ended_at = follow_up.ended_as = None
    trail.record("follow-up-reopened", "follow-up", follow_up.uid, person_uid=follow_up.person_uid)
