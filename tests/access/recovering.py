"""How somebody who lost passphrase and printed code is recovered, as they press it."""

from __future__ import annotations

import re

from flask import Flask

from app.cli.sweeping import sweep
from app.clock import now
from app.extensions import db
from tests.access.acting import passphrase_of
from tests.access.closing import nobody
from tests.client import Browser, Page
from tests.conftest import Clock

RANA = "facilitator1"
FRESH = "velvet-gargle-canteen-scarf-quiver"


def link_for(by: Browser, who: str = RANA) -> str:
    """The address that a colleague's link leads to."""
    there = f"/colleagues/{by.staff[who].uid}/anew"
    page = by.get(there).form(there).fill(passphrase=passphrase_of(by)).press().follow()
    (path,) = re.findall(r"/anew/[\w-]+", page.root.first("p", class_="card long").words)
    return path


def set_anew(browser: Browser, path: str) -> Page:
    """Whoever has the link sets a new passphrase with it."""
    return nobody(browser).get(path).form(path).fill(passphrase=FRESH).press()


def enters(browser: Browser, passphrase: str, who: str = RANA) -> Browser | None:
    """A browser in which that passphrase signed them in; None where it does not."""
    other = nobody(browser)
    typed = {"username": browser.staff[who].username, "passphrase": passphrase}
    return other if other.post("/sign-in", typed).location == "/" else None


def two_days_later(app: Flask, clock: Clock, hours: float = 48) -> None:
    """So many hours pass, and the minute's sweep after them."""
    clock.forward(hours=hours)
    with app.app_context():
        sweep(at=now())
        db.session.remove()
