"""What is kept of a group that is over, and of whom was in it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import Select, and_, bindparam, delete, exists, func, or_, select

from app.clock import day
from app.extensions import db
from app.groups import rules
from app.groups.models import Group, Membership
from app.notes import keeping as notes
from app.notes.models import MEETING, Note
from app.people import keeping as people
from app.people.models import Person
from app.vault import vaults
from app.vault.models import Share, Vault
from app.web.keeping import MONTHS, AboutPeople, Kept, any_of, asked, counted

ENDED_AT = func.coalesce(Group.cancelled_at, Group.completed_at)
IS_DUE = ENDED_AT.op("<=", is_comparison=True)(bindparam("before", type_=Group.completed_at.type))
OF_ROSTER = and_(Vault.kind == "roster", Vault.of_uid == Group.uid)
SHARES = (
    select(func.count())
    .select_from(Share)
    .join(Vault, Vault.uid == Share.vault_uid)
    .join(Group, OF_ROSTER)
    .where(IS_DUE)
)
WITH_SHARES = (
    select(Group)
    .where(IS_DUE, exists().where(OF_ROSTER, Share.vault_uid == Vault.uid))
    .order_by(Group.uid)
    .limit(1)
    .with_for_update(of=Group)
)
IN_GROUP = and_(Note.of_kind == MEETING, Note.in_uid == Group.uid)
NOTES = select(func.count()).select_from(Note).join(Group, IN_GROUP).where(IS_DUE)
WITH_NOTES = (
    select(Group)
    .where(IS_DUE, exists().where(IN_GROUP))
    .order_by(Group.uid)
    .limit(1)
    .with_for_update(of=Group)
)
OF_PERSON = select(Membership).where(Membership.person_uid == bindparam("person_uid"))
GROUPS_OF_PERSON = (
    select(Group)
    .where(Group.uid.in_(OF_PERSON.with_only_columns(Membership.group_uid)))
    .order_by(Group.uid)
    .with_for_update(of=Group)
)
FORGET_WAITING = (
    delete(Membership)
    .where(Membership.person_uid == bindparam("person_uid"), Membership.joined_on.is_(None))
    .execution_options(synchronize_session="fetch")
)
THEIRS = Membership.person_uid == Person.uid
A_DAY = timedelta(days=1)


def due(statement: Select[Any], before: datetime, at: datetime) -> Group | None:
    """The next group of which something goes, locked: from now on it stays as it is."""
    group: Group | None = db.session.scalar(statement, asked(before))
    if group is not None:
        group.let_go_at = group.let_go_at or at
    return group


def let_go_names(before: datetime, at: datetime) -> int:
    """The team of a group that is over opens no names of it any more."""
    group = due(WITH_SHARES, before, at)
    return people.forget_shares(vaults.made("roster", group.uid)) if group else 0


def let_go_notes(before: datetime, at: datetime) -> int:
    """The notes of a group that is over go, signed or not."""
    group = due(WITH_NOTES, before, at)
    return notes.forget_within(group.uid) if group else 0


def erase(person_uid: str, nobody_uid: str, at: datetime) -> None:
    """Waiting lists go on without them; a stay is nobody's, with its marks, and ended yesterday if it went on."""
    db.session.execute(FORGET_WAITING, {"person_uid": person_uid})
    for stay in db.session.scalars(OF_PERSON, {"person_uid": person_uid}).all():
        if stay.ended_as is None and stay.joined_on is not None:
            group = db.session.get_one(Group, stay.group_uid)
            rules.end(stay, "left", on=max(stay.joined_on, day(at, group.site.zone) - A_DAY))
        stay.person_uid, stay.reason, stay.ended_with_group = nobody_uid, None, False
        stay.offered_at = stay.offered_until = None
    db.session.flush()


NAMES = Kept(
    "names",
    *(3, MONTHS, 1, 12),
    called=_("Names in a group that is over"),
    since=_("the end of the group"),
    goes=_("The team opens the names no more."),
    remains=_("Marks, with a neutral word for a name; the coordinators still open the cards."),
    count=lambda before: counted(SHARES, before),
    let_go=let_go_names,
    tables=("shares",),
)
GROUP_NOTES = Kept(
    "notes",
    *(12, MONTHS, 1, 36),
    called=_("Notes of a group"),
    since=_("the end of the group"),
    goes=_("Notes and reflections, signed or not, with what was added and commented."),
    remains=_("That the session was held, and when."),
    count=lambda before: counted(NOTES, before),
    let_go=let_go_notes,
    tables=notes.TABLES,
)
ABOUT = AboutPeople(
    holds=any_of(Membership, THEIRS),
    is_open=any_of(Membership, THEIRS, Membership.ended_as.is_(None)),
    lately=any_of(
        Membership,
        THEIRS,
        or_(
            Membership.waiting_at >= bindparam("before"),
            Membership.offered_at >= bindparam("before"),
            Membership.joined_on > bindparam("on"),
            Membership.ended_on > bindparam("on"),
        ),
    ),
    erase=erase,
    tables=("memberships",),
)
