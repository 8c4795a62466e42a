"""Whoever is signed in: who they are, what they may reach in this request, what they can open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Flask, Request, current_app, g, url_for
from flask_login import UserMixin, current_user

from app.accounts import queries, rules
from app.clock import now
from app.errors import Locked
from app.extensions import login_manager
from app.vault import envelope, vaults
from app.vault.keyring import Keyring
from app.web import kept_forms, transaction
from app.web.origin import has_left

SEEN_EVERY = timedelta(seconds=60)


@dataclass(frozen=True)
class Viewer:
    """The first argument of every query.

    `roles` are the user's roles that grant this request's permission: whoever
    is a coordinator and a facilitator reaches, in a request that asks for a
    facilitator, what they facilitate and no more.
    """

    uid: str
    roles: frozenset[str]
    keys: Keyring

    @property
    def leads(self) -> bool:
        """Whether they know the people of groups and workshops: supervising one opens nothing about its members."""
        return bool(self.roles & {"coordinator", "facilitator"})


class SignedIn(UserMixin):
    """The user of this request, as read from the sign-in row."""

    def __init__(self, row: Any, keys: Keyring, *, is_locked: bool) -> None:
        self.uid: str = row.uid
        self.id = row.uid
        self.working_name: str = row.working_name
        self.language: str = row.language
        self.digits: str = row.digits
        self.theme: str = row.theme
        self.roles = frozenset((row.roles or "").split(",")) - {""}
        self.sign_in: str = row.digest
        self.keys = keys
        self.is_half: bool = row.is_half
        self.is_locked = is_locked
        self.on_touch: bool = row.on_touch
        self.has_short_code: bool = row.has_short_code
        self.is_closed: bool = row.is_closed
        """Whether nothing is to open for them, by their own wish or a colleague's (assignments/closing.py)."""
        self.lacks_second_factor: bool = (
            not row.has_second_factor and not current_app.config["DAFTAR"].demo
        )

    @property
    def is_authenticated(self) -> bool:
        """Whether everything can be opened: not before the code, not while locked."""
        return not self.is_half and not self.is_locked

    @property
    def may_write(self) -> bool:
        """Whether an open note may still be saved: also while locked, sealed to its author."""
        return not self.is_half


def viewer() -> Viewer:
    """The viewer of this request, narrowed to the roles that grant what it asks for."""
    return Viewer(current_user.uid, g.granting_roles, current_user.keys)


def cookie_name(demo: bool) -> str:
    """`__Host-` binds the cookie to our host and to https, which the demo does without."""
    return "daftar" if demo else "__Host-daftar"


def cookie_of(asked: Request) -> bytes | None:
    """The 32 bytes of the sign-in cookie, if there is one of the right form."""
    value = asked.cookies.get(cookie_name(current_app.config["DAFTAR"].demo), "")
    try:
        cookie = bytes.fromhex(value)
    except ValueError:
        return None
    return cookie if len(cookie) == 32 else None


def load(asked: Request) -> SignedIn | None:
    """Read the sign-in row and open the user's private key with the cookie."""
    cookie = cookie_of(asked)
    if cookie is None or has_left(asked):
        return None
    row = queries.signed_in(rules.digest_of(cookie))
    if row is None:
        return None
    at = now()
    digest, idle = row.digest, timedelta(minutes=current_app.config["DAFTAR"].idle_minutes)
    if rules.has_ended(row.began_at, is_half=row.is_half, at=at):
        transaction.in_any_case(lambda: queries.end_sign_in(digest))
        return None
    g.actor_uid = row.uid
    locked = rules.has_locked(row.seen_at, on_touch=row.on_touch, idle=idle, at=at)
    if locked or row.wrapped_key is None:
        if row.wrapped_key is not None:
            seen_at = row.seen_at
            transaction.in_any_case(lambda: queries.lock(digest, seen_at))
        return SignedIn(row, Keyring.without_key(row.uid), is_locked=True)
    try:
        private = envelope.unseal(
            rules.wrapping_key_of(cookie), row.wrapped_key, rules.sign_in_place(digest)
        )
    except Locked:
        return None
    if at - row.seen_at >= SEEN_EVERY:
        transaction.in_any_case(lambda: queries.mark_seen(digest, at))
    return SignedIn(row, Keyring(row.uid, private), is_locked=False)


def where_to_sign_in(then: str) -> str:
    """The page that someone without a whole sign-in is led to."""
    if getattr(current_user, "is_half", False):
        return url_for("accounts.code", then=then)
    if getattr(current_user, "is_locked", False):
        return url_for("accounts.locked", then=then)
    return url_for("accounts.sign_in", then=then)


def owner() -> str:
    """Whose kept forms these are: the user's, once a view of theirs was entered; else the cookie's."""
    entered = g.get("granting_roles") is not None or current_user.is_authenticated
    entered = entered or g.get("kept_for_user", False)
    return current_user.uid if entered and hasattr(current_user, "uid") else ""


def init_app(app: Flask) -> None:
    """Let Flask-Login read our own table, and kept forms be sealed to the user."""
    login_manager.init_app(app)
    login_manager.session_protection = None
    login_manager.request_loader(load)
    app.extensions["where_to_sign_in"] = where_to_sign_in
    kept_forms.register(
        app,
        kept_forms.Sealer(
            owner=owner,
            seal=lambda text, at: vaults.seal_text(own_vault(), text, at),
            open=lambda sealed, at: vaults.open_text(current_user.keys, own_vault(), sealed, at),
            seal_with=lambda key, text, at: envelope.seal(key, envelope.padded(text), at),
            open_with=lambda key, sealed, at: envelope.unpadded(envelope.unseal(key, sealed, at)),
        ),
    )


def own_vault() -> str:
    """The vault of whoever is signed in, for drafts, reflections and kept forms."""
    uid = vaults.find("own", current_user.uid)
    if uid is None:
        raise Locked
    return uid
