"""What every view shares and that knows nothing of the domain."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from io import BytesIO
from typing import IO, Any

import flask
from flask import Flask
from flask.sessions import NullSession, SessionInterface

from app.web import delivery, headers, origin, problems, transaction


class Application(Flask):
    """Flask, but what breaks is logged by its kind and place: a message can quote what was typed."""

    def log_exception(self, exc_info: Any, *_args: Any) -> None:
        kind, _error, trace = exc_info
        where = "".join(traceback.format_tb(trace))
        self.logger.error("%s at %s\n%s", kind.__name__, flask.request.endpoint, where)

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """None of ours is asynchronous; Flask would look at each view and hook, each time."""
        return func


class NoFlaskSession(SessionInterface):
    """Flask's own session is a readable cookie: there is none."""

    def open_session(self, *_args: Any) -> NullSession:
        return NullSession()

    def save_session(self, *_args: Any) -> None:
        return


class Request(flask.Request):
    """A request whose uploads, should anybody send one, never touch a temporary file."""

    def _get_file_stream(self, *_args: Any, **_kwargs: Any) -> IO[bytes]:
        return BytesIO()


def init_app(app: Flask) -> None:
    """Hook the parts in, outermost last: Flask runs after_request hooks in reverse."""
    origin.init_app(app)
    delivery.init_app(app)
    headers.init_app(app)
    problems.init_app(app)
    transaction.init_app(app)
