"""`make dev`: the invented organisation, started anew whenever a file changes, with what each request cost."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextvars import ContextVar
from inspect import unwrap
from pathlib import Path
from time import perf_counter
from typing import Any

import click
from flask import Flask, current_app
from sqlalchemy import event
from werkzeug.exceptions import HTTPException
from werkzeug.serving import WSGIRequestHandler, run_simple

from app.extensions import db

WATCHED = ("templates/**/*.html", "static/*", "app/translations/**/*.po")
_asked: ContextVar[list[str]] = ContextVar("_asked")


@click.command()
@click.option("--host", default=lambda: os.environ.get("HOST", "127.0.0.1"))
@click.option("--port", default=lambda: os.environ.get("PORT", "8000"), type=int)
def dev(host: str, port: int) -> None:
    """Serve while one edits (only with DAFTAR_DEMO=1): each request says its time and its statements."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    if not app.config["DAFTAR"].demo:
        raise click.ClickException("Set DAFTAR_DEMO=1: this server is not for real people.")
    root = Path(app.root_path).parent
    files = [str(path) for pattern in WATCHED for path in root.glob(pattern)]
    app.wsgi_app = Telling(app, app.wsgi_app)  # type: ignore[method-assign]
    run_simple(
        host, port, app, request_handler=Quiet, threaded=True, use_reloader=True, extra_files=files
    )


class Quiet(WSGIRequestHandler):
    """What is said of a request is said below."""

    def log_request(self, *_what: Any) -> None:
        pass


class Telling:
    """Says of each request on a line: the answer, how long it took, how often the database was asked, whose view."""

    def __init__(self, app: Flask, wsgi_app: Any) -> None:
        self.app, self.wsgi_app = app, wsgi_app
        with app.app_context():
            event.listen(db.engine, "before_cursor_execute", _hear)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        begun, asked = perf_counter(), list[str]()
        _asked.set(asked)

        def start(status: str, headers: Any, *more: Any) -> Any:
            took = (perf_counter() - begun) * 1000
            what = f"{environ['REQUEST_METHOD']:<4} {environ['PATH_INFO']}"
            cost = f"{took:6.1f} ms {len(asked):3} statements"
            click.echo(f"{status[:3]} {cost}  {what}  {self._view(environ)}")
            return start_response(status, headers, *more)

        body: Iterable[bytes] = self.wsgi_app(environ, start)
        return body

    def _view(self, environ: dict[str, Any]) -> str:
        """Where the view stands that answered, as an editor opens it."""
        try:
            endpoint, _values = self.app.url_map.bind_to_environ(environ).match()
        except HTTPException:
            return ""
        code = unwrap(self.app.view_functions[endpoint]).__code__
        path = Path(code.co_filename)
        return f"{path.relative_to(Path(self.app.root_path).parent)}:{code.co_firstlineno}"


def _hear(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
    _asked.get([]).append(statement)
