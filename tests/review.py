"""What every answer is checked for, whichever test asked for it."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter

from werkzeug.test import TestResponse

from tests.document import Document, Node

HEADERS = {
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex",
    "Permissions-Policy": "camera=()",
}
DIRECTIVES = {
    "default-src 'none'",
    "script-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
}
# What keeps a browser and its keyboard from sending on, or learning, what is typed.
UNHEARD = {"spellcheck": "false", "writingsuggestions": "false", "autocorrect": "off"}
UNTYPED = ("hidden", "submit", "button", "image", "reset")


def review_headers(response: TestResponse) -> None:
    """The headers that protect, on every answer whatever its status."""
    where = f"{response.request.method} {response.request.path} ({response.status_code})"
    for name, begins in HEADERS.items():
        found = response.headers.get(name, "")
        assert found.startswith(begins), f"{where}: {name} must begin with {begins}, not {found!r}."
    policy = response.headers.get("Content-Security-Policy", "")
    parts = {part.strip() for part in policy.split(";")}
    assert parts >= DIRECTIVES, f"{where}: the content policy lacks {DIRECTIVES - parts}."
    assert "unsafe" not in policy, f"{where}: the content policy allows something unsafe."
    styles = [part for part in parts if part.startswith("style-src")]
    assert styles and styles[0].startswith("style-src 'self'"), f"{where}: styles from elsewhere."
    is_file = response.request.path.startswith("/static/") and response.status_code == 200
    kept = response.headers.get("Cache-Control")
    assert is_file or kept == "no-store", f"{where}: a page must not be kept (no-store): {kept!r}."
    assert "ETag" not in response.headers, f"{where}: an ETag lets a page be recognised."
    assert "session" not in response.headers.get("Set-Cookie", ""), f"{where}: a readable cookie."


def review_status(response: TestResponse, *, htmx: bool, foreign: bool) -> None:
    """What was typed must not stay on the phone: a full-page POST is answered by 303 alone."""
    if response.request.method == "POST" and not htmx and not foreign:
        assert response.status_code == 303, (
            f"POST {response.request.path} answered {response.status_code}: a browser writes what "
            "was typed to its disk unless the answer is a 303."
        )


def review_html(response: TestResponse, document: Document, *, full: bool) -> None:
    """An HTML answer: whole, labelled, in a language and a direction, without inline code."""
    where = f"{response.request.method} {response.request.path}"
    root = document.root
    assert not document.faults, f"{where}: the HTML is broken: {document.faults[:3]}."
    ids = Counter(node["id"] for node in root.all() if node.has("id"))
    twice = [name for name, times in ids.items() if times > 1]
    assert not twice, f"{where}: ids must be unique on a page: {twice}."
    if full:
        _review_frame(where, document)
    for form in root.all("form"):
        assert form.get("action").startswith("/"), f"{where}: a form without an action: {form!r}."
        sends = form.get("hx-post") or form.get("hx-get") or form["action"]
        assert sends == form["action"], f"{where}: htmx and the form differ: {form!r}."
    for link in root.all("a"):
        assert link.get("hx-get", link.get("href")) == link.get("href"), f"{where}: {link!r}."
    for field in root.all("input", "select", "textarea"):
        _review_field(where, root, field)
    for button in root.all("button"):
        named = button.words or button.get("aria-label")
        assert named, f"{where}: a button without a word: {button!r}."
    for node in root.all():
        _review_code(where, response, node)


def _review_frame(where: str, document: Document) -> None:
    assert document.doctype.lower() == "doctype html", f"{where}: no doctype."
    html = document.root.first("html")
    assert html is not None, f"{where}: no <html>."
    pair = (html.get("lang"), html.get("dir"))
    assert pair in (("ar", "rtl"), ("en", "ltr")), f"{where}: language and direction are {pair}."
    kept = document.root.first("meta", name="google")
    kept_here = html.get("translate") == "no" and kept and kept.get("content") == "notranslate"
    assert kept_here, f"{where}: a browser would offer to send this page to a translator."
    headings = document.root.all("h1")
    assert len(headings) == 1, f"{where}: one h1 on a page, not {len(headings)}."
    title = document.root.first("title")
    assert title is not None and title.raw.strip(), f"{where}: a page without a title."


def _review_field(where: str, root: Node, field: Node) -> None:
    kind = field.get("type", "text") if field.tag == "input" else field.tag
    if kind in UNTYPED:
        return
    assert field.has("name"), f"{where}: a field without a name is never sent: {field!r}."
    label = root.first("label", for_=field["id"]) if field.has("id") else None
    label = label or field.inside("label")
    named = (label and label.words) or field.get("aria-label") or field.get("aria-labelledby")
    assert named, f"{where}: a field without a label: {field!r}."
    assert kind != "number", f"{where}: type=number drops Arabic-Indic digits: {field!r}."
    if kind in ("text", "search", "textarea"):
        off = field.get("autocomplete") or (field.inside("form") or field).get("autocomplete")
        assert off == "off", f"{where}: a browser would remember what is typed here: {field!r}."
        for name, value in UNHEARD.items():
            assert field.get(name) == value, f"{where}: {name} would let others listen: {field!r}."
    for name in field.get("aria-describedby").split():
        assert root.first(id=name), f"{where}: nothing has the id {name} that describes {field!r}."


def _review_code(where: str, response: TestResponse, node: Node) -> None:
    if node.tag == "script":
        assert node.has("src") and not node.raw.strip(), f"{where}: a script within the page."
    if node.tag == "style":
        digest = base64.b64encode(hashlib.sha256(node.raw.encode()).digest()).decode()
        allowed = f"'sha256-{digest}'" in response.headers["Content-Security-Policy"]
        assert allowed, f"{where}: a style within the page that the policy does not allow."
    for name, value in node.attrs.items():
        inline = name == "style" or name.startswith(("on", "hx-on"))
        assert not inline, f"{where}: code or style within an attribute: {node!r}."
        if name in ("href", "src", "action"):
            safe = value.startswith(
                ("/", "#", "tel:", "mailto:", "sgnl:", "whatsapp:", "otpauth:", "?")
            )
            assert safe and not value.startswith("//"), f"{where}: leads elsewhere: {node!r}."


__all__ = ["review_headers", "review_html", "review_status"]
