"""Those one works with, place by place: whose access is closed for now, and who may open it again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, union_all
from sqlalchemy.orm import aliased

from app.accounts.models import User
from app.accounts.viewer import Viewer
from app.assignments import closing
from app.assignments.models import Assignment
from app.assignments.queries import OPEN
from app.errors import or_404
from app.extensions import db, read, read_one
from app.groups.models import Group
from app.i18n import language
from app.people.models import Person, Site
from app.requests.models import Referral
from app.vault.models import Checkpoint, CheckpointKey
from app.workshops.models import Workshop

PART = select(Assignment.user_uid, Assignment.of_uid.label("site_uid"))
# Who works at which place: by coordinating it, or by a part in something there.
WORKS_AT = union_all(
    PART.where(OPEN, Assignment.of_kind == "place"),
    *(
        select(Assignment.user_uid, where.site_uid)
        .join(where, where.uid == Assignment.of_uid)
        .where(OPEN)
        for where in (Group, Workshop)
    ),
    select(Assignment.user_uid, Person.site_uid)
    .join(Referral, Referral.uid == Assignment.of_uid)
    .join(Person, Person.uid == Referral.person_uid)
    .where(OPEN),
).subquery("works_at")
Mine, Theirs = aliased(WORKS_AT, name="mine"), aliased(WORKS_AT, name="theirs")
By, Lifter = aliased(User), aliased(User)
EVERYBODY = (
    select(
        User.uid,
        User.working_name,
        Site.uid.label("site_uid"),
        Site.name,
        Site.name_en,
        Checkpoint.began_at,
        By.working_name.label("begun_by"),
    )
    .outerjoin(WORKS_AT, WORKS_AT.c.user_uid == User.uid)
    .outerjoin(Site, Site.uid == WORKS_AT.c.site_uid)
    .outerjoin(Checkpoint, Checkpoint.user_uid == User.uid)
    .outerjoin(By, By.uid == Checkpoint.begun_by)
    .where(User.left_at.is_(None), User.uid != bindparam("me"))
    .order_by(User.working_name)
    .distinct()
)
BESIDE = EVERYBODY.where(
    WORKS_AT.c.site_uid.in_(select(Mine.c.site_uid).where(Mine.c.user_uid == bindparam("me")))
)
LIFTERS = (
    select(Checkpoint.user_uid, Lifter.uid, Lifter.working_name)
    .join(CheckpointKey, CheckpointKey.checkpoint_uid == Checkpoint.uid)
    .join(Lifter, Lifter.uid == CheckpointKey.user_uid)
    .where(Lifter.left_at.is_(None), CheckpointKey.closed_by.is_(None))
    .order_by(Lifter.working_name)
)
MINE_TO_LIFT = (
    select(User.uid, User.working_name, Checkpoint.began_at)
    .join(Checkpoint, Checkpoint.user_uid == User.uid)
    .join(CheckpointKey, CheckpointKey.checkpoint_uid == Checkpoint.uid)
    .where(
        User.uid == bindparam("uid"),
        User.left_at.is_(None),
        CheckpointKey.user_uid == bindparam("me"),
        CheckpointKey.closed_by.is_(None),
    )
)
COORDINATORS = (
    select(User)
    .join(Assignment, Assignment.user_uid == User.uid)
    .where(
        OPEN,
        Assignment.part == "coordinator",
        Assignment.of_uid.in_(
            select(Theirs.c.site_uid).where(Theirs.c.user_uid == bindparam("user_uid"))
        ),
        User.left_at.is_(None),
        User.uid != bindparam("user_uid"),
        ~closing.IS_CLOSED,
    )
    .order_by(User.working_name)
    .distinct()
)


@dataclass
class Colleague:
    """Somebody on the staff, as those who work at the same place see them."""

    uid: str
    working_name: str
    closed_at: datetime | None
    begun_by: str
    """The working name of whoever closed it."""
    lifters: list[str] = field(default_factory=list)
    """The working names of those who may open it again; nobody: the printed recovery key alone can."""
    mine_to_lift: bool = False
    mine_to_recover: bool = False
    """Whether the viewer, an administrator or with the desk of a place of theirs, may begin a recovery."""


def by_place(viewer: Viewer) -> list[tuple[str, list[Colleague]]]:
    """The colleagues of each place where the viewer works; for administrators everybody.

    Those who work at no place stand last, under no name.
    """
    may_lift, desks = list(read(LIFTERS)), viewer.keys.vaults("desk")
    places: dict[str, list[Colleague]] = {}
    for row in read(_whom(viewer), {"me": viewer.uid}):
        one = Colleague(row.uid, row.working_name, row.began_at, row.begun_by or "")
        theirs = [lifter for lifter in may_lift if lifter.user_uid == row.uid]
        one.lifters = [lifter.working_name for lifter in theirs]
        one.mine_to_recover = "administrator" in viewer.roles or row.site_uid in desks
        one.mine_to_lift = any(lifter.uid == viewer.uid for lifter in theirs)
        name = (row.name if language() == "ar" else row.name_en) or ""
        places.setdefault(name, []).append(one)
    return sorted(places.items(), key=lambda place: (not place[0], place[0]))


def colleague_or_404(viewer: Viewer, uid: str) -> Colleague:
    """One of them."""
    return or_404(next(_found(viewer, uid), None))


def to_recover_or_404(viewer: Viewer, uid: str) -> Colleague:
    """One for whom the viewer may begin a recovery: by the desk of their place, not by another part there."""
    return or_404(next((one for one in _found(viewer, uid) if one.mine_to_recover), None))


def to_open_again_or_404(viewer: Viewer, uid: str) -> Colleague:
    """One of them, or one whom the viewer may open again although they work at no place together any more."""
    row = read_one(MINE_TO_LIFT, {"me": viewer.uid, "uid": uid})
    if row is None:
        return colleague_or_404(viewer, uid)
    return Colleague(row.uid, row.working_name, row.began_at, "", mine_to_lift=True)


def _found(viewer: Viewer, uid: str) -> Iterator[Colleague]:
    return (one for _place, those in by_place(viewer) for one in those if one.uid == uid)


def coordinators_of(user_uid: str) -> Sequence[User]:
    """The coordinators of the places where somebody works, who are closed themselves left out."""
    return db.session.scalars(COORDINATORS, {"user_uid": user_uid}).all()


def _whom(viewer: Viewer) -> Any:
    return EVERYBODY if "administrator" in viewer.roles else BESIDE
