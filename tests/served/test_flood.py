"""Eight strangers flood the door of the real server: everybody on the staff gets in, in a known number of turns.

How long a turn takes is the machine's affair (bench/door.py measures it). Here turns are
counted: how many wrong passphrases of the strangers were tried while somebody waited.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import update

from app.accounts import tries
from app.accounts.models import SignIn
from app.clock import now
from app.extensions import db
from tests.accounts.authenticator import set_up
from tests.served.conftest import Phones, Served
from tests.served.phone import Phone
from tests.served.proxy import OWN
from tests.served.strangers import CLIENTS, TICKETS, Door, networks, strangers
from tests.served.test_door import sign_in

FEW = 12  # turns that pass while a page asks for the second time
MOST_KB = 450 * 1024  # two derivations take 256 MB of it
MOST_THREADS = 14  # six that answer, two that derive, the sweep, the main one and a few to spare
HERE, AWAY = "127.200.1.1", "127.201.1.1"


@pytest.fixture
def settings() -> dict[str, str]:
    """A passphrase costs what it costs real people, also one of a name that nobody has."""
    return {"DAFTAR_PASSPHRASE_COST": "131072,4,1"}


@dataclass
class Watch:
    """How many wrong passphrases were tried so far."""

    app: Flask

    def tried(self) -> int:
        with self.app.app_context():
            number = tries.today(tries.name("all"), at=now())
            db.session.remove()
        return number

    def turns_until(self, phone: Phone, led: str) -> int:
        """The strangers' turns until what a phone sent was done; it must lead to Today."""
        before = self.tried()
        while led.startswith("/turn"):
            page = phone.get(led)
            if page.status == 303:
                led = page.location
            else:
                threading.Event().wait(1)  # as the page says
        assert led == "/", led
        return self.tried() - before


def lay_idle(app: Flask, phone: Phone, who: str) -> None:
    """Lock what somebody is signed in on, as half an hour without a request does."""
    with app.app_context():
        idle = update(SignIn).where(SignIn.user_uid == phone.staff[who].uid)
        db.session.execute(idle.values(seen_at=now() - timedelta(minutes=30)))
        db.session.commit()
        db.session.remove()
        db.engine.dispose()


@pytest.mark.parametrize(
    ("patient", "number"),
    [(False, 1), (False, 200), (True, 1), (True, 200)],
    ids=["they post, one network", "they post, 200", "they wait, one network", "they wait, 200"],
)
def test_strangers_keep_nobody_out(
    app: Flask, served: Served, phones: Phones, patient: bool, number: int
) -> None:
    watch = Watch(app)
    known, locked, reader = (phones(address=HERE) for _each in range(3))
    assert sign_in(known) == "/"
    known.post("/sign-out")
    assert sign_in(locked, "facilitator2") == sign_in(reader, "coordinator") == "/"
    set_up(locked)
    set_up(reader)
    lay_idle(app, locked, "facilitator2")
    addresses = networks(number)
    door = Door(served.proxy.port, OWN, served.folder / "notebook.pem")
    seen: list[int] = []
    over = threading.Event()

    def read() -> None:
        while not over.wait(0.2):
            seen.append(reader.get("/groups").status)

    reading = threading.Thread(target=read)
    with strangers(door, addresses, patient=patient):
        reading.start()
        try:
            took = turns_of_everybody(watch, phones, known, locked, addresses[0], alone=number == 1)
        finally:
            over.set()
            reading.join()
        process = served.notebook.processes[0].pid
        threads = len(list(Path(f"/proc/{process}/task").iterdir()))
    print(f"turns of strangers meanwhile: {took}; {threads} threads; {peak_kb(process) // 1024} MB")
    assert took["a known device"] <= FEW
    assert took["a locked phone"] <= FEW
    assert took["a new device"] <= FEW
    assert took["a new device in their network"] <= FEW
    # At the very address of strangers who wait as patiently, one is one of them.
    there = 2 * CLIENTS * TICKETS if patient else 0
    assert took.get("a new device where they are", 0) <= FEW + there
    assert set(seen) == {200}
    assert threads <= MOST_THREADS
    assert peak_kb(process) < MOST_KB


def turns_of_everybody(
    watch: Watch, phones: Phones, known: Phone, locked: Phone, theirs: str, *, alone: bool
) -> dict[str, int]:
    """How many turns of strangers each kind of colleague waited for; `alone`: they have one address."""
    secret = locked.staff["facilitator2"].passphrase
    near, far = phones(address=theirs.removesuffix("9") + "77"), phones(address=AWAY)
    acts: dict[str, tuple[Phone, Callable[[], str]]] = {
        "a known device": (known, lambda: sign_in(known)),
        "a locked phone": (locked, lambda: locked.post("/locked", {"passphrase": secret}).location),
        "a new device": (far, lambda: sign_in(far, "supervisor")),
        "a new device in their network": (near, lambda: sign_in(near, "counsellor")),
    }
    if alone:
        there = phones(address=theirs)
        acts["a new device where they are"] = (there, lambda: sign_in(there, "counsellor_b"))
    return {who: watch.turns_until(phone, act()) for who, (phone, act) in acts.items()}


def peak_kb(process: int) -> int:
    """The most memory a process ever had."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1])


def test_a_name_that_is_aimed_at_opens_for_its_owner(
    app: Flask, served: Served, phones: Phones
) -> None:
    known = phones(address=HERE)
    assert sign_in(known) == "/"
    known.post("/sign-out")
    aimed = known.staff["facilitator1"].username
    guesses = [phones(address=address) for address in networks(60)]
    for phone in guesses:
        led = phone.post("/sign-in", {"username": aimed, "passphrase": "guess"}).location
        assert led.startswith(("/sign-in?", "/turn")), led
    assert sign_in(known) == "/"
    assert sign_in(phones(address=AWAY)) == "/"
    assert sign_in(phones(address=networks(1)[0])) == "/"
