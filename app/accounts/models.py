"""Users, their roles, their sign-ins, and the counters that slow guessing down."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.accounts.passphrases import WITHOUT_SEPARATORS
from app.extensions import Model, Moment, Sealed, Uid, new_uid
from app.policy import ROLES
from app.tables import one_of, only_one

LANGUAGES = ("ar", "en")
DIGITS = ("latn", "arab")


class User(Model):
    """A member of staff. The passphrase opens `private_key`; nothing else checks it."""

    __tablename__ = "users"

    uid: Mapped[str] = mapped_column(Uid, primary_key=True, default=new_uid)
    username: Mapped[str] = mapped_column(String(40), unique=True)
    """Two random words; says nothing of the person."""
    working_name: Mapped[str] = mapped_column(String(40))
    """What colleagues call them at work."""
    language: Mapped[str] = mapped_column(String(2), default="ar")
    digits: Mapped[str] = mapped_column(String(4), default="latn")
    theme: Mapped[str] = mapped_column(String(5), default="auto")
    joined_at: Mapped[datetime] = mapped_column(Moment)
    left_at: Mapped[datetime | None] = mapped_column(Moment)

    public_key: Mapped[bytes] = mapped_column(LargeBinary(32))
    private_key: Mapped[bytes] = mapped_column(Sealed)
    """Sealed under the passphrase, stretched with the parameters that stand beside it."""
    salt: Mapped[bytes] = mapped_column(LargeBinary(16))
    memory: Mapped[int]
    iterations: Mapped[int]
    lanes: Mapped[int]
    reading: Mapped[int] = mapped_column(default=WITHOUT_SEPARATORS)
    """How the passphrase was read before it was stretched: see passphrases.py."""
    private_key_for_recovery: Mapped[bytes] = mapped_column(Sealed)
    """The same key, sealed under the printed recovery code."""
    recovered_at: Mapped[datetime | None] = mapped_column(Moment)
    """When the printed code was last used; administrators see it."""
    second_factor: Mapped[bytes | None] = mapped_column(Sealed)
    """The seed of the sign-in codes, sealed to the user's own key."""
    last_step: Mapped[int] = mapped_column(default=0)
    """The time step of the last code used: the same code never works twice."""


class UserRole(Model):
    """A role a member of staff holds."""

    __tablename__ = "user_roles"
    __table_args__ = (one_of("role", ROLES),)

    user_uid: Mapped[str] = mapped_column(ForeignKey("users.uid"), primary_key=True)
    role: Mapped[str] = mapped_column(String(16), primary_key=True)


class SignIn(Model):
    """One sign-in on one device. Deleting the row ends it everywhere, at once.

    The cookie is never stored: `digest` and the key that wraps the private key
    are both derived from it.
    """

    __tablename__ = "sign_ins"

    digest: Mapped[str] = mapped_column(String(32), primary_key=True)
    user_uid: Mapped[str] = mapped_column(ForeignKey("users.uid"), index=True)
    began_at: Mapped[datetime] = mapped_column(Moment)
    seen_at: Mapped[datetime] = mapped_column(Moment)
    is_half: Mapped[bool] = mapped_column(default=False)
    """The passphrase was right, the code is still to come: five minutes, and the code's page only."""
    on_touch: Mapped[bool] = mapped_column(default=False)
    """A phone: it locks after ten idle minutes instead of twenty."""
    wrapped_key: Mapped[bytes | None] = mapped_column(Sealed)
    """Deleted when the sign-in locks; the passphrase brings it back, or the short code."""
    short_code: Mapped[bytes | None] = mapped_column(Sealed)
    """The short code chosen at the door, under the cookie, until the half sign-in is whole."""
    short_key: Mapped[bytes | None] = mapped_column(Sealed)
    """The private key under the cookie and the short code together."""
    short_tries: Mapped[int] = mapped_column(default=0)
    """Wrong short codes since the last right one."""


class Device(Model):
    """A browser that somebody signed in on, known by a random id it keeps; see devices.py."""

    __tablename__ = "devices"

    digest: Mapped[str] = mapped_column(String(32), primary_key=True)
    user_uid: Mapped[str] = mapped_column(ForeignKey("users.uid"), primary_key=True)
    seen_on: Mapped[date]


class Invitation(Model):
    """A one-time link with which someone joins the staff; the link itself is never stored."""

    __tablename__ = "invitations"

    uid: Mapped[str] = mapped_column(Uid, primary_key=True, default=new_uid)
    digest: Mapped[str] = mapped_column(String(32), unique=True)
    working_name: Mapped[str] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(2))
    roles: Mapped[str] = mapped_column(String(80))
    """Comma-separated."""
    invited_by: Mapped[str] = mapped_column(ForeignKey("users.uid"))
    invited_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    """When it was used or taken back."""


class Recovery(Model):
    """A new key pair for a colleague who lost passphrase and printed code: theirs after two days, unless refused.

    It begins with a one-time link, made by a colleague. What stands empty is
    there once the link was used.
    """

    __tablename__ = "recoveries"
    __table_args__ = (only_one("uq_recoveries_open", "user_uid", while_="ended_at IS NULL"),)

    uid: Mapped[str] = mapped_column(Uid, primary_key=True, default=new_uid)
    user_uid: Mapped[str] = mapped_column(ForeignKey("users.uid"))
    digest: Mapped[str] = mapped_column(String(32), unique=True)
    begun_by: Mapped[str] = mapped_column(ForeignKey("users.uid"))
    begun_at: Mapped[datetime] = mapped_column(Moment)
    asked_at: Mapped[datetime | None] = mapped_column(Moment)
    """When the link was used: two days later the key pair is theirs."""
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    refused_by: Mapped[str | None] = mapped_column(Uid)
    public_key: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    private_key: Mapped[bytes | None] = mapped_column(Sealed)
    """Sealed under the new passphrase, as it will stand in the user's row."""
    salt: Mapped[bytes | None] = mapped_column(LargeBinary(16))
    memory: Mapped[int | None]
    iterations: Mapped[int | None]
    lanes: Mapped[int | None]
    private_key_for_recovery: Mapped[bytes | None] = mapped_column(Sealed)
    """The same, sealed under the new printed code."""
    code: Mapped[bytes | None] = mapped_column(Sealed)
    """That code, for ten minutes, sealed under what the browser keeps that used the link."""


class ShownOnce(Model):
    """A text shown once (a link, a recovery code), kept for ten minutes for a line that was cut."""

    __tablename__ = "shown_once"

    uid: Mapped[str] = mapped_column(Uid, primary_key=True, default=new_uid)
    user_uid: Mapped[str] = mapped_column(ForeignKey("users.uid"), index=True)
    shown_at: Mapped[datetime] = mapped_column(Moment)
    text: Mapped[bytes] = mapped_column(Sealed)


class CalendarFeed(Model):
    """The secret address under which one's calendar is read; only its digest is stored."""

    __tablename__ = "calendar_feeds"

    user_uid: Mapped[str] = mapped_column(ForeignKey("users.uid"), primary_key=True)
    digest: Mapped[str] = mapped_column(String(32), unique=True)
    made_at: Mapped[datetime] = mapped_column(Moment)


class TurnKey(Model):
    """What opens the forms that wait for their turn in a browser's cookie; gone in six minutes."""

    __tablename__ = "turn_keys"

    since: Mapped[datetime] = mapped_column(Moment, primary_key=True)
    key: Mapped[bytes] = mapped_column(LargeBinary(32))


class Tries(Model):
    """How often something was tried in vain, by one account, from one network or at all, since a moment.

    `who` is a keyed hash: the table names nobody and no address.
    """

    __tablename__ = "tries"

    who: Mapped[str] = mapped_column(String(32), primary_key=True)
    since: Mapped[datetime] = mapped_column(Moment)
    until: Mapped[datetime] = mapped_column(Moment)
    """When it counts for nothing any more, and is deleted."""
    failed: Mapped[int]
