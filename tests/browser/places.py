"""The main pages, by who opens them: what is looked at in both languages and both themes."""

from __future__ import annotations

from tests.organisation import Organisation


def main_pages(organisation: Organisation) -> dict[str, list[str]]:
    """The paths of the main pages of each member of staff; "" stands for nobody."""
    a = organisation.a
    today, yesterday, missed = (f"/sessions/{a.meetings[n]}" for n in (7, 6, 2))
    return {
        "": ["/sign-in", "/problem/404"],
        "facilitator1": [
            *("/", "/groups", f"/groups/{a.uid}", "/more"),
            *(today, f"{today}/attendance", f"{today}/attendance/one", f"{today}/people/new"),
            *(f"{today}/note", f"{today}/reflection", f"{today}/sheet", f"/notes/{a.note}"),
            *(f"{today}/miss", f"{today}/move", yesterday, missed, f"{yesterday}/attendance"),
            f"{yesterday}/attendance/{a.members[3].stay}",
            f"{yesterday}/follow-ups/{a.members[1].uid}",
            *(f"/people/{a.members[1].uid}", "/sessions/nothing"),
        ],
        "coordinator": [
            *("/people", "/people/new", "/groups/new", f"/groups/{a.uid}"),
            *(f"/groups/{a.uid}/{page}" for page in ("edit", "team", "members/new", "dates/new")),
            *(f"/groups/{organisation.planned.uid}/when", f"/groups/{a.uid}/dates"),
            *(f"/stays/{a.waiting[0].stay}/offer", f"/stays/{a.members[0].stay}/departure"),
            *(f"/people/{a.members[0].uid}", f"/people/{a.members[0].uid}/edit"),
        ],
        "supervisor": ["/", f"/groups/{a.uid}", f"/notes/{a.note}"],
    }
