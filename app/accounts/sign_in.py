"""Signing in: the passphrase opens the private key, the cookie opens the sign-in."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime

from flask_babel import lazy_gettext as _

from app.accounts import devices, passphrases, queries, rules, short_codes, tries, turns
from app.accounts.line import Cost, Place, Stretched, Work
from app.accounts.models import SignIn, User
from app.errors import Locked, RuleBroken
from app.extensions import db
from app.vault import envelope
from app.vault.keyring import Keyring
from app.web import transaction

WRONG = _("This user name and passphrase do not belong together. Check both, then try again.")
WRONG_CODE = _("This code is not right, or it was used already. Wait for the next one.")
NOT_YOURS = _("This is not your passphrase.")


def begin(
    username: str,
    passphrase: str,
    *,
    address: str,
    device: str,
    cost: Cost,
    on_touch: bool,
    short_code: str = "",
    at: datetime,
) -> tuple[User, bytes]:
    """Open the private key with the passphrase and begin a sign-in.

    Returns the user and the cookie's 32 bytes. Where codes are set up,
    it is a half sign-in, which opens the code's page only. An unknown name
    costs the same time and gets the same words. No transaction is open while
    the key is derived. `short_code` is what was typed to open it again after a
    lock. Raises RuleBroken (wrong), turns.Waiting.
    """
    short_code = short_codes.chosen(short_code)
    with transaction.only_reading():
        user = queries.by_username(username)
        uid, opened = (user.uid, user.private_key) if user else ("", b"")
        own = _counter_of_device(device, uid)
    names = [tries.name("account", uid), tries.name("all")]
    names.append(own or tries.name("network", rules.network_of(address)))
    place = (lambda: turns.under(own)) if own else turns.from_outside
    private = open_private_key(user, passphrase, cost, place)
    if private is None:
        transaction.after_refusal(lambda: tries.count(names, at=at))
        raise RuleBroken(WRONG)
    user = queries.myself(uid)
    if user.private_key != opened or user.left_at is not None:
        raise RuleBroken(WRONG)  # changed, recovered or ended while the key was derived
    queries.end_stale_sign_ins(at=at)
    tries.forget(at=at)
    half = user.second_factor is not None
    if own and not half:
        tries.clear(own)
    return user, new_sign_in(
        user, private, on_touch=on_touch, is_half=half, short_code=short_code, at=at
    )


def complete(
    user: User, keys: Keyring, half: bytes, code: str, *, device: str, on_touch: bool, at: datetime
) -> bytes:
    """Turn a half sign-in into a whole one with its code; a new cookie replaces `half`.

    Wrong codes count for the account, where only its passphrase leads; on a
    device of its own apart, so that whoever has the passphrase alone keeps nobody out.
    """
    who = tries.name("code", user.uid + _counter_of_device(device, user.uid))
    tries.refuse_too_many_codes(who, at=at)
    if user.second_factor is None:
        raise RuleBroken(WRONG_CODE)
    seed = keys.open_own(user.second_factor, rules.seed_place(user.uid))
    step = rules.step_of(code, seed, last_step=user.last_step, at=at)
    if step is None:
        _count_code(who, at=at)
        raise RuleBroken(WRONG_CODE, "code")
    user.last_step = step
    tries.clear(who)
    if own := _counter_of_device(device, user.uid):
        tries.clear(own)
    digest = rules.digest_of(half)
    short_code = short_codes.handed_over(db.session.get(SignIn, digest), half)
    queries.end_sign_in(digest)
    return new_sign_in(
        user, keys.private_key, on_touch=on_touch, is_half=False, short_code=short_code, at=at
    )


def unlock(user: User, digest: str, cookie: bytes, passphrase: str, *, at: datetime) -> bool:
    """Bring a locked sign-in back with the passphrase alone.

    False where it was ended meanwhile. Raises RuleBroken, turns.Waiting.
    """
    who = tries.name("sign-in", digest)
    private = open_private_key(user, passphrase, None, lambda: turns.under(who))
    if private is None:
        transaction.after_refusal(lambda: tries.count([who], at=at))
        raise RuleBroken(NOT_YOURS, "passphrase")
    tries.clear(who)
    row = db.session.get(SignIn, digest)
    if row is None:
        return False
    row.wrapped_key, row.seen_at, row.short_tries = _wrapped(cookie, private), at, 0
    return True


def check_again(
    user_uid: str, passphrase: str, *, digest: str, at: datetime, keys: Keyring | None = None
) -> None:
    """Ask for the passphrase once more before something that matters. Raises RuleBroken, turns.Waiting.

    With `keys`, a code of the second factor does as well. Wrong tries count for
    the sign-in with that `digest` alone, and too many wrong codes are refused there.
    """
    user = queries.by_uid(user_uid)
    if user is None:
        raise RuleBroken(WRONG, "passphrase")
    if keys and user.second_factor is not None and rules.looks_like_code(passphrase):
        who = tries.name("code", digest)
        tries.refuse_too_many_codes(who, at=at)
        if _is_code(user, keys, passphrase, at=at):
            return
        _count_code(who, at=at)
        raise RuleBroken(WRONG_CODE, "passphrase")
    who = tries.name("sign-in", digest)
    if open_private_key(user, passphrase, None, lambda: turns.under(who)) is None:
        transaction.after_refusal(lambda: tries.count([who], at=at))
        raise RuleBroken(NOT_YOURS, "passphrase")


def stretch_new(passphrase: str, *, cost: Cost, digest: str) -> Stretched:
    """The key of a new passphrase of whoever has the sign-in with that `digest`. Raises turns.Waiting."""
    who = tries.name("sign-in", digest)
    return turns.stretch(Work(passphrases.folded(passphrase), cost), lambda: turns.under(who))


def _is_code(user: User, keys: Keyring, typed: str, *, at: datetime) -> bool:
    """Whether this is the second factor's code of this moment; it is used up then, whatever follows."""
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
    user: User, private: bytes, *, on_touch: bool, is_half: bool, short_code: str = "", at: datetime
) -> bytes:
    """Begin a sign-in on this device; returns the cookie's 32 bytes."""
    cookie = secrets.token_bytes(32)
    row = SignIn(
        digest=rules.digest_of(cookie),
        user_uid=user.uid,
        began_at=at,
        seen_at=at,
        is_half=is_half,
        on_touch=on_touch,
        wrapped_key=_wrapped(cookie, private),
    )
    if is_half:
        short_codes.hand_over(row, cookie, short_code)
    else:
        short_codes.remember(row, cookie, private, short_code)
    db.session.add(row)
    return cookie


def open_private_key(
    user: User | None, passphrase: str, cost: Cost | None, place: Callable[[], Place]
) -> bytes | None:
    """A user's private key, or None under the wrong passphrase; `cost` stands in for nobody's.

    Raises turns.Waiting where others have their turn first.
    """
    if user is not None:
        cost, salt = Cost(user.memory, user.iterations, user.lanes), user.salt
        uid, sealed, reading = user.uid, user.private_key, user.reading
    elif cost is not None:
        salt, reading = bytes(envelope.SALT_BYTES), passphrases.WITHOUT_SEPARATORS
    else:
        return None
    transaction.pause()
    work = Work(passphrases.folded(passphrase, reading), cost, salt)
    key = turns.stretch(work, place).key
    if user is None:
        return None
    try:
        return envelope.unseal(key, sealed, rules.private_key_place(uid))
    except Locked:
        return None


def _counter_of_device(device: str, user_uid: str) -> str:
    """The name of the counter of this account on a device it signed in on before; empty elsewhere."""
    if not devices.is_known(device, user_uid):
        return ""
    return tries.name("device", devices.digest_of(device, user_uid))


def _count_code(who: str, *, at: datetime) -> None:
    window = rules.CODES_WINDOW
    transaction.after_refusal(lambda: tries.count([who], at=at, window=window))


def _wrapped(cookie: bytes, private: bytes) -> bytes:
    place = rules.sign_in_place(rules.digest_of(cookie))
    return envelope.seal(rules.wrapping_key_of(cookie), private, place)
