"""A line as a phone has it: slow each way, narrow, cut wherever a test says so.

It stands between a browser and the notebook, and knows where a request and an
answer end. Its waiting is the line's, not the tests': they wait for what a
person would see.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import BinaryIO

from tests.browser.serving import UnderWay

A_PAGE_OF_ITS_OWN = b"<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"
# What may happen to a request.
THROUGH, BEFORE, AFTER, IN_THE_MIDDLE, BAD_GATEWAY = "through", "before", "after", "middle", "502"
CUTS = (BEFORE, AFTER, IN_THE_MIDDLE, BAD_GATEWAY)


@dataclass
class Message:
    """A request or an answer, as it was read."""

    head: bytes
    body: bytes

    @property
    def whole(self) -> bytes:
        return self.head + self.body

    @property
    def first_line(self) -> str:
        return self.head.split(b"\r\n", 1)[0].decode("latin-1")


@dataclass
class Line:
    """A port of this machine behind which the notebook answers, as `delay` (seconds each way) later."""

    onward: tuple[str, int]
    delay: float = 0.0
    bytes_a_second: float = float("inf")
    fate: Callable[[str], str] = lambda _asked: THROUGH
    """What happens to a request, by its first line; asked once for each."""
    asked: list[str] = field(default_factory=list)
    """Method and path of every request that set out, whatever became of it."""
    sent: int = 0
    received: int = 0
    """Bytes of requests, and of answers."""
    traffic: UnderWay = field(default_factory=UnderWay)

    def __post_init__(self) -> None:
        self._door = socket.create_server(("127.0.0.1", 0))
        self._alive: set[socket.socket] = set()
        self._held = threading.Event()
        self._narrow = threading.Lock()
        self.address = f"http://127.0.0.1:{self._door.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def begin(self) -> None:
        """Count from here."""
        self.asked.clear()
        self.sent = self.received = 0

    def cut(self, *fates: str, of: str = "POST") -> None:
        """Let these happen to the next requests of a method, one after another; then all go through."""
        to_come = list(fates)

        def fate(asked: str) -> str:
            return to_come.pop(0) if to_come and asked.startswith(of) else THROUGH

        self.fate = fate

    def down(self, fate: str) -> None:
        """Let this happen to everything that is posted, until `mend`.

        Of a kept connection that was closed a browser tells nobody: it posts again on another by itself.
        """
        self.fate = lambda asked: fate if asked.startswith("POST") else THROUGH

    def mend(self) -> None:
        """Let everything through."""
        self.fate = lambda _asked: THROUGH

    def close(self) -> None:
        """Take nobody any more, and let everybody go."""
        self._door.close()
        for each in list(self._alive):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        while True:
            try:
                phone, _address = self._door.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(phone,), daemon=True).start()

    def _serve(self, phone: socket.socket) -> None:
        """One connection: its first request pays for setting it up, each for its way there and back."""
        self._alive.add(phone)
        setting_up = 2 * self.delay
        with (
            phone,
            suppress(OSError, EOFError),
            phone.makefile("rb") as sent,
            socket.create_connection(self.onward) as notebook,
            notebook.makefile("rb") as answers,
        ):
            while True:
                request = read(sent)
                with self.traffic.one():
                    self._travel(len(request.whole), self.delay + setting_up)
                    setting_up = 0.0
                    if not self._pass_on(request, phone, notebook, answers):
                        break
        self._alive.discard(phone)

    def _pass_on(
        self, request: Message, phone: socket.socket, notebook: socket.socket, answers: BinaryIO
    ) -> bool:
        """Let its fate happen to a request that has arrived; False where the connection is cut."""
        self.sent += len(request.whole)
        self.asked.append(" ".join(request.first_line.split(" ")[:2]))
        fate = self.fate(request.first_line)
        if fate == BEFORE:
            return False
        if fate == BAD_GATEWAY:
            self._answer(phone, bad_gateway())
            return True
        notebook.sendall(request.whole)
        answer = read(answers, has_body=not request.first_line.startswith("HEAD"))
        if fate == AFTER:
            return False
        if fate == IN_THE_MIDDLE:
            self._answer(phone, Message(answer.head, answer.body[: len(answer.body) // 2]))
            return False
        self._answer(phone, answer)
        return True

    def _answer(self, phone: socket.socket, answer: Message) -> None:
        self._travel(len(answer.whole), self.delay)
        self.received += len(answer.whole)
        phone.sendall(answer.whole)

    def _travel(self, size: int, delay: float) -> None:
        """Let a message be under way: it waits for the line to be free, then for its own length."""
        arrives = time.monotonic() + delay
        with self._narrow:
            self._held.wait(size / self.bytes_a_second)
        self._held.wait(max(0.0, arrives - time.monotonic()))


def bad_gateway() -> Message:
    """What a proxy says for a notebook that is just being started."""
    head = (
        "HTTP/1.1 502 Bad Gateway\r\nServer: nginx\r\nContent-Type: text/html\r\n"
        f"Content-Length: {len(A_PAGE_OF_ITS_OWN)}\r\n\r\n"
    )
    return Message(head.encode(), A_PAGE_OF_ITS_OWN)


def read(stream: BinaryIO, *, has_body: bool = True) -> Message:
    """One request or answer. Raises EOFError where the other side has hung up."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        line = stream.readline()
        if not line:
            raise EOFError
        head += line
    length = 0
    for each in head.split(b"\r\n"):
        name, _colon, value = each.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    return Message(head, stream.read(length) if has_body and length else b"")


@contextmanager
def line_to(address: str, *, delay: float = 0.0, bits_a_second: float = 0.0) -> Iterator[Line]:
    """A line in front of the notebook at `address`; `delay` in seconds each way."""
    host, _colon, port = address.removeprefix("http://").partition(":")
    narrow = bits_a_second / 8 or float("inf")
    line = Line((host, int(port)), delay=delay, bytes_a_second=narrow)
    try:
        yield line
    finally:
        line.close()
