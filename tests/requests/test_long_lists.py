"""Long lists of the desk and of a counsellor: a page at a time, as many statements for many as for few."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qsl

import pytest
from flask import Flask

from app.accounts.queries import by_uid
from app.cases import files, referrals
from app.cases.models import Appointment, Case
from app.extensions import db, new_uid
from app.people import cards
from app.people import queries as people
from app.people.rules import Card
from app.requests import referring, requesting
from app.requests.requesting import Wish
from app.web.paging import ROWS
from tests.client import Browser
from tests.organisation import NOW, Organisation, viewer
from tests.test_queries_per_page import asked_for
from tests.test_weight import PAGE, PAGE_RAW, weight

PAGES = {
    "Today, at the desk": ("coordinator", "/"),
    "Today, of a counsellor": ("counsellor", "/"),
    "the requests": ("coordinator", "/requests"),
    "the answered ones": ("coordinator", "/requests/answered"),
    "the referrals": ("coordinator", "/letters"),
    "the referrals one was sent": ("counsellor", "/letters"),
    "the files, at the desk": ("coordinator", "/files"),
    "one's own files": ("counsellor", "/files"),
    "a file": ("counsellor", "/files/{file}"),
}


def more(app: Flask, organisation: Organisation, number: int) -> None:
    """As many requests, open and answered, referrals, sent and proposed, files and appointments."""
    with app.app_context():
        desk = viewer(organisation.staff["coordinator"])
        (site,) = people.sites(desk)
        receiver = by_uid(organisation.staff["counsellor"].uid)
        for each in range(number):
            uid, _key = cards.add(desk, Card(name=f"سنونوة الحيّ {each}"), site=site, at=NOW)
            at, opened = NOW - timedelta(days=each), people.get_or_404(desk, uid)
            wish = Wish("self", "social", "routine", "", desk.uid, NOW.date())
            for ends in (True, False):
                request = requesting.open_request(
                    desk, wish, person_uid=uid, site_uid=site.uid, at=at
                )
                if ends:
                    requesting.end(request, "closed", "", at=at)
            for becomes in ("proposed", "sent", "file", "revoked"):
                one = referring.propose(
                    desk,
                    person_uid=uid,
                    site_uid=site.uid,
                    service="counselling",
                    reason="نوم",
                    receiver_uid=receiver.uid,
                    at=at,
                )
                if becomes == "proposed":
                    continue
                referring.agree(desk, one, on=NOW.date())
                referring.send(desk, one, opened, receiver, at=at)
                if becomes == "file":
                    referrals.accept(one, at=at)
                elif becomes == "revoked":
                    referrals.revoke(one, at=NOW)
            begins = NOW - timedelta(days=each + 1)
            booked = Appointment(
                uid=new_uid(),
                case_uid=organisation.aid.file,
                starts_at=begins,
                minutes=50,
                booked_at=begins,
                fee=0,
                fee_state="waived",
            )
            db.session.add(booked)
            db.session.flush()
            files.end_appointment(
                db.session.get_one(Case, organisation.aid.file), booked, "no-show", at=NOW
            )
        db.session.commit()
        db.session.remove()


@pytest.fixture
def many(app: Flask, organisation: Organisation) -> None:
    """More than a page of everything."""
    more(app, organisation, ROWS + 10)


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES)
def test_a_full_page_keeps_to_its_budget(
    page: str, many: None, browser: Browser, organisation: Organisation
) -> None:
    who, address = PAGES[page]
    shown = browser.as_(who).get(address.format(file=organisation.aid.file))
    assert shown.status == 200
    assert weight(shown) <= PAGE, f"{page}: {weight(shown)} bytes"
    assert len(shown.body) <= PAGE_RAW, f"{page}: {len(shown.body)} bytes unpacked"


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES)
def test_a_page_asks_as_often_when_there_is_more(
    page: str, app: Flask, browser: Browser, organisation: Organisation
) -> None:
    who, address = PAGES[page]
    numbers = []
    for number in (3, 30):
        more(app, organisation, number)
        asked = asked_for(app, browser, who, address.format(file=organisation.aid.file))
        numbers.append(len(asked.statements))
    assert numbers[0] == numbers[1], f"{page}: {numbers}"


def test_who_waits_longest_for_an_answer_is_seen_however_much_came_since(
    many: None, browser: Browser
) -> None:
    today = browser.as_("counsellor").get("/")
    assert f"سنونوة الحيّ {ROWS + 9}" in today.words.partition("Appointments")[0]


@pytest.mark.parametrize(
    ("who", "address"),
    [
        ("coordinator", "/letters?state=to-send&sort=wait"),
        ("coordinator", "/files?sort=-name"),
        ("counsellor", "/files?state=unbooked&sort=last"),
    ],
)
def test_the_next_page_is_narrowed_and_ordered_alike(
    who: str, address: str, many: None, browser: Browser
) -> None:
    me = browser.as_(who)
    asked = parse_qsl(address.partition("?")[2])
    first = me.get(address)
    (on,) = [a["href"] for a in first.root.all("a") if "page=2" in a["href"]]
    assert dict(asked).items() <= dict(parse_qsl(on.partition("?")[2])).items()
    pages = [
        [tr.words for tr in page.root.first("tbody").all("tr")] for page in (first, me.get(on))
    ]
    assert len(pages[0]) == ROWS and pages[1] and not set(pages[0]) & set(pages[1])
