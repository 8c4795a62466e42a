"""Serving with waitress, and what the process is told first."""

from __future__ import annotations

import ctypes
import fcntl
import resource
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import waitress
from flask import Flask

from app.cli.sweeping import keep_sweeping
from app.upkeep import checks
from app.upkeep.finding import STOP

BODY_IN_MEMORY = 8 * 1024 * 1024
M_ARENA_MAX = -8  # of glibc's mallopt()


def serve(app: Flask, host: str, port: int) -> None:
    """Answer on an address until the process is ended; what ends by itself is swept each minute."""
    _share_memory()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # what stands in memory is written nowhere
    with app.app_context():
        stops = [found.says for found in checks.of_the_start() if found.state == STOP]
    if stops:
        raise SystemExit(f"Daftar does not start: {' '.join(stops)}")
    with in_use(Path(app.instance_path)):
        keep_sweeping(app)
        print(f"http://{host}:{port}", flush=True)
        waitress.serve(app, host=host, port=port, **how_to_serve(app))


@contextmanager
def in_use(home: Path) -> Iterator[None]:
    """Say that this folder's notebook is served, however many processes do: nothing is restored over it."""
    with (home / checks.SERVED).open("w") as mark:
        fcntl.flock(mark, fcntl.LOCK_SH)
        yield


def how_to_serve(app: Flask) -> dict[str, Any]:
    """How waitress serves the application, in its own words."""
    return {
        "threads": 6,  # two may derive keys at a time, four are left for the pages
        # Whoever opens connections and says nothing takes nobody else's.
        "connection_limit": 800,
        "asyncore_use_poll": True,
        "ident": None,
        "inbuf_overflow": BODY_IN_MEMORY,
        "outbuf_overflow": BODY_IN_MEMORY,
        "max_request_body_size": BODY_IN_MEMORY,
        # It takes what a proxy says of the client away by itself; behind a trusted one we read it.
        "clear_untrusted_proxy_headers": not app.config["DAFTAR"].trusted_proxies,
    }


def _share_memory() -> None:
    """Let the threads share two heaps: the C library of Linux gives each one of its own, 15 MB in all."""
    with suppress(OSError, AttributeError):  # where it is another one
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, 2)
