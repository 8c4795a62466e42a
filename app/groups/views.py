"""Making groups and changing them. The group's own page: notebook."""

from __future__ import annotations

from datetime import time, timedelta

from flask import Blueprint, Response

from app.accounts.viewer import viewer
from app.audit import trail
from app.clock import now, today
from app.groups import queries, roster, rules
from app.groups.forms import EditGroupForm, GroupForm, TimeForm
from app.groups.models import Group
from app.people import queries as people
from app.policy import allow
from app.web.answers import back_to, changed, page
from app.web.idempotency import idempotent

bp = Blueprint("groups", __name__)


@bp.get("/groups/new")
@allow("groups.create")
def new() -> Response:
    """The first of three short pages: what the group is."""
    sites = people.sites(viewer())
    form = GroupForm.shown(site=sites[0].uid if sites else "")
    return page("groups/new.html", form=form.offering(site=people.places_to_choose(sites)))


@bp.post("/groups/new")
@allow("groups.create")
@idempotent
@back_to("groups.new")
def create() -> Response:
    """On to the second page: when it meets."""
    form = GroupForm.checked(site=people.places_to_choose(people.sites(viewer())))
    site = people.site_or_404(viewer(), form.site.data)
    group = Group(site_uid=site.uid, planned_at=now())
    form.fill(group)
    roster.create(group)
    return changed("groups.when", uid=group.uid)


@bp.get("/groups/<uid>/when")
@allow("groups.manage")
def when(uid: str) -> Response:
    """The second page: weekday, hour and first date."""
    group = queries.get_or_404(viewer(), uid)
    proposed = today(group.site.zone) + timedelta(days=7)
    form = TimeForm.shown(
        weekday=group.weekday if group.weekday is not None else proposed.weekday(),
        at=group.at or time(18, 0),
        first_on=group.first_on or proposed,
        room=group.room,
    )
    form.name_weekdays().with_rooms([group.site], group.room)
    return page("groups/when.html", form=form, group=group)


@bp.post("/groups/<uid>/when")
@allow("groups.manage")
@back_to("groups.when")
def set_when(uid: str) -> Response:
    """On to the third page: the dates to check."""
    group = queries.get_or_404(viewer(), uid, lock=True)
    form = TimeForm.typed().name_weekdays().with_rooms([group.site], group.room).check()
    group.weekday, group.at = form.weekday.data, form.at.data
    group.first_on, group.room = form.first_on.data, form.room_in(group.site, group.room)
    trail.record("group-changed", "group", uid)
    return changed("sessions.dates", uid=uid)


@bp.get("/groups/<uid>/edit")
@allow("groups.manage")
def edit(uid: str) -> Response:
    """Name, number of places, room, and the share at which a cycle counts as completed."""
    group = queries.get_or_404(viewer(), uid)
    form = EditGroupForm.shown(group).with_rooms([group.site], group.room)
    return page("groups/edit.html", form=form, group=group)


@bp.post("/groups/<uid>/edit")
@allow("groups.manage")
@back_to("groups.edit")
def update(uid: str) -> Response:
    """The group's page again."""
    group = queries.get_or_404(viewer(), uid, lock=True)
    form = EditGroupForm.typed().with_rooms([group.site], group.room).check()
    rules.resize(group, queries.stays(uid), capacity=form.capacity.data or 0, at=now())
    roster.set_review(group, reviewed=form.reviewed.data)
    group.name, group.room = form.name.data or "", form.room_in(group.site, group.room)
    group.share_to_complete = form.share_to_complete.data or 0
    trail.record("group-changed", "group", uid)
    return changed("notebook.group", uid=uid, said="saved")


@bp.post("/groups/<uid>/cancellation")
@allow("groups.manage")
@back_to("notebook.group")
def cancel(uid: str) -> Response:
    """The group's page, cancelled; a strip takes it back."""
    group = queries.get_or_404(viewer(), uid, lock=True)
    roster.cancel(group, today=today(group.site.zone), at=now())
    return changed("notebook.group", uid=uid, said="group-cancelled", of=uid)


@bp.post("/groups/<uid>/reopening")
@allow("groups.manage")
@back_to("notebook.group")
def reopen(uid: str) -> Response:
    """The group's page as it was before it was completed or cancelled."""
    group = queries.get_or_404(viewer(), uid, lock=True)
    roster.reopen(group)
    return changed("notebook.group", uid=uid, said="undone")
