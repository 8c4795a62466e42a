"""Two server processes on one database, and clients that talk to them as phones do."""

from __future__ import annotations

import http.client
import os
import random
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from tests.organisation import Account
from tests.source import ROOT

PORTS = range(20_000, 32_000)  # the system gives those above to whoever connects
READY_WITHIN = 30.0


class Servers:
    """Processes that serve the same notebook, each with its own port and nothing shared but the database."""

    def __init__(self, number: int, address: str, instance: Path, **settings: str) -> None:
        self.log = (instance / "servers.log").open("wb")
        environ = os.environ | {
            "DAFTAR_DEMO": "1",
            "DAFTAR_PASSPHRASE_COST": "8,1,1",
            "DAFTAR_DATABASE": address,
            "DAFTAR_INSTANCE": str(instance),
            **settings,
        }
        self.ports, self.processes = [], []
        for port in free_ports(number):
            command = [sys.executable, "-m", "flask", "--app", "wsgi", "serve", "--port", str(port)]
            self.ports.append(port)
            self.processes.append(
                subprocess.Popen(command, cwd=ROOT, env=environ, stdout=self.log, stderr=self.log)
            )
        for port in self.ports:
            self._wait_for(port)

    def stop(self) -> str:
        """End them; what they wrote to their log."""
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            process.wait(timeout=READY_WITHIN)
        self.log.close()
        return Path(self.log.name).read_text()

    def _wait_for(self, port: int) -> None:
        until = time.monotonic() + READY_WITHIN
        while time.monotonic() < until:
            try:
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
                connection.request("GET", "/healthz")
                if connection.getresponse().status in (200, 404):  # 404: it has other names
                    return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError(f"The server on port {port} does not answer: {self.stop()}")


@dataclass
class Client:
    """One phone: signed in on one server, writing without a pause."""

    port: int
    account: Account
    statuses: list[int] = field(default_factory=list)
    locations: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        self.cookie = ""
        typed = {"username": self.account.username, "passphrase": self.account.passphrase}
        _status, headers = self.post("/sign-in", typed)
        while headers.get("Location", "/turn") == "/turn":  # two at a time: ask for one's turn
            self.cookie = headers.get("Set-Cookie", self.cookie).partition(";")[0]
            _status, headers = self.ask("GET", "/turn")
        self.cookie = headers["Set-Cookie"].partition(";")[0]
        assert self.cookie.startswith("daftar=")

    def post(
        self, address: str, typed: dict[str, str], htmx: str = ""
    ) -> tuple[int, dict[str, str]]:
        """Post a form; the status and the headers of the answer."""
        status, headers = self.ask("POST", address, urlencode(typed), htmx)
        self.statuses.append(status)
        self.locations.append(headers.get("Location", ""))
        return status, headers

    def ask(
        self, method: str, address: str, body: str = "", htmx: str = ""
    ) -> tuple[int, dict[str, str]]:
        """Ask for something; the status and the headers of the answer, of two alike the last."""
        sent = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Sec-Fetch-Site": "same-origin",
            "Cookie": self.cookie,
        }
        if htmx:
            sent |= {"HX-Request": "true", "HX-Target": f"div#{htmx}"}
        self.connection.request(method, address, body, sent)
        answer = self.connection.getresponse()
        answer.read()
        return answer.status, dict(answer.getheaders())

    def done(self, address: str, typed: dict[str, str], htmx: str = "") -> bool:
        """Whether what was posted is acknowledged as done."""
        status, headers = self.post(address, typed, htmx)
        led = headers.get("Location", "")
        return status == 200 or (status == 303 and "kept=" not in led and "/problem/" not in led)


def free_ports(number: int) -> list[int]:
    """Ports that nobody has; by chance, so that two tests at once are not given the same."""
    free = []
    for port in random.SystemRandom().sample(PORTS, len(PORTS)):
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)):
                free.append(port)
        if len(free) == number:
            return free
    raise RuntimeError(f"No {number} free ports in {PORTS}.")
