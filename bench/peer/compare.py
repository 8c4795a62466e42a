"""Each main page ÷ the same page by a good Django developer.

The peer has what a careful project has without our promises: Django's sessions
in the database and its sign-in, its ORM with joins and few columns, cached
templates, a connection that stays open, no middleware beyond those two. It
reads the unsealed copy and writes no trail. Both sides answer the same HTML,
called as WSGI applications in this process in turns; times are the processor's.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from time import process_time

from bench import statements
from bench.browser import Asker
from bench.organisation import COORDINATOR, FACILITATOR, founded
from bench.pages import pages
from bench.peer import project
from bench.shadow import FILE, unsealed
from bench.table import Result
from bench.timing import medians

ROUNDS = 60
GOAL = "<= 1"


def measure() -> Iterator[Result]:
    """One line per page."""
    with founded() as organisation:
        unsealed(organisation).close()
        peer = project.application(organisation.folder / FILE)
        cookies = {
            FACILITATOR: project.sign_in(FACILITATOR, "facilitator"),
            COORDINATOR: project.sign_in(COORDINATOR, "coordinator"),
        }
        app = organisation.app
        for name, username, path in pages(organisation):
            ours = Asker("GET", path, cookie=organisation.sign_in(username))
            theirs = Asker("GET", path, cookie=cookies[username])
            sizes = len(ours.page(app.wsgi_app)), len(theirs.page(peer))
            taken = medians(
                {
                    "ours": partial(ours.page, app.wsgi_app),
                    "Django": partial(theirs.page, peer),
                },
                rounds=ROUNDS,
                clock=process_time,
            )
            note = (
                f"{taken['ours'] * 1000:.1f} : {taken['Django'] * 1000:.1f} ms; statements "
                f"{statements.count(app, ours).own} : {project.statements(peer, theirs)}"
            )
            if abs(sizes[0] / sizes[1] - 1) > 0.1:
                note += f"; NOT THE SAME SIZE ({sizes[0]} : {sizes[1]} bytes)"
            yield Result(
                "django", f"{name} ÷ Django", taken["ours"] / taken["Django"], GOAL, "", note
            )
