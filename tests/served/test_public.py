"""A hundred people whom one mobile carrier puts behind one address sign up and look at where they stand."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from flask import Flask

from app.clock import now
from tests.organisation import Organisation
from tests.served.conftest import Phones
from tests.served.proxy import PUBLIC
from tests.workshops.outside import change, look_up, sign_up, sign_ups, word_on

CARRIER = "127.50.7.7"
PEOPLE, AT_ONCE = 100, 8


def test_a_hundred_people_behind_one_carriers_address_sign_up_and_look_up_in_an_hour(
    app: Flask, phones: Phones, organisation: Organisation
) -> None:
    workshop = organisation.workshop
    later = now() + timedelta(days=3)
    change(app, workshop.uid, starts_at=later, closes_at=later, seats=500)
    before = sign_ups(app, workshop.uid)

    def come(number: int) -> str:
        shown = sign_up(phones(address=CARRIER, host=PUBLIC), workshop.link, name=f"نورس {number}")
        assert shown.status == 200, shown.words
        seen = look_up(phones(address=CARRIER, host=PUBLIC), word_on(shown))
        assert seen.status == 200, seen.words
        return word_on(shown)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        words = set(pool.map(come, range(PEOPLE)))
    assert len(words) == PEOPLE
    assert sign_ups(app, workshop.uid) == before + PEOPLE
