"""Two colleagues at the same second: one makes one person of two cards, the other erases one of them."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext, suppress
from threading import Barrier, BrokenBarrierError, get_ident
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select

from app.extensions import db
from app.people.models import Person
from app.workshops.models import SignUp
from tests.assignments.agreement import assert_they_agree
from tests.client import Browser
from tests.keeping.nights import erase
from tests.keeping.test_erasing import MAY_STILL_NAME, named_in
from tests.organisation import Organisation
from tests.web.records import number_of, rows

TIMES = 40
LOCKS = re.compile(r"FROM (workshops|people)\b.* FOR UPDATE", re.DOTALL)


class Meeting:
    """Holds both where they have their first lock, until the other has one too, or cannot get it.

    SQLite has one lock for all, which nobody else begins without.
    """

    def __init__(self) -> None:
        self.barrier, self.engine = Barrier(2), db.engine
        self.came: set[int] = set()

    def __enter__(self) -> Meeting:
        event.listen(self.engine, "after_cursor_execute", self._wait)
        return self

    def __exit__(self, *_error: object) -> None:
        event.remove(self.engine, "after_cursor_execute", self._wait)

    def _wait(self, _connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        me = get_ident()
        if me in self.came or not LOCKS.search(statement):
            return
        self.came.add(me)
        with suppress(BrokenBarrierError):
            self.barrier.wait(0.2)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_at_the_same_second_neither_waits_for_ever_and_nothing_is_half_done(
    app: Flask, browser: Browser, organisation: Organisation
) -> None:
    merges, erases = browser.as_("coordinator"), browser.as_("coordinator")
    made = Barrier(2)
    done = {"merged": 0, "erased": 0}

    def merge(kept: str, gone: str) -> str:
        made.wait()
        return merges.post(f"/people/{kept}/merging/{gone}", {}).location

    def remove(uid: str) -> str:
        address = f"/people/{uid}/removal"
        form = erases.get(address).form(address)
        form.fill(passphrase=browser.staff["coordinator"].passphrase)
        made.wait()
        return form.press().location

    for time in range(TIMES):
        both = [_on_list(merges, organisation, f"سنونو {time}") for _one in range(2)]
        kept, gone = both if time % 4 < 2 else reversed(both)  # either sorts first
        erased = (kept, gone)[time % 2]
        with app.app_context():
            meeting = Meeting() if time % 3 else nullcontext()
        with meeting, ThreadPoolExecutor(2) as pool:
            one, other = pool.submit(merge, kept, gone), pool.submit(remove, erased)
            merged, was_erased = one.result(), other.result()
        # Whoever came second found nobody there, or the one who was left.
        assert "said=merged" in merged or "said=gone" in was_erased, (merged, was_erased)
        assert all("said=" in led or led == "/problem/404" for led in (merged, was_erased)), (
            merged,
            was_erased,
        )
        done["merged"] += "said=merged" in merged
        done["erased"] += "said=gone" in was_erased
        there = set(rows(app, select(Person.uid).where(Person.uid.in_(both))))
        left = {kept, gone} - ({erased} if "said=gone" in was_erased else set())
        assert there == left - ({gone} if "said=merged" in merged else set())
        for uid in both:
            if uid in there:
                assert number_of(app, SignUp, SignUp.person_uid == uid)
            else:
                assert named_in(app, uid) <= MAY_STILL_NAME
        for uid in there:
            assert "said=gone" in erase(erases, uid).location
    assert done["erased"], "Nobody was erased while somebody merged."
    assert_they_agree(app)
    with app.app_context():
        db.session.remove()


def _on_list(coordinator: Browser, organisation: Organisation, name: str) -> str:
    """Somebody who signed up for the workshop."""
    made = coordinator.get("/people/new").form("/people/new").fill(name=name).press()
    (uid,) = re.findall(r"/people/([0-9a-z]{10})", made.location)
    answer = coordinator.post(f"/workshops/{organisation.workshop.uid}/sign-ups/{uid}/sign-up", {})
    assert "kept=" not in answer.location, answer.follow().words
    return uid
