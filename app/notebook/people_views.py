"""The people of one's places, and searching everything one may see."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Response

from app.accounts.viewer import Viewer, viewer
from app.audit import trail
from app.clock import now
from app.notebook import searching, standing
from app.notebook.forms import SearchForm
from app.notebook.views import bp
from app.people import queries
from app.people.models import Site
from app.people.rules import Listed
from app.policy import allow
from app.requests.rules import waiting_words
from app.web import lists
from app.web.answers import asked, back_to, page
from app.web.paging import Page


@bp.get("/people")
@allow("people.search")
def people() -> Response:
    """Everybody of one's places with where they stand, fifty at a time, and a box to search as one types."""
    me, form, at = viewer(), SearchForm.shown(), now()
    sites = queries.open_sites(me)
    narrowed_to = _narrowed_to(sites)
    hits = _found(me, sites, form.q.data or "", narrowed_to)
    found = Page.of(hits)
    trail.saw("people-searched", "list", "")
    stands = standing.standing(me, [person.uid for person in found.rows])
    return page(
        "notebook/people.html",
        region="found",
        form=form,
        found=found,
        stands=stands,
        waits={
            uid: waiting_words(one.waiting_since, at=at)
            for uid, one in stands.items()
            if one.waiting_since
        },
        asked=narrowed_to,
        places=queries.places_to_choose(sites),
        reads=bool(sites),
    )


@bp.post("/people")
@allow("people.search")
@back_to("notebook.people")
def find_people() -> Response:
    """Those whose name, code or phone holds what was typed; without JavaScript by way of a redirect."""
    form = SearchForm.checked()
    return asked("notebook.people", form=form, **_narrowed_to(queries.open_sites(viewer())))


@bp.get("/search")
@allow("search")
def search() -> Response:
    """Whatever one may see that is called so: people, groups, workshops; a person also by their code."""
    form = SearchForm.shown()
    text = form.q.data or ""
    found = searching.search(viewer(), text) if text and not form.errors else None
    if found:
        trail.saw("people-searched", "list", "")
    return page("notebook/search.html", form=form, found=found)


@bp.post("/search")
@allow("search")
@back_to("notebook.search")
def look_for() -> Response:
    """The same, by way of a redirect: no address holds what was typed."""
    return asked("notebook.search", form=SearchForm.checked())


def _narrowed_to(sites: Sequence[Site]) -> dict[str, str]:
    """What the address narrows the list to: a place, and a word for where they stand."""
    return lists.asked(place=[site.uid for site in sites], who=standing.NARROWED)


def _found(
    viewer: Viewer, sites: Sequence[Site], text: str, narrowed_to: dict[str, str]
) -> list[Listed]:
    held = [
        viewer.keys.vault("desk", site.uid)
        for site in sites
        if narrowed_to.get("place", site.uid) == site.uid
    ]
    found = queries.search_in(viewer, filter(None, held), text)
    who = narrowed_to.get("who")
    return standing.narrowed(viewer, found, who) if who else found
