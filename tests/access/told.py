"""What somebody is told about the access that they still wait for, as they read it on a page."""

from __future__ import annotations

from collections import deque

from tests.access.acting import coordinate, set_roles
from tests.client import Browser, Page
from tests.organisation import Organisation

HEADING = "Waiting for access"
NOT_FOLLOWED = ("/locked", "/static", "/sign")
LEAFED_THROUGH = ("/week", "/month")  # without an end: their own first page stands for all of them


def told(page: Page) -> str:
    """The notice about what one waits for; empty where there is none. Never twice on a page."""
    notes = page.root.all("section", class_="note warn")
    found = [note.words for note in notes if note.words.startswith(HEADING)]
    assert len(found) < 2, f"{page.address} says it twice: {found}"
    return found[0] if found else ""


def words_of(who: Browser) -> str:
    """One's own check words, as they stand on *More*."""
    return who.get("/more").root.first("b", class_="ltr long").words


def new_coordinator(browser: Browser, organisation: Organisation, place: str = "") -> Browser:
    """Somebody who was just made a coordinator: of a place whose desk nobody gave them yet, or of none."""
    administrator = browser.as_("administrator")
    set_roles(administrator, "counsellor_b", "coordinator")
    if place:
        coordinate(administrator, "counsellor_b", place)
    return browser.as_("counsellor_b")


def every_page(who: Browser) -> dict[str, Page]:
    """Every page that links lead to from Today on."""
    found: dict[str, Page] = {}
    ahead = deque(["/"])
    while ahead:
        address = ahead.popleft()
        if address in found or address.startswith(NOT_FOLLOWED) or not address.startswith("/"):
            continue
        page = who.get(address)
        if page.document is None:  # it leads on
            continue
        found[address] = page
        if "?" in address and address.startswith(LEAFED_THROUGH):
            continue
        ahead.extend(a["href"].partition("#")[0] for a in page.root.all("a") if a.has("href"))
    return found
