"""A year of work, lived act by act: how large the database is then, and the slowest page ÷ before.

Every four weeks the whole invented half year of the demo begins once more with
other people: five groups with their meetings, notes and follow-ups, nine
workshops, and the desk. The year is over when its last round reaches the present.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from functools import partial
from time import process_time

from sqlalchemy import delete, func, select

from app.accounts.models import User
from app.audit.models import AuditRow
from app.clock import now, standing_at
from app.demo.diary import Colleague, Notebook
from app.demo.organisation import COORDINATOR, plan
from app.extensions import db
from app.groups.models import Group
from app.people.models import ClosedDay, Person, Site
from app.web import transaction
from bench.browser import Asker
from bench.organisation import FACILITATOR, Organisation, copied, founded
from bench.pages import pages
from bench.staff import COUNSELLOR, SUPERVISOR
from bench.table import Result
from bench.timing import medians

EVERY, ROUNDS, TIMES = timedelta(weeks=4), 13, 15
OTHERS = {
    COORDINATOR: ("/", "/requests", "/files", "/workshops", "/letters"),
    COUNSELLOR: ("/", "/files", "/letters"),
    SUPERVISOR: ("/", "/groups", "/files"),
}


def measure() -> Iterator[Result]:
    """Megabytes for so many groups and people; the slowest page then; and the worst growth of one."""
    with ExitStack() as stack:
        before = stack.enter_context(founded())
        for username in (FACILITATOR, *OTHERS):
            before.sign_in(username)
        after = stack.enter_context(copied(before))
        small = before.database.stat().st_size / 1e6
        with after.app.app_context():
            for number in range(ROUNDS, 0, -1):
                _live(after, number)
            counts = [
                f"{db.session.scalar(select(func.count()).select_from(model))} {name}"
                for model, name in (
                    (Group, "groups"),
                    (Person, "people"),
                    (AuditRow, "rows of the trail"),
                )
            ]
            db.session.remove()
            db.engine.dispose()
        size = after.database.stat().st_size / 1e6
        taken = medians(_askers(before, after), rounds=TIMES, warm=2, clock=process_time)
    yield Result(
        "year",
        "size of the database",
        size,
        unit=" MB",
        note=f"{', '.join(counts)}; {small:.1f} MB before",
    )
    slowest = max((name for name in taken if name.startswith("after")), key=taken.__getitem__)
    yield Result(
        "year",
        "the slowest page",
        taken[slowest] * 1000,
        "<= 100",
        " ms",
        slowest.partition(" ")[2],
    )
    growth = {
        name.partition(" ")[2]: figure / taken[name.replace("after", "before", 1)]
        for name, figure in taken.items()
        if name.startswith("after")
    }
    worst = max(growth, key=growth.__getitem__)
    yield Result("year", "the page that grew most ÷ before", growth[worst], note=worst)


def _live(organisation: Organisation, number: int) -> None:
    """The demo's half year with new people, so many times four weeks ago."""
    db.session.execute(delete(ClosedDay))  # each round has its own
    staff = {
        user.username: Colleague(user, organisation.private_key(user))
        for user in db.session.scalars(select(User)).all()
    }
    sites = {site.name_en: site for site in db.session.scalars(select(Site)).all()}
    with standing_at(now() - number * EVERY):
        notebook = Notebook(staff, COORDINATOR, sites)
        plan(notebook)
        notebook.diary.live()
    transaction.commit()


def _askers(before: Organisation, after: Organisation) -> dict[str, partial[bytes]]:
    asked = [(username, path) for _name, username, path in pages(before)]
    asked += [(username, path) for username, paths in OTHERS.items() for path in paths]
    return {
        f"{when} {username} {path}": partial(
            Asker("GET", path, cookie=before.sign_in(username)).page, organisation.app.wsgi_app
        )
        for username, path in asked
        for when, organisation in (("before", before), ("after", after))
    }
