"""The same pages without the trail, without what opening costs, or without both."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

from app.audit import trail
from app.vault import envelope
from app.vault.keyring import Keyring
from bench.browser import Asker, Wsgi


def under(
    first: Callable[[], Any], asker: Asker, app: Wsgi, second: Callable[[], Any] | None = None
) -> Callable[[], bytes]:
    """A function that asks for a page within one or two of these."""

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
