"""A hundred people, five posts each, twenty seats: exactly twenty have one, and nobody sees an error."""

from __future__ import annotations

import http.client
import re
import shutil
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.workshops.models import SignUp, Workshop
from tests.conftest import Clock
from tests.crowding.servers import Servers
from tests.database import Database
from tests.organisation import Organisation

SEATS, KEYS, TIMES, PROCESSES = 20, 100, 5, 8
IN_SIGNS = str.maketrans("0123456789", "bcdfghjkmn")  # a form's key is written in an id's signs
Posted = tuple[int, str, str]  # status, where it led, the code word shown


@pytest.fixture
def link(app: Flask, organisation: Organisation, clock: Clock) -> str:
    """A workshop with twenty free seats, open by the machine's clock."""
    clock.at(datetime.now(UTC))
    with app.app_context():
        row = db.session.get_one(Workshop, organisation.workshop_b.uid)
        row.needs_approval, row.seats = False, SEATS
        row.starts_at = clock.moment + timedelta(days=9)
        row.closes_at = clock.moment + timedelta(days=8)
        for sign_up in db.session.scalars(select(SignUp).where(SignUp.workshop_uid == row.uid)):
            sign_up.ended_as, sign_up.ended_at = "cancelled", clock.moment
        db.session.commit()
        db.session.remove()
    return organisation.workshop_b.link


@pytest.fixture
def servers(app: Flask, link: str, database: Database, tmp_path: Path) -> Iterator[Servers]:
    """Two processes on this test's database, behind a proxy that names each network."""
    shutil.copy(Path(app.instance_path) / "server.key", tmp_path / "server.key")
    with app.app_context():
        db.engine.dispose()
    running = Servers(2, database.address, tmp_path, DAFTAR_TRUSTED_PROXIES="1")
    yield running
    for process in running.processes:
        process.kill()


def post_all(port: int, link: str, date: str, keys: list[int]) -> list[Posted]:
    """One client's posts; each is followed to the page it leads to."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    found = []
    for key in keys:
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Sec-Fetch-Site": "same-origin",
            "X-Forwarded-For": f"10.{key}.0.1",
        }
        typed = {"name": f"شخص {key}", "dates": date, "once": f"{key:010}".translate(IN_SIGNS)}
        connection.request("POST", f"/open/{link}", urlencode(typed), headers)
        answer = connection.getresponse()
        answer.read()
        led = answer.headers.get("Location", "")
        cookie = (answer.headers.get("Set-Cookie") or "").partition(";")[0]
        connection.request("GET", led or "/", headers={"Cookie": cookie})
        shown = connection.getresponse()
        words = re.search(r'<b class="long">([^<]+)</b>', shown.read().decode())
        found.append((answer.status, led, words[1] if words else ""))
    return found


@pytest.mark.slow
def test_five_hundred_posts_of_a_hundred_people_fill_twenty_seats_exactly(
    app: Flask, organisation: Organisation, link: str, servers: Servers
) -> None:
    turns = [key for _time in range(TIMES) for key in range(KEYS)]
    shares = [turns[number::PROCESSES] for number in range(PROCESSES)]
    with ProcessPoolExecutor(PROCESSES) as pool:
        running = [
            pool.submit(
                post_all, servers.ports[number % 2], link, organisation.workshop_b.uid, share
            )
            for number, share in enumerate(shares)
        ]
        answers = [one.result() for one in running]
    log = servers.stop()
    words: dict[int, set[str]] = {}
    for share, posted in zip(shares, answers, strict=True):
        for key, (status, led, word) in zip(share, posted, strict=True):
            assert status == 303 and led.startswith("/code?"), (status, led)
            assert word, f"No code word was shown: {led}"
            words.setdefault(key, set()).add(word)
    assert {len(shown) for shown in words.values()} == {1}, "The same key, another code word."
    assert len({word for shown in words.values() for word in shown}) == KEYS
    with app.app_context():
        rows = db.session.scalars(
            select(SignUp).where(
                SignUp.workshop_uid == organisation.workshop_b.uid, SignUp.ended_as.is_(None)
            )
        ).all()
        states = [row.state(datetime.now(UTC)) for row in rows]
        line = sorted(row.line for row in rows if row.state(datetime.now(UTC)) == "waiting")
        db.session.remove()
    assert states.count("confirmed") == SEATS
    assert states.count("waiting") == KEYS - SEATS == len(states) - SEATS
    assert line == list(range(line[0], line[0] + KEYS - SEATS))
    assert "Traceback" not in log and "Error" not in log, log[-2000:]
