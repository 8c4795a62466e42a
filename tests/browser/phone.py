"""A phone that opens the notebook: it signs in, writes down its requests, and complains of errors."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import (
    BrowserContext,
    ConsoleMessage,
    Error,
    Locator,
    Page,
    Request,
    expect,
)

from tests.organisation import Account

SMALL = {"width": 360, "height": 740}
ARGUMENTS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
]
AWAY = "https://ar.wikipedia.org/"
# The browser's own words for an answer that we gave on purpose.
REFUSALS = ("status of 422", "status of 401", "status of 404", "status of 502", "status of 507")
# And for a line that a test has cut, or a file that is fetched before it is needed.
EXPECTED = (
    *("net::ERR_", "Failed to fetch", "htmx:error: timeout", "was preloaded"),
    "no answer of ours",
    *REFUSALS,
)


@dataclass
class Phone:
    """One browser window with its own cookies, and what happened in it."""

    context: BrowserContext
    page: Page
    address: str
    requests: list[Request] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    @classmethod
    def opened(cls, context: BrowserContext, address: str, page: Page | None = None) -> Phone:
        """A window of a context: the one given, or its first."""
        page = page or (context.pages[0] if context.pages else context.new_page())
        phone = cls(context, page, address)
        page.on("request", lambda request: phone.requests.append(request))
        page.on("console", phone._hear)
        page.on("pageerror", lambda error: phone.complaints.append(str(error)))
        return phone

    def sign_in(self, account: Account) -> Phone:
        """Sign in without loading the page for it, which tests of their own do."""
        typed = {"username": account.username, "passphrase": account.passphrase}
        answer = self.context.request.post(
            f"{self.address}/sign-in",
            form=typed,
            headers={"Sec-Fetch-Site": "same-origin"},
            max_redirects=0,
        )
        assert answer.headers["location"] == "/", f"{account.username} could not sign in."
        return self

    def prefer(self, **preferences: str) -> Phone:
        """Choose language, digits or theme, as the form on *More* does."""
        chosen = {"language": "ar", "digits": "latn", "theme": "auto"} | preferences
        self.context.request.post(
            f"{self.address}/preferences",
            form=chosen,
            headers={"Sec-Fetch-Site": "same-origin"},
            max_redirects=0,
        )
        return self

    def type_sign_in(self, account: Account) -> Phone:
        """Fill in the sign-in page that is open."""
        self.page.locator("[name=username]").fill(account.username)
        self.page.locator("[name=passphrase]").fill(account.passphrase)
        with self.page.expect_navigation(url=f"{self.address}/"):
            self.page.locator("main button").click()
        return self

    def open(self, path: str) -> Phone:
        """Open an address of the notebook, once what was being sent has been."""
        self.page.wait_for_selector("main form[aria-busy=true]", state="detached")
        self.page.goto(self.address + path)
        return self

    def put_down(self) -> None:
        """Close every window; what was not saved is not sent into the next test."""
        for page in self.context.pages:
            with suppress(Error):  # without script, or elsewhere
                page.evaluate("typeof line === 'undefined' || line.leave()")
        self.context.unroute_all(behavior="ignoreErrors")  # a style may still be under way
        self.context.close()

    def hide(self, hidden: bool) -> None:
        """Put the page into the background, or bring it back, as far as the page can tell."""
        self.page.evaluate(
            """(hidden) => {
              Object.defineProperty(document, "hidden", {configurable: true, get: () => hidden});
              document.dispatchEvent(new Event("visibilitychange"));
            }""",
            hidden,
        )

    def beside(self) -> Phone:
        """The window in which a page that was shut asks to be opened again."""
        with self.context.expect_page() as opened:
            self.page.locator("#locked a").click()
        return Phone.opened(self.context, self.address, opened.value)

    def button(self, words: str, within: str = "main") -> Locator:
        """The button with these words."""
        return self.page.locator(within).get_by_role("button", name=words, exact=True)

    def link(self, words: str, within: str = "main") -> Locator:
        """The link with these words."""
        return self.page.locator(within).get_by_role("link", name=words, exact=True)

    def marks(self, stay: str) -> Locator:
        """The four buttons of one person."""
        return self.page.locator(f"#p{stay}")

    def says(self, words: Any, within: str = "main") -> None:
        """Wait until the page says these words."""
        expect(self.page.locator(within)).to_contain_text(words)

    def at(self, path: str) -> None:
        """Wait until the window shows this path."""
        self.page.wait_for_url(lambda url: urlsplit(url).path == path)

    @property
    def path(self) -> str:
        """The path that the window shows."""
        return urlsplit(self.page.url).path

    def _hear(self, message: ConsoleMessage) -> None:
        expected = any(words in message.text for words in EXPECTED)
        if message.type in ("error", "warning") and not expected:
            self.complaints.append(message.text)
