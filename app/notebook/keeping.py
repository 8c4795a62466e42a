"""What is kept for how long, and what is held about people: who contributes, in which order."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _
from sqlalchemy import Executable, and_, bindparam, func, not_, or_, select

from app.accounts import keeping as accounts
from app.audit import keeping as audit
from app.cases import keeping as cases
from app.continuation import keeping as continuation
from app.extensions import db
from app.follow_ups import keeping as follow_ups
from app.groups import keeping as groups
from app.importing import keeping as importing
from app.people import keeping as people
from app.people.models import Person
from app.requests import keeping as requests
from app.sessions import keeping as sessions
from app.web.keeping import MONTHS, Kept, asked, counted
from app.workshops import keeping as workshops

# In the order in which rows hang on each other: what names others goes first, the card last.
ABOUT = (
    importing.ABOUT,
    continuation.ABOUT,
    cases.ABOUT,
    requests.ABOUT,
    follow_ups.ABOUT,
    sessions.ABOUT,
    workshops.ABOUT,
    groups.ABOUT,
    people.ABOUT,
)
# What a person's rows hang on, locked from above before anything of theirs goes.
LOCKED_FIRST: tuple[Executable, ...] = (
    groups.GROUPS_OF_PERSON,
    workshops.WORKSHOPS_OF_PERSON,
    requests.REFERRALS_OF_PERSON,
    cases.OF_PERSON,
)
HOLDS = or_(*(about.holds for about in ABOUT))
IS_DUE = and_(
    people.IS_SOMEBODY,
    or_(
        and_(
            not_(or_(*(about.is_open for about in ABOUT))),
            not_(or_(*(about.lately for about in ABOUT))),
        ),
        and_(Person.came_by.is_not(None), not_(HOLDS)),  # the sign-up or request is gone
    ),
)
PEOPLE_DUE = select(func.count()).select_from(Person).where(IS_DUE)
A_PIECE = 10
DUE = select(Person.uid).where(IS_DUE).order_by(Person.uid).limit(A_PIECE)
STILL_DUE = select(Person.uid).where(IS_DUE, Person.uid == bindparam("uid"))
HELD = select(Person.uid).where(HOLDS, Person.uid == bindparam("uid"))


def erase(person_uid: str, *, at: datetime, while_due: datetime | None = None) -> bool:
    """Erase a person, in one transaction; what remains is nobody's. Whether they were still there.

    `while_due`: only if they are still due, by that moment, once everything is locked.
    """
    for rows in LOCKED_FIRST:
        db.session.execute(rows, {"person_uid": person_uid}).all()
    person = people.locked(person_uid)
    if person is None:
        return False
    if while_due and not db.session.scalar(STILL_DUE, {"uid": person_uid, **asked(while_due)}):
        return False
    nobody_uid = people.nobody(person.site_uid, at=at)
    for about in ABOUT:
        about.erase(person_uid, nobody_uid, at)
    if db.session.scalar(HELD, {"uid": nobody_uid}) is None:
        people.erase(nobody_uid, "", at)
    return True


def let_go_people(before: datetime, at: datetime) -> int:
    """Some of those who have nothing open, and of whom nothing was heard, or whose one sign-up is gone."""
    due = db.session.scalars(DUE, asked(before)).all()
    return sum(erase(uid, at=at, while_due=before) for uid in due)


PEOPLE = Kept(
    "people",
    *(24, MONTHS, 6, 120),
    called=_("People with nothing open"),
    since=_("the last thing that was with them"),
    goes=_("Everything about them, as where a person is erased."),
    remains=_("Marks and stays without a name, and numbers."),
    count=lambda before: counted(PEOPLE_DUE, before),
    let_go=let_go_people,
    tables=tuple(sorted({table for about in ABOUT for table in about.tables})),
)
# In the order in which they go, and are shown: people after all whom another class may leave with
# nothing, and the trail at the end, which says what went.
CLASSES = (
    accounts.KEPT_FORMS,
    accounts.OLD_INVITATIONS,
    continuation.DECLINED_REQUESTS,
    workshops.SIGN_UPS_OF_WORKSHOP,
    groups.NAMES,
    groups.GROUP_NOTES,
    sessions.MARKS_OF_GROUP,
    follow_ups.ENDED_FOLLOW_UPS,
    cases.ENDED_REFERRALS,
    cases.CLOSED_FILES,
    importing.IMPORTS,
    PEOPLE,
    audit.ACTS,
    audit.OPENINGS,
)
# Every other table, and why nothing in it is let go by a term.
LASTING = {
    "organisation": "one row",
    "sites": "a place is none of a person",
    "closed_days": "days of a place",
    "users": "who wrote what; a colleague who left keeps a working name and no key",
    "user_roles": "with the colleague",
    "assignments": "who was answerable for what; those in a file go with it",
    "calendar_feeds": "one for each colleague, until it is turned off",
    "devices": "ends by itself, unused for half a year",
    "sign_ins": "ends by itself, after eight hours",
    "shown_once": "ends by itself, after ten minutes",
    "turn_keys": "ends by itself, after six minutes",
    "tries": "ends by itself, after a day",
    "done": "ends by itself, after two days",
    "audit_head": "one row",
    "audit_marks": "where the trail's chains begin: a few rows",
    "checkpoints": "one row for each colleague, until it is lifted",
    "checkpoint_keys": "with the checkpoint",
    "groups": "a group is none of a person: its name is neutral",
    "group_sessions": "that a session was, and when",
    "workshops": "was published",
    "totals": "numbers alone",
    "reports": "was published",
    "report_cells": "numbers alone, as they were published",
    "terms": "one row for each class at most",
    "chores": "one row for each chore",
    "vaults": "with the group, the workshop, the place, the colleague; of a file it goes with it",
    "vault_keys": "with the vault",
    "grants": "with the part of a colleague that opens the vault",
}
