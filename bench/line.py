"""What a phone pays on a slow line, in a real Chromium: requests, bytes, first paint; twelve marks from Today to done.

The line is the tests' own (`tests/browser/line.py`): 400 ms each way, 280 kbit a
second, a new connection one more way there and back. `python -m bench line`
writes the table of docs/line.md.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any

from playwright.sync_api import Browser, Locator, Page, sync_playwright

from bench.organisation import COORDINATOR, FACILITATOR, Organisation, founded
from bench.table import Result
from tests.browser.line import Line, line_to
from tests.browser.phone import ARGUMENTS, SMALL
from tests.browser.serving import served

EACH_WAY, WIDTH = 0.4, 280_000
WORRIED_ABOUT = "Sami"
DOCUMENT = Path(__file__).parent.parent / "docs" / "line.md"
FIRST_PAINT = """() => new Promise((done) => {
  const now = () => performance.getEntriesByName("first-contentful-paint")[0];
  const look = () => (now() ? done(now().startTime) : requestAnimationFrame(look));
  look();
})"""
# Taps everybody at the pace of a thumb; gives the seconds from the last tap until all stand saved.
MARK_ALL = """async (pace) => {
  const rows = [...document.querySelectorAll(".seg")];
  const pressed = () => document.querySelectorAll(".seg [aria-pressed=true]").length;
  for (const [number, row] of rows.entries()) {
    row.querySelector("[value=present]").click();
    if (number < rows.length - 1) await new Promise((go) => setTimeout(go, pace));
  }
  const last = performance.now();
  while (pressed() < rows.length) await new Promise((go) => requestAnimationFrame(go));
  return (performance.now() - last) / 1000;
}"""


@dataclass
class Trip:
    """What one screen or act cost."""

    what: str
    requests: int
    sent: int
    received: int
    seconds: float
    budget: str

    def row(self) -> str:
        """As a line of the table in docs/."""
        return (
            f"| {self.what} | {self.requests} | {self.sent:,} | {self.received:,} "
            f"| {self.seconds:.2f} | {self.budget} |"
        )


class Bus:
    """A phone on a bus, behind its line."""

    def __init__(
        self, chromium: Browser, line: Line, cookie: str, *, javascript: bool = True
    ) -> None:
        self.line, self.trips = line, list[Trip]()
        self.context = chromium.new_context(
            viewport=SMALL, locale="ar", java_script_enabled=javascript
        )
        self.page: Page = self.context.new_page()
        self.context.set_default_timeout(30_000)
        self._cookie = {"name": "daftar", "value": cookie, "url": line.address}

    def sign_in(self) -> None:
        """As the sign-in page does."""
        self.context.add_cookies([self._cookie])  # type: ignore[list-item]

    def go(self, path: str) -> None:
        """Open a page that is not measured."""
        self.page.goto(self.line.address + path)
        self.page.wait_for_load_state("networkidle")

    def open(self, what: str, path: str, budget: str) -> Trip:
        """Open a page; its seconds are those until something stands on the screen."""
        self.line.begin()
        self.go(path)
        return self._note(what, self.page.evaluate(FIRST_PAINT) / 1000, budget)

    def does(self, what: str, act: Any, budget: str) -> Trip:
        """Do something that gives its seconds."""
        self.line.begin()
        return self._note(what, act(self.page), budget)

    def _note(self, what: str, seconds: float, budget: str) -> Trip:
        asked = [each for each in self.line.asked if "favicon" not in each]
        trip = Trip(what, len(asked), self.line.sent, self.line.received, seconds, budget)
        self.trips.append(trip)
        return trip


def measure() -> Iterator[Result]:
    """Screens and acts one after another, in one Chromium."""
    program = shutil.which("chromium")
    if program is None:
        return
    with (
        founded() as organisation,
        served(organisation.app) as server,
        line_to(server.address, delay=EACH_WAY, bits_a_second=WIDTH) as line,
        sync_playwright() as driver,
    ):
        chromium = driver.chromium.launch(executable_path=program, args=ARGUMENTS)
        bus = Bus(chromium, line, organisation.sign_in(FACILITATOR))
        yield from _first(bus)
        yield from _screens(bus, organisation)
        yield from _acts(bus, organisation)
        for javascript in (True, False):
            desk = Bus(chromium, line, organisation.sign_in(COORDINATOR), javascript=javascript)
            lost = Bus(chromium, line, "", javascript=javascript)
            yield from _worried(desk, lost, organisation, "" if javascript else ", no script")
            bus.trips += [*desk.trips, *lost.trips]
        chromium.close()
    _write(bus.trips)


def _first(bus: Bus) -> Iterator[Result]:
    cold = bus.open(
        "first visit: sign-in page, all files", "/sign-in", "4 requests, 22 KB of bodies"
    )
    yield Result("line", "first visit, requests", cold.requests, "<= 4")
    yield Result("line", "first visit, first paint", cold.seconds, "", "s")
    warm = bus.open("the sign-in page again", "/sign-in", "1 request")
    yield Result("line", "again, first paint", warm.seconds, "", "s")


def _screens(bus: Bus, organisation: Organisation) -> Iterator[Result]:
    bus.sign_in()
    today = f"/sessions/{organisation.meeting}"
    for what, path in (
        ("Today", "/"),
        ("groups", "/groups"),
        ("a group of fifteen", f"/groups/{organisation.group}"),
        ("a session", today),
        ("attendance, list", f"{today}/attendance"),
        ("attendance, one by one", f"{today}/attendance/one"),
        ("a note", f"{today}/note"),
        ("workshops", "/workshops"),
        ("More", "/more"),
    ):
        trip = bus.open(what, path, "1 request, 4 KB of body")
        yield Result("line", f"{what}: requests", trip.requests, "<= 1", note=_note(trip))


def _acts(bus: Bus, organisation: Organisation) -> Iterator[Result]:
    def write(page: Page) -> float:
        page.locator("[name=happened]").fill("جملتان عن اللقاء، وثالثة.")
        before = page.evaluate("performance.now()")
        page.locator("[name=happened]").blur()
        page.wait_for_selector("#note:not([data-line]) .saved:has-text('حُفِظ')")
        return float(page.evaluate("performance.now()") - before) / 1000

    yield from _all_marks(bus)
    bus.go(f"/sessions/{organisation.meeting}/attendance")
    trip = bus.does("one mark corrected, until ✓", _correct, "1 request, 600 bytes of body")
    yield Result("line", "one mark corrected, until ✓", trip.seconds, "", "s", note=_note(trip))
    bus.go(f"/sessions/{organisation.meeting}/note")
    trip = bus.does("a note saved, from leaving the box", write, "1 request")
    yield Result("line", "a note saved", trip.seconds, "", "s", note=_note(trip))


def _worried(desk: Bus, lost: Bus, organisation: Organisation, how: str) -> Iterator[Result]:
    """From More: a colleague's access closed and opened again; a link for who lost everything, and used."""
    passphrase = organisation.passphrases[COORDINATOR]

    def row(page: Page) -> Locator:
        return page.locator("main li").filter(has_text=WORRIED_ABOUT).first

    def close(page: Page) -> None:
        page.locator("main a[href='/colleagues']").click()
        row(page).locator("button").click()
        page.wait_for_url("**said=paused*")
        page.wait_for_selector("main .tag.warn")

    def open_again(page: Page) -> None:
        row(page).locator("a[href$='/resumption']").click()
        page.locator("[name=passphrase]").fill(passphrase)
        page.locator("main button.go").click()
        page.wait_for_url("**said=resumed*")

    def make_link(page: Page) -> None:
        row(page).locator("a[href$='/anew']").click()
        page.locator("[name=passphrase]").fill(passphrase)
        page.locator("main button.go").click()
        links.append(page.locator("main p.card.long").inner_text().split("/anew/")[1].strip())

    def use_link(page: Page) -> None:
        page.goto(f"{lost.line.address}/anew/{links[0]}")
        page.locator("[name=passphrase]").fill("velvet-gargle-canteen-scarf-quiver")
        page.locator("main button.go").click()
        page.wait_for_selector("main dl")

    links: list[str] = []
    desk.sign_in()
    desk.go("/more")
    for bus, what, act in (
        (desk, "a colleague's access closed, from More (2 taps)", close),
        (desk, "opened again (2 taps, a passphrase)", open_again),
        (desk, "a link for who lost passphrase and code (2 taps, a passphrase)", make_link),
        (lost, "that link used (1 tap, a passphrase)", use_link),
    ):
        trip = bus.does(what + how, partial(_timed, act), "")
        yield Result("line", what + how, trip.seconds, "", "s", note=_note(trip))


def _timed(act: Callable[[Page], None], page: Page) -> float:
    """Seconds, by a clock outside the page: it changes meanwhile, and may have no script."""
    before = perf_counter()
    act(page)
    return perf_counter() - before


def _correct(page: Page) -> float:
    button = page.locator(".seg [value=late]").first
    before = page.evaluate("performance.now()")
    button.click()
    page.wait_for_selector(".seg [value=late][aria-pressed=true]")
    return float(page.evaluate("performance.now()") - before) / 1000


def _all_marks(bus: Bus) -> Iterator[Result]:
    """From Today: attendance, a tap for each of fifteen at 0.4 s, done."""

    def from_today_to_done(page: Page) -> float:
        before = page.evaluate("Date.now()")
        page.get_by_role("link", name="تسجيل الحضور").first.click()
        page.wait_for_selector("#taps")
        waited.append(page.evaluate(MARK_ALL, 400))
        page.get_by_role("link", name="تمّ", exact=True).click()
        page.wait_for_url(lambda url: url.rstrip("/").count("/") == 4)
        return float(page.evaluate("Date.now()") - before) / 1000

    waited: list[float] = []
    bus.go("/")
    trip = bus.does(
        "fifteen marks, from Today to done (17 taps, 0.4 s each)", from_today_to_done, ""
    )
    marks = trip.requests - 2
    yield Result("line", "15 marks at 0.4 s: requests", marks, "<= 7", note=_note(trip))
    yield Result("line", "after the last one, until all ✓", waited[0], "<= 2.5", "s")
    yield Result("line", "from Today to done", trip.seconds, "", "s")


def _note(trip: Trip) -> str:
    return f"{trip.sent} B up, {trip.received} B down, {trip.seconds:.2f} s"


def _write(trips: list[Trip]) -> None:
    head = """# What a phone pays on a slow line

Chromium behind a line of 400 ms each way and 280 kbit a second (a new connection costs one more way there and back; TLS is not
in it), on an invented organisation. Bytes are whole messages with their heads; seconds of a page are those until something stands on the screen. Written by
`python -m bench line`; the budgets are held by `tests/test_weight.py` and `tests/browser/test_weight.py`, the marks by `tests/browser/test_line_of_taps.py`.

| screen or act | requests | bytes up | bytes down | seconds | budget |
|---|---|---|---|---|---|
"""
    DOCUMENT.write_text(head + "\n".join(trip.row() for trip in trips) + "\n")
