"""Serving with waitress, and what the process is told first."""

from __future__ import annotations

import ctypes
import signal
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import Any

import waitress
from flask import Flask
from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.server import BaseWSGIServer

from app.cli.sweeping import keep_sweeping
from app.upkeep import checks, workroom
from app.upkeep.finding import STOP

BODY_IN_MEMORY = 8 * 1024 * 1024
SIGNALS = (signal.SIGTERM, signal.SIGINT)
MOST_SECONDS = 25  # that something under way is waited for; a service manager waits longer
M_ARENA_MAX = -8  # of glibc's mallopt()


def serve(app: Flask, host: str, port: int) -> None:
    """Answer on an address until the process is told to end; what ends by itself is swept each minute."""
    _share_memory()
    with app.app_context():
        stops = [found.says for found in checks.of_the_start() if found.state == STOP]
    if stops:
        raise SystemExit(f"Daftar does not start: {' '.join(stops)}")
    with workroom.served(Path(app.instance_path)):
        keep_sweeping(app)
        server = waitress.create_server(app, host=host, port=port, **how_to_serve(app))
        print(f"http://{host}:{port}", flush=True)
        answer_until_told_to_end(server)


def answer_until_told_to_end(server: Any) -> None:
    """Serve until SIGTERM or Ctrl-C; then listen no more, finish what is under way, and return."""
    sockets: dict[int, Any] = server.map if hasattr(server, "map") else server._map
    told: list[float] = []

    def end(*_signal: object) -> None:
        told.append(monotonic())
        for number in SIGNALS:  # a second one ends it at once
            signal.signal(number, signal.SIG_DFL)

    for number in SIGNALS:
        signal.signal(number, end)
    while not told or (_under_way(sockets) and monotonic() - told[0] < MOST_SECONDS):
        if told:
            _let_go(sockets)
        server.asyncore.loop(timeout=0.5 if not told else 0.05, use_poll=True, map=sockets, count=1)


def _under_way(sockets: dict[int, Any]) -> list[HTTPChannel]:
    """The connections over which something was asked that is not answered to its end."""
    channels = [one for one in sockets.values() if isinstance(one, HTTPChannel)]
    return [one for one in channels if one.requests or one.total_outbufs_len]


def _let_go(sockets: dict[int, Any]) -> None:
    """Close what listens, and every connection on which nothing is under way."""
    busy = _under_way(sockets)
    for one in [*sockets.values()]:
        if isinstance(one, BaseWSGIServer):
            wasyncore.dispatcher.close(one)
        elif isinstance(one, HTTPChannel) and one not in busy:
            one.handle_close()


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
