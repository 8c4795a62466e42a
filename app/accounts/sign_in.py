"""Signing in: the passphrase opens the private key, the cookie opens the sign-in."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _
from flask_babel import lazy_ngettext as _n

from app.accounts import devices, gate, queries, rules
from app.accounts.models import SignIn, User
from app.errors import Locked, RuleBroken
from app.extensions import db
from app.vault import envelope
from app.vault.keyring import Keyring
from app.web import transaction

WRONG = _("This user name and passphrase do not belong together. Check both, then try again.")
WRONG_CODE = _("This code is not right, or it was used already. Wait for the next one.")


def begin(
    username: str,
    passphrase: str,
    *,
    address: str,
    device: str,
    cost: rules.Cost,
    on_touch: bool,
    at: datetime,
) -> tuple[User, bytes]:
    """Open the private key with the passphrase and begin a sign-in.

    Returns the user and the cookie's 32 bytes. Where codes are set up,
    it is a half sign-in, which opens the code's page only. An unknown name
    costs the same time and gets the same words. No transaction is open while
    the key is derived. Raises RuleBroken (wrong, or too many tries), gate.Crowded.
    """
    names = devices.counter(device, username) or queries.counters(username, address)
    refuse_too_many(names, at=at)
    user = queries.by_username(username)
    uid, opened = (user.uid, user.private_key) if user else ("", b"")
    private = open_private_key(user, passphrase, cost)
    if private is None:
        transaction.after_refusal(lambda: queries.count_failure(names, at=at))
        raise RuleBroken(WRONG)
    user = queries.myself(uid)
    if user.private_key != opened or user.left_at is not None:
        raise RuleBroken(WRONG)  # changed, recovered or ended while the key was derived
    queries.end_stale_sign_ins(at=at)
    queries.forget_old_tries(at=at)
    half = user.second_factor is not None
    if not half:
        queries.forget_failures(names)
    return user, new_sign_in(user, private, on_touch=on_touch, is_half=half, at=at)


def complete(
    user: User, keys: Keyring, digest: str, code: str, *, on_touch: bool, at: datetime
) -> bytes:
    """Turn a half sign-in into a whole one with its code; a new cookie replaces the old one."""
    names = queries.counter_of("code", user.uid)
    refuse_too_many(names, at=at)
    if user.second_factor is None:
        raise RuleBroken(WRONG_CODE)
    seed = keys.open_own(user.second_factor, rules.seed_place(user.uid))
    step = rules.step_of(code, seed, last_step=user.last_step, at=at)
    if step is None:
        transaction.after_refusal(lambda: queries.count_failure(names, at=at))
        raise RuleBroken(WRONG_CODE, "code")
    user.last_step = step
    queries.forget_failures(names)
    queries.end_sign_in(digest)
    return new_sign_in(user, keys.private_key, on_touch=on_touch, is_half=False, at=at)


def unlock(user: User, digest: str, cookie: bytes, passphrase: str, *, at: datetime) -> bool:
    """Bring a locked sign-in back with the passphrase alone.

    False where it was ended meanwhile. Raises RuleBroken, gate.Crowded.
    """
    names = queries.counter_of("sign-in", digest)
    refuse_too_many(names, at=at)
    private = open_private_key(user, passphrase, None)
    if private is None:
        transaction.after_refusal(lambda: queries.count_failure(names, at=at))
        raise RuleBroken(_("This is not your passphrase."), "passphrase")
    queries.forget_failures(names)
    row = db.session.get(SignIn, digest)
    if row is None:
        return False
    row.wrapped_key, row.seen_at = _wrapped(cookie, private), at
    return True


def check_again(
    user_uid: str, passphrase: str, *, digest: str, at: datetime, keys: Keyring | None = None
) -> None:
    """Ask for the passphrase once more before something that matters. Raises RuleBroken, gate.Crowded.

    With `keys`, a code of the second factor does as well. Wrong tries count for
    the sign-in with that `digest` alone.
    """
    user = queries.by_uid(user_uid)
    if user is None:
        raise RuleBroken(WRONG, "passphrase")
    names = queries.counter_of("sign-in", digest)
    refuse_too_many(names, at=at)
    if keys and _is_code(user, keys, passphrase, at=at):
        return
    if open_private_key(user, passphrase, None) is None:
        transaction.after_refusal(lambda: queries.count_failure(names, at=at))
        raise RuleBroken(_("This is not your passphrase."), "passphrase")


def _is_code(user: User, keys: Keyring, typed: str, *, at: datetime) -> bool:
    """Whether this is the second factor's code of this moment; it is used up then, whatever follows."""
    if user.second_factor is None or not rules.looks_like_code(typed):
        return False
    uid, right = user.uid, False

    def use_up() -> None:
        nonlocal right
        user = queries.myself(uid)
        seed = keys.open_own(user.second_factor or b"", rules.seed_place(uid))
        step = rules.step_of(typed, seed, last_step=user.last_step, at=at)
        if step is not None:
            user.last_step, right = step, True

    transaction.beforehand(use_up)
    return right


def new_sign_in(
    user: User, private: bytes, *, on_touch: bool, is_half: bool, at: datetime
) -> bytes:
    """Begin a sign-in on this device; returns the cookie's 32 bytes."""
    cookie = secrets.token_bytes(32)
    db.session.add(
        SignIn(
            digest=rules.digest_of(cookie),
            user_uid=user.uid,
            began_at=at,
            seen_at=at,
            is_half=is_half,
            on_touch=on_touch,
            wrapped_key=_wrapped(cookie, private),
        )
    )
    return cookie


def refuse_too_many(names: dict[str, str], *, at: datetime) -> None:
    """Raise RuleBroken while an account, a network or everybody failed too often."""
    wait = rules.must_wait(queries.tries(names), at=at)
    if wait:
        raise too_many(wait)


def too_many(wait: timedelta) -> RuleBroken:
    """What somebody reads who tried too often."""
    minutes = -(-int(wait.total_seconds()) // 60)
    return RuleBroken(
        _n(
            "Too many tries. Wait %(num)s minute, then try again.",
            "Too many tries. Wait %(num)s minutes, then try again.",
            minutes,
        )
    )


def open_private_key(user: User | None, passphrase: str, cost: rules.Cost | None) -> bytes | None:
    """A user's private key, or None under the wrong passphrase; `cost` stands in for nobody's."""
    if user is not None:
        salt, memory, iterations, lanes = user.salt, user.memory, user.iterations, user.lanes
        uid, sealed = user.uid, user.private_key
    elif cost is not None:
        salt, memory, iterations, lanes = bytes(16), cost.memory, cost.iterations, cost.lanes
    else:
        return None
    transaction.pause()
    with gate.one_of_few():
        key = envelope.stretched(
            rules.folded_passphrase(passphrase),
            salt,
            memory=memory,
            iterations=iterations,
            lanes=lanes,
        )
    if user is None:
        return None
    try:
        return envelope.unseal(key, sealed, rules.private_key_place(uid))
    except Locked:
        return None


def _wrapped(cookie: bytes, private: bytes) -> bytes:
    place = rules.sign_in_place(rules.digest_of(cookie))
    return envelope.seal(rules.wrapping_key_of(cookie), private, place)
