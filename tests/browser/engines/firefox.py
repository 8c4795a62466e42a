"""Firefox as Debian brings it, through Marionette, which it speaks itself: no driver stands between."""

from __future__ import annotations

import os
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from marionette_driver.marionette import Marionette
from selenium.webdriver.support.wait import WebDriverWait

from tests.browser.engines.window import HEIGHT, OFTEN, WIDTH

NEEDS = ("firefox-esr",)
PATIENCE = 60  # seconds to start, or to end, on a machine that is busy
# As a person's Firefox, but for what it shows or fetches of its own accord at a first start;
# and it writes down every second, not four times a minute, what it would reopen after a crash.
PREFERENCES = """
user_pref("marionette.port", 0);
user_pref("remote.prefs.recommended", false);
user_pref("browser.aboutwelcome.enabled", false);
user_pref("browser.shell.checkDefaultBrowser", false);
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("toolkit.legacyUserProfileCustomizations.stylesheets", true);
user_pref("browser.sessionstore.interval", 1000);
"""
WITHOUT_JAVASCRIPT = 'user_pref("javascript.enabled", false);\n'
# Its own bars would not let the window be as narrow as a phone.
NARROW = ":root, body, #navigator-toolbox, #navigator-toolbox * { min-width: 0 !important }\n"


class Driver(Marionette):
    """Mozilla's driver, with the two words that the other browser's says differently."""

    get = Marionette.navigate

    def execute_script(self, script: str, *arguments: Any) -> Any:
        """Run a script in the page."""
        return super().execute_script(script, script_args=arguments)


@dataclass
class Firefox:
    """A Firefox that runs from a home of its own."""

    driver: Driver
    process: subprocess.Popen[bytes]

    @classmethod
    def started(cls, home: Path, *, javascript: bool = True) -> Firefox:
        """Start one whose every file lies in this folder."""
        profile = home / "profile"
        (profile / "chrome").mkdir(parents=True)
        preferences = PREFERENCES if javascript else PREFERENCES + WITHOUT_JAVASCRIPT
        (profile / "user.js").write_text(preferences)
        (profile / "chrome/userChrome.css").write_text(NARROW)
        process = subprocess.Popen(
            # The last of these lets a test choose *Quit* from its menu.
            [
                *("firefox-esr", "--headless", "--no-remote", "--profile", profile),
                *("--marionette", "--remote-allow-system-access"),
            ],
            env=os.environ | {"HOME": str(home), "TMPDIR": str(home)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        port = profile / "MarionetteActivePort"
        WebDriverWait(None, PATIENCE, OFTEN).until(lambda _: port.exists() and port.read_text())
        driver = Driver(host="127.0.0.1", port=int(port.read_text()))
        driver.start_session()
        driver.set_window_rect(x=0, y=0, width=WIDTH, height=HEIGHT)
        return cls(driver, process)

    def close(self) -> None:
        """End it as its owner does, by its menu."""
        self.driver.set_context(Driver.CONTEXT_CHROME)
        self.driver.execute_script(
            "Services.tm.dispatchToMainThread(() => Services.startup.quit(Services.startup.eAttemptQuit))"
        )
        self.process.wait(PATIENCE)

    def kill(self) -> None:
        """End all its processes where they stand, as a phone does that is short of memory."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
