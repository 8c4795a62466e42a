"""A browser for tests: it signs in, keeps cookies, reads pages, presses their buttons, acts as htmx."""

from __future__ import annotations

import gzip
import io
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import brotli
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.document import Document, Node
from tests.organisation import Account
from tests.review import review_headers, review_html, review_status

UNSENT = ("submit", "button", "image", "reset", "file")


class Browser:
    """One browser with its own cookies; `as_` gives another one, signed in."""

    def __init__(self, app: Flask, staff: Mapping[str, Account]) -> None:
        self.app, self.staff = app, staff
        self.client: FlaskClient = app.test_client()
        self.sent_cookies = 0
        self.who = ""

    def as_(self, who: str) -> Browser:
        """A browser in which this member of staff has just signed in."""
        other = Browser(self.app, self.staff)
        account, other.who = self.staff[who], who
        typed = {"username": account.username, "passphrase": account.passphrase}
        page = other.post("/sign-in", typed)
        assert page.location == "/", f"{who} could not sign in: {page.location}"
        return other

    def get(self, address: str, *, htmx: str = "", **headers: str) -> Page:
        """Open an address; as htmx where `htmx` names the region it wants (an id)."""
        return self._open("GET", address, None, htmx, headers)

    def post(
        self,
        address: str,
        typed: Any = None,
        *,
        htmx: str = "",
        foreign: bool = False,
        **headers: str,
    ) -> Page:
        """Send a form; `foreign` as another site's page would."""
        if foreign:
            headers = {"Sec-Fetch-Site": "cross-site"} | headers
        return self._open("POST", address, typed or {}, htmx, headers, foreign=foreign)

    def _open(
        self,
        method: str,
        address: str,
        typed: Any,
        htmx: str,
        headers: dict[str, str],
        *,
        foreign: bool = False,
    ) -> Page:
        sent = {"Sec-Fetch-Site": "same-origin", "Accept-Encoding": "br, gzip"}
        if htmx:
            sent |= {"HX-Request": "true", "HX-Target": f"div#{htmx}"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        response = self.client.open(address, method=method, data=typed, headers=sent)
        self.sent_cookies = len(response.request.headers.get("Cookie", ""))
        review_headers(response)
        review_status(response, htmx=bool(htmx), foreign=foreign)
        return Page(self, response, htmx=bool(htmx))


class Page:
    """One answer, as a person sees it and as it was sent."""

    def __init__(self, browser: Browser, response: TestResponse, *, htmx: bool) -> None:
        self.browser, self.response = browser, response
        self.status, self.headers = response.status_code, response.headers
        self.sent = response.data
        self.body = unpacked(response)
        self.address = response.request.full_path.rstrip("?")
        self.document: Document | None = None
        if response.mimetype == "text/html" and self.status != 303 and self.body:
            self.document = Document(self.body.decode())
            full = self.document.root.first("html") is not None
            assert full or htmx, f"{self.address}: a browser got a fragment without a page."
            review_html(response, self.document, full=full)

    def __contains__(self, words: str) -> bool:
        return words in self.words

    @property
    def root(self) -> Node:
        """The top of the page's tree."""
        assert self.document is not None, f"{self.address} ({self.status}) is not HTML."
        return self.document.root

    @property
    def words(self) -> str:
        """All that can be read on it."""
        return self.root.words

    @property
    def text(self) -> str:
        """The HTML as written."""
        return self.body.decode()

    @property
    def location(self) -> str:
        """Where a redirect leads: path and query."""
        target = self.headers.get("Location") or self.headers.get("HX-Redirect") or ""
        parts = urlsplit(target)
        return parts.path + (f"?{parts.query}" if parts.query else "")

    def follow(self) -> Page:
        """Where a 303, or htmx's redirect, leads."""
        assert self.location, f"{self.address} ({self.status}) leads nowhere."
        return self.browser.get(self.location)

    def link(self, words: str) -> str:
        """The address of the link with these words."""
        found = [a["href"] for a in self.root.all("a") if words in a.words]
        assert found, f"{self.address}: no link says {words!r}."
        return found[0]

    def form(self, action: str = "", *, button: str = "") -> FormOnPage:
        """The form with that action (all of it, or how its path ends), or with that button."""
        found = []
        for form in self.root.all("form"):
            path = urlsplit(form["action"]).path
            fits = not action or action in (form["action"], path) or path.endswith(action)
            on_page = FormOnPage(self, form)
            if fits and (not button or on_page.buttons(button)):
                found.append(on_page)
        named = [f.node["action"] for f in found]
        assert len(found) == 1, f"{self.address}: one form {action} {button} wanted, not {named}."
        return found[0]


class FormOnPage:
    """A form as it stands on a page: fill its fields, press one of its buttons."""

    def __init__(self, page: Page, node: Node) -> None:
        self.page, self.node = page, node
        self.values = [pair for control in self._controls() for pair in _value(control)]
        self.files: dict[str, tuple[bytes, str]] = {}

    def __getitem__(self, name: str) -> str:
        return dict(self.values)[name]

    def names(self) -> set[str]:
        """The names of its fields."""
        return {c["name"] for c in self._controls() if c.has("name")}

    def fill(self, **typed: Any) -> FormOnPage:
        """Type into fields by name; True and False tick and untick; only what can be chosen is."""
        for name, value in typed.items():
            controls = [c for c in self._controls() if c.get("name") == name]
            assert controls, f"The form has no field {name}, only {sorted(self.names())}."
            self.values = [pair for pair in self.values if pair[0] != name]
            if value is False:
                continue
            offered = _offered(controls)
            if value is True:
                value = next(iter(offered))
            assert not offered or str(value) in offered, f"{name}: {value} is not in {offered}."
            self.values.append((name, str(value)))
        return self

    def attach(self, **files: tuple[bytes, str]) -> FormOnPage:
        """Choose files by the names of their fields: what is in each, and what it is called."""
        for name in files:
            assert self.node.first("input", type="file", name=name), (
                f"No file can be chosen: {name}"
            )
        self.files |= files
        return self

    def press(self, words: str = "", *, htmx: bool = False, **button: str) -> Page:
        """Press the button with these words (or name and value), as a browser or as htmx would."""
        found = self.buttons(words, **button)
        assert found, f"The form {self.node!r} has no button {words or button}."
        pressed = found[0]
        values = [*self.values]
        if pressed.has("name"):
            values.append((pressed["name"], pressed.get("value")))
        typed: dict[str, list[Any]] = {}
        for name, value in values:
            typed.setdefault(name, []).append(value)
        if self.files:
            assert self.node.get("enctype") == "multipart/form-data", "A file is sent as its name."
            typed |= {name: [(io.BytesIO(of), called)] for name, (of, called) in self.files.items()}
        region = ""
        if htmx:
            assert self.node.has("hx-post"), f"htmx does not send {self.node!r}."
            region = self.node.get("hx-target").lstrip("#")
        return self.page.browser.post(self.node["action"], typed, htmx=region)

    def buttons(self, words: str = "", **attrs: str) -> list[Node]:
        """Its buttons that say these words and have these attributes."""
        every = [*self.node.all("button", **attrs), *self._outside("button", **attrs)]
        return [b for b in every if words in b.words and b.get("type", "submit") == "submit"]

    def _controls(self) -> list[Node]:
        own = [c for c in self.node.all("input", "select", "textarea") if not c.has("form")]
        return [*own, *self._outside("input", "select", "textarea")]

    def _outside(self, *tags: str, **attrs: str) -> list[Node]:
        if not self.node.has("id"):
            return []
        return self.page.root.all(*tags, form=self.node["id"], **attrs)


def unpacked(response: TestResponse) -> bytes:
    """The body as it was before it was compressed."""
    encoding = response.headers.get("Content-Encoding")
    if encoding == "br":
        return brotli.decompress(response.data)
    return gzip.decompress(response.data) if encoding == "gzip" else response.data


def _value(control: Node) -> list[tuple[str, str]]:
    """What a control sends as it stands."""
    kind = control.get("type", "text") if control.tag == "input" else control.tag
    if not control.has("name") or control.has("disabled") or kind in UNSENT:
        return []
    if kind in ("checkbox", "radio"):
        return [(control["name"], control.get("value", "on"))] if control.has("checked") else []
    if kind == "select":
        options = control.all("option")
        chosen = [o for o in options if o.has("selected")] or options[:1]
        return [(control["name"], o.get("value", o.words)) for o in chosen]
    text = (
        control.raw.replace("\r\n", "\n").removeprefix("\n")
        if kind == "textarea"
        else control.get("value")
    )
    return [(control["name"], text)]


def _offered(controls: list[Node]) -> list[str]:
    """What can be chosen; empty where anything may be typed."""
    first = controls[0]
    if first.tag == "select":
        return [option.get("value", option.words) for option in first.all("option")]
    if first.get("type") in ("radio", "checkbox"):
        return [control.get("value", "on") for control in controls]
    return []
