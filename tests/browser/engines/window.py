"""A window of whichever browser, in the words of the journeys: open, write, tap, wait for words.

WebKit's driver and Firefox's own give elements that are asked alike; what a test says here is said once.
Nothing looks inside a page: only words, values and pressed buttons count, as a person sees them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from marionette_driver.errors import MarionetteException
from selenium.common.exceptions import TimeoutException, WebDriverException
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

from tests.organisation import Account

WIDTH, HEIGHT = 360, 740
PATIENCE = 30  # seconds until what does not come fails the test
OFTEN = 0.05
# An element that the page has just replaced, or that something still covers: looked at again.
NOT_YET = (WebDriverException, MarionetteException)
TAPPED = "//main//*[self::a or self::button]"


@dataclass
class Window:
    """One window with its own cookies."""

    driver: Any
    address: str

    def open(self, path: str) -> Window:
        """Open an address of the notebook."""
        self.driver.get(self.address + path)
        return self

    def sign_in(self, account: Account) -> Window:
        """Sign in by the door; Today opens."""
        self.open("/sign-in")
        self.write("username", account.username)
        self.write("passphrase", account.passphrase)
        self.tap("تسجيل الدخول")
        self.says("اليوم", "nav")
        return self

    def write(self, name: str, words: str) -> None:
        """Go on writing in a field."""

        def written() -> bool:
            self._one(f"main [name={name}]").send_keys(words)
            return True

        self._wait(written, f"[{name}]")

    def tap(self, words: str) -> None:
        """Tap the button or the link with these words."""
        self._tap(By.XPATH, f"{TAPPED}[normalize-space()='{words}']")

    def tap_one_with(self, words: str) -> None:
        """Tap the button or the link that has these words among others."""
        self._tap(By.XPATH, f"{TAPPED}[contains(normalize-space(), '{words}')]")

    def tap_at(self, place: str) -> None:
        """Tap what stands at a place of the page."""
        self._tap(By.CSS_SELECTOR, place)

    def says(self, words: str | re.Pattern[str], within: str = "main") -> None:
        """Wait until the page says these words."""
        pattern = re.compile(re.escape(words)) if isinstance(words, str) else words
        self._wait(lambda: pattern.search(self.text(within)), f"“{words}” in {within}")

    def holds(self, name: str, words: str) -> None:
        """Wait until a field holds these words."""
        self._wait(lambda: self._value(name) == words, f"“{words}” in [{name}]")

    def is_pressed(self, place: str) -> None:
        """Wait until the one button there shows that its tap was saved."""
        self._wait(
            lambda: self._one(place).get_attribute("aria-pressed") == "true", f"{place} pressed"
        )

    def text(self, within: str = "main") -> str:
        """What stands there."""
        return str(self._one(within).text)

    def _value(self, name: str) -> str:
        return str(self._one(f"main [name={name}]").get_property("value"))

    def _one(self, place: str) -> Any:
        return self.driver.find_element(By.CSS_SELECTOR, place)

    def _tap(self, by: str, what: str) -> None:
        # Both drivers scroll no further than the edge, where our bars lie over the page: a person
        # scrolls on. A refused tap did not happen, so that it may be tried again.
        def tapped() -> bool:
            place = self.driver.find_element(by, what)
            self.driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", place)
            place.click()
            return True

        self._wait(tapped, what)

    def _wait(self, seen: Callable[[], Any], wanted: str) -> None:
        hindered: list[Exception] = []

        def looked(_: Any) -> Any:
            try:
                return seen()
            except NOT_YET as reason:
                hindered.append(reason)
                return False

        try:
            WebDriverWait(self.driver, PATIENCE, OFTEN).until(looked)
        except TimeoutException:
            reasons = hindered[-1:]
            raise AssertionError(
                f"Never came: {wanted} {reasons}. The page: {self.text()}"
            ) from None
