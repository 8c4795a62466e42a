"""Requests straight into a WSGI application: the same environ for everybody who is compared."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

from werkzeug.test import EnvironBuilder

Wsgi = Any  # a WSGI application: (environ, start_response) -> chunks


class Asker:
    """One prepared request, to be asked again and again; uncompressed answers."""

    def __init__(
        self,
        method: str,
        path: str,
        *,
        cookie: str = "",
        typed: dict[str, str] | None = None,
        htmx: str = "",
    ) -> None:
        headers = {"Sec-Fetch-Site": "same-origin"}
        if cookie:
            headers["Cookie"] = f"daftar={cookie}"
        if htmx:
            headers |= {"HX-Request": "true", "HX-Target": f"p#{htmx}"}
        self.body = urlencode(typed or {}).encode()
        kind = "application/x-www-form-urlencoded" if typed is not None else None
        self.environ = EnvironBuilder(
            path=path, method=method, headers=headers, data=self.body, content_type=kind
        ).get_environ()

    def ask(self, app: Wsgi, **changed: Any) -> tuple[str, bytes]:
        """The status and the body."""
        environ = {**self.environ, "wsgi.input": BytesIO(self.body), **changed}
        answered: list[str] = []

        def start(status: str, _headers: Iterable[tuple[str, str]], _info: Any = None) -> None:
            answered.append(status)

        chunks = app(environ, start)
        try:
            body = b"".join(chunks)
        finally:
            if hasattr(chunks, "close"):
                chunks.close()
        return answered[0], body

    def page(self, app: Wsgi) -> bytes:
        """The body of an answer that must be 200."""
        status, body = self.ask(app)
        if not status.startswith("200"):
            raise RuntimeError(f"{self.environ['PATH_INFO']} answered {status}")
        return body
