"""Five hundred cuts at random, and browsers ended while one writes: nothing is lost, and nothing was said that is not so."""

from __future__ import annotations

import os
import random
import signal
from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Playwright, expect

from tests.browser.conftest import Phones
from tests.browser.line import CUTS, THROUGH, Line
from tests.browser.phone import ARGUMENTS, SMALL, Phone
from tests.browser.serving import Server
from tests.browser.test_line_of_notes import TYPE_ON
from tests.browser.test_line_of_taps import marks_of, roll
from tests.organisation import Organisation

pytestmark = pytest.mark.browser
EACH = 250
MOMENTS = int(os.environ.get("DAFTAR_MOMENTS", "12"))  # a browser takes seconds to start
MARKS = ("present", "late", "excused", "absent")
TAP = """(where) => {
  const button = document.querySelector(where);
  button.dispatchEvent(new Event("pointerdown", {bubbles: true}));
  button.click();
}"""
PRESSED = """() => Object.fromEntries([...document.querySelectorAll(".seg [aria-pressed=true]")]
  .map((button) => [button.name, button.value]))"""
MARKED = "() => Number(document.querySelector('#tally').innerText.match(/\\d+/)[0])"
SAYS_SAVED = """() => !document.querySelector("#note").hasAttribute("data-line") &&
  document.querySelector("#note-state .is-ok") !== null"""


class Cutting:
    """Cuts what is posted, at random, until it has done so often enough."""

    def __init__(self, chance: random.Random, cuts: int) -> None:
        self.chance, self.left = chance, cuts

    def __call__(self, asked: str) -> str:
        if not asked.startswith("POST") or not self.left or self.chance.random() < 0.3:
            return THROUGH
        self.left -= 1
        return self.chance.choice(CUTS)


@pytest.fixture
def standing(phones: Phones, short_line: Line) -> Callable[[str], Phone]:
    """A phone behind a line, whose clock stands still until the test moves it."""

    def opened(path: str) -> Phone:
        phone = phones("facilitator1", through=short_line)
        phone.page.clock.install(time=0)
        phone.open(path)
        phone.page.clock.pause_at(60)
        return phone

    return opened


def quiet(phone: Phone, line: Line) -> None:
    """Let so much time pass, after what is under way, that whatever waits is tried again."""
    for _time in range(5):
        line.traffic.none()
        phone.page.wait_for_selector(".htmx-request", state="detached")
        phone.page.clock.run_for(70_000)
    phone.page.wait_for_selector(".htmx-request", state="detached")


def test_marks_survive_every_cut_and_none_is_shown_before_it_is_saved(
    app: Flask, standing: Callable[[str], Phone], organisation: Organisation, short_line: Line
) -> None:
    chance, phone = random.Random(1), standing(roll(organisation))
    short_line.fate = cutting = Cutting(chance, EACH)
    stays = [member.stay for member in organisation.a.members]
    wanted: dict[str, str] = {}
    ever: dict[str, set[str]] = {stay: set() for stay in stays}
    while cutting.left:
        stay, mark = chance.choice(stays), chance.choice(MARKS)
        phone.page.evaluate(TAP, f"#p{stay} [value={mark}]")
        wanted[stay] = mark
        phone.page.clock.run_for(chance.choice([0, 50, 2_500, 70_000]))
        shown, count = phone.page.evaluate(PRESSED), phone.page.evaluate(MARKED)
        saved = marks_of(app, organisation)
        for each, stands in saved.items():
            ever[each].add(stands)
        assert all(each in ever[who] for who, each in shown.items()), "Shown and never saved."
        assert count <= len(saved)
    quiet(phone, short_line)
    expect(phone.page.locator("[aria-busy=true]")).to_have_count(0)
    assert phone.page.evaluate(PRESSED) == wanted == marks_of(app, organisation)
    phone.says(f"سُجّل {len(wanted)} من 12", "#tally")


def test_a_note_survives_every_cut_and_is_called_saved_only_when_it_is(
    standing: Callable[[str], Phone], phones: Phones, organisation: Organisation, short_line: Line
) -> None:
    note = f"/sessions/{organisation.a.meetings[7]}/note"
    chance, phone, other = random.Random(2), standing(note), phones("facilitator1")
    short_line.fate = cutting = Cutting(chance, EACH)
    word, checked = 0, 0

    def saved() -> str:
        other.open(note)
        return other.page.locator("[name=happened]").input_value()

    while cutting.left:
        word += 1
        phone.page.evaluate(TYPE_ON, f"w{word} ")
        phone.page.clock.run_for(chance.choice([200, 1_600, 9_000, 70_000]))
        short_line.traffic.none()
        if phone.page.evaluate(SAYS_SAVED) and chance.random() < 0.5:
            checked += 1
            assert saved().split()[-1] == f"w{word}", "Called saved, and was not."
    quiet(phone, short_line)
    expect(phone.page.locator("#note-state .is-ok")).to_be_visible()
    assert saved().split() == [f"w{number}" for number in range(1, word + 1)]
    assert checked


def test_a_browser_that_is_ended_while_one_writes_costs_ten_seconds_at_most(
    app: Flask,
    server: Server,
    playwright: Playwright,
    chromium_path: str,
    phones: Phones,
    organisation: Organisation,
) -> None:
    chance, note = random.Random(3), f"/sessions/{organisation.a.meetings[7]}/note"
    other, lost, account = phones("facilitator1"), [], organisation.staff["facilitator1"]
    for moment in range(MOMENTS):
        browser = playwright.chromium.launch(executable_path=chromium_path, args=ARGUMENTS)
        told = browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")
        (pid,) = [each["id"] for each in told["processInfo"] if each["type"] == "browser"]
        phone = Phone.opened(browser.new_context(viewport=SMALL), server.address)
        phone.sign_in(account).page.clock.install(time=0)
        phone.open(note)
        phone.page.clock.pause_at(60)
        seconds = chance.randint(1, 40)
        for second in range(1, seconds + 1):
            # The clock of the page runs ahead of the line: what is under way arrives first.
            phone.page.wait_for_selector(".htmx-request", state="detached")
            phone.page.evaluate(TYPE_ON, f"{moment}.{second} ")
            phone.page.clock.run_for(1_000)
        os.kill(pid, signal.SIGKILL)
        browser.close()
        server.traffic.none()
        other.open(note)
        kept = other.page.locator("[name=happened]").input_value().split()
        lost.append(seconds - len([word for word in kept if word.startswith(f"{moment}.")]))
    assert max(lost) <= 10, lost
