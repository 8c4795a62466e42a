"""The queue of requests for support: its time on the server with 2,000 people in it, ÷ with 100.

The time is the processor's, so that a busy machine does not count against it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from random import Random
from time import process_time

from sqlalchemy import insert, select

from app.clock import now
from app.extensions import db
from app.people.models import Person, Site
from app.requests.models import CAME_FROM, URGENCIES, WANTS, Request
from bench.browser import Asker
from bench.organisation import COORDINATOR, Organisation, founded
from bench.search import add_people
from bench.table import Result
from bench.timing import medians

FEW, MANY = 100, 2_000
ROUNDS = 15


def measure() -> Iterator[Result]:
    """The server's time for the first page of the queue, and how it grows."""
    with founded() as short, founded() as long:
        taken = medians(
            {
                str(number): _queue(organisation, number)
                for organisation, number in ((short, FEW), (long, MANY))
            },
            rounds=ROUNDS,
            warm=2,
            clock=process_time,
        )
    few, many = taken[str(FEW)] * 1000, taken[str(MANY)] * 1000
    yield Result("queue", f"first page of {MANY} requests", many, "<= 150", unit=" ms")
    note = f"{many:.0f} : {few:.0f} ms"
    yield Result("queue", f"{MANY} requests ÷ {FEW}", taken[str(MANY)] / taken[str(FEW)], note=note)


def _queue(organisation: Organisation, number: int) -> object:
    add_people(organisation, number)
    _add_requests(organisation, number)
    asker = Asker("GET", "/requests", cookie=organisation.sign_in(COORDINATOR))
    return lambda: asker.page(organisation.app.wsgi_app)


def _add_requests(organisation: Organisation, number: int) -> None:
    """One open request for each of the latest people, spread over two years."""
    chance = Random(11)
    with organisation.app.app_context():
        site = db.session.scalars(select(Site).where(Site.name_en == "Jerusalem")).one()
        desk = organisation.viewer(COORDINATOR, "coordinator")
        people = db.session.scalars(
            select(Person.uid)
            .where(Person.site_uid == site.uid)
            .order_by(Person.added_at.desc())
            .limit(number)
        ).all()
        db.session.execute(
            insert(Request),
            [
                {
                    "site_uid": site.uid,
                    "person_uid": uid,
                    "came_from": chance.choice(CAME_FROM),
                    "wants": chance.choice(WANTS),
                    "urgency": chance.choice(URGENCIES),
                    "sent_by": desk.uid,
                    "opened_at": now() - timedelta(hours=chance.randrange(24 * 700)),
                }
                for uid in people
            ],
        )
        db.session.commit()
        db.session.remove()
