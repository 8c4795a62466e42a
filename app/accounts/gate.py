"""At most two key derivations at a time, so that thirty sign-ins at once don't take 4 GB."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

AT_ONCE = 2
WAITING = 1  # a quarter of the server's threads: the others go on answering pages

_running = threading.BoundedSemaphore(AT_ONCE)
_queue = threading.BoundedSemaphore(AT_ONCE + WAITING)


class Crowded(Exception):
    """Too many people sign in at this very moment."""


@contextmanager
def one_of_few() -> Iterator[None]:
    """Wait for a turn to derive a key. Raises Crowded where the queue is full."""
    if not _queue.acquire(blocking=False):
        raise Crowded
    try:
        with _running:
            yield
    finally:
        _queue.release()
