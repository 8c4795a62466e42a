"""Who says figures for one's own use, chapter by chapter, in one order that one reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from flask_babel import lazy_gettext as _

from app.accounts.viewer import Viewer
from app.cases import figures as cases
from app.continuation import figures as continuation
from app.groups import figures as groups
from app.reports import reached
from app.requests import figures as requests
from app.sessions import figures as sessions
from app.web.figures import Figure, Period
from app.workshops import figures as workshops

Contribution = Callable[[Viewer, Period, str], Iterator[Figure]]
CHAPTERS: dict[str, tuple[Contribution, ...]] = {
    "people": (reached.figures,),
    "groups": (sessions.figures,),
    "next": (groups.figures, continuation.figures),
    "workshops": (workshops.figures,),
    "requests": (requests.figures,),
    "appointments": (cases.figures,),
}
CALLED = {
    "people": _("People reached"),
    "groups": _("Groups and sessions"),
    "next": _("The end of a cycle, and what comes next"),
    "workshops": _("Workshops"),
    "requests": _("Requests and waiting"),
    "appointments": _("Appointments and fees"),
}


def figures(viewer: Viewer, chapter: str, period: Period, place: str) -> list[Figure]:
    """The figures of a chapter, at the viewer's places or at one of them."""
    return [one for says in CHAPTERS[chapter] for one in says(viewer, period, place)]
