"""A coordinator's Monday at the desk: what has to be known before the first call, in at most twelve taps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import pytest
from flask import Flask
from playwright.sync_api import Locator, expect
from sqlalchemy import func, select

from app.extensions import db
from app.people import cards
from app.people import queries as people
from app.people.rules import Card
from app.requests import requesting
from app.requests.models import Request
from app.requests.requesting import Wish
from app.sessions.models import GroupSession
from tests.browser.conftest import Phones
from tests.browser.phone import Phone
from tests.browser.test_desk import WIDE, with_and_without
from tests.conftest import Clock
from tests.founding import MARKS
from tests.organisation import NOW, Organisation, viewer

pytestmark = pytest.mark.browser
MOST = 12
MONDAY = date(2026, 11, 30)
QUARTER = (date(2026, 10, 1), date(2026, 12, 31))
# Who asked for something, how urgent it is, how many days before, and the day on which they are called next.
ASKED = (
    ("سنونوة", "urgent", 1, None),
    ("غيمة", "routine", 40, None),
    ("نعناعة", "routine", 9, MONDAY),
    ("لوزة", "high", 12, MONDAY + timedelta(days=1)),
)


@dataclass
class Hand:
    """What taps, and counts its taps."""

    desk: Phone
    taps: int = 0

    def tap(self, what: Locator) -> None:
        """One tap; a thirteenth is one too many."""
        self.taps += 1
        assert self.taps <= MOST, f"{self.taps} taps, and {MOST} at most: {what}"
        what.click()

    def go(self, to: str) -> None:
        """A tap on one of the places in the side column."""
        self.tap(self.desk.page.locator(f"nav a[href='{to}']"))
        self.desk.at(to)


@pytest.fixture
def monday(app: Flask, clock: Clock, organisation: Organisation) -> Organisation:
    """The organisation on a Monday: more people wait, some longer than who is more urgent."""
    with app.app_context():
        desk = viewer(organisation.staff["coordinator"])
        (site,) = people.sites(desk)
        for name, urgency, days, on in ASKED:
            uid, _key = cards.add(desk, Card(name=name), site=site, at=NOW)
            wish = Wish("self", "therapy", urgency, "", desk.uid, on)
            at = NOW - timedelta(days=days)
            requesting.open_request(desk, wish, person_uid=uid, site_uid=site.uid, at=at)
        db.session.commit()
        db.session.remove()
    clock.forward(days=(MONDAY - NOW.date()).days)
    return organisation


@with_and_without
def test_a_coordinators_monday_takes_twelve_taps(
    phones: Phones, app: Flask, monday: Organisation, javascript: bool
) -> None:
    hand = Hand(phones("coordinator", viewport=WIDE, javascript=javascript))
    who_missed_twice(hand, monday)
    who_waits_longest(hand)
    who_needs_an_answer_today(hand, monday)
    what_the_quarter_was(hand, app, monday)


def who_missed_twice(hand: Hand, organisation: Organisation) -> None:
    """Today names them; a tap further stands how to reach them safely."""
    marked = zip(organisation.a.members, MARKS, strict=True)
    missed = [member for member, marks in marked if marks.endswith("aa")]
    expect(under(hand, "غياب لقاءين متتاليين")).to_have_count(len(missed))
    for member in missed:
        hand.tap(under(hand, "غياب لقاءين متتاليين").filter(has_text=member.name))
        hand.desk.at(f"/people/{member.uid}")
        hand.desk.says(member.number)
        hand.go("/")


def who_waits_longest(hand: Hand) -> None:
    """The requests by how long they wait: another than whose is the most urgent."""
    first = hand.desk.page.locator("main tbody tr").first
    hand.go("/requests")
    expect(first).to_contain_text("سنونوة")
    hand.tap(hand.desk.link("بالانتظار", within="thead"))
    hand.desk.page.wait_for_url("**/requests?sort=wait")
    expect(first).to_contain_text("غيمة")
    expect(first).to_contain_text("منذ 6 أسابيع")
    hand.go("/")


def who_needs_an_answer_today(hand: Hand, organisation: Organisation) -> None:
    """Whom to call today, who is still to be referred, and what comes next."""
    expect(under(hand, "للتواصل معهم")).to_have_count(1)
    expect(under(hand, "تحويلات بانتظاركم")).to_have_count(1)
    expect(under(hand, "تحويلات بانتظاركم")).to_contain_text(organisation.aid.person.name)
    hand.desk.says("الزيتون", within=".cols > div:first-child")
    hand.desk.says("الثلاثاء، 1 كانون الأول", within=".cols > div:first-child")
    hand.tap(under(hand, "للتواصل معهم").filter(has_text="نعناعة"))
    expect(hand.desk.page.locator("h1")).to_contain_text("نعناعة")
    hand.go("/")
    hand.tap(under(hand, "تحويلات بانتظاركم"))
    hand.desk.at(f"/letters/{organisation.aid.proposed}")
    expect(hand.desk.button("إرسال")).to_be_visible()


def what_the_quarter_was(hand: Hand, app: Flask, organisation: Organisation) -> None:
    """Sessions that were held, and requests that were taken, at her place in these three months."""
    with app.app_context():
        held = db.session.scalar(
            select(func.count())
            .where(GroupSession.group_uid == organisation.a.uid)
            .where(GroupSession.held_at.is_not(None), GroupSession.on.between(*QUARTER))
        )
        taken = db.session.scalar(
            select(func.count())
            .where(Request.site_uid == organisation.jerusalem)
            .where(Request.opened_at >= datetime.combine(QUARTER[0], time(), UTC))
        )
        db.session.remove()
    hand.go("/reports")
    hand.tap(hand.desk.link("المجموعات واللقاءات"))
    expect(figure(hand, "اللقاءات").locator("tr", has_text="عُقد").locator("td")).to_have_text(
        str(held)
    )
    hand.tap(hand.desk.link("الطلبات والانتظار"))
    expect(hand.desk.page.get_by_role("heading", name=f"طلبات الدعم: {taken}")).to_be_visible()


def under(hand: Hand, heading: str) -> Locator:
    """The rows of Today under this heading."""
    section = hand.desk.page.locator("main section").filter(
        has=hand.desk.page.get_by_role("heading", name=heading, exact=True)
    )
    return section.locator("a.item")


def figure(hand: Hand, label: str) -> Locator:
    """The table below a figure's heading."""
    return hand.desk.page.locator(f"h2:text-matches('^{label}:') ~ table").first
