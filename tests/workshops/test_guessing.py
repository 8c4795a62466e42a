"""Ten thousand guesses of code words and of links: none is right, and few reach the tables at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import event

from app.accounts import public_tries, tries
from app.accounts.public_tries import ALLOWED
from app.extensions import UID_SIGNS, db
from tests.client import Browser
from tests.conftest import Clock
from tests.organisation import NOW, Organisation

GUESSES = 5_000  # of each kind
PER_MINUTE, WINDOW = ALLOWED["code"]
SAME = {"Sec-Fetch-Site": "same-origin"}


@contextmanager
def reaching(app: Flask, table: str) -> Iterator[list[str]]:
    """Every statement that touches a table."""
    seen: list[str] = []

    def note(_c: object, _k: object, statement: str, *_rest: object) -> None:
        if f" {table}" in statement:
            seen.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def guess(app: Flask, code: str, address: str) -> str:
    """Try a code word from a network; where it leads."""
    answer = app.test_client().post(
        "/code", data={"code": code}, headers=SAME, environ_base={"REMOTE_ADDR": address}
    )
    assert answer.status_code == 303
    return answer.headers["Location"]


def opens(app: Flask, browser: Browser, code: str, address: str) -> bool:
    """Whether a code word opens a sign-up from this network."""
    client = app.test_client()
    where = {"REMOTE_ADDR": address}
    led = client.post("/code", data={"code": code}, headers=SAME, environ_base=where).location
    return "لكم مقعد محجوز." in client.get(led, headers=SAME).get_data(as_text=True)


@pytest.mark.slow
def test_of_ten_thousand_guesses_none_is_right_and_sixty_a_minute_reach_the_table(
    app: Flask, browser: Browser, organisation: Organisation, clock: Clock
) -> None:
    with reaching(app, "sign_ups") as reached:
        for number in range(GUESSES):
            led = guess(app, f"قمر شمس نهر بحر {number:03}", f"203.0.113.{number % 250}")
            assert "kept=" in led
    assert len(reached) == PER_MINUTE
    assert opens(app, browser, organisation.workshop.code, "198.51.100.7")
    assert not opens(app, browser, organisation.workshop.code, "203.0.113.9")
    clock.forward(minutes=1)
    assert opens(app, browser, organisation.workshop.code, "203.0.113.9")


def test_sixty_networks_that_guess_shut_nobody_out(
    app: Flask, browser: Browser, organisation: Organisation
) -> None:
    with app.app_context():
        for network in range(60):
            for kind, value in public_tries.from_network("code", f"10.{network}.0.1").items():
                who = tries.name(kind, value)
                tries.locked(who, at=NOW, window=WINDOW).failed += PER_MINUTE
        db.session.commit()
        db.session.remove()
    assert not opens(app, browser, organisation.workshop.code, "10.7.0.1")
    assert opens(app, browser, organisation.workshop.code, "198.51.100.7")


@pytest.mark.slow
def test_no_guessed_link_reaches_the_table_at_all(
    app: Flask, browser: Browser, organisation: Organisation
) -> None:
    real = organisation.workshop.link
    client = app.test_client()
    with reaching(app, "workshops") as reached:
        for number in range(GUESSES):
            signs = "".join(UID_SIGNS[(number * 7 + n * n) % 28] for n in range(20))
            link = signs if number % 2 else real[:14] + signs[:6]
            assert client.get(f"/open/{link}", headers=SAME).status_code == 404
    assert reached == []
    assert browser.get(f"/open/{real}").status == 200


def test_a_right_word_costs_no_try(
    app: Flask, browser: Browser, organisation: Organisation
) -> None:
    for _time in range(PER_MINUTE + 5):
        assert opens(app, browser, organisation.workshop.code, "198.51.100.7")
