"""A phone of its own, with a profile on disk: used, put away or killed, and then searched."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Error, Page, Playwright

from tests.browser.phone import ARGUMENTS, SMALL, Phone
from tests.browser.stored import files, opened
from tests.seizure.markers import (
    BEGINNINGS,
    Markers,
    Search,
    in_any_form,
    secret_in_any_form,
)

CONTROL = "zqcontrolvx"
# Said by the first line of our script, which is kept compressed, as it was received.
IN_THE_SCRIPT = "no answer of ours"
STORED = """async () => [
  localStorage.length, sessionStorage.length, (await indexedDB.databases()).length,
  (await navigator.serviceWorker.getRegistrations()).length, (await caches.keys()).length,
  document.cookie.length,
]"""


@dataclass
class Seized:
    """A phone, what was typed into it and read on it, and its files."""

    phone: Phone
    folder: Path
    profile: Path
    javascript: bool
    typed: Markers = field(default_factory=Markers)
    read: list[str] = field(default_factory=list)

    @property
    def page(self) -> Page:
        return self.phone.page

    def type_into(self, *names: str) -> None:
        """A word that stands nowhere else into each field."""
        for name in names:
            self.page.locator(f"main [name={name}]").first.fill(self.typed())

    def reads(self, *words: str, within: str = "main") -> None:
        """The page says these words, which must not be found afterwards."""
        for word in words:
            self.phone.says(word, within)
            self.read.append(word)

    def put_away(self) -> None:
        """Nothing was stored by a script; then the browser is closed as one closes it, and searched."""
        self.phone.open(f"/healthz?control={CONTROL}")
        if self.javascript:
            assert self.page.evaluate(STORED) == [0, 0, 0, 0, 0, 0]
        self.phone.context.close()
        self.search()

    def kill(self) -> None:
        """End the browser's processes as they stand: no page is told, nothing is put in order."""
        (process,) = started_with(self.profile)
        group = os.getpgid(process)
        assert group != os.getpgrp(), "The browser runs in the group of this very process."
        os.killpg(group, signal.SIGKILL)
        with suppress(Error):  # it is gone
            self.phone.context.close()

    def search(self) -> None:
        """Find the control words, and nothing that was typed or read."""
        blind = "The search is blind: {} is not found."
        assert found_in(self.folder, [CONTROL]), blind.format("even an address")
        if any(
            "/static/site." in one.url and one.url.endswith(".js") for one in self.phone.requests
        ):
            in_script = found_in(self.folder, [IN_THE_SCRIPT])
            assert any("brotli" in where for where in in_script), blind.format("our own script")
        assert self.typed.made or self.read, "Nothing was typed and nothing read."
        left = found_in(self.folder, [*BEGINNINGS, *self.read])
        assert not left, "\n".join(left)


def taken_out(
    playwright: Playwright, chromium: str, address: str, folder: Path, *, javascript: bool
) -> Seized:
    """A new phone; all that its browser writes, also beside the profile, comes into the folder."""
    profile = folder / "profile"
    for place in ("profile", "home", "tmp"):
        (folder / place).mkdir(parents=True)
    context = playwright.chromium.launch_persistent_context(
        profile,
        executable_path=chromium,
        args=ARGUMENTS,
        ignore_default_args=["--disable-back-forward-cache"],
        env=os.environ | {"HOME": str(folder / "home"), "TMPDIR": str(folder / "tmp")},
        viewport=SMALL,
        locale="ar",
        java_script_enabled=javascript,
    )
    context.set_default_timeout(30_000)
    return Seized(Phone.opened(context, address), folder, profile, javascript)


def found_in(folder: Path, words: Iterable[str]) -> list[str]:
    """Which of the words stand where, in whatever form and however packed."""
    search = Search([(word, in_any_form(word) | _in_base64(word)) for word in words])
    return [
        where
        for path, content in files(folder)
        for how, text in opened(content)
        for where in search.found(text, f"{path} ({how})")
    ]


def _in_base64(word: str) -> dict[str, bytes]:
    """What a browser keeps as UTF-16 and then in base64."""
    wide = word.encode("utf-16-le")
    return {f"{form} of UTF-16LE": text for form, text in secret_in_any_form(wide).items()}


def started_with(profile: Path) -> list[int]:
    """The first process of the browser that runs on a profile."""
    ours = f"--user-data-dir={profile}".encode()
    found = []
    for process in Path("/proc").iterdir():
        if process.name.isdigit():
            with suppress(OSError):
                words = (process / "cmdline").read_bytes().split(b"\0")
                if ours in words and not any(word.startswith(b"--type=") for word in words):
                    found.append(int(process.name))
    return found
