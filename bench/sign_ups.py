"""Sign-ups a second through a public link ÷ a bare Flask view that reads the same form and redirects.

Each sign-up makes a person with a key of their own, seals what was typed to
the desk and to the workshop, counts the try, finds the seat under a lock and commits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

from flask import Flask, Response, redirect, request
from sqlalchemy import select

from app.clock import now
from app.extensions import db, new_uid
from app.workshops.models import Workshop
from bench.browser import Asker
from bench.organisation import Organisation, copied, founded
from bench.table import Result
from bench.timing import medians

ROUNDS = 150
IN_MEMORY = Path("/dev/shm")


def measure() -> Iterator[Result]:
    """Where it is used, and where a commit costs nothing."""
    with founded() as organisation:
        at = _open_link(organisation)
        yield _compare(organisation, at, "public sign-ups ÷ bare Flask")
        if IN_MEMORY.is_dir():
            with copied(organisation, parent=IN_MEMORY) as lighter:
                yield _compare(lighter, at, "public sign-ups, without fsync")


def _compare(organisation: Organisation, at: tuple[str, str], what: str) -> Result:
    ours = _posts(at, organisation.app.wsgi_app)
    taken = medians({"ours": ours, "bare": _posts(at, _bare().wsgi_app)}, rounds=ROUNDS)
    a_second = {name: 1 / seconds for name, seconds in taken.items()}
    note = f"{a_second['ours']:.0f} : {a_second['bare']:.0f} a second"
    return Result("sign-ups", what, a_second["ours"] / a_second["bare"], note=note)


def _bare() -> Flask:
    bare = Flask("bare")

    @bare.post("/open/<link>")
    def sign_up(link: str) -> Response:
        return redirect(f"/open/{link}?name={len(request.form['name'])}", 303)  # type: ignore[return-value]

    return bare


def _posts(at: tuple[str, str], app: Any) -> Callable[[], None]:
    """Another person on another network each time."""
    numbers, (link, date) = count(), at

    def post() -> None:
        number = next(numbers)
        typed = {"name": f"سنونو {number}", "number": "0500 000 777"}
        typed |= {"dates": date, "once": new_uid()}
        network = f"10.{number // 250}.{number % 250}.7"
        asker = Asker("POST", f"/open/{link}", typed=typed)
        status, _body = asker.ask(app, REMOTE_ADDR=network)
        if not status.startswith("303"):
            raise RuntimeError(f"A sign-up was answered by {status}")

    return post


def _open_link(organisation: Organisation) -> tuple[str, str]:
    """The link of a workshop to come that answers, and its one date; with seats enough."""
    with organisation.app.app_context():
        for workshop in db.session.scalars(select(Workshop).where(Workshop.link.is_not(None))):
            dates = select(Workshop).where(Workshop.series_uid == workshop.series_uid)
            if workshop.link_answers(now()) and len(db.session.scalars(dates).all()) == 1:
                workshop.seats = 10 * ROUNDS
                link, date = str(workshop.link), workshop.uid
                db.session.commit()
                return link, date
    raise RuntimeError("The invented organisation has no workshop with an open link.")
