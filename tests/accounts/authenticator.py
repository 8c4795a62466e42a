"""An authenticator app on a phone beside the browser: it reads the QR page and shows six digits."""

from __future__ import annotations

import base64
import hmac
import re
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha1

from app.clock import now
from tests.client import Browser, Page


@dataclass
class Authenticator:
    """The seed as the app holds it; the codes are reckoned anew from RFC 6238, not by our code."""

    seed: bytes

    def code(self, at: datetime | None = None) -> str:
        """The six digits it shows at a moment."""
        step = int((at or now()).timestamp()) // 30
        digest = hmac.digest(self.seed, step.to_bytes(8), sha1)
        start = digest[-1] & 15
        number = int.from_bytes(digest[start : start + 4]) & 0x7FFFFFFF
        return f"{number % 1_000_000:06}"

    def wrong(self) -> str:
        """Six digits that it does not show now, nor just before or after."""
        step = now().timestamp()
        near = {self.code(datetime.fromtimestamp(step + n, now().tzinfo)) for n in (-30, 0, 30)}
        return next(digits for n in range(9) if (digits := f"{n:06}") not in near)


def scanned(page: Page) -> Authenticator:
    """What an app has after the address was opened in it, which is what the picture says too."""
    found = re.search(r'href="otpauth://totp/Account\?secret=([A-Z2-7]+)"', page.text)
    assert found, page.words
    secret = found[1]
    assert secret in page.words
    return Authenticator(base64.b32decode(secret + "=" * (-len(secret) % 8)))


def set_up(me: Browser, passphrase: str = "") -> Authenticator:
    """Set up a second factor for whoever is signed in; the passphrase in place of another one."""
    page = me.get("/second-factor").follow()
    app = scanned(page)
    typed = {"passphrase": passphrase} if passphrase else {}
    done = page.form("/second-factor").fill(code=app.code(), **typed).press()
    assert done.location.startswith("/?said=second-factor"), done.location
    return app


def half_signed_in(browser: Browser, who: str) -> Browser:
    """A browser in which the passphrase was right and the code is still to come."""
    other, account = Browser(browser.app, browser.staff), browser.staff[who]
    page = other.post("/sign-in", {"username": account.username, "passphrase": account.passphrase})
    assert page.location == "/sign-in/code", page.location
    return other


def with_code(half: Browser, code: str) -> Page:
    """What the code's page answers to six digits."""
    return half.post("/sign-in/code", {"code": code})
