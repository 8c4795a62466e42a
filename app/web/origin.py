"""Where a request comes from: an unsafe method passes only from our own pages.

Instead of a token in each page, which expires with a long note in it and can
be guessed from compressed pages, the browser's own word is taken:
Sec-Fetch-Site, or Origin where that header is absent.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, abort, current_app, g, request

from app.extensions import SAFE_METHODS


def init_app(app: Flask) -> None:
    app.before_request(_refuse_foreign)


def own_origin() -> str:
    """Our own scheme and host: as configured, otherwise as this request was addressed."""
    configured: str = current_app.config["DAFTAR"].address
    return configured or request.host_url.rstrip("/")


def is_own() -> bool:
    """Whether the browser says that this request was made by one of our own pages."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("Origin", "")
    return bool(origin) and urlsplit(origin)[:2] == urlsplit(own_origin())[:2]


def _refuse_foreign() -> None:
    if "\0" in request.path:
        abort(404)
    if request.method not in SAFE_METHODS and not is_own():
        g.foreign = True  # nothing that came with it is read or kept
        abort(403)
