"""What a viewer reaches, who has a part in something, and which vaults their parts open."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import (
    Select,
    String,
    and_,
    bindparam,
    exists,
    func,
    literal,
    or_,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.orm import aliased

from app.accounts.models import User
from app.accounts.viewer import Viewer
from app.assignments.models import Assignment
from app.assignments.rules import OPENS
from app.errors import or_404
from app.extensions import Reading, db, read
from app.vault.models import Grant, Vault, VaultKey

OPEN = Assignment.ended_at.is_(None)
Mine = aliased(Assignment)
# Everything a viewer has a part in. A record is reached where its own uid is among these, or its place's:
# no two things share a uid.
REACHED = select(Mine.of_uid).where(
    Mine.user_uid == bindparam("me"),
    bindparam("parts", type_=String).contains(Mine.part),  # a list would be spelt out each time
    Mine.ended_at.is_(None),
)
COORDINATED = REACHED.where(Mine.part == "coordinator")
FACILITATED = REACHED.where(Mine.part == "facilitator")
COUNSELLED = REACHED.where(Mine.part == "counsellor")
SUPERVISED = REACHED.where(Mine.part == "supervisor")


def parts_in(*of_uids: Any) -> Any:
    """A column for a statement: the viewer's parts in any of these, such as a group and its place."""
    parts = REACHED.with_only_columns(func.aggregate_strings(Mine.part, " "))
    return parts.where(Mine.of_uid.in_(of_uids)).scalar_subquery().label("parts")


MEMBER = Reading(Assignment)
TEAM = (
    select(*MEMBER.columns, User.working_name)
    .join(User, User.uid == Assignment.user_uid)
    .where(Assignment.of_uid == bindparam("of_uid"), OPEN)
    .order_by(Assignment.part, User.working_name)
)
OF_USER = select(Assignment).where(Assignment.user_uid == bindparam("user_uid"), OPEN)

OPENED = [(*of, kind) for of, kinds in OPENS.items() for kind in kinds]


def _opened(whose: Any, with_desk_of: Any) -> Select[Any]:
    """The vaults that open parts open, where `whose` is the column of the vault that names what the part is in."""
    return (
        select(
            Assignment.user_uid,
            Vault.uid.label("vault_uid"),
            Vault.kind,
            Vault.of_uid,
            with_desk_of.label("with_desk_of"),
        )
        .join(Vault, whose == Assignment.of_uid)
        .where(OPEN, tuple_(Assignment.of_kind, Assignment.part, Vault.kind).in_(OPENED))
    )


# To whom which vaults are to be open, whether they hold them yet or not.
ENTITLED = union_all(
    _opened(Vault.of_uid, literal("")), _opened(Vault.site_uid, Assignment.of_uid)
).subquery("entitled")
Theirs, Desk, DeskKey, OfDesk = aliased(Grant), aliased(Vault), aliased(VaultKey), aliased(Grant)
# Rosters come with the desk of their place: who holds nothing of the desk waits for the desk alone.
HAS_COME = or_(
    ENTITLED.c.with_desk_of == "",
    exists().where(
        *(Desk.kind == "desk", Desk.of_uid == ENTITLED.c.with_desk_of),
        *(DeskKey.vault_uid == Desk.uid, OfDesk.key_uid == DeskKey.uid),
        OfDesk.user_uid == ENTITLED.c.user_uid,
    ),
)
ENTITLED_TO = select(ENTITLED.c.vault_uid, ENTITLED.c.kind).where(
    ENTITLED.c.user_uid == bindparam("user_uid")
)
THAT_CAME = ENTITLED_TO.where(HAS_COME)
# Of a statement that joins the versions of such a vault's key: this one was not given to them, and has come.
IS_LACKING = and_(
    ~exists().where(Theirs.key_uid == VaultKey.uid, Theirs.user_uid == ENTITLED.c.user_uid),
    HAS_COME,
)


def scope(viewer: Viewer, *, but: Collection[str] = ()) -> dict[str, Any]:
    """The parameters of REACHED for a viewer; `but` leaves out what they reach by these parts alone."""
    return {"me": viewer.uid, "parts": " ".join(viewer.roles.difference(but))}


def team(of_uid: str) -> Sequence[tuple[Assignment, str]]:
    """Who has which part in something now, by working name."""
    return [(MEMBER.of(row), row.working_name) for row in read(TEAM, {"of_uid": of_uid})]


def of_team_or_404(of_uid: str, assignment_uid: str) -> Assignment:
    """One of the parts in something now."""
    return or_404(next((one for one, _name in team(of_uid) if one.uid == assignment_uid), None))


def of_user(user_uid: str) -> Sequence[Assignment]:
    """The parts that somebody has now."""
    return db.session.scalars(OF_USER, {"user_uid": user_uid}).all()


def entitled(user_uid: str, *, only_come: bool = False) -> dict[str, str]:
    """The vaults that somebody's parts open: uid -> kind.

    `only_come`: without the rosters of a place whose desk was not given to them yet.
    """
    statement = THAT_CAME if only_come else ENTITLED_TO
    return {row.vault_uid: row.kind for row in read(statement, {"user_uid": user_uid})}
