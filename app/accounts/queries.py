"""Reading users, their roles, invitations and sign-ins."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import abort, current_app
from sqlalchemy import (
    String,
    and_,
    bindparam,
    delete,
    exists,
    func,
    or_,
    select,
    type_coerce,
    update,
)

from app.accounts import rules
from app.accounts.models import Invitation, SignIn, User, UserRole
from app.accounts.passphrases import folded_username
from app.extensions import Moment, db, read_one
from app.vault.models import Checkpoint

ROLES_OF_USER = (
    select(func.aggregate_strings(UserRole.role, ","))
    .where(UserRole.user_uid == User.uid)
    .scalar_subquery()
)
SIGNED_IN = (
    select(
        SignIn.digest,
        SignIn.began_at,
        SignIn.seen_at,
        SignIn.wrapped_key,
        SignIn.short_key.is_not(None).label("has_short_code"),
        SignIn.is_half,
        SignIn.on_touch,
        User.second_factor.is_not(None).label("has_second_factor"),
        User.uid,
        User.working_name,
        User.language,
        User.digits,
        User.theme,
        exists().where(Checkpoint.user_uid == User.uid).label("is_closed"),
        ROLES_OF_USER.label("roles"),
    )
    .join(User, User.uid == SignIn.user_uid)
    .where(SignIn.digest == bindparam("digest"), User.left_at.is_(None))
)
STAYS = select(User).where(User.left_at.is_(None))
BY_UID = STAYS.where(User.uid == bindparam("uid"))
BY_LETTERS = STAYS.where(func.replace(User.username, "-", "") == bindparam("letters", String))
STAFF = (
    STAYS.join(UserRole, UserRole.user_uid == User.uid)
    .where(UserRole.role == bindparam("role"))
    .order_by(User.working_name)
)
MYSELF = select(User).where(User.uid == bindparam("uid")).with_for_update()
EVERYBODY = select(User).order_by(User.left_at.is_not(None), User.working_name)
NAMES = select(User.uid, User.working_name).where(User.uid.in_(bindparam("uids", expanding=True)))
ROLES = select(UserRole.user_uid, UserRole.role)
OPEN = select(Invitation).where(Invitation.ended_at.is_(None))
INVITATIONS = OPEN.order_by(Invitation.invited_at.desc())
INVITATION = OPEN.where(Invitation.digest == bindparam("digest"))
INVITATION_LOCKED = INVITATION.with_for_update()
# Rows that the session holds already are fetched, and what they are told is coerced, so that they
# read it anew: SQLAlchemy itself would compare and fill them with a parameter that has no value yet.
END_INVITATIONS = (
    update(Invitation)
    .where(Invitation.invited_by == bindparam("by"), Invitation.ended_at.is_(None))
    .values(ended_at=type_coerce(bindparam("at"), Moment))
    .execution_options(synchronize_session="fetch")
)
# Nothing is read any more in a request that was seen.
SEEN = (
    update(SignIn)
    .where(SignIn.digest == bindparam("of"))
    .values(seen_at=bindparam("at"))
    .execution_options(synchronize_session=False)
)
LOCK = (
    update(SignIn)
    .where(SignIn.digest == bindparam("of"), SignIn.seen_at == bindparam("last"))
    .values(wrapped_key=None)
    .execution_options(synchronize_session="fetch")
)
LOCK_UNUSED = (
    update(SignIn)
    .where(
        SignIn.wrapped_key.is_not(None),
        or_(
            SignIn.seen_at < bindparam("idle"),
            SignIn.seen_at > bindparam("ahead"),
            and_(SignIn.on_touch, SignIn.seen_at < bindparam("idle_on_touch")),
        ),
    )
    .values(wrapped_key=None)
    .execution_options(synchronize_session="fetch")
)
SIGN_INS = (
    select(SignIn).where(SignIn.user_uid == bindparam("user_uid")).order_by(SignIn.seen_at.desc())
)
END = delete(SignIn).execution_options(synchronize_session="fetch")
END_ONE = END.where(SignIn.digest == bindparam("digest"))
END_OTHERS = END.where(SignIn.user_uid == bindparam("user_uid"), SignIn.digest != bindparam("but"))
END_STALE = END.where(
    or_(
        SignIn.began_at < bindparam("whole"),
        SignIn.began_at > bindparam("ahead"),
        and_(SignIn.is_half, SignIn.began_at < bindparam("half")),
    )
)


def signed_in(digest: str) -> Any:
    """The sign-in with that digest and its user's preferences and roles, in one query."""
    return read_one(SIGNED_IN, {"digest": digest})


def by_username(typed: str) -> User | None:
    """The member of staff with that user name, however it was typed, who has not left."""
    username = folded_username(typed)
    rows = db.session.scalars(BY_LETTERS, {"letters": username.replace("-", "")}).all()
    return next((user for user in rows if user.username == username), rows[0] if rows else None)


def myself(user_uid: str) -> User:
    """The row of whoever is signed in, locked, to change it."""
    return db.session.scalars(MYSELF, {"uid": user_uid}).one()


def receiver(user_uid: str, role: str) -> User | None:
    """A colleague who is to be given something and holds the role for it; None otherwise.

    Their row is locked, as it is where roles and assignments are taken away:
    of giving and taking at the same moment the second sees what the first did.
    """
    user = myself(user_uid)
    holds = db.session.get(UserRole, (user_uid, role)) is not None
    return user if holds and user.left_at is None else None


def everybody() -> Sequence[User]:
    """All members of staff, those who left last."""
    return db.session.scalars(EVERYBODY).all()


def roles_by_user() -> dict[str, set[str]]:
    """Who holds which roles: user uid -> roles."""
    found: dict[str, set[str]] = {}
    for row in db.session.execute(ROLES):
        found.setdefault(row.user_uid, set()).add(row.role)
    return found


def open_invitations() -> Sequence[Invitation]:
    """Invitations that were neither used nor taken back, the newest first."""
    return db.session.scalars(INVITATIONS).all()


def end_invitations_by(user_uid: str, *, at: datetime) -> None:
    """Who no longer invites leaves no open link behind."""
    db.session.execute(END_INVITATIONS, {"by": user_uid, "at": at})


def invitation(token: str, *, lock: bool = False) -> Invitation | None:
    """The open invitation a link belongs to."""
    query = INVITATION_LOCKED if lock else INVITATION
    return db.session.scalar(query, {"digest": rules.digest_of_link(token)})


def staff(role: str) -> Sequence[User]:
    """Everybody who holds a role, by working name."""
    return db.session.scalars(STAFF, {"role": role}).all()


def staff_or_404(role: str, user_uid: str) -> User:
    """One of those who hold a role."""
    for user in staff(role):
        if user.uid == user_uid:
            return user
    abort(404)


def by_uid(user_uid: str) -> User | None:
    """A member of staff who has not left, by opaque id."""
    return db.session.scalar(BY_UID, {"uid": user_uid})


def working_names(user_uids: set[str]) -> dict[str, str]:
    """What colleagues call them: user uid -> working name."""
    if not user_uids:
        return {}
    rows = db.session.execute(NAMES, {"uids": list(user_uids)})
    return {row.uid: row.working_name for row in rows}


def mark_seen(digest: str, at: datetime) -> None:
    """Note that a sign-in was used."""
    db.session.execute(SEEN, {"of": digest, "at": at})


def lock(digest: str, seen_at: datetime) -> None:
    """Lock a sign-in not seen since: its wrapped key is gone until the passphrase brings it back."""
    db.session.execute(LOCK, {"of": digest, "last": seen_at})


def sign_ins(user_uid: str) -> Sequence[SignIn]:
    """A user's sign-ins, the latest used first."""
    return db.session.scalars(SIGN_INS, {"user_uid": user_uid}).all()


def end_sign_ins_of(user_uid: str, *, but: str = "") -> None:
    """End all of a user's sign-ins, or all but one."""
    db.session.execute(END_OTHERS, {"user_uid": user_uid, "but": but})


def end_sign_in(digest: str) -> None:
    """End one sign-in: its wrapped key is gone with the row."""
    db.session.execute(END_ONE, {"digest": digest})


def end_stale_sign_ins(*, at: datetime) -> None:
    """Remove sign-ins that ended by themselves, and the keys of those that lie idle."""
    idle = timedelta(minutes=current_app.config["DAFTAR"].idle_minutes)
    on_touch = min(rules.TOUCH_IDLE, idle)
    ahead = at + rules.AHEAD
    unused = {"idle": at - idle, "idle_on_touch": at - on_touch, "ahead": ahead}
    db.session.execute(LOCK_UNUSED, unused)
    over = {"whole": at - rules.ENDS_AFTER, "half": at - rules.HALF_ENDS_AFTER, "ahead": ahead}
    db.session.execute(END_STALE, over)
