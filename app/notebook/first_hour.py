"""The first hour of an organisation: what its administrator sets up, each ticked off once it stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, exists, select

from app.accounts.models import User
from app.accounts.viewer import Viewer
from app.assignments.models import Assignment
from app.assignments.queries import OPEN
from app.extensions import read_one
from app.people.models import Site
from app.upkeep import chores
from app.upkeep.models import BACKUP, DRILL, PRINTED
from app.web.sections import Rank, Section

STANDS = select(
    exists().where(Site.uid.is_not(None)).label("place"),
    select(Assignment.uid)
    .where(Assignment.of_kind == "place", Assignment.part == "coordinator", OPEN)
    .exists()
    .label("coordinator"),
    select(User.uid)
    .where(User.uid == bindparam("me"), User.second_factor.is_not(None))
    .exists()
    .label("factor"),
)


@dataclass(frozen=True)
class Step:
    """Something of the first hour."""

    what: str
    """place, coordinator, factor, printed, backup or drill"""
    done: bool


def steps(viewer: Viewer) -> list[Step]:
    """All of them, in the order in which one takes them."""
    stands, done = read_one(STANDS, {"me": viewer.uid}), chores.all_chores()
    of_server = {PRINTED: "printed", BACKUP: "backup", DRILL: "drill"}
    return [
        *(Step(what, bool(stands._mapping[what])) for what in ("factor", "place", "coordinator")),
        *(
            Step(what, chore in done and done[chore].good_at is not None)
            for chore, what in of_server.items()
        ),
    ]


def sections(viewer: Viewer, _at: datetime) -> Iterator[Section]:
    """For administrators, until all of it stands."""
    if "administrator" in viewer.roles:
        found = steps(viewer)
        is_over = all(step.done for step in found)
        yield Section("notebook/_first_hour.html", "steps", [] if is_over else found, Rank.TOLD)


def printed(*, at: datetime) -> None:
    """The recovery key and the key of the backups lie on paper, in two places."""
    chores.went_well(PRINTED, at=at)
