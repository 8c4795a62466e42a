"""The real server in a process of its own, and clients that ask it over the network."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from urllib.parse import urlencode

import app
from bench.organisation import Organisation

ROOT = Path(app.__file__).resolve().parents[1]
PORTS = range(8400, 8500)
STARTS_WITHIN = 20.0
OWN = {"Sec-Fetch-Site": "same-origin", "Accept-Encoding": "br, gzip"}


@dataclass
class Server:
    """Where it listens, and its process."""

    port: int
    process: subprocess.Popen[bytes]

    def memory(self, name: str = "VmRSS") -> float:
        """Its memory in MB: VmRSS now, VmHWM at its highest."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith(f"{name}:"))
        return int(line.split()[1]) / 1024

    def threads(self) -> int:
        """How many threads it has now."""
        return len(list(Path(f"/proc/{self.process.pid}/task").iterdir()))


@contextmanager
def serving(organisation: Organisation, **settings: str) -> Iterator[Server]:
    """Serve the organisation's folder with `flask serve` until the block ends."""
    port = _free_port()
    environ = os.environ | {
        "DAFTAR_INSTANCE": str(organisation.folder),
        "DAFTAR_DEMO": "1",
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "DAFTAR_DATABASE": organisation.address,
        **settings,
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "wsgi", "serve"],
        cwd=ROOT,
        env=environ,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(port, process)
        yield Server(port, process)
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


class Client:
    """One connection that is kept open."""

    def __init__(self, port: int, cookie: str = "", *, patience: float = 60) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=patience)
        self.headers = OWN | ({"Cookie": f"daftar={cookie}"} if cookie else {})

    def get(self, path: str) -> int:
        """The status of a page, read to its end."""
        return self._ask("GET", path, None, self.headers)

    def post(self, path: str, typed: dict[str, str], *, htmx: str = "") -> int:
        """The status after sending a form."""
        headers = self.headers | {"Content-Type": "application/x-www-form-urlencoded"}
        if htmx:
            headers |= {"HX-Request": "true", "HX-Target": f"p#{htmx}"}
        return self._ask("POST", path, urlencode(typed), headers)

    def _ask(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> int:
        self.connection.request(method, path, body, headers)
        response = self.connection.getresponse()
        response.read()
        return response.status


@contextmanager
def busy(works: list[Callable[[Event], None]]) -> Iterator[Event]:
    """Each work in a thread of its own; the event tells them that the block has ended."""
    over = Event()
    threads = [Thread(target=work, args=(over,), daemon=True) for work in works]
    for thread in threads:
        thread.start()
    try:
        yield over
    finally:
        over.set()
        for thread in threads:
            thread.join(30)


def _free_port() -> int:
    for port in PORTS:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port
    raise RuntimeError("No port between 8400 and 8499 is free.")


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        try:
            if Client(port).get("/healthz") == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("The server did not start.")
