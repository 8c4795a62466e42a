"""How bytes reach the browser: static files with their content in their name, and compression."""

from __future__ import annotations

import base64
import gzip
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import brotli
import rjsmin
from flask import Flask, Response, abort, current_app, request

from app import i18n
from app.policy import public
from app.web.origin import is_asked_by_us

FROM_BYTES = 500
A_YEAR = "public, max-age=31536000, immutable"
END_OF_ENTRY_STYLE = "/* beyond the first screen */"

FOR_READERS = re.compile(rb"/\*.*?\*/|\n", re.DOTALL)  # of a stylesheet: comments, and lines
# What is sent under one name: as one file they save round trips; ours go without comments.
BUNDLES = {
    "site.css": ("text/css", ["site.css", "desk.css"]),
    "site.js": ("text/javascript", ["line.js", "site.js", "htmx.min.js"]),
    "icons.svg": ("image/svg+xml", ["icons.svg"]),
    "favicon.svg": ("image/svg+xml", ["favicon.svg"]),
}


@dataclass(frozen=True)
class StaticFile:
    """A file as it is sent: its name with the hash of its content, and each encoding."""

    name: str
    kind: str
    encodings: dict[str, bytes]


class StaticFiles:
    """The four files a browser ever gets, read and compressed once at the start."""

    def __init__(self, folder: Path) -> None:
        self.by_logical: dict[str, StaticFile] = {}
        for logical, (kind, parts) in BUNDLES.items():
            body = b"\n".join(_sent(folder / part) for part in parts)
            stem, _, suffix = logical.rpartition(".")
            self.by_logical[logical] = StaticFile(
                name=f"{stem}.{hashlib.sha256(body).hexdigest()[:8]}.{suffix}",
                kind=kind,
                encodings={
                    "br": brotli.compress(body, quality=11),
                    "gzip": gzip.compress(body, 9, mtime=0),
                    "identity": body,
                },
            )
        self.by_name = {file.name: file for file in self.by_logical.values()}
        style = (folder / "site.css").read_text()
        # The browser hashes the text between the tags, so it is kept here exactly as sent.
        self.entry_style = style.partition(END_OF_ENTRY_STYLE)[0].strip()
        digest = hashlib.sha256(self.entry_style.encode()).digest()
        self.entry_style_hash = base64.b64encode(digest).decode()

    def address(self, logical: str) -> str:
        """The address of a file by its plain name."""
        return f"/static/{self.by_logical[logical].name}"


def _sent(file: Path) -> bytes:
    """A file's bytes; what is ours loses its comments, and what only makes it readable."""
    body = file.read_bytes()
    if file.suffix == ".css":
        return FOR_READERS.sub(b"", body)
    if file.suffix != ".js" or ".min" in file.suffixes:
        return body
    return cast(str, rjsmin.jsmin(body.decode())).encode()


def init_app(app: Flask) -> None:
    app.extensions["static_files"] = StaticFiles(Path(app.root_path).parent / "static")
    app.add_url_rule("/static/<name>", "static_file", static_file)
    app.after_request(_compress)


@public("The style, the script and the icons are the same for everybody.", host="both")
def static_file(name: str) -> Response:
    """One of the files a page is made of, kept by the browser for a year."""
    files: StaticFiles = current_app.extensions["static_files"]
    if name not in files.by_name:
        abort(404)
    file = files.by_name[name]
    encoding = request.accept_encodings.best_match(["br", "gzip"]) or "identity"
    response = Response(file.encodings[encoding], mimetype=file.kind)
    response.headers["Cache-Control"] = A_YEAR
    response.headers["Vary"] = "Accept-Encoding"
    if encoding != "identity":
        response.headers["Content-Encoding"] = encoding
    return response


def _compress(response: Response) -> Response:
    """Brotli 5 in a window of 64 KiB, more than a page, then gzip 6; never for a page of the staff that another site may have asked for.

    Whoever can make a browser ask and can see lengths could guess a secret
    from how well a page compresses; our own pages and a typed address are the
    only askers. Older phones say it by Referer or Origin alone. Where they
    type an address they say nothing, as a page elsewhere can have them do: if
    a cookie came along, that one page travels as it is. Without any cookie
    the answer holds nothing of anybody, and a page for the public never does.
    """
    if (
        response.direct_passthrough
        or response.status_code in (204, 304)
        or "Content-Encoding" in response.headers
        or not (is_asked_by_us() or i18n.is_for_the_public() or not request.cookies)
        or not (response.mimetype or "").startswith("text/")
    ):
        return response
    body = response.get_data()
    if len(body) < FROM_BYTES:
        return response
    encoding = request.accept_encodings.best_match(["br", "gzip"])
    response.vary.add("Accept-Encoding")
    if encoding == "br":
        response.set_data(brotli.compress(body, mode=brotli.MODE_TEXT, quality=5, lgwin=16))
    elif encoding == "gzip":
        response.set_data(gzip.compress(body, 6, mtime=0))
    else:
        return response
    response.headers["Content-Encoding"] = encoding
    return response
