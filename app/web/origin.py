"""Where a request comes from and on which of our hosts it arrives.

An unsafe method passes only from our own pages.

Instead of a token in each page, which expires with a long note in it and can
be guessed from compressed pages, the browser's own word is taken:
Sec-Fetch-Site, or Origin where that header is absent.
"""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit

from flask import Flask, Request, abort, current_app, g, request

from app.extensions import SAFE_METHODS


def init_app(app: Flask) -> None:
    app.before_request(_keep_hosts_apart)
    app.before_request(_refuse_foreign)


def own_origin() -> str:
    """Our own scheme and host: as configured, otherwise as this request was addressed."""
    if on_public_host():
        return public_origin()
    configured: str = current_app.config["DAFTAR"].address
    return configured or request.host_url.rstrip("/")


def public_origin() -> str:
    """The scheme and host of the pages for the public: a host of their own where one is set."""
    settings = current_app.config["DAFTAR"]
    if not settings.public_host:
        return own_origin()
    return f"{'http' if settings.demo else 'https'}://{settings.public_host}"


def on_public_host() -> bool:
    """Whether this request came to the host that only serves the public."""
    public_host = current_app.config["DAFTAR"].public_host
    return bool(public_host) and _named(request.host) == _named(public_host)


def is_own() -> bool:
    """Whether the browser says that this request was made by one of our own pages."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    return _is_ours(request.headers.get("Origin", ""))


def is_asked_by_us() -> bool:
    """Whether no other site can have made the browser ask for this: one of our pages, or a person.

    Phones that do not know Sec-Fetch-Site name the page before in Referer,
    which no other site can write; without it, nobody is known to have asked.
    """
    headers = request.headers
    site = headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in ("same-origin", "none")
    return _is_ours(headers.get("Origin") or headers.get("Referer", ""))


def _is_ours(address: str) -> bool:
    return bool(address) and parts(address)[:2] == parts(own_origin())[:2]


def has_left(asked: Request) -> bool:
    """Whether somebody left quickly in this browser, and this is its first request since."""
    return mark_of_leaving() in asked.cookies


def mark_of_leaving() -> str:
    """The name of the cookie that says so, set by the page itself; `__Host-` needs https."""
    return "left" if current_app.config["DAFTAR"].demo else "__Host-left"


def parts(address: str) -> SplitResult:
    """The parts of an address that a browser sent; all empty where it is none."""
    try:
        return urlsplit(address)
    except ValueError:
        return urlsplit("")


def _named(host: str) -> tuple[str, int | None]:
    """A host however it was spelt, and its port unless it is a usual one."""
    address = parts(f"//{host}")
    try:
        port = address.port
    except ValueError:
        return "", None
    return (address.hostname or "").rstrip("."), None if port in (80, 443) else port


def _keep_hosts_apart() -> None:
    """Where the public has a host of its own, no page of the staff answers there, nor theirs here.

    Under a third name there is nothing at all.
    """
    settings = current_app.config["DAFTAR"]
    if not settings.public_host or request.endpoint is None:
        return
    ours = _named(parts(settings.address).netloc)
    if settings.address and not on_public_host() and _named(request.host) != ours:
        abort(404)
    answers_on = getattr(current_app.view_functions[request.endpoint], "host", "own")
    if answers_on != "both" and (answers_on == "public") != on_public_host():
        abort(404)


def _refuse_foreign() -> None:
    if "\0" in request.path:
        abort(404)
    if request.method not in SAFE_METHODS and not is_own():
        g.foreign = True  # nothing that came with it is read or kept
        abort(403)
