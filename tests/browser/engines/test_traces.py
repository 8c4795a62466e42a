"""A phone with Firefox that is searched holds nothing of what was read or typed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from selenium.webdriver.support.wait import WebDriverWait

from tests.browser.engines.conftest import needs
from tests.browser.engines.firefox import NEEDS, PATIENCE, Firefox
from tests.browser.engines.window import Window
from tests.browser.seized import found_in
from tests.browser.serving import Server
from tests.organisation import Organisation

pytestmark = pytest.mark.engines
# In which of its files Firefox must be found to keep each word, if the search is not blind: a page
# that was opened, a field of a form that was sent and one that was left, both freed of what we forbid.
CONTROLS = {
    "zqopenedvx": "profile/places",
    "zqsentvx": "profile/formhistory",
    "zqleftvx": "profile/sessionstore",
}
FREED = """
const field = document.querySelector(arguments[0]);
field.removeAttribute("autocomplete");
field.form.removeAttribute("autocomplete");
"""


class Markers:
    """Words that stand nowhere else, each typed into one field; and what was read."""

    def __init__(self, window: Window) -> None:
        self.window = window
        self.words: list[str] = []

    def into(self, *names: str) -> None:
        """Type one into each field by name."""
        for name in names:
            self.words.append(f"zq{len(self.words):03}{name.replace('_', '')}vx")
            self.window.write(name, self.words[-1])

    def freed(self, name: str, word: str) -> None:
        """Type a word that Firefox may keep, into a field that does not forbid it any more."""
        self.window.driver.execute_script(FREED, f"main [name={name}]")
        self.window.write(name, word)


@pytest.fixture
def javascript() -> bool:
    """Whether Firefox runs scripts; a test may say no."""
    return True


@pytest.fixture
def firefox(tmp_path: Path, javascript: bool) -> Iterator[Firefox]:
    """A Firefox on an empty phone."""
    needs(*NEEDS)
    running = Firefox.started(tmp_path, javascript=javascript)
    yield running
    running.kill()


def are_kept(phone: Path) -> bool:
    """Whether Firefox has written the words down that it may."""
    found = found_in(phone, CONTROLS)
    return all(
        any(one.startswith(f"{word} in {where}") for one in found)
        for word, where in CONTROLS.items()
    )


@pytest.mark.parametrize("javascript", [True, False], ids=["js", "no-js"])
@pytest.mark.parametrize("ending", ["closed", "killed"])
def test_nothing_read_or_typed_is_on_the_phone(
    app: Flask,
    server: Server,
    organisation: Organisation,
    firefox: Firefox,
    tmp_path: Path,
    ending: str,
    javascript: bool,
) -> None:
    window, a = Window(firefox.driver, server.address), organisation.a
    markers, read = Markers(window), organisation.candidate_b

    window.open("/sign-in")
    markers.into("username", "passphrase")
    window.tap("تسجيل الدخول")
    window.says("لا يتوافقان", "#errors")
    window.sign_in(organisation.staff["two_roles"])

    window.open(f"/sessions/{a.meetings[7]}/note")
    markers.into("happened", "to_follow_up", "next_time")
    window.tap("حفظ")
    window.says("حُفِظ", "#note")
    window.open("/people/new")
    markers.into("number", "hours", "if_another_answers", "area", "remark")
    window.tap("حفظ")
    window.says("اكتبوا اسمًا", "#errors")
    markers.into("area")  # and left, with what was shown again
    window.open("/people")
    markers.into("q")
    if not javascript:
        window.tap("بحث")
    window.says("لم يُعثر على أحد.", "#found")
    window.open(f"/people/{read.uid}")
    window.says(read.name)

    window.open(f"/open/{organisation.workshop.link}")
    markers.into("name", "number", "hours")
    window.tap("تسجيل")
    window.says("على قائمة الانتظار.")
    code = window.text("main .note b")
    window.open("/code")
    markers.into("code")
    window.tap("عرض")
    window.says("هناك ما يحتاج إلى تصحيح", "#errors")
    window.open("/code")
    markers.freed("code", "zqsentvx")
    window.tap("عرض")
    window.says("هناك ما يحتاج إلى تصحيح", "#errors")

    window.open("/more?control=zqopenedvx")
    window.open("/groups/new")
    markers.into("name", "capacity")
    window.open("/people/new")
    markers.into("number", "area", "remark")
    markers.freed("hours", "zqleftvx")
    WebDriverWait(tmp_path, PATIENCE, 0.5).until(are_kept, "The search is blind.")
    if ending == "closed":
        firefox.close()
        assert (tmp_path / "profile/sessionstore.jsonlz4").exists(), "It was not closed."
    else:
        firefox.kill()

    assert are_kept(tmp_path), "The search is blind."
    passphrase = organisation.staff["two_roles"].passphrase
    assert not found_in(tmp_path, [*markers.words, read.name, read.number, code, passphrase])


def test_no_page_is_kept_as_a_file_or_as_a_picture(
    app: Flask, server: Server, organisation: Organisation, firefox: Firefox, tmp_path: Path
) -> None:
    window = Window(firefox.driver, server.address).sign_in(organisation.staff["facilitator1"])
    window.open(f"/groups/{organisation.a.uid}")
    window.says(organisation.a.members[0].name)
    window.open("/more")
    window.says("المزيد", "header")
    firefox.close()
    entry = re.compile(b",:" + re.escape(server.address.encode()) + rb"(/[^\0]*)")
    files = [file.read_bytes() for file in tmp_path.rglob("cache2/entries/*")]
    kept = {path.decode() for content in files for path in entry.findall(content)}
    assert kept, "The search is blind: not even style and script are found."
    assert {path for path in kept if not path.startswith("/static/")} == set()
    assert list(tmp_path.rglob("thumbnails/*")) == []
