"""What is typed blind can be shown: by our script in its place, without it by opening the page so."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Flask, request

NAME = "shown"


def is_shown() -> bool:
    """Whether this page was asked to show what is typed blind."""
    return request.args.get(NAME) == "yes"


def address() -> str:
    """This page with what is typed shown, or hidden again."""
    asked = [pair for pair in request.args.items(multi=True) if pair[0] != NAME]
    query = urlencode(asked if is_shown() else [*asked, (NAME, "yes")])
    return f"{request.path}?{query}" if query else request.path


def init_app(app: Flask) -> None:
    """Let templates ask; the fields' macro is told nothing of the request."""
    for environment in app.extensions["environments"].values():
        environment.globals |= {"typed_is_shown": is_shown, "show_typed": address}
