"""How a colleague's access is closed and opened again, and how somebody signs in anew, as they press it."""

from __future__ import annotations

from tests.access.acting import passphrase_of
from tests.client import Browser, Page
from tests.organisation import Organisation


def close(by: Browser, who: str) -> Page:
    """A colleague presses the one button beside a name."""
    return by.get("/colleagues").form(f"/colleagues/{by.staff[who].uid}/pause").press()


def open_again(by: Browser, who: str) -> Page:
    """A colleague who may opens it again, with their own passphrase."""
    there = f"/colleagues/{by.staff[who].uid}/resumption"
    return by.get(there).form(there).fill(passphrase=passphrase_of(by)).press()


def nobody(browser: Browser) -> Browser:
    """A browser in which nobody is signed in."""
    return Browser(browser.app, browser.staff)


def enter(browser: Browser, organisation: Organisation, who: str) -> Page:
    """Somebody signs in at the door, with their passphrase."""
    account = organisation.staff[who]
    door = browser.get("/sign-in").form("/sign-in")
    return door.fill(username=account.username, passphrase=account.passphrase).press()
