"""The browser of the tests notices what it is there to notice: each fault is shown to it once."""

from __future__ import annotations

import pytest
from flask import Flask, Response

from app.web.headers import ALWAYS, POLICY
from tests.client import Browser
from tests.document import Document

GOOD = """<!doctype html>
<html lang="ar" dir="rtl" translate="no"><head><meta name="google" content="notranslate"><title>اليوم</title></head>
<body><h1>اليوم</h1>
<form method="post" action="/save" autocomplete="off" hx-post="/save" hx-target="#here">
<label for="name">Name</label><input id="name" name="name" spellcheck="false" writingsuggestions="false"
 autocorrect="off" value="Maya">
<label>Size <select name="size"><option value="s">S<option value="m" selected>M</select></label>
<label><input type="checkbox" name="tick" value="yes"> Tick</label>
<label for="text">Text</label><textarea id="text" name="text" spellcheck="false" writingsuggestions="false"
 autocorrect="off">
two
lines</textarea>
<input type="hidden" name="once" value="k7wq">
<button name="do" value="save">Save</button><button name="do" value="drop">Drop</button>
</form></body></html>"""
# What is wrong, how to make it so, and a word the message has.
FAULTS = {
    "two headings": ("<h1>اليوم</h1>", "<h1>a</h1><h1>b</h1>", "one h1"),
    "no heading": ("<h1>اليوم</h1>", "", "one h1"),
    "an id twice": ("<h1>", '<p id="name"></p><h1>', "unique"),
    "a field without a label": ('<label for="name">Name</label>', "", "without a label"),
    "a form without an action": ('action="/save"', "", "without an action"),
    "htmx posts elsewhere": ('hx-post="/save"', 'hx-post="/other"', "htmx and the form"),
    "no language": (' lang="ar"', "", "language"),
    "the wrong direction": ('dir="rtl"', 'dir="ltr"', "direction"),
    "a script in the page": ("<h1>", "<script>alert(1)</script><h1>", "script"),
    "a style in the page": ("<h1>", "<style>p{}</style><h1>", "style"),
    "a style attribute": ("<h1>", '<h1 style="color:red">', "attribute"),
    "code in an attribute": ("<h1>", '<h1 onclick="x()">', "attribute"),
    "a link to another site": (
        "<h1>",
        '<a href="https://elsewhere.example">x</a><h1>',
        "elsewhere",
    ),
    "a script address": ("<h1>", '<a href="javascript:x()">x</a><h1>', "elsewhere"),
    "a broken tag": ("</h1>", "</h2>", "broken"),
    "nothing to read on a button": (">Save<", "><", "without a word"),
    "a number field": ('<input id="name"', '<input type="number" id="name"', "digits"),
    "a spell-checked field": (' spellcheck="false"', "", "spellcheck"),
    "a field with suggestions": (' writingsuggestions="false"', "", "writingsuggestions"),
    "a field that is corrected": ('\n autocorrect="off" value', " value", "autocorrect"),
    "a page that may be translated": (' translate="no"', "", "translator"),
    "a page that is offered for translation": ('content="notranslate"', "", "translator"),
    "a remembered field": (' autocomplete="off"', "", "remember"),
    "no title": ("<title>اليوم</title>", "", "title"),
    "no doctype": ("<!doctype html>\n", "", "doctype"),
}
CARELESS = {
    "Content-Security-Policy": "content policy",
    "Cache-Control": "no-store",
    "Referrer-Policy": "Referrer-Policy",
    "X-Content-Type-Options": "X-Content-Type-Options",
    "Cross-Origin-Opener-Policy": "Cross-Origin-Opener-Policy",
    "Cross-Origin-Resource-Policy": "Cross-Origin-Resource-Policy",
    "Permissions-Policy": "Permissions-Policy",
    "X-Robots-Tag": "X-Robots-Tag",
}


def browser_on(html: str, *, without: str = "", status: int = 200) -> Browser:
    """A browser on a site whose every page is `html`."""
    app = Flask("site")
    headers = ALWAYS | {
        "Cache-Control": "no-store",
        "Content-Security-Policy": POLICY.format(hashes=""),
    }

    def answer() -> Response:
        response = Response(html, status, mimetype="text/html")
        response.headers.update({n: v for n, v in headers.items() if n != without})
        return response

    app.add_url_rule("/", "page", answer, methods=["GET", "POST"])
    app.add_url_rule("/save", "save", answer, methods=["GET", "POST"])
    return Browser(app, {})


def test_a_good_page_passes() -> None:
    assert browser_on(GOOD).get("/").status == 200


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_on_a_page_is_noticed(fault: str) -> None:
    before, after, message = FAULTS[fault]
    assert before in GOOD
    with pytest.raises(AssertionError, match=message):
        browser_on(GOOD.replace(before, after, 1)).get("/")


@pytest.mark.parametrize("header", CARELESS)
def test_a_missing_header_is_noticed(header: str) -> None:
    with pytest.raises(AssertionError, match=CARELESS[header]):
        browser_on(GOOD, without=header).get("/")


@pytest.mark.parametrize("status", [200, 400, 403, 404, 422])
def test_a_post_that_leaves_what_was_typed_on_the_phone_is_noticed(status: int) -> None:
    with pytest.raises(AssertionError, match="303"):
        browser_on(GOOD, status=status).post("/")


def test_a_fragment_in_place_of_a_page_is_noticed() -> None:
    with pytest.raises(AssertionError, match="fragment"):
        browser_on('<p id="here">x</p>').get("/")


def test_a_form_sends_what_a_browser_would_send() -> None:
    form = browser_on(GOOD).get("/").form("/save")
    assert form.values == [
        ("name", "Maya"),
        ("size", "m"),
        ("text", "two\nlines"),
        ("once", "k7wq"),
    ]
    form.fill(name="نور", size="s", tick=True)
    assert dict(form.values)["tick"] == "yes" and dict(form.values)["size"] == "s"
    with pytest.raises(AssertionError, match="no field"):
        form.fill(colour="red")
    with pytest.raises(AssertionError, match="is not in"):
        form.fill(size="xl")
    with pytest.raises(AssertionError, match="no button"):
        form.press("Send")


def test_htmx_sends_the_same_form_and_names_its_region() -> None:
    page = browser_on(GOOD).get("/").form("/save").press("Drop", htmx=True)
    asked = page.response.request
    assert asked.headers["HX-Target"] == "div#here"
    assert b"do=drop" in asked.input_stream.getvalue()  # type: ignore[union-attr]


def test_a_document_is_read_as_a_browser_reads_it() -> None:
    root = Document("<ul><li>a<li>b <b>c</b></ul><p>d<p hidden>e<script>f</script>").root
    assert root.words == "a b c d"
    assert [item.words for item in root.all("li")] == ["a", "b c"]
