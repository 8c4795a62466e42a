"""The server is taken, power off, disk copied: nothing that anybody typed about anybody can be read."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.client import Browser, FormOnPage
from tests.database import Database
from tests.errand_table import ERRANDS
from tests.errands import Errand, controls, typed_fields, values
from tests.organisation import Organisation
from tests.seizure import staff
from tests.seizure.markers import BEGINNINGS, Markers, Search, in_any_form, marker_needles
from tests.seizure.place import Place, secret_needles, typed_needles

# Stored in clear, reviewed: the interface asks for a neutral name.
CLEAR = {
    ("groups.create", "name"),
    ("groups.update", "name"),
    # Names of places and of their rooms, and what colleagues call each other at work.
    *(
        (f"people.{act}_place", name)
        for act in ("create", "change")
        for name in ("name", "name_en", "rooms")
    ),
    ("notebook.invite", "name"),
    # What a workshop is about is published.
    *(
        (f"workshops.{act}", f"{name}_{language}")
        for act in ("create", "update")
        for name in ("title", "about")
        for language in ("ar", "en")
    ),
}
pytestmark = pytest.mark.timeout(900)  # every form there is, one after the other
# Fields that are read as a number or a date: a marker there is refused, and kept sealed.
READ = ("date", "time")
TOO_LONG = 70_000
# Before the others fill the group and hold the meeting; and what leaves less to visit.
BEGINNING = ("sessions.hold", "groups.enrol", "groups.accept", "workshops.sign_up_outside")
ENDING = (
    *("groups.cancel", "groups.unassign", "sessions.complete", "sessions.miss"),
    *("workshops.turn", "workshops.turn_link", "workshops.unassign", "workshops.merge"),
    *("requests.place", "requests.decline", "requests.end", "people.withdraw"),
    *("notebook.set_roles", "notebook.end_account", "accounts.end_sign_ins"),
    *("notebook.close", "notebook.pause"),
    *("accounts.sign_out", "accounts.leave"),
)


@pytest.fixture
def place(
    app: Flask, organisation: Organisation, database: Database, tmp_path: Path
) -> Iterator[Place]:
    """A server with its own folders, on this test's copy of the database."""
    with Place(app, database, tmp_path) as running:
        yield running


def _turn(errand: Errand) -> tuple[bool, bool, bool]:
    """What comes first sorts first."""
    ends, begins = errand.endpoint in ENDING, errand.endpoint in BEGINNING
    return ends, not begins, errand.who != "facilitator1"


class Walk:
    """Types markers into every field of every form, in every way a form can be sent."""

    def __init__(self, place: Place, organisation: Organisation) -> None:
        self.place, self.organisation = place, organisation
        self.marker, self.visited, self.cookies = Markers(), {}, set()
        self.signed_in: dict[str, Browser] = {}

    def everything(self) -> None:
        """All errands: right, too long, wrong; plain and as htmx; last those that sign out."""
        for errand in sorted(ERRANDS, key=_turn):
            placed = errand.placed(self.organisation)
            visitor = placed.visitor(self.nobody())
            self._note_cookies(visitor)
            for how in (self._wrong, self._too_long, self._right):
                for htmx in ("elsewhere", ""):
                    how(placed, visitor, htmx)
            self._note_cookies(visitor)

    def strangers(self) -> None:
        """Addresses, queries, headers and bodies that no page of ours would send."""
        nobody, visitor = self.nobody(), self.nobody().as_("coordinator")
        for browser in (nobody, visitor):
            self._note_cookies(browser)
            for address in ("/people/{}", "/groups/{}", "/sessions/{}/note", "/notes/{}", "/{}"):
                browser.get(address.format(self.marker()))
                browser.post(address.format(self.marker()) + "/edit", {"name": self.marker()})
            for query in ("kept", "said", "of", "page", "then", "q"):
                browser.get(f"/people?{query}={self.marker()}")
                browser.get(f"/sign-in?{query}={self.marker()}")
            self._post(
                browser, "/people/new", {"once": ["x"], "name": [self.marker()]}, "elsewhere"
            )
            self._post(browser, "/breaks", {"name": [self.marker()]}, "")
            self._post(browser, "/breaks-below", {"name": [self.marker()]}, "found")
            browser.post("/people/new", {"name": self.marker()}, foreign=True)
            browser.post("/people/new", {"name": self.marker() * 150_000})

    def nobody(self) -> Browser:
        return Browser(self.place.app, self.organisation.staff)

    def _note_cookies(self, browser: Browser) -> None:
        for name in ("daftar", "form", "device"):
            cookie = browser.client.get_cookie(name)
            if cookie and cookie.value:
                self.cookies.add(cookie.value)

    def _fields(self, errand: Errand, visitor: Browser) -> tuple[FormOnPage, dict[str, str]] | None:
        """The form with a marker for each field, or None where it is not there any more."""
        try:
            form = errand.form(visitor)
        except AssertionError:
            return None
        names = [n for n in typed_fields(form) if (errand.endpoint, n) not in CLEAR]
        self.visited.setdefault(errand.endpoint, set()).update(names)
        return form, {name: self.marker() for name in names}

    def _right(self, errand: Errand, visitor: Browser, htmx: str) -> None:
        found = self._fields(errand, visitor)
        if found is None:
            return
        form, marked = found
        htmx = htmx and form.node.get("hx-target", htmx).lstrip("#")
        kinds = {name: node for name, (_kind, node) in controls(form).items()}
        fits = {
            name: text
            for name, text in marked.items()
            if kinds[name].get("type") not in READ and not kinds[name].has("inputmode")
        }
        self._post(visitor, errand.address, values(form, errand.typed | fits), htmx)

    def _too_long(self, errand: Errand, visitor: Browser, htmx: str) -> None:
        form, marked = self._fields(errand, visitor) or (None, {})
        if form and marked:
            long = {name: text + "ط" * TOO_LONG for name, text in list(marked.items())[:3]}
            sent = values(form, errand.typed | marked | long)
            self._post(visitor, errand.address, sent, htmx)

    def _wrong(self, errand: Errand, visitor: Browser, htmx: str) -> None:
        found = self._fields(errand, visitor)
        if found is not None:
            form, marked = found
            chosen = {n: self.marker() for n, (k, _n) in controls(form).items() if k == "select"}
            stale = {"version": "0"} if "version" in form.names() else {}
            self._post(visitor, errand.address, values(form, marked | chosen | stale), htmx)

    def _post(self, visitor: Browser, address: str, sent: dict[str, list[str]], htmx: str) -> None:
        latin = Markers()
        headers = {
            name: BEGINNINGS[0] + latin()
            for name in (
                "User-Agent",
                "Referer",
                "X-Forwarded-For",
                "X-Anything",
                "Accept-Language",
            )
        }
        answer = visitor.post(f"{address}?q={self.marker()}", sent, htmx=htmx, **headers)
        self._note_cookies(visitor)
        if answer.location and not answer.location.startswith("//"):
            answer.follow()


@pytest.mark.slow
def test_nothing_that_was_typed_and_no_secret_is_found_on_a_seized_server(
    place: Place, organisation: Organisation
) -> None:
    walk = Walk(place, organisation)
    walk.everything()
    walk.strangers()
    staff.everything(walk.nobody, organisation, walk.marker)
    assert len(walk.marker.made) > 300, len(walk.marker.made)
    assert_visited(walk.visited)
    assert len(walk.cookies) > 20
    for needles in (typed_needles(), secret_needles(place, organisation, walk.cookies)):
        hits = place.found(needles)
        assert not hits, f"{len(hits)} hits, such as\n" + "\n".join(sorted(set(hits))[:20])


def assert_visited(visited: dict[str, set[str]]) -> None:
    """Something was typed into every field there is."""
    missing = {errand.endpoint for errand in ERRANDS} - set(visited)
    assert not missing, f"The walk did not come to the forms of {missing}."
    cards = {"name", "number", "hours", "if_another_answers", "area", "remark"}
    assert visited["people.create"] == visited["people.update"] == cards
    assert visited["accounts.begin_sign_in"] == {"username", "passphrase"}
    assert visited["notes.save"] == {"happened", "to_follow_up", "next_time"}


@pytest.mark.parametrize("size", [1_000, 1_900_000])
def test_an_uploaded_file_is_not_spilled_to_the_temporary_folder(
    size: int, place: Place, organisation: Organisation
) -> None:
    coordinator = Browser(place.app, organisation.staff).as_("coordinator")
    body = (
        b'--b\r\nContent-Disposition: form-data; name="name"; filename="x"\r\n\r\n'
        + (BEGINNINGS[1] + "ظ" * (size // 2)).encode()
        + b"\r\n--b--\r\n"
    )
    kind = {"Content-Type": "multipart/form-data; boundary=b"}
    coordinator.post("/people/new", body, **kind)
    assert not place.spilled, f"Written to the disk in clear: {place.spilled}"


def test_the_scan_finds_a_groups_name_which_stands_in_clear(
    place: Place, organisation: Organisation
) -> None:
    coordinator = Browser(place.app, organisation.staff).as_("coordinator")
    form = coordinator.get("/groups/new").form("/groups/new")
    form.fill(name=Markers()()).press()
    hits = place.found(typed_needles())
    assert any("the table groups" in hit for hit in hits), hits


@pytest.mark.parametrize("text", BEGINNINGS)
@pytest.mark.parametrize("form", sorted(in_any_form("x")))
def test_the_scan_finds_a_marker_in_every_form(text: str, form: str) -> None:
    marker = text + "آخر"
    written = in_any_form(marker)[form]
    hits = [*Search(marker_needles()).found(b"\xff\x00before" + written + b"after" * 9, "here")]
    assert hits, f"{form} of {marker} is not found in {written!r}"


@pytest.mark.parametrize("length", [7, 14, 15, 16, 64])
def test_the_scan_finds_a_secret_wherever_it_stands(length: int) -> None:
    secret = bytes(range(100, 100 + length))
    search = Search([("a secret", {"bytes": secret}), ("another", {"bytes": b"not there at all"})])
    for before, after in itertools.product(range(17), (0, 1, 9)):
        (hit,) = set(search.found(b"x" * before + secret + b"x" * after, "here"))
        assert hit.startswith("a secret in here")
        assert not [*search.found(b"x" * before + secret[:-1] + b"x" * after, "here")]
