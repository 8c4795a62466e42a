"""The application behind the server that an organisation runs: waitress, on a port of this machine."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from waitress.server import create_server

from app.cli.serving import how_to_serve

PORTS = range(8200, 8300)


class UnderWay:
    """How many requests are being answered, so that a test can wait until none is."""

    def __init__(self) -> None:
        self._number, self._changed = 0, threading.Condition()

    @contextmanager
    def one(self) -> Iterator[None]:
        """While a request is being answered."""
        with self._changed:
            self._number += 1
        try:
            yield
        finally:
            with self._changed:
                self._number -= 1
                self._changed.notify_all()

    def none(self) -> None:
        """Wait until every request was answered: what a page sent while it closed as well."""
        with self._changed:
            self._changed.wait_for(lambda: not self._number)


@dataclass
class Server:
    """Where the notebook is, and what it was asked for."""

    address: str = ""
    asked: list[str] = field(default_factory=list)
    """Method and path of each request that reached it; the favicon does not count."""
    traffic: UnderWay = field(default_factory=UnderWay)


@contextmanager
def served(app: Any) -> Iterator[Server]:
    """Serve as `flask serve` does, in threads of this process.

    In this process, so that the server reads the clock and the database of the test.
    """
    shown = Server()

    def written_down(environ: dict[str, Any], start_response: Any) -> Any:
        if "favicon" not in environ["PATH_INFO"]:
            shown.asked.append(f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}")
        with shown.traffic.one():
            return app(environ, start_response)

    server = _on_a_free_port(written_down, how_to_serve(app))
    shown.address = f"http://127.0.0.1:{server.effective_port}"
    threading.Thread(target=server.run, daemon=True).start()
    try:
        yield shown
    finally:
        server.close()


def _on_a_free_port(app: Any, how: dict[str, Any]) -> Any:
    for port in PORTS:
        try:
            return create_server(app, host="127.0.0.1", port=port, **how)
        except OSError:
            continue
    raise OSError(f"No port is free in {PORTS}.")
