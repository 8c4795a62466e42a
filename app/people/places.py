"""Places and who coordinates them."""

from __future__ import annotations

from datetime import date, datetime

from flask_babel import lazy_gettext as _
from sqlalchemy import bindparam, delete, or_, select

from app.accounts.models import User
from app.accounts.queries import receiver
from app.assignments import assigning
from app.assignments.models import Assignment
from app.audit import trail
from app.errors import RuleBroken
from app.extensions import db
from app.people.models import ClosedDay, Site
from app.vault import vaults

NO_COORDINATOR = _("Only a coordinator is assigned to a place: give that role first.")
NAMED = select(Site).where(or_(Site.name == bindparam("name"), Site.name_en == bindparam("name")))
OPEN_AGAIN = (
    delete(ClosedDay)
    .where(ClosedDay.site_uid == bindparam("site_uid"), ClosedDay.closed_on == bindparam("day"))
    .execution_options(synchronize_session="fetch")
)


def named(name: str) -> Site | None:
    """The place of that name, in either language."""
    return db.session.scalars(NAMED, {"name": name}).first()


def add(name: str, name_en: str, *, zone: str, phone_region: str, rooms: str = "") -> Site:
    """Add a place. Its desk is made for its first coordinator."""
    _refuse_twin(name, name_en, None)
    site = Site(name=name, name_en=name_en, zone=zone, phone_region=phone_region, rooms=rooms)
    db.session.add(site)
    db.session.flush()
    trail.record("place-added", "place", site.uid)
    return site


def fill(
    site: Site | None, *, name: str, name_en: str, zone: str, phone_region: str, rooms: str = ""
) -> Site:
    """Add a place, or change one."""
    if site is None:
        return add(name, name_en, zone=zone, phone_region=phone_region, rooms=rooms)
    _refuse_twin(name, name_en, site)
    site.name, site.name_en, site.zone, site.phone_region = name, name_en, zone, phone_region
    site.rooms = rooms
    trail.record("place-changed", "place", site.uid)
    return site


def _refuse_twin(name: str, name_en: str, site: Site | None) -> None:
    """Two places of one name could not be told apart."""
    for field, typed in (("name", name), ("name_en", name_en)):
        other = named(typed)
        if other is not None and other is not site:
            raise RuleBroken(_("There is already a place of that name."), field)


def close(site: Site, day: date) -> None:
    """Mark a day as closed; proposed dates skip it."""
    if db.session.get(ClosedDay, (site.uid, day)) is None:
        db.session.add(ClosedDay(site_uid=site.uid, closed_on=day))
    trail.record("place-changed", "place", site.uid)


def open_again(site: Site, day: date) -> None:
    """Take a closed day back."""
    db.session.execute(OPEN_AGAIN, {"site_uid": site.uid, "day": day})
    trail.record("place-changed", "place", site.uid)


def coordinate(user: User, site: Site, *, at: datetime) -> None:
    """Assign a coordinator to a place; the first one gets its desk, which is made for them.

    A further coordinator gets the desk from one who holds it. Where nobody is
    left who does, what is sealed from now on opens for them. Raises RuleBroken.
    """
    if receiver(user.uid, "coordinator") is None:
        raise RuleBroken(NO_COORDINATOR)
    assigning.begin("place", site.uid, user, "coordinator", at=at)
    desk = vaults.find("desk", site.uid)
    if desk is None:
        desk = vaults.make("desk", site.uid, [user]).uid
    else:
        vaults.let_in(desk, user)
    trail.record("coordinator-assigned", "place", user.uid, vault_uid=desk)


def end_coordination(coordination: Assignment, at: datetime) -> None:
    """End a coordinator's part in a place: its desk and rosters close for them."""
    assigning.end(coordination, at=at)
    trail.record("coordination-ended", "user", coordination.user_uid)
