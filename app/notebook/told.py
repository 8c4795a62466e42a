"""What colleagues are told on Today of one another's access: in one read, since most days there is nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Boolean, bindparam, cast, exists, literal, null, or_, select, union_all
from sqlalchemy.orm import aliased

from app.accounts import rules
from app.accounts.models import Recovery, User
from app.accounts.viewer import Viewer
from app.clock import ZONE
from app.extensions import read
from app.notebook.colleagues import by_place
from app.vault.models import Checkpoint, CheckpointKey, Grant
from app.web.sections import Rank, Section

TOLD_FOR = timedelta(days=7)  # of a printed code that was used
By = aliased(User)
MyGrant, TheirGrant = aliased(Grant), aliased(Grant)
NO_MORE = cast(null(), Recovery.asked_at.type).label("asked_at"), literal("").label("by")
WHOM = User.uid, User.working_name
RENEWED = (
    select(
        literal("renewed").label("what"),
        *WHOM,
        Recovery.begun_at.label("since"),
        Recovery.asked_at,
        By.working_name.label("by"),
    )
    .join(Recovery, Recovery.user_uid == User.uid)
    .join(By, By.uid == Recovery.begun_by)
    .where(Recovery.ended_at.is_(None), User.left_at.is_(None))
)
CLOSED = (
    select(literal("closed").label("what"), *WHOM, Checkpoint.began_at.label("since"), *NO_MORE)
    .join(Checkpoint, Checkpoint.user_uid == User.uid)
    .join(CheckpointKey, CheckpointKey.checkpoint_uid == Checkpoint.uid)
    .where(CheckpointKey.user_uid == bindparam("me"), User.left_at.is_(None))
)
# Whoever found the printed code opens what they open: administrators and co-holders learn of it.
RECOVERED = select(
    literal("recovered").label("what"), *WHOM, User.recovered_at.label("since"), *NO_MORE
).where(
    User.recovered_at > bindparam("lately"),
    User.left_at.is_(None),
    User.uid != bindparam("me"),
    or_(
        bindparam("administers", type_=Boolean),
        exists().where(
            TheirGrant.user_uid == User.uid,
            MyGrant.key_uid == TheirGrant.key_uid,
            MyGrant.user_uid == bindparam("me"),
        ),
    ),
)
TOLD = union_all(RENEWED, CLOSED, RECOVERED).order_by("since")


@dataclass(frozen=True)
class Pending:
    """A recovery under way, as those concerned are told of it."""

    uid: str
    """Of the colleague."""
    working_name: str
    by: str
    """The working name of whoever made the link."""
    theirs_from: datetime | None
    """Empty while the link was not used."""
    is_mine: bool


def sections(viewer: Viewer, at: datetime) -> Iterator[Section]:
    """On Today: whose printed code was used, whose keys are to change, whose access one may open again."""
    asked = {
        "me": viewer.uid,
        "lately": at - TOLD_FOR,
        "administers": "administrator" in viewer.roles,
    }
    told: dict[str, list[Any]] = {"recovered": [], "renewed": [], "closed": []}
    for row in read(TOLD, asked):
        told[row.what].append(row)
    told["renewed"] = _concerning(viewer, told["renewed"], at=at)
    for what, rows in told.items():
        yield Section("notebook/_today.html", what, rows, Rank.TOLD, more={"zone": ZONE})


def _concerning(viewer: Viewer, rows: list[Any], *, at: datetime) -> list[Pending]:
    """Those of colleagues at the viewer's places, and of the viewer themselves."""
    under_way = [row for row in rows if rules.may_be_used(row.since, row.asked_at, at=at)]
    if not under_way:
        return []
    concerned = {one.uid for _place, those in by_place(viewer) for one in those} | {viewer.uid}
    return [
        Pending(
            row.uid,
            row.working_name,
            row.by,
            rules.theirs_from(row.asked_at),
            row.uid == viewer.uid,
        )
        for row in under_way
        if row.uid in concerned
    ]
