"""What is to be done for one person after a meeting."""

from __future__ import annotations

from datetime import timedelta

from flask import Response

from app.accounts.queries import working_names
from app.accounts.viewer import viewer
from app.audit import trail
from app.clock import now, today
from app.errors import or_404
from app.follow_ups import following_up, sealing
from app.follow_ups import queries as follow_ups
from app.groups import queries as groups
from app.groups.models import Group
from app.policy import allow
from app.sessions import queries
from app.sessions.forms import FollowUpForm
from app.sessions.models import GroupSession
from app.sessions.queries import Expected
from app.sessions.views import bp
from app.web.answers import back_to, changed, page


@bp.get("/sessions/<uid>/follow-ups/<person_uid>")
@allow("follow_ups.keep")
def follow_up(uid: str, person_uid: str) -> Response:
    """What one means to do for a person after this meeting, and what colleagues do, to be read."""
    meeting, group = queries.meeting_or_404(viewer(), uid)
    person = _expected_person(meeting, group, person_uid)
    mine = follow_ups.open_of(viewer().uid, uid, person_uid)
    others = follow_ups.of_colleagues(viewer(), uid, person_uid)
    opens = groups.opens_roster(viewer(), group)
    form = FollowUpForm.shown(
        what=sealing.what(viewer(), mine) if mine and opens else "",
        owner=viewer().uid,
        due_on=mine.due_on if mine else today(group.site.zone) + timedelta(days=7),
    )
    trail.saw("follow-up-opened", "session", uid, person_uid=person_uid)
    return page(
        "sessions/follow_up.html",
        form=form.offering(owner=_owners(group)),
        meeting=meeting,
        group=group,
        person=person,
        mine=mine,
        others=[(f, owner, sealing.what(viewer(), f) if opens else "") for f, owner in others],
        opens=opens,
    )


@bp.post("/sessions/<uid>/follow-ups/<person_uid>")
@allow("follow_ups.keep")
@back_to("sessions.follow_up")
def keep_follow_up(uid: str, person_uid: str) -> Response:
    """The meeting's page with the follow-up."""
    meeting, group = queries.meeting_or_404(viewer(), uid, lock=True, with_group=True)
    _expected_person(meeting, group, person_uid)
    form = FollowUpForm.checked(owner=_owners(group))
    mine = follow_ups.open_of(viewer().uid, uid, person_uid, lock=True)
    groups.refuse_without_roster(viewer(), group)
    following_up.keep(
        viewer(),
        group,
        uid,
        person_uid,
        owner_uid=form.owner.data,
        due_on=form.due_on.day,
        text=form.what.data or "",
        at=now(),
        follow_up=mine,
    )
    return changed("sessions.show", uid=uid, said="saved")


def _expected_person(meeting: GroupSession, group: Group, person_uid: str) -> Expected:
    everybody = queries.expected(viewer(), meeting, group)
    return or_404(next((one for one in everybody if one.person_uid == person_uid), None))


def _owners(group: Group) -> list[tuple[str, str]]:
    names = working_names(following_up.owners(group))
    return sorted(names.items(), key=lambda pair: pair[1])
