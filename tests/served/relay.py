"""Counts the bytes that travel between a phone and the proxy, with everything that TLS and HTTP/2 add."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from contextlib import suppress

PIECE = 65_536


class Relay:
    """A port of this machine that hands everything on to another, and counts it."""

    def __init__(self, onward: int) -> None:
        self.sent = self.received = 0
        self._onward = onward
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._door.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def begin(self) -> None:
        """Count from here."""
        self.sent = self.received = 0

    def close(self) -> None:
        """Take nobody any more."""
        self._door.close()

    def _accept(self) -> None:
        while True:
            try:
                phone, _address = self._door.accept()
            except OSError:
                return
            proxy = socket.create_connection(("127.0.0.1", self._onward))
            for source, target, count in (
                (phone, proxy, self._count_sent),
                (proxy, phone, self._count_received),
            ):
                threading.Thread(
                    target=self._hand_on, args=(source, target, count), daemon=True
                ).start()

    def _count_sent(self, number: int) -> None:
        self.sent += number

    def _count_received(self, number: int) -> None:
        self.received += number

    def _hand_on(
        self, source: socket.socket, target: socket.socket, count: Callable[[int], None]
    ) -> None:
        with source, target, suppress(OSError):
            while piece := source.recv(PIECE):
                count(len(piece))
                target.sendall(piece)
