"""The headers that every answer carries, whatever its status."""

from __future__ import annotations

from flask import Flask, Response, current_app, g

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'{hashes}; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
ALWAYS = {
    "X-Own": "1",  # by which a page knows that an answer is ours, not a proxy's or a router's
    "Referrer-Policy": "same-origin",  # no-referrer makes browsers send Origin: null with a form
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Robots-Tag": "noindex, nofollow",
}


def init_app(app: Flask) -> None:
    app.after_request(_add)


def allow_style(sha256: str) -> None:
    """Let the page being made carry the inlined style with this hash."""
    g.style_hash = sha256


def _add(response: Response) -> Response:
    hashes = f" 'sha256-{g.style_hash}'" if g.get("style_hash") else ""
    response.headers["Content-Security-Policy"] = POLICY.format(hashes=hashes)
    response.headers.extend(ALWAYS)
    if not current_app.config["DAFTAR"].demo:
        response.headers["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"
    response.headers.setdefault("Cache-Control", "no-store")
    return response
