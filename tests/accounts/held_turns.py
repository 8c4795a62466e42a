"""A line whose derivations a test holds: they begin, and go on when the test lets them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from queue import Queue

import pytest

from app.accounts import turns
from app.accounts.line import AT_ONCE, Line, Stretched, Work, derived
from tests.client import Browser, Page
from tests.organisation import COST

PATIENCE = 20  # seconds until a test that waits for nothing fails
WhileDeriving = Callable[[Callable[[], Page], Callable[[], None]], Page]


class HeldLine(Line):
    """The real line; each derivation waits until `let_go` before it is made."""

    def __init__(self) -> None:
        self.began: Queue[Work] = Queue()
        self._may_go = threading.Event()
        super().__init__(derive=self._when_let)

    def _when_let(self, work: Work) -> Stretched:
        self.began.put(work)
        assert self._may_go.wait(PATIENCE), "Nobody let it go on."
        return derived(work)

    def let_go(self) -> None:
        """Let all that began go on, and all that begins from now on."""
        self._may_go.set()


@contextmanager
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[HeldLine]:
    """Hold the turns of this process while the block lasts."""
    line = HeldLine()
    with monkeypatch.context() as patch:
        patch.setattr(turns, "LINE", line)
        try:
            yield line
        finally:
            line.let_go()


@contextmanager
def taken(monkeypatch: pytest.MonkeyPatch) -> Iterator[HeldLine]:
    """Both turns are taken by others until `let_go`."""
    with held(monkeypatch) as line:
        others = [Work(f"somebody else {number}", COST, bytes(16)) for number in range(AT_ONCE)]
        threads = [threading.Thread(target=line.now, args=(each,)) for each in others]
        for thread in threads:
            thread.start()
        for _each in threads:
            line.began.get(timeout=PATIENCE)
        yield line
        line.let_go()
        for thread in threads:
            thread.join(PATIENCE)


def go_on(browser: Browser, page: Page) -> Page:
    """What the page /turn leads to in the end, as a browser that asks again and again sees it."""
    assert page.location.startswith("/turn"), page.location
    for _time in range(PATIENCE * 100):
        asked = browser.get(page.location)
        if asked.status == 303:
            return asked
        threading.Event().wait(0.01)
    raise AssertionError("Its turn never came.")


@pytest.fixture
def while_deriving(monkeypatch) -> WhileDeriving:
    """The answer to a request during whose key derivation something else is done."""

    def asking(asked: Callable[[], Page], meanwhile: Callable[[], None]) -> Page:
        with ThreadPoolExecutor(1) as pool, held(monkeypatch) as line:
            answer: Future[Page] = pool.submit(asked)
            line.began.get(timeout=PATIENCE)
            meanwhile()
            line.let_go()
            return answer.result(PATIENCE)

    return asking
