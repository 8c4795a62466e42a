"""Every page, by who opens it: what is looked at in both languages, at each width and in both themes."""

from __future__ import annotations

from tests.organisation import Organisation

QUARTER = "?first=2026-10-01&last=2026-12-31"


def main_pages(organisation: Organisation) -> dict[str, list[str]]:
    """The paths of the pages that each member of staff opens; "" stands for nobody."""
    a, aid, workshop = organisation.a, organisation.aid, f"/workshops/{organisation.workshop.uid}"
    waits, held = organisation.workshop.on_list["waiting"], organisation.workshop.on_list["offered"]
    colleague = organisation.staff["facilitator2"].uid
    today, yesterday, missed = (f"/sessions/{a.meetings[n]}" for n in (7, 6, 2))
    return {
        "": [
            *(
                "/sign-in",
                "/recover",
                "/problem/404",
                "/code",
                f"/open/{organisation.workshop.link}",
            ),
            f"/open/{organisation.workshop_b.link}",
        ],
        "facilitator1": [
            *("/", "/groups", f"/groups/{a.uid}", f"/groups/{a.uid}/activity", "/more"),
            *("/help", "/activity", "/sign-ins", "/passphrase", "/second-factor", "/access"),
            *(today, f"{today}/attendance", f"{today}/attendance/one", f"{today}/people/new"),
            *(f"{today}/note", f"{today}/reflection", f"{today}/sheet", f"/notes/{a.note}"),
            *(
                f"{today}/cancellation",
                f"{today}/move",
                yesterday,
                missed,
                f"{yesterday}/attendance",
            ),
            f"{yesterday}/attendance/{a.members[3].stay}",
            f"{yesterday}/follow-ups/{a.members[1].uid}",
            *(f"/people/{a.members[1].uid}", "/sessions/nothing"),
            *("/workshops", workshop, f"{workshop}/attendance", f"{workshop}/sign-ups/person"),
            *(f"/groups/{a.uid}/next", f"/stays/{a.members[0].stay}/next"),
            f"/groups/{a.uid}/members/{a.members[1].uid}/request",
            f"/access/{a.uid}/{organisation.staff['two_roles'].uid}",
        ],
        "coordinator": [
            *("/week", "/week?on=2026-11-15", "/month"),
            *("/people", "/people?who=waiting", "/search", "/people/new", "/groups/new"),
            *(f"/groups/{a.uid}", f"/groups/{a.uid}?mark=e"),
            *(
                f"/groups/{a.uid}/{page}"
                for page in ("edit", "team", "members/new", "people/new", "dates/new")
            ),
            *(f"/groups/{organisation.planned.uid}/when", f"/groups/{a.uid}/dates"),
            *(f"/stays/{a.waiting[0].stay}/offer", f"/stays/{a.members[0].stay}/end"),
            *(f"/people/{a.members[0].uid}", f"/people/{a.members[0].uid}/edit"),
            *("/workshops/new", workshop, f"{workshop}/edit", f"{workshop}/team"),
            *(f"{workshop}/{page}" for page in ("repetition", "sheet", "poster", "export")),
            *(
                f"{workshop}/sign-ups/new",
                f"/sign-ups/{waits.stay}",
                f"/sign-ups/{held.stay}/offer",
            ),
            f"/people/{organisation.candidate.uid}/merging/{waits.uid}",
            *("/requests", "/requests/new", f"/requests/{aid.request}"),
            *(f"/requests/{aid.request}/answer", "/letters", "/files"),
            *(f"/letters/{uid}" for uid in (aid.proposed, aid.sent, aid.outside)),
            *(f"/people/{aid.person.uid}/{page}" for page in ("letters/new", "choices", "copy")),
            *("/calendar", f"/people/{a.members[0].uid}/openings", "/requests/answered"),
            *(f"/people/{aid.person.uid}/requests/new", f"/stays/{a.members[0].stay}/joining"),
            f"/groups/{a.uid}/team/{organisation.staff['facilitator3'].uid}",
            f"{workshop}/team/{organisation.staff['facilitator3'].uid}",
            *("/colleagues", "/pause", "/when", "/when/coordinating"),
            *(f"/colleagues/{colleague}/{page}" for page in ("pause", "resumption", "anew")),
            f"/people/{aid.person.uid}/removal",
            *("/reports", f"/reports/{organisation.report}", "/imports", f"/imports/{aid.brought}"),
            *(f"/imports/new/{kind}" for kind in ("people", "roster", "marks", "list")),
            *(f"/imports/{aid.brought}/{page}" for page in ("columns", "doubts")),
            *(
                f"/reports/figures/{chapter}{QUARTER}"
                for chapter in ("people", "groups", "next", "workshops", "requests", "appointments")
            ),
        ],
        "supervisor": [
            *("/", f"/groups/{a.uid}", f"/notes/{a.note}"),
            *(f"/files/{aid.file}", f"/appointments/notes/{aid.awaiting}"),
        ],
        "counsellor": [
            *("/", "/week", "/files", f"/files/{aid.file}", f"/letters/{aid.sent}"),
            *(f"/files/{aid.file}/{p}" for p in ("appointments/new", "fee", "closing")),
            *(f"/files/{aid.file}/team", f"/appointments/notes/{aid.note}"),
            *(f"/appointments/{aid.held}", f"/appointments/{aid.booked}/move"),
            f"/appointments/{aid.booked}/note",
        ],
        "administrator": [
            *("/", "/staff", "/staff/new", "/places", "/places/new"),
            f"/places/{organisation.jerusalem}",
            *(f"/staff/{organisation.staff['facilitator1'].uid}", "/audit", "/more"),
            *("/terms", "/terms/notes"),
        ],
    }


# Addresses that show no page, and what they answer instead.
NO_PAGES = {
    "/static/<name>": "style, script and icons",
    "/healthz": "one word for whoever watches the server",
    "/away": "leads to a neutral page of somebody else's at once",
    "/calendar/<secret>.ics": "a calendar",
    "/workshops/<uid>/export/<asked>/file": "a file",
    "/reports/<uid>/<any(xlsx, csv):as_>": "a file",
    "/reports/figures/<chapter>/<any(xlsx, csv):as_>": "a file",
}
# Pages that one comes to only by doing something before, and what; there are tests that do it.
ON_THE_WAY = {
    "/invitations/<uid>": "inviting somebody",
    "/join/<token>": "being invited",
    "/shown/<uid>": "joining",
    "/colleagues/<uid>/anew/link": "beginning a recovery",
    "/anew/<token>": "being recovered",
    "/sign-in/code": "signing in with a second factor",
    "/locked": "coming back after a lock",
    "/turn": "signing in while others do",
    "/people/<uid>/copy/<asked>": "asking for a copy of a record",
    "/workshops/<uid>/export/<asked>": "asking for a list with names",
    "/reports/drafts/<name>": "a quarter's end",
}
