"""A browser for tests that reaches the notebook as a phone does: TLS, HTTP/2, the proxy, from its own address."""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import httpx
from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder, TestResponse
from werkzeug.wrappers import Request

from tests.client import Browser
from tests.organisation import Account
from tests.served.proxy import OWN, Proxy

PATIENCE = 60  # seconds until a test that waits for nothing fails


class Phone(Browser):
    """A `Browser` on a real connection; `address` is where in 127.0.0.0/8 it is."""

    def __init__(
        self,
        proxy: Proxy,
        staff: Mapping[str, Account],
        *,
        address: str = "127.0.0.1",
        host: str = OWN,
        port: int = 0,
    ) -> None:
        self.proxy, self.address, self.host, self.port = proxy, address, host, port or proxy.port
        connection = Connection(proxy, address, host, self.port)
        super().__init__(SimpleNamespace(test_client=lambda: connection), staff)  # type: ignore[arg-type]
        self.line = connection

    def another(self, **how: Any) -> Phone:
        """Another phone of the same kind."""
        as_here = {"address": self.address, "host": self.host, "port": self.port}
        return Phone(self.proxy, self.staff, **as_here | how)


class Connection:
    """What Flask's test client is elsewhere, over one connection that stays open."""

    def __init__(self, proxy: Proxy, address: str, host: str, port: int) -> None:
        self.host = f"{host}:{proxy.port}"
        transport = httpx.HTTPTransport(verify=proxy.trust, http2=True, local_address=address)
        self.http = httpx.Client(transport=transport, timeout=PATIENCE)
        self._base, self._server_name = f"https://127.0.0.1:{port}", host
        self.cookies: dict[str, str] = {}
        self.versions: set[str] = set()

    def open(
        self,
        address: str,
        *,
        method: str,
        data: Any = None,
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
    ) -> TestResponse:
        """Ask for something, as Flask's test client does."""
        sent = {"Host": self.host} | dict(headers or {})
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        asked = self.http.build_request(
            method,
            self._base + address,
            data=data,
            content=content,
            headers=sent,
            extensions={"sni_hostname": self._server_name},
        )
        answer = self.http.send(asked, stream=True)
        body = b"".join(answer.iter_raw())
        self.versions.add(answer.http_version)
        self._keep(answer.headers.get_list("set-cookie"))
        environ = EnvironBuilder(
            address, f"https://{self.host}", method=method, headers=sent
        ).get_environ()
        return TestResponse(
            [body],
            f"{answer.status_code} {answer.reason_phrase}",
            Headers(list(answer.headers.multi_items())),
            Request(environ),
        )

    def _keep(self, cookies: list[str]) -> None:
        for cookie in cookies:
            name, _equals, value = cookie.partition(";")[0].partition("=")
            if value:
                self.cookies[name] = value
            else:
                self.cookies.pop(name, None)
