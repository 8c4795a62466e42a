"""Each main page ÷ the same HTML by hand; and what keys and the audit trail add to it.

Neither side compresses, both look the cookie up, both are called as WSGI
applications in this process. Times are the processor's, so that a busy machine
and its disk do not count; what one waits, the commit of the audit row included,
stands beside as "by the clock". Both HTMLs are of the same size within ten per cent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from time import process_time
from typing import Any
from unittest.mock import patch

from app.audit import trail
from app.vault import envelope
from app.vault.keyring import Keyring
from bench.browser import Asker
from bench.organisation import COORDINATOR, FACILITATOR, Organisation, founded
from bench.plain_pages import PlainPages
from bench.shadow import unsealed
from bench.table import Result
from bench.timing import medians

ROUNDS = 60
GOAL = "<= 2"


def measure() -> Iterator[Result]:
    """One line per page."""
    with founded() as organisation:
        plain = PlainPages(unsealed(organisation))
        ready = ReadyKeys()
        for name, username, path in pages(organisation):
            asker = Asker("GET", path, cookie=organisation.sign_in(username))
            yield _compare(name, asker, organisation.app.wsgi_app, plain, ready)


def pages(organisation: Organisation) -> list[tuple[str, str, str]]:
    """(name, user name, path) of each main page."""
    meeting = f"/sessions/{organisation.meeting}"
    return [
        ("Today", FACILITATOR, "/"),
        ("groups", FACILITATOR, "/groups"),
        ("group of 15", FACILITATOR, f"/groups/{organisation.group}"),
        ("session", FACILITATOR, meeting),
        ("attendance roll", FACILITATOR, f"{meeting}/attendance"),
        ("one by one", FACILITATOR, f"{meeting}/attendance/one"),
        ("note", FACILITATOR, f"{meeting}/note"),
        ("person", FACILITATOR, f"/people/{organisation.person}"),
        ("people", COORDINATOR, "/people"),
    ]


def _compare(name: str, asker: Asker, app: Any, plain: Any, ready: ReadyKeys) -> Result:
    sizes = len(asker.page(app)), len(asker.page(plain))
    with ready.remember():
        asker.page(app)
    taken = medians(
        {
            "ours": partial(asker.page, app),
            "no audit": _under(without_audit, asker, app),
            "no keys": _under(ready.instead, asker, app),
            "neither": _under(ready.instead, asker, app, without_audit),
            "plain": partial(asker.page, plain),
        },
        rounds=ROUNDS,
        clock=process_time,
    )
    waited = medians(
        {"ours": partial(asker.page, app), "plain": partial(asker.page, plain)},
        rounds=ROUNDS // 3,
    )
    ours, by_hand = taken["ours"], taken["plain"]
    keys = max(0.0, 100 * (1 - taken["no keys"] / ours))
    audit = max(0.0, 100 * (1 - taken["no audit"] / ours))
    note = (
        f"{ours * 1000:.1f} : {by_hand * 1000:.2f} ms; of which keys {keys:.0f} %, "
        f"audit {audit:.0f} %; without both {taken['neither'] / by_hand:.2f}; "
        f"by the clock {waited['ours'] / waited['plain']:.2f}"
    )
    if abs(sizes[0] / sizes[1] - 1) > 0.1:
        note += f"; NOT THE SAME SIZE ({sizes[0]} : {sizes[1]} bytes)"
    return Result("pages", f"{name} ÷ by hand", ours / by_hand, GOAL, note=note)


def _under(
    first: Callable[[], Any], asker: Asker, app: Any, second: Callable[[], Any] | None = None
) -> Callable[[], bytes]:
    def asked() -> bytes:
        with ExitStack() as stack:
            stack.enter_context(first())
            if second:
                stack.enter_context(second())
            return asker.page(app)

    return asked


def without_audit() -> Any:
    """Pages that write no row and so commit nothing."""
    return _swap([(trail, name, lambda *_args, **_kwargs: None) for name in ("record", "saw")])


class ReadyKeys:
    """Everything that was opened before, ready in dictionaries: what opening costs is the rest."""

    def __init__(self) -> None:
        self.opened: dict[bytes, bytes] = {}
        self.derived: dict[tuple[bytes, str], bytes] = {}
        self.granted: dict[str, tuple[Any, Any]] = {}

    @contextmanager
    def remember(self) -> Iterator[None]:
        """Keep whatever is opened meanwhile."""
        unseal, open_with = envelope.unseal, envelope.open_with
        derived, load = envelope.derived, Keyring._load

        def keep_unsealed(cipher: Any, sealed: bytes, at: bytes) -> bytes:
            return self.opened.setdefault(sealed, unseal(cipher, sealed, at))

        def keep_opened(private: Any, sealed: bytes, at: bytes) -> bytes:
            return self.opened.setdefault(sealed, open_with(private, sealed, at))

        def keep_derived(secret: bytes, purpose: str) -> bytes:
            return self.derived.setdefault((secret, purpose), derived(secret, purpose))

        def keep_granted(keyring: Keyring) -> Any:
            sealed = load(keyring)
            self.granted[keyring.user_uid] = (sealed, keyring._vaults)
            return sealed

        with ExitStack() as stack:
            stack.enter_context(patch.object(envelope, "unseal", keep_unsealed))
            stack.enter_context(patch.object(envelope, "open_with", keep_opened))
            stack.enter_context(patch.object(envelope, "derived", keep_derived))
            stack.enter_context(patch.object(Keyring, "_load", keep_granted))
            yield

    def instead(self) -> Any:
        """Take what was kept instead of opening it."""
        load = Keyring._load

        def granted(keyring: Keyring) -> Any:
            if keyring.user_uid not in self.granted:
                return load(keyring)
            keyring._sealed, keyring._vaults = self.granted[keyring.user_uid]
            return keyring._sealed

        return _swap(
            [
                (envelope, "unseal", lambda _cipher, sealed, _at: self.opened[sealed]),
                (envelope, "open_with", lambda _key, sealed, _at: self.opened[sealed]),
                (envelope, "derived", lambda secret, purpose: self.derived[secret, purpose]),
                (Keyring, "_load", granted),
            ]
        )


@contextmanager
def _swap(instead: list[tuple[Any, str, Any]]) -> Iterator[None]:
    """As `mock.patch`, in two microseconds, so that it may stand inside what is timed."""
    before = [(owner, name, getattr(owner, name)) for owner, name, _value in instead]
    for owner, name, value in instead:
        setattr(owner, name, value)
    try:
        yield
    finally:
        for owner, name, value in before:
            setattr(owner, name, value)
