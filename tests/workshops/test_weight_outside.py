"""What somebody with a link and an old phone has to fetch: little, however the phone asks."""

from __future__ import annotations

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.extensions import db, new_uid
from app.workshops.models import Workshop
from tests.organisation import Organisation

# Bytes.
FIRST_VISIT, ANSWER = 8 * 1024, 3 * 1024
FIRST_REQUESTS = 2
LONG = " ".join(f"{word}{number}" for number in range(260) for word in ("نطبع معًا",))[:2000]
ASKERS = {
    "a phone that does not say": {},
    "a link in a messenger": {"Sec-Fetch-Site": "cross-site"},
    "an address that was typed": {"Sec-Fetch-Site": "none"},
}


@pytest.fixture
def link(app: Flask, organisation: Organisation) -> str:
    """Of a workshop with two thousand letters about it."""
    with app.app_context():
        db.session.get_one(Workshop, organisation.workshop.uid).about_ar = LONG
        db.session.commit()
        db.session.remove()
    return organisation.workshop.link


def sent(app: Flask, address: str, asker: dict[str, str], cookie: str = "") -> TestResponse:
    client = app.test_client(use_cookies=False)
    kept = {"Cookie": cookie} if cookie else {}
    return client.get(address, headers={"Accept-Encoding": "br, gzip"} | asker | kept)


@pytest.mark.parametrize("asker", ASKERS.values(), ids=ASKERS)
@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_first_visit_is_light_and_needs_one_file_more_at_most(
    app: Flask, link: str, asker: dict[str, str], language: str
) -> None:
    page = sent(app, f"/open/{link}?language={language}", asker)
    assert page.status_code == 200
    assert page.headers["Content-Encoding"] == "br"
    assert len(page.data) <= FIRST_VISIT, f"{len(page.data)} bytes"
    plain = sent(app, f"/open/{link}", asker | {"Accept-Encoding": "identity"}).get_data(True)
    fetched = plain.count("<script") + plain.count("<img") + plain.count("<link ")
    assert 1 + fetched <= FIRST_REQUESTS, "Everything stands in the page itself."


@pytest.mark.parametrize("asker", ASKERS.values(), ids=ASKERS)
def test_the_answer_with_the_code_words_is_light(
    app: Flask, organisation: Organisation, link: str, asker: dict[str, str]
) -> None:
    typed = {"name": "نورس", "dates": organisation.workshop.uid, "once": new_uid()}
    led = app.test_client(use_cookies=False).post(
        f"/open/{link}", data=typed, headers={"Origin": "http://localhost"}
    )
    assert led.status_code == 303 and len(led.data) < 500
    cookie = led.headers["Set-Cookie"].partition(";")[0]
    page = sent(app, led.headers["Location"], asker, cookie)
    assert page.headers["Content-Encoding"] == "br"
    assert len(page.data) <= ANSWER, f"{len(page.data)} bytes"
